"""Every request of `docs/protocol.md`, section 5, well formed, with the shape of each field.

`World` holds what they are asked in: Alice and Bob are seated as a pair, Charlie has invited
somebody of his own. A test changes one thing about a request of `REQUESTS` and sees what happens.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from ajar.protocol import sha256
from ajar.wire import to_base64url
from tests.fakes.push_crypto import Receiver
from tests.phone import DAY, Phone, new_pair, weekly
from tests.protocol import join_secret_of
from tests.running_server import RunningServer

Body = dict[str, Any]
Who = Literal["alice", "visitor"]


class World:
    """A pair, Charlie's open invitation, and an open offer of Alice's for one more phone."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.alice, self.bob = new_pair(server)
        closes = weekly(int(server.clock.now()) + 3 * DAY)
        self.charlie = Phone(server, "a", secrets.token_bytes(16), closes)
        assert self.charlie.create().status_code == 201
        self.offered = secrets.token_bytes(32)
        offer = {"join_hash": to_base64url(sha256(self.offered))}
        assert self.alice.request("POST", "/api/phones", offer).status_code == 201
        self._http = server.client()

    def path(self, request: "Request") -> str:
        pair = self.charlie if "invitations" in request.path else self.alice
        return request.path.replace("{pair_id}", pair.pair_id)

    def cookie_of(self, who: Who) -> str | None:
        return cookie_of(self.alice) if who == "alice" else None

    def send(
        self,
        request: "Request",
        *,
        cookie: str | None = "own",
        headers: Mapping[str, str] | None = None,
        method: str | None = None,
        **content: Any,
    ) -> httpx.Response:
        """The request as it should be, but for what is given; `cookie` is the whole header."""
        chosen = self.cookie_of(request.who) if cookie == "own" else cookie
        if request.body and not content:
            content = {"json": request.body(self)}
        self._http.cookies.clear()
        return self._http.request(
            method or request.method,
            self.path(request),
            headers=[
                (name.encode(), value.encode("latin-1"))
                for name, value in [
                    *(headers or {}).items(),
                    *([("cookie", chosen)] if chosen else []),
                ]
            ],
            **content,
        )


def cookie_of(phone: Phone) -> str:
    """What a phone's browser sends as its Cookie header."""
    return "; ".join(f"{name}={value}" for name, value in phone.http.cookies.items())


@dataclass(frozen=True)
class Bytes:
    size: int


@dataclass(frozen=True)
class Whole:
    """A whole number; `low` and `high` are the outermost that pass."""

    low: int
    high: int


@dataclass(frozen=True)
class Words:
    """Text: one of a few words, or any of `low` to `high` characters."""

    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0


@dataclass(frozen=True)
class Truth:
    pass


@dataclass(frozen=True)
class Many:
    """A list of `low` to `high` of something."""

    of: "Kind"
    low: int
    high: int


@dataclass(frozen=True)
class Shape:
    fields: Mapping[str, "Kind"]
    optional: frozenset[str] = frozenset()


Kind = Bytes | Whole | Words | Truth | Many | Shape
INSTANT = Whole(0, 2**40)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    who: Who
    status: int
    body: Callable[[World], Body] | None = None
    shape: Shape = field(default_factory=lambda: Shape({}))

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def changes_something(self) -> bool:
        return self.method != "GET"


def _new_pair(world: World) -> Body:
    link = secrets.token_bytes(16)
    closes = weekly(int(world.server.clock.now()) + 3 * DAY)
    return {**Phone(world.server, "a", link, closes).create_body(), "access_code": "unasked"}


def _join(world: World) -> Body:
    secret = join_secret_of(world.charlie.link)
    return {"join_secret": to_base64url(secret), "claim": _fresh_claim()}


def _join_as_phone(world: World) -> Body:
    return {"join_secret": to_base64url(world.offered), "claim": _fresh_claim()}


def _answers(world: World) -> Body:
    return world.alice.answers_body({0: "open", 1: "closed"})


def _reminders(world: World) -> Body:
    return {"at": [int(world.server.clock.now()) + day * DAY for day in (1, 2)]}


def _subscription(_: World) -> Body:
    receiver = Receiver.fresh()
    return {
        "endpoint": "https://fcm.googleapis.com/fcm/send/x",
        "p256dh": to_base64url(receiver.p256dh),
        "auth": to_base64url(receiver.auth),
    }


def _fresh_claim() -> str:
    return to_base64url(secrets.token_bytes(32))


JOIN = Shape({"join_secret": Bytes(32), "claim": Bytes(32)})
ANSWER = Shape({"round": Whole(0, 4), "body": Bytes(64)})

REQUESTS = [
    Request(
        "POST",
        "/api/pairs",
        "visitor",
        201,
        _new_pair,
        Shape(
            {
                "pair_id": Bytes(16),
                "join_hash": Bytes(32),
                "closes": Many(INSTANT, 1, 12),
                "wording": Words(("marriage", "relationship")),
                "claim": Bytes(32),
                "access_code": Words(high=200),
            },
            optional=frozenset({"access_code"}),
        ),
    ),
    Request("GET", "/api/invitations/{pair_id}", "visitor", 200),
    Request("POST", "/api/invitations/{pair_id}/join", "visitor", 201, _join, JOIN),
    Request("GET", "/api/pair", "alice", 200),
    Request(
        "PUT",
        "/api/answers",
        "alice",
        204,
        _answers,
        Shape({"n": Whole(1, 2**53 - 1), "answers": Many(ANSWER, 1, 12)}),
    ),
    Request("PUT", "/api/reminders", "alice", 204, _reminders, Shape({"at": Many(INSTANT, 0, 16)})),
    Request(
        "PUT",
        "/api/subscription",
        "alice",
        204,
        _subscription,
        Shape({"endpoint": Words(low=1, high=2048), "p256dh": Bytes(65), "auth": Bytes(16)}),
    ),
    Request("DELETE", "/api/subscription", "alice", 204),
    Request(
        "POST",
        "/api/phones",
        "alice",
        201,
        lambda _: {"join_hash": to_base64url(secrets.token_bytes(32))},
        Shape({"join_hash": Bytes(32)}),
    ),
    Request("GET", "/api/phones", "alice", 200),
    Request("DELETE", "/api/phones", "alice", 204),
    Request("POST", "/api/phones/{pair_id}/join", "visitor", 201, _join_as_phone, JOIN),
    Request(
        "POST",
        "/api/leave",
        "alice",
        204,
        lambda _: {"tell_partner": False},
        Shape({"tell_partner": Truth()}),
    ),
    Request("GET", "/api/config", "visitor", 200),
    Request("GET", "/api/openapi.json", "visitor", 200),
    Request("GET", "/healthz", "visitor", 200),
    Request("GET", "/readyz", "visitor", 200),
]
