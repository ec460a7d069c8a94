"""One bit: whatever the partner does, short of a match or of telling, no reply to a phone changes.

Each history is played twice on the real server: once with the partner in it and once without. Only
chance is held still, so that both plays draw the same random bytes; then every status, header and
byte that the watched side gets must be equal. (`docs/protocol.md`, section 2.1 and section 6.)
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ajar.protocol import Side, sha256
from ajar.wire import to_base64url
from tests.phone import DAY, HOUR, Choice, Phone, weekly
from tests.running_server import START, RunningServer
from tests.server.expect import whole
from tests.server.stores import empty, rows

ROUNDS = 3
CLOSES = weekly(START + 2 * DAY, ROUNDS)
LINK = bytes(range(16))
SUBSCRIPTION = {
    "endpoint": "https://fcm.googleapis.com/fcm/send/x",
    # The generator of P-256: a point like any other.
    "p256dh": "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKW"
    "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
    "auth": "AAAAAAAAAAAAAAAAAAAAAA",
}
Who = Literal["watched", "partner", "time"]
Step = tuple[Who, str, int]
Transcript = list[Any]

BY_ANYBODY = [
    "look at the view",
    "answer",
    "answer the rest",
    "be reminded",
    "subscribe",
    "look at the invitation",
    "count phones",
    "offer a phone",
    "take the seat again",
]
BY_PARTNER = [
    *BY_ANYBODY,
    "take the seat",
    "leave quietly",
    "add a phone",
    "answer on the other phone",
    "remove the other phone",
    "send noise",
]
# Whatever happened, in the end everything there is to be asked is asked once more.
LAST_LOOKS: list[Step] = [("watched", what, 0) for what in BY_ANYBODY]
numbers = st.integers(0, 2 * ROUNDS - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("watched"), st.sampled_from(BY_ANYBODY), numbers),
        st.tuples(st.just("partner"), st.sampled_from(BY_PARTNER), numbers),
        st.tuples(st.just("partner"), st.just("take the seat"), numbers),
        st.tuples(st.just("time"), st.sampled_from(["close", "close two", "pass"]), numbers),
    ),
    max_size=18,
)


class Chance:
    """In the place of `secrets.token_bytes`: what comes depends on who asks and how often
    they have asked, and so not on what others asked for in between.
    """

    def __init__(self) -> None:
        self.asking = "nobody"
        self._asked: Counter[str] = Counter()

    def start_over(self) -> None:
        self._asked.clear()

    def token_bytes(self, size: int = 32) -> bytes:
        self._asked[self.asking] += 1
        seed = f"{self.asking} {self._asked[self.asking]}".encode()
        return hashlib.shake_256(seed).digest(size)


@pytest.fixture(scope="module")
def chance() -> Iterator[Chance]:
    chance = Chance()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secrets.token_bytes", chance.token_bytes)
        yield chance


@dataclass
class Play:
    """One history on the real server, with the partner or without."""

    server: RunningServer
    chance: Chance
    watched_side: Side
    with_partner: bool

    def __post_init__(self) -> None:
        empty(self.server)
        self.server.clock.move_to(START)
        self.chance.start_over()
        self.transcript: Transcript = []
        self.phones: dict[str, Phone] = {}
        for who, side in (
            ("watched", self.watched_side),
            ("partner", "b" if self.watched_side == "a" else "a"),
        ):
            self.phones[who] = self.phone(who, "a" if side == "a" else "b")
        self.phones["other phone"] = self.phone("other phone", self.phones["partner"].side)

    def phone(self, who: str, side: Side) -> Phone:
        key = hashlib.sha256(who.encode()).digest()
        return Phone(self.server, side, LINK, CLOSES, side_key=key, claim=key)

    def begin(self) -> None:
        """Without a first request there is nothing to watch: the inviter has always invited."""
        if self.watched_side == "b":
            self.do("partner", "take the seat", 0)
        self.do("watched", "take the seat", 0)

    def play(self, step: Step) -> None:
        who, what, number = step
        if who == "time":
            self.let_pass(what, number)
        elif who == "watched" or self.with_partner:
            self.do(who, what, number)

    def let_pass(self, what: str, number: int) -> None:
        now = int(self.server.clock.now())
        left = [closes_at for closes_at in CLOSES if closes_at > now]
        if what == "pass":
            now += (number + 1) * HOUR
        else:
            now = left[min(len(left), 2 if what == "close two" else 1) - 1] if left else now + DAY
        self.chance.asking = "nobody"
        self.server.close_round_at(now)

    def do(self, who: str, what: str, number: int) -> None:
        self.chance.asking = who
        phone = self.phones[who]
        reply = whole(self.asked(phone, what, number))
        if who == "watched":
            self.transcript.append((what, number, int(self.server.clock.now()), reply))

    def asked(self, phone: Phone, what: str, number: int) -> Any:
        index = number % ROUNDS
        choice: Choice = "open" if number < ROUNDS else "closed"
        match what:
            case "look at the view":
                return phone.request("GET", "/api/pair")
            case "answer":
                return phone.answer(index, choice)
            case "answer the rest":
                rest = dict.fromkeys(range(index, ROUNDS), choice)
                return phone.request("PUT", "/api/answers", phone.answers_body(rest))
            case "be reminded":
                return phone.request("PUT", "/api/reminders", {"at": CLOSES[:index]})
            case "subscribe":
                if choice == "open":
                    return phone.request("PUT", "/api/subscription", SUBSCRIPTION)
                return phone.request("DELETE", "/api/subscription")
            case "look at the invitation":
                return phone.request("GET", f"/api/invitations/{phone.pair_id}")
            case "count phones":
                return phone.request("GET", "/api/phones")
            case "offer a phone":
                body = {"join_hash": to_base64url(sha256(phone.claim))}
                return phone.request("POST", "/api/phones", body)
            case "take the seat" | "take the seat again":
                return phone.create() if phone.side == "a" else phone.join()
            case "leave quietly":
                return phone.request("POST", "/api/leave", {"tell_partner": False})
            case "add a phone":
                self.asked(phone, "offer a phone", number)
                body = {
                    "join_secret": to_base64url(phone.claim),
                    "claim": to_base64url(bytes(32)),
                }
                other = self.phones["other phone"]
                return other.request("POST", f"/api/phones/{phone.pair_id}/join", body)
            case "answer on the other phone":
                return self.asked(self.phones["other phone"], "answer", number)
            case "remove the other phone":
                return phone.request("DELETE", "/api/phones")
        phone.n += 1
        noise = {"round": index, "body": to_base64url(bytes([number]) * 64)}
        return phone.request("PUT", "/api/answers", {"n": phone.n, "answers": [noise]})

    def matched(self) -> bool:
        return bool(rows(self.server, "SELECT 1 FROM rounds WHERE for_a IS NOT NULL"))


@pytest.mark.parametrize("side", ["a", "b"])
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=steps)
def test_no_reply_tells_anything_of_the_partner_until_a_match(
    running: RunningServer, chance: Chance, side: Side, history: list[Step]
) -> None:
    in_company = Play(running, chance, side, with_partner=True)
    in_company.begin()
    history = [*history, *LAST_LOOKS]
    played = 0
    for step in history:
        if in_company.matched():
            break
        played += 1
        in_company.play(step)
    if in_company.matched():  # from this close on, the two may differ, and do
        played -= 1
        event("ends with a match")

    alone = Play(running, chance, side, with_partner=False)
    alone.begin()
    for step in history[:played]:
        alone.play(step)
    running.close_clients()

    assert in_company.transcript == alone.transcript


def test_the_watched_side_would_see_a_difference(running: RunningServer, chance: Chance) -> None:
    """The other half of the proof: where there is something to be told, this way of looking
    shows it.
    """
    history: list[Step] = [
        ("partner", "take the seat", 0),
        ("partner", "answer", 0),
        ("watched", "answer", 0),
        ("time", "close", 0),
        ("watched", "look at the view", 0),
    ]
    shown = []
    for with_partner in (True, False):
        play = Play(running, chance, "a", with_partner)
        play.begin()
        for step in history:
            play.play(step)
        shown.append(play.transcript)
    running.close_clients()
    assert shown[0][:-1] == shown[1][:-1]
    assert shown[0][-1] != shown[1][-1]
