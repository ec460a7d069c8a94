"""The web process: one server on its ports, with the limits it keeps against slow clients."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator, Generator
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from ajar import quiet_log
from ajar.app import create_app
from ajar.http_protocol import BoundedHttp
from ajar.metrics import Metrics, create_metrics_app
from ajar.settings import Settings, Unsafe
from ajar.trial import create_page, phone_ports

GRACE: Final = 20  # seconds that a stop waits for requests under way
KEEP_ALIVE: Final = 15


class ByPort:
    """Different applications on different ports of one process; the lifespan is the main one's."""

    def __init__(self, main: ASGIApp, others: dict[int, ASGIApp]) -> None:
        self._main = main
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        port: int = scope["server"][1] if scope["type"] == "http" else 0
        await self._others.get(port, self._main)(scope, receive, send)


class Announcing(uvicorn.Server):
    """Says where it is once it can be reached."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(self._announcement + "\n")
            sys.stdout.flush()


def serve(settings: Settings) -> bool:
    """Answer until told to stop; False if the start failed. Raises Unsafe if a port is taken."""
    app = create_app(settings)
    if settings.trial:
        left, right = phone_ports(settings)
        sockets = [_listen(settings.host, port) for port in (settings.port, left, right)]
        others: dict[int, ASGIApp] = {settings.port: create_page(settings)}
        announcement = f"A trial of Ajar is at {settings.public_url}  (Ctrl-C stops it)"
    else:
        sockets = [_listen(settings.host, settings.port)]
        others = {}
        if metrics := _metrics_socket(settings):
            sockets.append(metrics)
            others[settings.metrics_port] = create_metrics_app(lambda: app.state.ajar.metrics)
        announcement = f"Ajar is at {settings.public_url}  (Ctrl-C stops it)"
    server = Announcing(configured(ByPort(app, others), settings), announcement)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C, passed on once everything has ended
        server.run(sockets)
    return server.started


class _Beside(uvicorn.Server):
    """Leaves the signals to the process that it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def metrics_shown(metrics: Metrics, settings: Settings) -> AsyncIterator[None]:
    """The `/metrics` of a process without a web server, for as long as the block lasts."""
    listening = _metrics_socket(settings)
    if listening is None:
        yield
        return
    server = _Beside(
        uvicorn.Config(
            create_metrics_app(lambda: metrics),
            access_log=False,
            log_level="warning",
            server_header=False,
            ws="none",
        )
    )
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def configured(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How the application meets HTTP: nothing of the server's own is said, logged or waited for."""
    return uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        lifespan="on",
        http=BoundedHttp,
        ws="none",  # no WebSocket here: an upgrade would pass the walls and be logged in full
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies) or None,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )


def _metrics_socket(settings: Settings) -> socket.socket | None:
    if not settings.metrics_port:
        return None
    try:
        return _listen("127.0.0.1", settings.metrics_port)
    except Unsafe:
        quiet_log.install()
        quiet_log.logger.warning(
            "Port %d is taken, so /metrics is off. AJAR_METRICS_PORT names another.",
            settings.metrics_port,
        )
        return None


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Unsafe(
            f"Cannot listen on {host}, port {port} ({error.strerror}). Is Ajar running already? "
            "Otherwise set AJAR_PORT."
        ) from None
    listening.listen(2048)
    return listening
