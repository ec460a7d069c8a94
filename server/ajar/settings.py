"""The one reader of the environment. Refuses to start on what would be unsafe or makes no sense.

`read(environment)` gives Settings or raises Unsafe with a sentence that says what to change.
"""

import ipaddress
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

# Every setting, with what it does. `.env.example` is tested against it.
SETTINGS: Final[Mapping[str, str]] = {
    "AJAR_HOST": "Address to listen on. Anything but loopback counts as reachable from elsewhere.",
    "AJAR_PORT": "Port to listen on.",
    "AJAR_DATA": "Directory for the SQLite files and the push key.",
    "AJAR_DATABASE_URL": "Where everything but answer keys is kept: sqlite://… or asyncpg://…",
    "AJAR_ANSWER_KEYS_URL": "Where answer keys are kept, apart from all else; left out of backups.",
    "AJAR_PUBLIC_URL": "The address phones use, such as https://ajar.example.org.",
    "AJAR_TRUSTED_PROXIES": "Addresses of the HTTPS proxy, comma-separated.",
    "AJAR_TLS_CERT": "Certificate file, when this server speaks HTTPS itself.",
    "AJAR_TLS_KEY": "Private key file of that certificate.",
    "AJAR_OPERATOR": "Who hosts this server, as people will read it.",
    "AJAR_CONTACT": "How to reach them: an e-mail address or an https address.",
    "AJAR_NEITHER_PARTNER": "yes: the host is neither partner of any pair on this server.",
    "AJAR_ACCESS_CODE": "If set, inviting needs this code.",
    "AJAR_MIN_INTERVAL": "Seconds; lowers the shortest lead and distance of closes (trial, tests).",
    "AJAR_PUSH_HOSTS": "Further push service hosts to allow, host or host:port, comma-separated.",
    "AJAR_WORKER": "embedded (default) or off: whether the web process also closes and reminds.",
    "AJAR_RATE_LIMITS": "on (default) or off.",
    "AJAR_METRICS_PORT": "Loopback port of /metrics; 0 turns it off.",
    "AJAR_SUPPORT_LINES": "A JSON file of help lines to show instead of the built-in ones.",
    "AJAR_LEAVE_URL": "Where «Leave now» goes: a neutral page.",
}

MAX_ACCESS_CODE: Final = 200  # characters; as many as a request may bring
_E_MAIL: Final = re.compile(r"[^@\s:/]+@[^@\s:/]+")
_PUSH_HOST: Final = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")

DEFAULT_LEAVE_URL: Final = "https://www.bbc.com/weather"


class Unsafe(ValueError):
    """The configuration cannot be run; the message says what to change."""


@dataclass(frozen=True)
class Settings:
    """Read once at start and passed on; nothing else looks at the environment."""

    host: str
    port: int
    data: Path
    database_url: str
    answer_keys_url: str
    public_url: str
    trusted_proxies: tuple[str, ...]
    tls_cert: Path | None
    tls_key: Path | None
    operator: str | None
    contact: str | None
    access_code: str | None
    min_interval: int | None
    push_hosts: frozenset[str]
    worker_embedded: bool
    rate_limits: bool
    metrics_port: int
    support_lines: Path | None
    leave_url: str
    trial: bool = False

    @property
    def push_key(self) -> Path:
        """The file of the server's push key."""
        return self.data / "push-key.pem"

    @property
    def secure(self) -> bool:
        """Whether phones speak HTTPS to this server, its own or a proxy's."""
        return self.public_url.startswith("https://")


