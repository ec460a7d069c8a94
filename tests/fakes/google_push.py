"""Google's push service, as far as Chromium can tell, on loopback.

A real Chromium subscribes here and is handed real encrypted messages. Three doors:

- plain HTTP for the browser: `/checkin` makes it a device, `/register` a subscription of it;
- MCS over TLS for the browser: the connection on which messages arrive;
- HTTPS for the application server: `POST /fcm/send/<token>` under the very names that Chromium
  puts into an endpoint. `resolver` and `tls` let a client come here by them, and nowhere else.

A message is kept until the browser says, when it connects anew, that it has had it: so one for a
browser that is away waits, and one that was on its way while a connection broke is sent again.
"""

import asyncio
import secrets
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Self

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.fakes import mcs
from tests.fakes.certificates import certificate_for
from tests.fakes.mcs import Device
from tests.fakes.push_crypto import NotAccepted, base64url
from tests.fakes.push_service import check_request

ENDPOINT_NAMES = ("fcm.googleapis.com", "jmt17.google.com")


@dataclass(frozen=True)
class Registration:
    """A subscription: whose, for which page (`subtype`), and which server's key may send to it."""

    device: Device
    app: str
    subtype: str
    sender: str


@dataclass(frozen=True)
class Push:
    """A message that was taken for delivery. Only the browser can decrypt `body`."""

    endpoint: str
    headers: Mapping[str, str]
    body: bytes


