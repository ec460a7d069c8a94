"""The one door for outbound requests: a reminder to a phone's push service.

The `webpush` package encrypts (RFC 8291). Around it stands what it lacks: an Authorization token
kept per origin and signed for the port too (RFC 8292), the headers of RFC 8030, a second look at
the address, no redirects, and an end to every wait. One door serves a whole process; a send
leaves nothing behind in it, and nothing here is ever logged.
"""

import enum
import json
import re
import socket
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from webpush import WebPush, WebPushSubscription  # type: ignore[import-untyped]
from webpush.types import WebPushKeys  # type: ignore[import-untyped]
from yarl import URL

from ajar.reminders.push_hosts import (
    address_is_public,
    endpoint_problem,
    key_problem,
    listed_by_operator,
)
from ajar.reminders.push_keys import PushKeys, Tokens

PAYLOAD_SIZE: Final = 512
TTL: Final = 43_200  # seconds a push service may hold a reminder for a phone that is switched off
TIMEOUT: Final = 15.0
KEYS_TRIED: Final = 3  # for one reminder; together with TIMEOUT less than a lease

_HEADERS: Final = {
    "Content-Type": "application/octet-stream",
    "Urgency": "normal",
    # A reminder that was held back is replaced by the next one, so they never pile up on a phone.
    "Topic": "reminder",
    "User-Agent": "ajar",
}


class Sent(enum.Enum):
    """What became of a push message, as far as the reminder is concerned."""

    DONE = "done"  # 2xx: the push service has taken it
    GONE = "gone"  # 404, 410: this subscription is over, delete it
    LATER = "later"  # 408, 429, 5xx, no reply: try again, not before `retry_after`
    DENIED = "denied"  # 401, 403: our key or contact is not accepted, for the operator to mend
    REFUSED = "refused"  # anything else, such as 413: trying again won't help


@dataclass(frozen=True)
class Receipt:
    """`retry_after`: seconds from now that the push service asked for, only ever with LATER."""

    result: Sent
    retry_after: float | None = None


def payload(public_url: str) -> bytes:
    """What every reminder of this server says to every phone: the same 512 bytes, always.

    A phone with a service worker puts its own words in their place; iOS shows these when the
    worker is dead (Declarative Web Push, which wants `navigate` absolute). The padding is spaces
    after the JSON text, so that all servers' messages are of one size as well: the package
    ends the record itself and leaves no place for that of RFC 8188.
    ValueError if `public_url` is too long for it.
    """
    message = {
        "web_push": 8030,
        "notification": {
            "title": "Reminder",
            "body": "You asked to be reminded.",
            "navigate": public_url.rstrip("/") + "/",
        },
    }
    text = json.dumps(message, separators=(",", ":")).encode()
    if len(text) > PAYLOAD_SIZE:
        raise ValueError("The public URL is too long to be sent in a reminder. Shorten it.")
    return text.ljust(PAYLOAD_SIZE)