def read(environment: Mapping[str, str], *, trial: bool = False) -> Settings:
    """Settings from the environment. Raises Unsafe."""
    unknown = sorted(
        name for name in environment if name.startswith("AJAR_") and name not in SETTINGS
    )
    if unknown:
        raise Unsafe(f"{unknown[0]} is not a setting of Ajar. See .env.example for those it has.")

    def text(name: str, default: str = "") -> str:
        return environment.get(name, "").strip() or default

    host = text("AJAR_HOST", "127.0.0.1")
    port = _number("AJAR_PORT", text("AJAR_PORT", "8000"), 1, 65535)
    data = Path(text("AJAR_DATA", "data/trial" if trial else "data")).resolve()
    database_url = text("AJAR_DATABASE_URL", f"sqlite://{data}/ajar.sqlite3")
    min_interval = text("AJAR_MIN_INTERVAL", "60" if trial else "")
    settings = Settings(
        host=host,
        port=port,
        data=data,
        database_url=database_url,
        answer_keys_url=text("AJAR_ANSWER_KEYS_URL", f"sqlite://{data}/answer-keys.sqlite3"),
        public_url=text("AJAR_PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        trusted_proxies=_list(text("AJAR_TRUSTED_PROXIES")),
        tls_cert=_file("AJAR_TLS_CERT", text("AJAR_TLS_CERT")),
        tls_key=_file("AJAR_TLS_KEY", text("AJAR_TLS_KEY")),
        operator=text("AJAR_OPERATOR") or None,
        contact=text("AJAR_CONTACT") or None,
        access_code=text("AJAR_ACCESS_CODE") or None,
        min_interval=_number("AJAR_MIN_INTERVAL", min_interval, 1, 3600) if min_interval else None,
        push_hosts=frozenset(_list(text("AJAR_PUSH_HOSTS").lower())),
        worker_embedded=_choice("AJAR_WORKER", text("AJAR_WORKER", "embedded"), "embedded", "off"),
        rate_limits=_choice("AJAR_RATE_LIMITS", text("AJAR_RATE_LIMITS", "on"), "on", "off"),
        metrics_port=_number("AJAR_METRICS_PORT", text("AJAR_METRICS_PORT", "9464"), 0, 65535),
        support_lines=_file("AJAR_SUPPORT_LINES", text("AJAR_SUPPORT_LINES")),
        leave_url=text("AJAR_LEAVE_URL", DEFAULT_LEAVE_URL),
        trial=trial,
    )
    _refuse_nonsense(settings)
    _refuse_unsafe(settings, text("AJAR_NEITHER_PARTNER"))
    return settings


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _refuse_nonsense(settings: Settings) -> None:
    url = _address("AJAR_PUBLIC_URL", settings.public_url)
    bare = f"{url.scheme}://{url.netloc}" == settings.public_url and "@" not in url.netloc
    if url.scheme not in ("http", "https") or not url.hostname or not bare:
        raise Unsafe(
            "AJAR_PUBLIC_URL must be the bare address phones use, such as https://ajar.example.org."
        )
    if re.search("[?#]", str(settings.data)):
        raise Unsafe("AJAR_DATA must be a directory without ? or # in its path.")
    _refuse_one_store_for_both(settings.database_url, settings.answer_keys_url)
    for proxy in settings.trusted_proxies:
        _refuse_proxy(proxy)
    for host in settings.push_hosts:
        if not _PUSH_HOST.fullmatch(host):
            raise Unsafe(f"AJAR_PUSH_HOSTS: {host} is no host or host:port.")
    leave = _address("AJAR_LEAVE_URL", settings.leave_url)
    if leave.scheme != "https" or not leave.hostname:
        raise Unsafe("AJAR_LEAVE_URL must be an https address of a neutral page.")
    if settings.contact and not _E_MAIL.fullmatch(settings.contact):
        contact = _address("AJAR_CONTACT", settings.contact)
        if contact.scheme != "https" or not contact.hostname:
            raise Unsafe("AJAR_CONTACT must be an e-mail address or an https address.")
    if len(settings.access_code or "") > MAX_ACCESS_CODE:
        raise Unsafe(f"AJAR_ACCESS_CODE must have at most {MAX_ACCESS_CODE} characters.")
    _refuse_certificate(settings.tls_cert, settings.tls_key)


def _refuse_one_store_for_both(database_url: str, answer_keys_url: str) -> None:
    for name, value in (
        ("AJAR_DATABASE_URL", database_url),
        ("AJAR_ANSWER_KEYS_URL", answer_keys_url),
    ):
        scheme, _, rest = value.partition("://")
        if scheme not in ("sqlite", "asyncpg") or not rest:
            raise Unsafe(f"{name} must begin with sqlite:// or asyncpg:// and name a database.")
    if _place(database_url) == _place(answer_keys_url):
        raise Unsafe(
            "AJAR_ANSWER_KEYS_URL must be another database than AJAR_DATABASE_URL: a copy of one "
            "must be worth nothing without the other."
        )


def _place(url: str) -> object:
    """Where a database is, however its address is written."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "sqlite":
            return Path(parts.netloc + parts.path).resolve()
        host = parts.hostname or parse_qs(parts.query).get("host")
        return host, parts.port or 5432, parts.path
    except ValueError:  # a password with brackets, which Tortoise can read
        return url


def _refuse_proxy(proxy: str) -> None:
    try:
        network = ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        raise Unsafe(
            f"AJAR_TRUSTED_PROXIES: {proxy} is not an address or network such as 127.0.0.1."
        ) from None
    if network.prefixlen == 0:
        raise Unsafe(f"AJAR_TRUSTED_PROXIES: {proxy} is everybody. Name the proxy's own address.")


def _refuse_certificate(certificate: Path | None, key: Path | None) -> None:
    if (certificate is None) != (key is None):
        raise Unsafe("Set both AJAR_TLS_CERT and AJAR_TLS_KEY, or neither.")
    if certificate and key:
        try:
            # An empty password: rather refuse a locked key than wait for someone at a keyboard.
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
        except OSError:
            raise Unsafe(
                "AJAR_TLS_CERT and AJAR_TLS_KEY are no certificate and its unlocked private key."
            ) from None


def _address(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # is only looked at when asked for
    except ValueError:
        raise Unsafe(f"{name}: {value} cannot be read as an address.") from None
    return parts


def _refuse_unsafe(settings: Settings, neither_partner: str) -> None:
    public_host = urlsplit(settings.public_url).hostname or ""
    if is_loopback(settings.host) and is_loopback(public_host):
        return
    if settings.trial:
        raise Unsafe(
            "A trial runs on this machine alone: leave AJAR_HOST and AJAR_PUBLIC_URL unset."
        )
    if is_loopback(public_host):
        raise Unsafe(
            "This start would be reachable from elsewhere: set AJAR_PUBLIC_URL to the https "
            "address that phones use, or AJAR_HOST to 127.0.0.1."
        )
    if not settings.secure:
        raise Unsafe(
            "Phones need HTTPS: AJAR_PUBLIC_URL must begin with https:// "
            "(docs/operating.md shows a domain and a tunnel)."
        )
    if settings.tls_cert is None and not settings.trusted_proxies:
        raise Unsafe(
            "Who speaks HTTPS? Name the proxy's address in AJAR_TRUSTED_PROXIES (127.0.0.1 for a "
            "tunnel or proxy on this machine), or set AJAR_TLS_CERT and AJAR_TLS_KEY."
        )
    if not settings.operator or not settings.contact:
        raise Unsafe("People are shown who hosts this server: set AJAR_OPERATOR and AJAR_CONTACT.")
    if neither_partner != "yes":
        raise Unsafe(
            "Whoever hosts this server could learn from it what a partner must not know. Set "
            "AJAR_NEITHER_PARTNER=yes to confirm that the host is neither partner of any pair here."
        )


def _number(name: str, value: str, lowest: int, highest: int) -> int:
    if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
        raise Unsafe(f"{name} must be a whole number from {lowest} to {highest}.")
    return int(value)


def _choice(name: str, value: str, yes: str, no: str) -> bool:
    if value not in (yes, no):
        raise Unsafe(f"{name} must be {yes} or {no}.")
    return value == yes


def _file(name: str, value: str) -> Path | None:
    if not value:
        return None
    path = Path(value)
    if not path.is_file():
        raise Unsafe(f"{name}: there is no file {value}.")
    return path.resolve()


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
