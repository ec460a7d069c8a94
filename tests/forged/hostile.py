"""Mallory: one side's phone that runs whatever client it likes, and a model of what must follow.

She has everything that a phone of her side has: the pair's key, and with it every seal and token;
more phones of her side, the bodies that the honest phone sent, and her own earlier requests. What
the honest phone answered, and which of her bodies counts, the model keeps by itself.
"""

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from ajar.protocol import SECRET_SIZE, Side, open_token, other_side, sha256
from ajar.wire import to_base64url
from tests.phone import DAY, Choice, Phone, weekly
from tests.protocol import RoundKeys, join_secret_of, pair_id_of
from tests.running_server import START, RunningServer
from tests.server.stores import empty

ROUNDS = 3
CLOSES = weekly(START + 2 * DAY, ROUNDS)
HALVES = (
    "the token",
    "her own seal",
    "the other's seal",
    "the first half of a captured body",
    "the second half of a captured body",
    "the token of the seals swapped",
    "the token of her own seal twice",
    "the token of the other's seal twice",
    "the token under the next number",
    "the token of another round",
    "her own seal of another round",
    "the other's seal of another round",
    "the token of another schedule",
    "her own seal of another schedule",
    "noise",
    "nothing",
)
Body = tuple[str, str]
OPEN: Body = ("the token", "her own seal")


@dataclass(frozen=True)
class Sent:
    """A request of hers, as it could be sent again."""

    n: int
    answers: dict[int, bytes]


@dataclass
class Game:
    """A pair of an honest phone and Mallory, played on the real server. `possible`: the bodies of
    hers of which one counts for a round; only uploads at one instant leave more than one.
    """

    server: RunningServer
    hostile_side: Side
    round: int = 0
    ended: bool = False
    left: bool = False
    answered: list[Choice | None] = field(default_factory=lambda: [None] * ROUNDS)
    captured: list[bytes] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        empty(self.server)
        self.server.clock.move_to(START)
        self.link = secrets.token_bytes(16)
        self.phones: dict[Side, Phone] = {
            side: Phone(self.server, side, self.link, CLOSES) for side in ("a", "b")
        }
        assert self.phones["a"].create().status_code == 201
        assert self.phones["b"].join().status_code == 201
        self.honest_side = other_side(self.hostile_side)
        self.honest = self.phones[self.honest_side]
        self.devices = [self.phones[self.hostile_side]]
        self.last_n = [0]
        self.possible: list[set[bytes | None]] = [{None} for _ in range(ROUNDS)]

    def keys(self, index: int) -> RoundKeys:
        return self.honest.round(index)

    def half(self, name: str, index: int) -> bytes:
        keys, next_one = self.keys(index), self.keys((index + 1) % ROUNDS)
        own, other = keys.seal(self.hostile_side), keys.seal(self.honest_side)
        altered = RoundKeys.of(self.link, [*CLOSES[:-1], CLOSES[-1] + 1], index)
        body = self.captured[-1] if self.captured else secrets.token_bytes(64)
        return {
            "the token": keys.token,
            "her own seal": own,
            "the other's seal": other,
            "the first half of a captured body": body[:32],
            "the second half of a captured body": body[32:],
            "the token of the seals swapped": open_token(keys.seal_b, keys.seal_a, index),
            "the token of her own seal twice": open_token(own, own, index),
            "the token of the other's seal twice": open_token(other, other, index),
            "the token under the next number": open_token(keys.seal_a, keys.seal_b, index + 1),
            "the token of another round": next_one.token,
            "her own seal of another round": next_one.seal(self.hostile_side),
            "the other's seal of another round": next_one.seal(self.honest_side),
            "the token of another schedule": altered.token,
            "her own seal of another schedule": altered.seal(self.hostile_side),
            "noise": secrets.token_bytes(32),
            "nothing": bytes(32),
        }[name]

    def body(self, halves: Body, index: int) -> bytes:
        return b"".join(self.half(half, index) for half in halves)

    def honest_answers(self, index: int, choice: Choice) -> None:
        reply = self.honest.answer(index, choice)
        assert reply.status_code == (409 if index < self.round else 204), reply.text
        if index >= self.round:
            self.answered[index] = choice
        self.captured.append(self.honest.answer_bytes(index, choice))

    def add_device(self) -> None:
        """One more phone of her side, as the protocol has it."""
        if len(self.devices) >= 4 or self.left:
            return
        secret, claim = secrets.token_bytes(SECRET_SIZE), secrets.token_bytes(SECRET_SIZE)
        offer = {"join_hash": to_base64url(sha256(secret))}
        assert self.devices[0].request("POST", "/api/phones", offer).status_code == 201
        device = Phone(self.server, self.hostile_side, self.link, CLOSES)
        body = {"join_secret": to_base64url(secret), "claim": to_base64url(claim)}
        joined = device.request("POST", f"/api/phones/{device.pair_id}/join", body)
        assert joined.status_code == 201
        self.devices.append(device)
        self.last_n.append(0)

    def upload(self, device: int, sent: Sent) -> None:
        """What the reply must be, and what counts from now on, is known beforehand."""
        device %= len(self.devices)
        late = sent.n < self.last_n[device]
        taken = sent.n > self.last_n[device] and min(sent.answers) >= self.round and not self.left
        refused = late or (sent.n != self.last_n[device] and not taken)
        reply = self.put(device, sent)
        assert reply.status_code == (401 if self.left else 409 if refused else 204), reply.text
        if taken:
            self.last_n[device] = sent.n
            for index, body in sent.answers.items():
                self.possible[index] = {body}
            self.sent.append(sent)

    def upload_at_once(self, index: int, bodies: list[Body]) -> None:
        """From every device of her side in the same moment: which comes last, nobody knows."""
        if self.left or index < self.round:
            return
        together = threading.Barrier(len(self.devices))
        sent = [
            Sent(self.last_n[device] + 1, {index: self.body(bodies[device % len(bodies)], index)})
            for device in range(len(self.devices))
        ]

        def put(device: int) -> int:
            together.wait(30)
            return self.put(device, sent[device]).status_code

        with ThreadPoolExecutor(len(sent)) as pool:
            assert list(pool.map(put, range(len(sent)))) == [204] * len(sent)
        self.last_n = [each.n for each in sent]
        self.possible[index] = {each.answers[index] for each in sent}
        self.sent += sent

    def leave(self, *, tell: bool) -> None:
        reply = self.devices[0].request("POST", "/api/leave", {"tell_partner": tell})
        assert reply.status_code == (401 if self.left else 204)
        self.possible[self.round :] = [{None} for _ in range(self.round, ROUNDS)]
        self.left = True

    def put(self, device: int, sent: Sent) -> httpx.Response:
        answers = [
            {"round": index, "body": to_base64url(body)} for index, body in sent.answers.items()
        ]
        return self.devices[device].request(
            "PUT", "/api/answers", {"n": sent.n, "answers": answers}
        )

    def close(self) -> bool:
        """The round's instant comes. AssertionError if either side is handed what it must not be;
        whether both were shown both open.
        """
        index = self.round
        self.server.close_round_at(CLOSES[index])
        view = self.honest.view()
        shown_to_honest = self.honest.outcome(index) == "both open"
        hers = (
            []
            if self.left
            else [device.request("GET", "/api/pair").text for device in self.devices]
        )
        handed_to_her = {self.seal_in(text, index) for text in hers}
        if hers:  # all of her phones are told the same, and no more than the honest one
            assert handed_to_her == {shown_to_honest}
        for other in range(ROUNDS):
            if other != index:
                assert not any(self.seal_in(text, other) for text in hers)

        true = self.keys(index).open_answer(self.hostile_side)
        open_there = self.answered[index] == "open"
        if not open_there or true not in self.possible[index]:
            assert not shown_to_honest
        elif self.possible[index] == {true}:
            assert shown_to_honest
        self.round += 1
        self.ended = view["ended"] is not None
        assert self.ended or (not shown_to_honest and self.round < ROUNDS)
        return shown_to_honest

    def seal_in(self, text: str, index: int) -> bool:
        """Whether the honest side's seal of that round is anywhere in a reply."""
        return to_base64url(self.keys(index).seal(self.honest_side)) in text


