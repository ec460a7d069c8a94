"""All that a host gets: every request to the last byte, the log, and what lies in its files."""

import hashlib
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ajar import quiet_log
from ajar.quiet_log import logger
from ajar.wire import from_base64url
from tests.running_server import RunningServer
from tests.server.stores import FILES, Dump, dump_of

Headers = list[tuple[bytes, bytes]]
UPLOAD = ("PUT", "/api/answers")


@dataclass(frozen=True)
class Device:
    """Who is asking, as the host knows it from the cookie."""

    pair_id: bytes
    side: str
    device_id: str


@dataclass
class Heard:
    """One request, and what the host had of it when it was done."""

    place: int
    """Its place among all requests."""
    at: float
    """By the clock on the wall, UTC seconds."""
    arrived: float
    """By a fine clock, seconds: how long lay between two requests."""
    method: str
    path: str
    headers: Headers
    body: bytes = b""
    status: int = 0
    reply_headers: Headers = field(default_factory=list)
    reply: bytes = b""
    lasted: float = 0.0
    log: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    """The size of every file."""
    device: Device | None = None
    stored: dict[int, dict[str, Any]] = field(default_factory=dict)
    """After an upload: this side's rows of `answers`, by round, their row ids included."""
    last_n: int = 0

    @property
    def is_upload(self) -> bool:
        return (self.method, self.path) == UPLOAD

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = orjson.loads(self.body)
        return content

    def answer(self, round_index: int) -> bytes | None:
        """The 64 bytes that this upload brought for a round."""
        for each in self.content["answers"]:
            if each["round"] == round_index:
                return from_base64url(each["body"], 64)
        return None


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.name} {record.levelname} {record.getMessage()}")


class Host:
    """Stands around the whole application and keeps everything."""

    def __init__(self, server: RunningServer) -> None:
        self.heard: list[Heard] = []
        self.found: list[tuple[float, Dump]] = []
        """What both stores held, each time that somebody looked."""
        self._server = server
        self._lines = _Lines()
        self._devices: dict[bytes, Device] = {}

    def around(self, app: ASGIApp) -> ASGIApp:
        async def listening(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            heard = Heard(
                place=len(self.heard),
                at=self._server.clock.now(),
                arrived=time.perf_counter(),
                method=scope["method"],
                path=scope["raw_path"].decode(),
                headers=list(scope["headers"]),
            )
            self.heard.append(heard)
            self._lines.said = heard.log

            async def take() -> Message:
                message = await receive()
                heard.body += message.get("body", b"")
                return message

            async def give(message: Message) -> None:
                if message["type"] == "http.response.start":
                    heard.status = message["status"]
                    heard.reply_headers = list(message["headers"])
                heard.reply += message.get("body", b"")
                if message.get("more_body", False) or message["type"] == "http.response.start":
                    await send(message)
                    return
                # Before the phone can ask for anything else.
                heard.lasted = time.perf_counter() - heard.arrived
                self._look_at_files(heard)
                await send(message)

            await app(scope, take, give)

        return listening

    def look(self) -> None:
        """Keep a copy of every row of both stores."""
        self.found.append((self._server.clock.now(), dump_of(self._data)))

    @property
    def _data(self) -> Path:
        return self._server.settings.data

    def _look_at_files(self, heard: Heard) -> None:
        heard.files = {each.name: each.stat().st_size for each in sorted(self._data.iterdir())}
        cookie = dict(heard.headers).get(b"cookie", b"").partition(b"=")[2]
        if not cookie:
            return
        with closing(sqlite3.connect(f"file:{self._data / FILES['pairs']}?mode=ro", uri=True)) as f:
            f.row_factory = sqlite3.Row
            heard.device = self._devices.get(cookie) or self._device_of(f, cookie)
            if heard.device is None or not heard.is_upload:
                return
            self._devices[cookie] = heard.device
            seat = (heard.device.pair_id, heard.device.side)
            rows = f.execute(
                "SELECT rowid AS row_id, * FROM answers WHERE pair_id = ? AND side = ?", seat
            )
            heard.stored = {row["round"]: dict(row) for row in rows}
            device = (heard.device.pair_id, heard.device.device_id)
            (heard.last_n,) = f.execute(
                "SELECT last_n FROM devices WHERE pair_id = ? AND device_id = ?", device
            ).fetchone()

    def _device_of(self, file: sqlite3.Connection, cookie: bytes) -> Device | None:
        token = from_base64url(cookie.decode(), 48)
        row = file.execute(
            "SELECT side, device_id FROM devices WHERE pair_id = ? AND token_hash = ?",
            (token[:16], hashlib.sha256(token[16:]).digest()),
        ).fetchone()
        return Device(token[:16], row["side"], row["device_id"]) if row else None

    @contextmanager
    def log_at_debug(self) -> Iterator[None]:
        """Every logger of the process says what it has to say, and the host reads it."""
        loggers = (logging.getLogger(), logger)
        before = [(each, each.level) for each in loggers]
        quiet_log.install()
        its_own = [(each, each.level) for each in logger.handlers]
        for handler, _ in its_own:
            handler.setLevel(logging.INFO)  # read, not shown
        for each in loggers:
            each.setLevel(logging.DEBUG)
            each.addHandler(self._lines)
        try:
            yield
        finally:
            for each, level in before:
                each.setLevel(level)
                each.removeHandler(self._lines)
            for handler, level in its_own:
                handler.setLevel(level)


@contextmanager
def hosting(data: Path) -> Iterator[tuple[RunningServer, Host]]:
    """The real server, with a host who looks at everything."""
    server = RunningServer(data)
    host = Host(server)
    server.surround(host.around)
    with host.log_at_debug(), server:
        yield server, host
