"""A phone of Alice or Bob, in Python: holds the keys, speaks the API, reads outcomes."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from ajar.protocol import Side, other_side, same, sha256
from ajar.wire import from_base64url, to_base64url
from tests.protocol import RoundKeys, join_secret_of, pair_id_of
from tests.running_server import RunningServer

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY

Choice = Literal["open", "closed"]
Outcome = Literal["both open", "quiet"]


@dataclass
class Phone:
    """One browser: a cookie jar of its own, and the keys of a seat once it has one."""

    server: RunningServer
    side: Side
    link: bytes
    closes: list[int]
    wording: str = "marriage"
    side_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    claim: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    n: int = 1_000

    def __post_init__(self) -> None:
        self.http = self.server.client()

    @property
    def pair_id(self) -> str:
        return to_base64url(pair_id_of(self.link))

    def request(self, method: str, path: str, body: object = None) -> httpx.Response:
        if body is None:
            return self.http.request(method, path)
        return self.http.request(method, path, json=body)

    def create_body(self) -> dict[str, Any]:
        return {
            "pair_id": self.pair_id,
            "join_hash": to_base64url(sha256(join_secret_of(self.link))),
            "closes": self.closes,
            "wording": self.wording,
            "claim": to_base64url(self.claim),
        }

    def create(self) -> httpx.Response:
        return self.request("POST", "/api/pairs", self.create_body())

    def join_body(self) -> dict[str, Any]:
        return {
            "join_secret": to_base64url(join_secret_of(self.link)),
            "claim": to_base64url(self.claim),
        }

    def join(self) -> httpx.Response:
        return self.request("POST", f"/api/invitations/{self.pair_id}/join", self.join_body())

    def round(self, index: int) -> RoundKeys:
        return RoundKeys.of(self.link, self.closes, index)

    def answer_bytes(self, index: int, choice: Choice) -> bytes:
        keys = self.round(index)
        return (
            keys.open_answer(self.side) if choice == "open" else keys.closed_answer(self.side_key)
        )

    def answers_body(self, choices: dict[int, Choice]) -> dict[str, Any]:
        """A fresh upload: `n` rises by one."""
        self.n += 1
        return {
            "n": self.n,
            "answers": [
                {"round": index, "body": to_base64url(self.answer_bytes(index, choice))}
                for index, choice in choices.items()
            ],
        }

    def answer(self, index: int, choice: Choice) -> httpx.Response:
        return self.request("PUT", "/api/answers", self.answers_body({index: choice}))

    def view(self) -> dict[str, Any]:
        reply = self.request("GET", "/api/pair")
        assert reply.status_code == 200, reply.text
        view: dict[str, Any] = reply.json()
        return view

    def outcome(self, index: int) -> Outcome | None:
        """What this phone would show of a round: None while it is not closed."""
        seal = self.view()["seals"][index]
        if seal is None:
            return None
        expected = self.round(index).seal(other_side(self.side))
        return "both open" if same(from_base64url(seal, 32), expected) else "quiet"


def weekly(first: int, count: int = 5) -> list[int]:
    return [first + index * WEEK for index in range(count)]


def new_pair(
    server: RunningServer, *, rounds: int = 5, wording: str = "marriage"
) -> tuple[Phone, Phone]:
    """Alice invites, Bob joins; the first round closes in three days."""
    link = secrets.token_bytes(16)
    closes = weekly(int(server.clock.now()) + 3 * DAY, rounds)
    alice = Phone(server, "a", link, closes, wording)
    bob = Phone(server, "b", link, closes, wording)
    assert alice.create().status_code == 201
    assert bob.join().status_code == 201
    return alice, bob