@dataclass
class Charlie:
    """Somebody with everything but a seat in this pair: its key, its bodies, even both side keys;
    and, as a member of another pair whose rounds close at the same instants, a seat over there.
    """

    game: Game

    def __post_init__(self) -> None:
        link = secrets.token_bytes(16)
        self.own, self.dora = (Phone(self.game.server, side, link, CLOSES) for side in ("a", "b"))
        assert self.own.create().status_code == 201
        assert self.dora.join().status_code == 201
        self.stranger = Phone(self.game.server, "b", self.game.link, CLOSES)

    def upload(self, halves: Body) -> None:
        """Their bodies, in his own pair."""
        index = self.game.round
        self.own.n += 1
        answers = [{"round": index, "body": to_base64url(self.game.body(halves, index))}]
        reply = self.own.request("PUT", "/api/answers", {"n": self.own.n, "answers": answers})
        assert reply.status_code == 204
        self.dora.answer(index, "open")

    def tries_every_door(self) -> list[httpx.Response]:
        """Of the pair that he has no seat in. Each reply must be a refusal."""
        stranger, server = self.stranger, self.game.server
        claim = {
            "join_secret": to_base64url(join_secret_of(stranger.link)),
            "claim": to_base64url(self.stranger.claim),
        }
        stolen = server.client()
        stolen.cookies.set(
            "ajar", to_base64url(pair_id_of(self.game.link) + secrets.token_bytes(SECRET_SIZE))
        )
        created = stranger.create()
        # Once a round has closed the schedule itself is refused.
        assert created.status_code == (422 if self.game.round else 409)
        refused = [
            stranger.join(),
            stranger.request("POST", f"/api/phones/{stranger.pair_id}/join", claim),
            stranger.request("GET", "/api/pair"),
            stranger.answer(self.game.round, "open"),
            stolen.get("/api/pair"),
            stolen.put("/api/answers", json=stranger.answers_body({0: "open"})),
        ]
        assert [reply.status_code for reply in refused] == [410, 410, 401, 401, 401, 401]
        return [created, *refused]

    def learns_nothing(self) -> None:
        texts = [phone.request("GET", "/api/pair").text for phone in (self.own, self.dora)]
        texts += [reply.text for reply in self.tries_every_door()]
        for index in range(ROUNDS):
            keys = self.game.keys(index)
            for seal in (keys.seal_a, keys.seal_b):
                assert not any(to_base64url(seal) in text for text in texts)