class GooglePush:
    """`async with GooglePush(clock) as google:`; `clock` gives UTC seconds, for VAPID tokens.

    `pushes` are those that were taken, `refused` says what was wrong with the others, and
    `arrived` is notified of both, and of browsers that connect. A subscription that its browser
    has given up gets 410.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.pushes: list[Push] = []
        self.refused: list[str] = []
        self.arrived = asyncio.Condition()
        self._clock = clock
        self._certificate = certificate_for("localhost", *ENDPOINT_NAMES)
        self._devices: dict[int, Device] = {}
        self._registrations: dict[str, Registration] = {}
        self._runners: list[web.ServerRunner] = []
        self._mcs: asyncio.Server | None = None
        self._browser_port = self._sender_port = self._mcs_port = 0

    @property
    def chromium_flags(self) -> list[str]:
        """What sends a Chromium's push traffic here."""
        return [
            f"--gcm-checkin-url=http://localhost:{self._browser_port}/checkin",
            f"--gcm-registration-url=http://localhost:{self._browser_port}/register",
            f"--gcm-mcs-endpoint=https://localhost:{self._mcs_port}",
            f"--ignore-certificate-errors-spki-list={self._certificate.leaf_spki_sha256}",
        ]

    @property
    def resolver(self) -> AbstractResolver:
        """Finds Google's names here, and no other name anywhere."""
        return _NamesHere(self._sender_port)

    @property
    def tls(self) -> ssl.SSLContext:
        """Trusts this service's own authority alone."""
        return self._certificate.client_context()

    async def __aenter__(self) -> Self:
        tls = self._certificate.server_context()
        self._browser_port = await self._listen(self._serve_browser, None)
        self._sender_port = await self._listen(self._serve_sender, tls)
        self._mcs = await asyncio.start_server(self._converse, "127.0.0.1", 0, ssl=tls)
        self._mcs_port = self._mcs.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._mcs is not None
        self._mcs.close()
        await self.hang_up()
        await self._mcs.wait_closed()
        for runner in self._runners:
            await runner.cleanup()

    async def hang_up(self) -> None:
        """Drops the browsers' connections; they come back by themselves."""
        for device in self._devices.values():
            device.hang_up()

    async def wait_for_pushes(self, count: int) -> list[Push]:
        """All pushes so far, once there are `count`. NotAccepted if one was refused before."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: self.refused or len(self.pushes) >= count)
        if self.refused:
            raise NotAccepted(self.refused[-1])
        return list(self.pushes)

    async def wait_for_browsers(self, count: int) -> None:
        """Until so many browsers hold a connection: one that has just subscribed may not yet."""
        async with self.arrived:
            await self.arrived.wait_for(
                lambda: sum(each.connection is not None for each in self._devices.values()) >= count
            )

    async def _listen(
        self,
        handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        tls: ssl.SSLContext | None,
    ) -> int:
        runner = web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=1)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        port: int = runner.addresses[0][1]
        return port

    # The browser's side: become a device, then subscribe

    async def _serve_browser(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/checkin":
            return self._check_in(mcs.decode(await request.read()))
        if request.path == "/register":
            form = {name: str(value) for name, value in (await request.post()).items()}
            return web.Response(text=self._register(form, request.headers["Authorization"]))
        return web.Response(status=404)

    def _check_in(self, asked: mcs.Fields) -> web.Response:
        known = self._devices.get(mcs.number_of(asked.get(2, [0])[0]))
        device = known or Device(secrets.randbits(62) | 1, secrets.randbits(62) | 1)
        self._devices[device.android_id] = device
        reply: mcs.Message = [
            (1, 1),  # stats_ok
            (3, self._milliseconds()),  # time_msec
            (7, mcs.Fixed64(device.android_id)),
            (8, mcs.Fixed64(device.security_token)),
            (11, b"1"),  # version_info
        ]
        return web.Response(body=mcs.encode(reply), content_type="application/x-protobuf")

    def _register(self, form: Mapping[str, str], authorization: str) -> str:
        """The text that Chromium reads: `token=…`, `deleted=…` or `Error=…`."""
        device = self._devices.get(int(form["device"]))
        if device is None or authorization != (
            f"AidLogin {device.android_id}:{device.security_token}"
        ):
            return "Error=AUTHENTICATION_FAILED"
        subtype = form.get("X-subtype", "")
        if form.get("delete") == "true":
            self._registrations = {
                token: registration
                for token, registration in self._registrations.items()
                if (registration.device, registration.subtype) != (device, subtype)
            }
            return f"deleted={form['app']}"
        token = secrets.token_urlsafe(24)
        self._registrations[token] = Registration(device, form["app"], subtype, form["sender"])
        return f"token={token}"

    # The application server's side

    async def _serve_sender(self, request: web.BaseRequest) -> web.StreamResponse:
        folder, _, token = request.path.rpartition("/")
        body = await request.read()
        status, problem = 201, ""
        registration = self._registrations.get(token)
        if request.method != "POST" or folder != "/fcm/send":
            status, problem = 404, "nothing here"
        elif registration is None:
            status, problem = 410, "this subscription is over"
        else:
            try:
                said = check_request(request.headers, f"https://{request.host}", self._clock())
                if base64url(said.key) != registration.sender.rstrip("="):
                    raise NotAccepted("the token is by another key than the subscription's")
            except NotAccepted as error:
                status, problem = 403, str(error)
        if registration is None or problem:
            self.refused.append(problem)
        else:
            endpoint = f"https://{request.host}{request.path}"
            self.pushes.append(Push(endpoint, request.headers.copy(), body))
            registration.device.deliver(
                registration.app,
                registration.subtype,
                registration.sender,
                body,
                int(request.headers["TTL"]),
                self._milliseconds(),
            )
        async with self.arrived:
            self.arrived.notify_all()
        return web.Response(status=status, text=problem)

    def _milliseconds(self) -> int:
        return int(self._clock() * 1000)

    # The connection on which a browser waits for messages

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        device: Device | None = None
        try:
            await reader.readexactly(1)  # the client's version
            while True:
                tag, said = await mcs.read_frame(reader)
                if tag == mcs.LOGIN_REQUEST:
                    device = self._devices[mcs.number_of(said[3][0])]
                    device.log_in(said, writer, self._milliseconds())
                    async with self.arrived:
                        self.arrived.notify_all()
                elif tag == mcs.HEARTBEAT_PING:
                    writer.write(mcs.frame(mcs.HEARTBEAT_ACK, []))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the browser was closed
        finally:
            if device is not None and device.connection is writer:
                device.connection = None
            writer.close()


class _NamesHere(AbstractResolver):
    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host not in ENDPOINT_NAMES or port != 443:
            raise OSError(f"this test knows no {host}:{port}")
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self._port,
                family=socket.AF_INET,
                proto=0,
                flags=0,
            )
        ]

    async def close(self) -> None:
        pass
