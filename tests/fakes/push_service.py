"""A web push service on loopback that does everything a real one and a browser do together.

It gives out subscriptions whose private keys it keeps, checks each request as strictly as the
RFCs ask, decrypts it, and records what came. And it can be told to behave badly.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web
from anyio.from_thread import start_blocking_portal

from tests.fakes.push_crypto import (
    NotAccepted,
    Receiver,
    Token,
    base64url,
    check_authorization,
)


@dataclass(frozen=True)
class Answer:
    """A reply that the service gives: a status and headers."""

    status: int = 201
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Raw:
    """These very bytes instead of HTTP; then the connection is closed."""

    data: bytes


HANG = "hang"  # takes the request and never replies
RESET = "reset"  # takes the request and resets the connection
DRIP = "drip"  # replies 201, but a byte of it at a time and never to the end
Behaviour = Answer | Raw | str


@dataclass(frozen=True)
class Subscription:
    """What a browser would send to the server; `receiver` holds the private half."""

    endpoint: str
    receiver: Receiver

    @property
    def p256dh(self) -> bytes:
        return self.receiver.p256dh

    @property
    def auth(self) -> bytes:
        return self.receiver.auth


@dataclass(frozen=True)
class Delivery:
    """One request as it came, decrypted. `peer`: the connection's other end, to tell reuse."""

    endpoint: str
    headers: Mapping[str, str]
    body: bytes
    plaintext: bytes
    token: Token
    peer: tuple[str, int]


class PushService:
    """`async with PushService(clock) as service:` serves on a free port of 127.0.0.1.

    `behaviour` is what it does from now on, `behaviours` overrules it for one endpoint; an endpoint
    in `keys_of` takes messages of that application server's key alone (RFC 8292, 4.2). A request
    that a real service would refuse gets 403 (or `refusing`) and is in `refused`, with the reason,
    and not in `deliveries`; the rest is in `deliveries` whatever the service then did. `arrived` is
    notified of each of these.
    """

    def __init__(self, clock: Callable[[], float], tls: ssl.SSLContext | None = None) -> None:
        self.behaviour: Behaviour = Answer()
        self.behaviours: dict[str, Behaviour] = {}
        self.keys_of: dict[str, str] = {}
        self.deliveries: list[Delivery] = []
        self.refused: list[str] = []
        self.refusing = 403
        self.arrived = asyncio.Condition()
        self.strays: list[str] = []  # requests for anything but a subscription, redirects say
        self.port = 0
        self._clock = clock
        self._tls = tls
        self._subscriptions: dict[str, Subscription] = {}
        self._closing = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    @property
    def host(self) -> str:
        """As AJAR_PUSH_HOSTS takes it."""
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}"

    def subscribe(self, receiver: Receiver | None = None) -> Subscription:
        endpoint = f"{self.origin}/push/{len(self._subscriptions)}"
        subscription = Subscription(endpoint, receiver or Receiver.fresh())
        self._subscriptions[endpoint] = subscription
        return subscription

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(
            web.Server(self._serve, access_log=None), shutdown_timeout=1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Lets go of those that hang. May be called again."""
        self._closing.set()
        assert self._runner is not None
        await self._runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        endpoint = f"{self.origin}{request.rel_url}"
        subscription = self._subscriptions.get(endpoint)
        if request.method != "POST" or subscription is None:
            self.strays.append(f"{request.method} {endpoint}")
            return web.Response(status=404)
        body = await request.read()
        try:
            token = check_request(request.headers, self.origin, self._clock())
            if self.keys_of.get(endpoint, base64url(token.key)) != base64url(token.key):
                raise NotAccepted("the subscription is for another application server")
            plaintext = subscription.receiver.decrypt(body)
        except NotAccepted as problem:
            self.refused.append(str(problem))
            return web.Response(status=self.refusing, text=str(problem))
        transport = request.transport
        assert isinstance(transport, asyncio.Transport)
        self.deliveries.append(
            Delivery(
                endpoint=endpoint,
                headers=request.headers.copy(),
                body=body,
                plaintext=plaintext,
                token=token,
                peer=transport.get_extra_info("peername"),
            )
        )
        async with self.arrived:
            self.arrived.notify_all()
        return await self._behave(self.behaviours.get(endpoint, self.behaviour), transport)

    async def _behave(
        self, behaviour: Behaviour, transport: asyncio.Transport
    ) -> web.StreamResponse:
        if isinstance(behaviour, Answer):
            return web.Response(
                status=behaviour.status, headers=behaviour.headers, body=behaviour.body
            )
        if isinstance(behaviour, Raw):
            transport.write(behaviour.data)
            transport.close()
        elif behaviour == RESET:
            # Lingering for no time at all makes closing a reset, not an orderly end.
            connection: socket.socket = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        elif behaviour == DRIP:
            await self._drip(transport)
        await self._closing.wait()
        return web.Response()

    async def _drip(self, transport: asyncio.Transport) -> None:
        transport.write(b"HTTP/1.1 201 Created\r\nX-Slow: ")
        while not transport.is_closing() and not self._closing.is_set():
            transport.write(b".")
            await asyncio.sleep(0.01)


@contextmanager
def listening(clock: Callable[[], float]) -> Iterator[PushService]:
    """A PushService in a thread of its own, for a test that is no coroutine."""
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(PushService(clock)) as service,
    ):
        yield service


def check_request(headers: Mapping[str, str], origin: str, now: float) -> Token:
    """What every push service asks of a request's headers. NotAccepted says what is wrong."""
    if headers.get("Content-Encoding") != "aes128gcm":
        raise NotAccepted("Content-Encoding must be aes128gcm")
    if headers.get("Content-Type") != "application/octet-stream":
        raise NotAccepted("Content-Type must be application/octet-stream")
    if not headers.get("TTL", "").isdigit():
        raise NotAccepted("TTL must be a number of seconds")
    if headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
        raise NotAccepted("no such Urgency")
    topic = headers.get("Topic", "")
    if len(topic) > 32 or not topic.replace("-", "").replace("_", "").isalnum():
        raise NotAccepted("Topic must be up to 32 base64url characters")
    return check_authorization(headers.get("Authorization", ""), origin, now)
