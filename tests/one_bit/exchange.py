"""One request and all of its reply: status, every header in order, every byte of the body."""

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.types import ASGIApp, Message

HOST = "localhost"


@dataclass(frozen=True)
class Asked:
    """A request as a phone's browser, or anybody's tool, may send it."""

    method: str
    path: str
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    hangs_up: bool = False  # the connection is cut before the body is whole

    def head(self, cookie: str | None) -> list[tuple[str, str]]:
        headers = [("host", HOST), *self.headers]
        if cookie is not None:
            headers.append(("cookie", cookie))
        if self.body is not None:
            headers.append(("content-type", "application/json"))
            headers.append(("content-length", str(len(self.body))))
        return headers


@dataclass(frozen=True)
class Reply:
    """`headers` in the order in which they came; `parts` as the server sent them."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    parts: tuple[bytes, ...]

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name.encode()]
        return found[0].decode() if found else None

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)


CUT = Reply(0, (), ())  # the phone hung up and saw nothing


class Exchange(Protocol):
    """Carries one request to the server and its reply back. `address`: whom the server sees."""

    async def __call__(self, asked: Asked, cookie: str | None, address: str) -> Reply: ...


class ByCall:
    """Straight into the application, as the HTTP server would call it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, asked: Asked, cookie: str | None, address: str) -> Reply:
        path, _, query = asked.path.partition("?")
        head = [(name.encode(), value.encode()) for name, value in asked.head(cookie)]
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": asked.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": head,
            "client": (address, 50_000),
            "server": (HOST, 80),
            "state": {},
        }
        coming = self._messages(asked)
        sent: list[Message] = []

        async def receive() -> Message:
            return next(coming)

        async def send(message: Message) -> None:
            sent.append(message)
            await asyncio.sleep(0)

        await self._app(scope, receive, send)
        if asked.hangs_up:
            return CUT
        start, *rest = sent
        return Reply(
            start["status"],
            tuple((bytes(name), bytes(value)) for name, value in start["headers"]),
            tuple(message.get("body", b"") for message in rest),
        )

    @staticmethod
    def _messages(asked: Asked) -> Any:
        body = asked.body or b""
        if asked.hangs_up:
            yield {"type": "http.request", "body": body[: len(body) // 2], "more_body": True}
        else:
            yield {"type": "http.request", "body": body, "more_body": False}
        while True:
            yield {"type": "http.disconnect"}
