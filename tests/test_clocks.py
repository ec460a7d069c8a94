"""Clocks: the server's own may be set forward and back around a close, by an hour or by weeks.

A round closes at the first step of a worker whose clock has reached its instant, once, and never
opens again; what was acknowledged counts; an answer key is destroyed once and never comes back.
Each play on the real server is compared with a model of a few lines.
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ajar.protocol import Side, other_side
from ajar.wire import to_base64url
from tests.phone import DAY, HOUR, Choice, Phone
from tests.proof import Proof
from tests.running_server import START, RunningServer
from tests.server.stores import empty, rows

ROUNDS = 3
MOST_PAIRS = 3
KEPT = 14 * DAY
# Set forward or back, and let run on.
JUMPS = (1, -1, 60, HOUR, -HOUR, 2 * HOUR, -2 * HOUR, DAY, -DAY, 3 * DAY, -3 * DAY, 15 * DAY)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("clocks") / "data") as running:
        yield running


@dataclass
class Pair:
    """What must be true of a pair, and its two phones."""

    phones: dict[Side, Phone]
    closes: list[int]
    erase_at: int
    matched: list[bool] = field(default_factory=list)  # of each closed round
    answers: dict[tuple[Side, int], Choice] = field(default_factory=dict)
    telling: bool = False
    gone: set[Side] = field(default_factory=set)
    ended: str | None = None
    shown: dict[tuple[Side, int], str] = field(default_factory=dict)

    def close_due(self, now: int) -> int:
        """A worker's step, as `docs/protocol.md` has it; how many rounds it closes."""
        before = len(self.matched)
        while not self.ended and self.closes[len(self.matched)] <= now:
            index = len(self.matched)
            both = all(self.answers.get((side, index)) == "open" for side in ("a", "b"))
            self.matched.append(both)
            if both or self.telling or len(self.matched) == ROUNDS:
                self.ended = "decided" if self.telling and not both else "finished"
                # Long enough to be seen, however late or early this server's clock was.
                self.erase_at = now + KEPT if both else max(self.erase_at, now + KEPT)
        return len(self.matched) - before

    def check(self, side: Side, view: dict[str, Any]) -> None:
        phone = self.phones[side]
        for index, seal in enumerate(view["seals"]):
            assert (seal is not None) == (index < len(self.matched))
            if seal is not None:
                true = to_base64url(phone.round(index).seal(other_side(side)))
                assert (seal == true) == self.matched[index]
                assert self.shown.setdefault((side, index), seal) == seal, "an outcome changed"
        assert (view["closes"], view["lost"], view["ended"]) == (self.closes, [], self.ended)