class PushDoor:
    """Sends reminders. `async with` opens its connections and closes them.

    `subject`: `mailto:` or `https:`, where a push service may reach the operator; ValueError else.
    `clock`: UTC seconds; `timeout`: seconds for a whole request. How many are sent at once is the
    caller's to bound. `old_keys`: of subscriptions made before `keys` were, newest first.
    """

    def __init__(
        self,
        keys: PushKeys,
        subject: str,
        payload: bytes,
        further_hosts: frozenset[str],
        clock: Callable[[], float],
        *,
        old_keys: Sequence[PushKeys] = (),
        timeout: float = TIMEOUT,
    ) -> None:
        if not subject.startswith(("mailto:", "https:")):
            raise ValueError("The contact for push services must be a mailto: or https: address.")
        self._payload = payload
        self._further_hosts = further_hosts
        self._clock = clock
        self._timeout = timeout
        self._resolver: AbstractResolver | None = None
        self._tls: ssl.SSLContext | None = None
        self._signing = {each.name: _signing(each, subject, clock) for each in (keys, *old_keys)}
        self._session: aiohttp.ClientSession | None = None

    def by_way_of(self, resolver: AbstractResolver | None, tls: ssl.SSLContext) -> Self:
        """This door, not yet opened, with other name resolution and certificate authorities than
        the system's: for a test whose push service answers under a real one's name."""
        self._resolver = resolver
        self._tls = tls
        return self

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=0,
            resolver=_PublicOnly(self._resolver or aiohttp.DefaultResolver(), self._further_hosts),
            ssl=self._tls or True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=self._timeout),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def keys_for(self, name: str | None) -> list[str]:
        """The names of the keys that a subscription may be for, the likeliest first: the one it
        is known by, the current one, the one before. Empty if it is for one that is not here.
        """
        if name is not None and name not in self._signing:
            return []
        likely = [name, *self._signing][:KEYS_TRIED]
        return list(dict.fromkeys(each for each in likely if each in self._signing))

    async def send(
        self, endpoint: str, p256dh: bytes, auth: bytes, key: str | None = None
    ) -> Receipt:
        """Sends the one payload to a subscription: 65 and 16 bytes as the browser gave them,
        signed with the key of this name, or the current one.

        Whatever the push service does ends as a Receipt within `timeout`; only cancelling raises.
        RuntimeError if the door is not open.
        """
        if self._session is None:
            raise RuntimeError("PushDoor.send belongs inside `async with`.")
        # Looked at when it was saved, but the rules or the list of hosts may have changed since.
        if endpoint_problem(endpoint, self._further_hosts) or key_problem(p256dh, auth):
            return Receipt(Sent.REFUSED)
        try:
            url = URL(endpoint, encoded=True)
            message = self._message(str(url.origin()), p256dh, auth, key)
        except ValueError:  # an address that the rules let pass and the package does not
            return Receipt(Sent.REFUSED)
        try:
            async with self._session.post(
                url, data=message.encrypted, headers=message.headers, allow_redirects=False
            ) as reply:
                # The body is not read: it could be endless, and nothing in it would matter.
                return _receipt(reply.status, reply.headers.get("Retry-After"), self._clock())
        except aiohttp.ClientConnectorDNSError as error:
            led_astray = isinstance(error.os_error, _NotPublic)
            return Receipt(Sent.REFUSED if led_astray else Sent.LATER)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Receipt(Sent.LATER)

    def _message(self, origin: str, p256dh: bytes, auth: bytes, key: str | None = None) -> Any:
        """A `WebPushMessage`. Encrypting needs no address, and the token only its origin."""
        keys = WebPushKeys(p256dh=_base64url(p256dh), auth=_base64url(auth))
        signing = self._signing[key or next(iter(self._signing))]
        return signing.get(self._payload, WebPushSubscription(endpoint=origin, keys=keys))


def _signing(keys: PushKeys, subject: str, clock: Callable[[], float]) -> Any:
    """The package's `WebPush` with one of the server's keys, and our tokens in place of its own."""
    private = load_pem_private_key(keys.private_pem, password=None)
    assert isinstance(private, EllipticCurvePrivateKey)
    public_pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signing = WebPush(keys.private_pem, public_pem, subscriber=subject, ttl=TTL)
    signing.vapid = Tokens(private, keys.public_b64url, subject, clock)
    return signing


class _NotPublic(OSError):
    """A push service's name leads to an address that is nobody's on the Internet."""


class _PublicOnly(AbstractResolver):
    """Finds addresses as `inner` does, and none of them if one is not public, unless the operator
    named the host. The connection is made to these very addresses: nobody looks the name up
    again, so an answer that changes between the look and the connection changes nothing.
    """

    def __init__(self, inner: AbstractResolver, further_hosts: frozenset[str]) -> None:
        self._inner = inner
        self._further_hosts = further_hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not found:
            raise OSError("a name without an address")
        if not listed_by_operator(host, port, self._further_hosts) and not all(
            address_is_public(each["host"]) for each in found
        ):
            raise _NotPublic
        return found

    async def close(self) -> None:
        await self._inner.close()


def _receipt(status: int, retry_after: str | None, now: float) -> Receipt:
    if 200 <= status < 300:
        return Receipt(Sent.DONE)
    if status in (404, 410):
        return Receipt(Sent.GONE)
    if status in (401, 403):
        return Receipt(Sent.DENIED)
    if status in (408, 429) or status >= 500:
        return Receipt(Sent.LATER, _seconds(retry_after, now))
    return Receipt(Sent.REFUSED)


def _seconds(retry_after: str | None, now: float) -> float | None:
    """Retry-After is seconds or a date (RFC 9110, section 10.2.3); anything else is not said."""
    if retry_after is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", retry_after.strip()):
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, OverflowError, OSError):
        return None


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
