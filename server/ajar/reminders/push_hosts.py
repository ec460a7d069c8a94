"""Where a reminder may be sent, and whether a subscription's keys are any good.

A subscription's address comes from a phone, so from anybody: sending to it unchecked would let a
stranger aim this server's requests at whatever it can reach. Only the push services of the known
browsers are allowed, and hosts that the operator names. Pure rules, standard library only.
"""

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

# Each stands for itself and every name below it.
PUSH_SERVICES: Final = (
    "fcm.googleapis.com",  # Chrome, Edge on Android, Samsung Internet, Brave, Opera, Vivaldi
    "jmt17.google.com",  # Chromium as distributions build it
    "push.services.mozilla.com",  # Firefox
    "push.apple.com",  # Safari and every iOS browser
    "notify.windows.com",  # Edge on Windows
)
MAX_ENDPOINT: Final = 2048

# No spaces or control characters (some parsers drop them), no backslash (some read it as a
# slash), nothing outside ASCII (some fold look-alikes of dots and letters into the real ones).
_PLAIN: Final = re.compile(r"[!-\[\]-~]+")
_NAME: Final = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
_USUAL_PORT: Final = {"https": 443, "http": 80}


def endpoint_problem(endpoint: str, further_hosts: frozenset[str]) -> str | None:
    """None if reminders may be sent to `endpoint`, else a sentence saying why not.

    `further_hosts` are `host` (any usual port) or `host:port` (that port alone), lower case, IPv6
    in brackets; only these may be plain http, on another port, an address, or on this machine.
    """
    if len(endpoint) > MAX_ENDPOINT:
        return f"The address of the push service is longer than {MAX_ENDPOINT} characters."
    if not _PLAIN.fullmatch(endpoint):
        return "The address of the push service holds characters that no address has."
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return "The address of the push service cannot be read."
    if parts.scheme not in _USUAL_PORT:
        return "The address of the push service must begin with https://."
    if "@" in parts.netloc:
        return "The address of the push service must not hold a name or password."
    if "#" in endpoint or not parts.path.startswith("/"):
        return "The address of the push service cannot be read."
    if _listed(parts, port, further_hosts):
        return None
    host = parts.hostname or ""
    if not _NAME.fullmatch(host) or not _known(host):
        return "This browser's push service is not one this server sends to."
    if parts.scheme != "https" or parts.netloc.lower() not in (host, f"{host}:443"):
        return "The push service must be reached by https on its usual port."
    return None


def _listed(parts: SplitResult, port: int | None, further_hosts: frozenset[str]) -> bool:
    """Compared as written: whatever decoration a parser may see through is not in the list."""
    netloc = parts.netloc.lower()
    usual = _USUAL_PORT[parts.scheme]
    if netloc in further_hosts:
        return True
    if port is None:
        return f"{netloc}:{usual}" in further_hosts
    return port == usual and netloc.removesuffix(f":{port}") in further_hosts


def _known(host: str) -> bool:
    """Compared whole or behind a dot, so that `evil-fcm.googleapis.com` is somebody else."""
    return service_of(f"https://{host}/") in PUSH_SERVICES


def listed_by_operator(host: str, port: int, further_hosts: frozenset[str]) -> bool:
    """Whether the operator named this host, so that it may be one of their own network."""
    return f"{host}:{port}" in further_hosts or (
        host in further_hosts and port in _USUAL_PORT.values()
    )


def service_of(endpoint: str) -> str:
    """Which push service an endpoint that has no problem belongs to: one of the known ones, or
    the operator's by its host and port. What one of them does must not delay another.
    """
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    known = (name for name in PUSH_SERVICES if host == name or host.endswith("." + name))
    return next(known, parts.netloc.lower())


# What is not anybody's on the Internet (IANA's special-purpose registries), written out because
# what the standard library calls global has changed from one Python to the next.
_NOT_PUBLIC_4: Final = [
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
_PUBLIC_6: Final = ipaddress.IPv6Network("2000::/3")
# Of these, tunnels (2001::/32 Teredo, 2002::/16 6to4) would lead to an IPv4 address inside them.
_NOT_PUBLIC_6: Final = [
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
# These name an IPv4 address: written as IPv6, and by a network that translates (RFC 6052).
_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")


def address_is_public(address: str) -> bool:
    """Whether an address that a name was resolved to belongs to the Internet at large."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None:
            return False
        if found not in _MAPPED and found not in _TRANSLATED:
            return found in _PUBLIC_6 and not any(found in network for network in _NOT_PUBLIC_6)
        found = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
    return not any(found in network for network in _NOT_PUBLIC_4)


# The curve P-256: y² = x³ - 3x + b over the integers modulo p (FIPS 186-4, D.1.2.3).
_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def key_problem(p256dh: bytes, auth: bytes) -> str | None:
    """None if a message can be encrypted to these keys (RFC 8291, section 3), else a sentence.

    `p256dh`: an uncompressed point, 65 bytes, on the curve. `auth`: 16 bytes.
    """
    if len(p256dh) != 65 or p256dh[0] != 4:
        return "p256dh must be an uncompressed P-256 point of 65 bytes."
    x = int.from_bytes(p256dh[1:33], "big")
    y = int.from_bytes(p256dh[33:], "big")
    if x >= _P or y >= _P or (y * y - (x * x * x - 3 * x + _B)) % _P:
        return "p256dh is not a point on the curve P-256."
    if len(auth) != 16:
        return "auth must be 16 bytes."
    return None