class Clocks(RuleBasedStateMachine):
    """Pairs whose instants lie on one grid, so that a clock that was set back shares them anew."""

    server: RunningServer
    count: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        empty(self.server)
        self.server.clock.move_to(START)
        self.pairs: list[Pair] = []
        self.keys: set[int] = set()
        self.alive: dict[int, bytes] = {}
        self.destroyed: set[bytes] = set()

    @property
    def now(self) -> int:
        return int(self.server.clock.now())

    def one(self, which: int) -> Pair:
        return self.pairs[which % len(self.pairs)]

    @initialize()
    def two_pairs_begin(self) -> None:
        self.a_pair_begins()
        self.a_pair_begins()

    @rule()
    @precondition(lambda self: len(self.pairs) < MOST_PAIRS)
    def a_pair_begins(self) -> None:
        link = secrets.token_bytes(16)
        first = START + -(-(self.now + HOUR - START) // DAY) * DAY
        closes = [first + index * DAY for index in range(ROUNDS)]
        alice, bob = Phone(self.server, "a", link, closes), Phone(self.server, "b", link, closes)
        assert alice.create().status_code == 201
        assert bob.join().status_code == 201
        self.pairs.append(Pair({"a": alice, "b": bob}, closes, closes[-1] + KEPT))
        self.keys |= set(closes)

    @rule(
        which=st.integers(0, MOST_PAIRS - 1),
        sides=st.sampled_from([("a",), ("b",), ("a", "b"), ("a", "b")]),
        index=st.integers(0, ROUNDS - 1),
        choice=st.sampled_from(["open", "open", "closed"]),
    )
    @precondition(lambda self: self.pairs)
    def phones_answer(
        self, which: int, sides: tuple[Side, ...], index: int, choice: Choice
    ) -> None:
        """Whether it counts is for the round's row to say, whatever any clock shows."""
        pair = self.one(which)
        for side in sides:
            taken = pair.ended is None and index >= len(pair.matched)
            expected = 401 if self.seatless(pair, side) else 204 if taken else 409
            assert pair.phones[side].answer(index, choice).status_code == expected
            if expected == 204:
                pair.answers[side, index] = choice
                self.count["answers acknowledged"] += 1

    @rule(which=st.integers(0, MOST_PAIRS - 1), side=st.sampled_from(["a", "b"]))
    @precondition(lambda self: self.pairs and self.now > START + DAY)
    def one_has_decided(self, which: int, side: Side) -> None:
        pair = self.one(which)
        reply = pair.phones[side].request("POST", "/api/leave", {"tell_partner": True})
        assert reply.status_code == (401 if self.seatless(pair, side) else 204)
        if reply.status_code == 204:
            pair.gone.add(side)
            pair.telling = pair.telling or pair.ended is None
            pair.answers = {key: value for key, value in pair.answers.items() if key[0] != side}

    @rule(seconds=st.sampled_from(JUMPS))
    def the_clock_jumps(self, seconds: int) -> None:
        self.server.clock.pass_by(seconds)
        self.count["jumps"] += 1
        self.count["jumps back"] += seconds < 0

    @rule(which=st.integers(0, MOST_PAIRS - 1), early=st.sampled_from([1, 0, 0, -1]))
    @precondition(lambda self: self.pairs)
    def the_next_instant_comes(self, which: int, early: int) -> None:
        pair = self.one(which)
        if not pair.ended:
            self.server.clock.move_to(pair.closes[len(pair.matched)] - early)
            self.a_worker_takes_a_step()

    @rule()
    def a_worker_takes_a_step(self) -> None:
        now = self.now
        self.server.work()
        for pair in self.pairs:
            self.count["closes"] += pair.close_due(now)
        self.pairs = [pair for pair in self.pairs if not (pair.ended and pair.erase_at <= now)]
        spent = {instant for instant in self.keys if instant <= now}
        self.destroyed |= {key for instant, key in self.alive.items() if instant in spent}
        self.keys -= spent
        self.count["keys destroyed"] += len(spent)
        self.everybody_looks()

    @rule()
    def everybody_looks(self) -> None:
        for pair in self.pairs:
            for side, phone in pair.phones.items():
                if self.seatless(pair, side):
                    assert phone.request("GET", "/api/pair").status_code == 401
                else:
                    pair.check(side, phone.view())
                    self.count["views compared"] += 1
        found = {
            row["closes_at"]: bytes(row["key"])
            for row in rows(self.server, "SELECT * FROM answer_keys", store="answer_keys")
        }
        assert set(found) == self.keys
        assert not self.destroyed & set(found.values()), "a destroyed key came back"
        assert all(self.alive.get(instant, key) == key for instant, key in found.items())
        self.alive = found

    def seatless(self, pair: Pair, side: Side) -> bool:
        return side in pair.gone

    def teardown(self) -> None:
        self.a_worker_takes_a_step()
        self.count["plays"] += 1
        self.server.close_clients()


@pytest.mark.proof
def test_whatever_the_servers_clock_does_a_round_closes_once_and_stays_as_it_was(
    server: RunningServer, proof: Proof
) -> None:
    counted: Counter[str] = Counter()

    class Play(Clocks):
        count = counted

    Play.server = server
    run_state_machine_as_test(
        Play,
        settings=settings(
            max_examples=proof.many(18, 200),
            stateful_step_count=proof.many(30, 40),
            deadline=None,
            # A failure of the short form is told at once, one of the long form at its shortest.
            phases=list(Phase) if proof.long else [Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert counted["closes"] > 0
    proof.says("Clocks", ", ".join(f"{number} {what}" for what, number in counted.items()))
