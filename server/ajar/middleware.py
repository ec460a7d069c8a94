"""The walls around every route, set in one place: headers, origin, size, errors, quiet log.

Pure ASGI. `Walls` is the outermost layer, so that a refused or failed request gets the same
headers and the same envelope as any other.
"""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ajar import quiet_log
from ajar.database import Unavailable
from ajar.errors import Refused, foreign_origin, server_error, too_large, too_slow, unavailable
from ajar.settings import Settings, is_loopback
from ajar.state import State
from ajar.wire import MAX_BODY

BODY_WITHIN: Final = 15  # seconds for each part of a request's body to arrive
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_UNUSED_POWERS: Final = (
    "accelerometer",
    "camera",
    "display-capture",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "usb",
    "xr-spatial-tracking",
)


def security_headers(settings: Settings) -> Mapping[str, str]:
    """The same on every reply, errors and static files included."""
    page = f"http://localhost:{settings.port}"
    frame_ancestors = page if settings.trial else "'none'"
    headers = {
        "content-security-policy": "; ".join(
            [
                "default-src 'none'",
                "script-src 'self'",
                "connect-src 'self'",
                "style-src 'self'",
                "img-src 'self'",
                "manifest-src 'self'",
                "worker-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                f"frame-ancestors {frame_ancestors}",
                "require-trusted-types-for 'script'",
                "trusted-types sw",
            ]
        ),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": ", ".join(f"{power}=()" for power in _UNUSED_POWERS),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    if settings.secure:
        headers["strict-transport-security"] = "max-age=31536000"
    if not settings.trial:
        headers["x-frame-options"] = "DENY"
    return headers


def refusal(refused: Refused) -> Response:
    headers = {"cache-control": "no-store"}
    if refused.retry_after is not None:
        headers["retry-after"] = str(refused.retry_after)
    return Response(
        orjson.dumps(refused.body()), refused.status, headers, media_type="application/json"
    )


class Walls:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._public_host = urlsplit(settings.public_url).hostname or ""
        self._headers = [
            (name.encode(), value.encode()) for name, value in security_headers(settings).items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def send_walled(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message["headers"], *self._headers]
                if scope["path"].startswith("/api/") and not _has(headers, b"cache-control"):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": headers}
            await send(message)

        request = Request(scope)
        try:
            problem = self._problem(request)
            if problem:
                await problem(scope, receive, send_walled)
            else:
                await self._app(scope, _limited(receive, request), send_walled)
        except ClientDisconnect:
            pass  # the phone hung up before its request was whole
        except Exception as error:
            if not isinstance(error, Refused | Unavailable):
                quiet_log.failure("a request failed", error)
            if status:
                raise  # half a reply is out: the server must cut the connection
            await refusal(_answer_to(error))(scope, receive, send_walled)
        finally:
            self._note(scope, request.method, status)

    def _problem(self, request: Request) -> Response | None:
        host = _hostname(request.headers.get("host", ""))
        if not (host == self._public_host or is_loopback(host)):
            return Response(
                "This server does not know itself by that name. Its host should set "
                "AJAR_PUBLIC_URL to the https address that phones use.\n",
                421,
                media_type="text/plain",
            )
        if request.method not in SAFE_METHODS and not _same_origin(request):
            return refusal(foreign_origin())
        return None

    def _note(self, scope: Scope, method: str, status: int) -> None:
        state: State | None = getattr(scope["app"].state, "ajar", None) if "app" in scope else None
        route = scope.get("route")
        template = getattr(route, "path", "other")
        if state is not None:
            state.metrics.count("ajar_requests_total", route=template, status=str(status))
        quiet_log.logger.debug("%s %s %s", method, template, status)


def _limited(receive: Receive, request: Request) -> Receive:
    """At most MAX_BODY bytes of a request's body are ever taken in."""
    declared = request.headers.get("content-length", "0")
    taken = 0

    async def take() -> Message:
        nonlocal taken
        if not declared.isdigit() or int(declared) > MAX_BODY:
            raise too_large()
        try:
            message = await asyncio.wait_for(receive(), BODY_WITHIN)
        except TimeoutError:
            raise too_slow() from None
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:
            raise too_large()
        return message

    return take


def _answer_to(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    return unavailable() if isinstance(error, Unavailable) else server_error()


def _same_origin(request: Request) -> bool:
    """A browser says where a request comes from; what says nothing is no browser, and has no
    cookie that a foreign page could ride on (SameSite=Strict).
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    try:
        theirs = urlsplit(origin).netloc
    except ValueError:
        return False
    return theirs == request.headers.get("host", "") and origin != "null"


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _has(headers: list[tuple[bytes, bytes]], name: bytes) -> bool:
    return any(key.lower() == name for key, _ in headers)
