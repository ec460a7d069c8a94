"""The real server on a real port, with a clock that the test holds and a worker it drives."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx
import uvicorn
from starlette.types import ASGIApp

from ajar import settings, site
from ajar.app import ROUTES, create_app, push_door
from ajar.database import Connection
from ajar.reminders.webpush import PushDoor
from ajar.settings import Settings
from ajar.state import State
from ajar.worker import Worker

T = TypeVar("T")

# Reading the system's certificates takes 80 ms of every new client, and nothing here speaks TLS.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

# A Monday noon in UTC, far from any change of daylight saving.
START = 1_797_000_000


class TestClock:
    """A clock that stands still until it is told otherwise. UTC seconds."""

    __test__ = False

    def __init__(self, now: float = START) -> None:
        self._now = now

    def now(self) -> float:
        return self._now

    def move_to(self, instant: float) -> None:
        self._now = instant

    def pass_by(self, seconds: float) -> None:
        self._now += seconds


class _Signalling(uvicorn.Server):
    """Tells the test when it can be reached."""

    def __init__(self, ready: threading.Event, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Another application on a port of its own, in a thread; gives its URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    ready = threading.Event()
    server = _Signalling(ready, uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    if not ready.wait(30):
        raise RuntimeError("the application did not start")
    try:
        yield f"http://localhost:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


class RunningServer:
    """`with RunningServer(...) as server:` serves on `server.url` until the block ends.

    The worker does nothing by itself: `server.work()` runs each of its steps once, so that a test
    says when a close happens.
    """

    def __init__(
        self,
        data: Path,
        environment: Mapping[str, str] | None = None,
        *,
        clock: TestClock | None = None,
        open_door: Callable[[State], PushDoor] = push_door,
        dist: Path = site.DIST,
        chosen: Settings | None = None,
    ) -> None:
        self.clock = clock or TestClock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        # Inherited by every connection: a reply's second packet would else wait 40 ms for an ACK.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port: int = self._socket.getsockname()[1]
        basis = {
            "AJAR_DATA": str(data),
            "AJAR_PORT": str(self.port),
            "AJAR_WORKER": "off",
            "AJAR_RATE_LIMITS": "off",
            "AJAR_METRICS_PORT": "0",
        }
        self.settings = chosen or settings.read({**basis, **(environment or {})})
        if chosen:
            self.settings = replace(chosen, port=self.port)
        self.app = create_app(self.settings, self.clock, dist=dist)
        self._open_door = open_door
        self._clients: list[httpx.Client] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._server = _Signalling(
            self._ready,
            uvicorn.Config(
                self.app,
                log_level="warning",
                access_log=False,
                server_header=False,
                lifespan="on",
                proxy_headers=False,
            ),
        )

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def state(self) -> State:
        state: State = self.app.state.ajar
        return state

    def client(self, url: str | None = None) -> httpx.Client:
        """A browser without a page: a cookie jar of its own, closed with the server."""
        client = httpx.Client(base_url=url or self.url, timeout=20, verify=_NO_TLS)
        self._clients.append(client)
        return client

    def close_clients(self) -> None:
        for client in self._clients:
            client.close()
        self._clients.clear()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the server's own loop, for looking at its stores."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def rows_in(self, table: str) -> int:
        """How many rows a table of the `pairs` store holds."""

        async def count(connection: Connection) -> int:
            return len(await connection.rows(f"SELECT 1 FROM {table}"))

        return self.call(self.state.database.read(count))

    def work(self) -> None:
        """Everything a worker does that is due now: close, remind, erase, mend."""
        self.call(self._work())

    def reload_site(self, dist: Path) -> None:
        """Serve the files of `dist` as they are now, as a server started anew would."""
        routes = self.app.router.routes
        api = [route for route in routes if route in ROUTES]
        self.app.router.routes = [*api, *site.routes(dist)]

    def close_round_at(self, instant: int) -> None:
        """Let the clock reach a closing instant and the worker close what is due."""
        self.clock.move_to(instant)
        self.work()

    def surround(self, layer: Callable[[ASGIApp], ASGIApp]) -> None:
        """Before it starts: everything between the network and the application passes `layer`."""
        self._server.config.app = layer(self.app)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(30):
            raise RuntimeError("the server did not start")
        if not self._server.started:
            raise RuntimeError("the server refused to start")
        return self

    def __exit__(self, *_: object) -> None:
        self.close_clients()
        self._server.should_exit = True
        self._thread.join(30)

    async def _work(self) -> None:
        async with self._open_door(self.state) as door:
            worker = Worker(self.state, door)
            for step in (worker.mend, worker.close, worker.remind, worker.erase):
                await step()
            await worker.sent()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        try:
            await self._server.serve([self._socket])
        finally:
            self._ready.set()
