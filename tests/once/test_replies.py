"""Once, when replies are lost: what is sent again, doubled or delayed has happened once.

A machine of requests, each of which may lose its reply and be repeated, or arrive a second time
at any later moment, and closes in between.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.phone import Choice, Outcome, new_pair
from tests.proof import Proof
from tests.running_server import START, RunningServer
from tests.server.pairing.test_phones import add_phone
from tests.server.stores import dump, empty

ROUNDS = 4
WHO = st.sampled_from(["alice", "tablet", "bob"])
CHOICES = st.lists(st.sampled_from(["open", "open", "closed"]), min_size=1, max_size=ROUNDS)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("once") / "data") as server:
        yield server


class LossyNetwork(RuleBasedStateMachine):
    """Alice with two phones, Bob with one. `answers`: what of each side counts, by our reading."""

    server: ClassVar[RunningServer]

    @initialize()
    def seat(self) -> None:
        self.server.close_clients()
        empty(self.server)
        self.server.clock.move_to(START)
        alice, bob = new_pair(self.server, rounds=ROUNDS)
        self.phones = {"alice": alice, "tablet": add_phone(alice), "bob": bob}
        self.taken = dict.fromkeys(self.phones, 0)  # the n that was taken last
        self.answers: dict[str, dict[int, Choice]] = {"a": {}, "b": {}}
        self.asked: dict[str, list[tuple[str, str, Any]]] = {who: [] for who in self.phones}
        self.left: set[str] = set()
        self.outcomes: list[Outcome] = []

    @property
    def ended(self) -> bool:
        return "both open" in self.outcomes or len(self.outcomes) == ROUNDS

    def ask(self, who: str, method: str, path: str, body: Any) -> int:
        reply = self.phones[who].request(method, path, body)
        return reply.status_code

    def unless_gone(self, who: str, status: int) -> int:
        return 401 if self.phones[who].side in self.left else status

    def status_of_upload(self, who: str, body: Any) -> int:
        if body["n"] == self.taken[who]:
            return 204
        late = body["n"] < self.taken[who]
        closed = self.ended or min(each["round"] for each in body["answers"]) < len(self.outcomes)
        return 409 if late or closed else 204

    @rule(
        who=WHO,
        minds=st.lists(CHOICES, min_size=1, max_size=3),
        first=st.integers(0, ROUNDS - 1),
        lost=st.booleans(),
        delayed=st.none() | st.integers(0, 5),
    )
    def answer(
        self, who: str, minds: list[list[Choice]], first: int, delayed: int | None, *, lost: bool
    ) -> None:
        """A mind that changes. `lost`: the replies, so that each is sent again. `delayed`: an
        earlier upload comes after them.
        """
        for choices in minds:
            self.upload(who, dict(enumerate(choices[: ROUNDS - first], first)), 1 + lost)
        if delayed is not None:
            self.arrives_once_more(who, delayed)

    def upload(self, who: str, given: dict[int, Choice], times: int) -> None:
        phone = self.phones[who]
        body = phone.answers_body(given)
        expected = self.unless_gone(who, self.status_of_upload(who, body))
        for _ in range(times):
            assert self.ask(who, "PUT", "/api/answers", body) == expected
        if expected == 204:
            self.taken[who] = body["n"]
            self.answers[phone.side] |= given
        self.asked[who].append(("PUT", "/api/answers", body))

    @rule(who=WHO, rounds=st.sets(st.integers(0, ROUNDS - 1)), lost=st.booleans())
    def remind(self, who: str, rounds: set[int], *, lost: bool) -> None:
        phone = self.phones[who]
        body = {"at": sorted(phone.closes[index] - 60 for index in rounds)}
        expected = self.unless_gone(who, 204)
        for _ in range(1 + lost):
            assert self.ask(who, "PUT", "/api/reminders", body) == expected

    @precondition(lambda self: len(self.outcomes) > 1)
    @rule(who=WHO, tell=st.just(False), lost=st.booleans())
    def leave(self, who: str, *, tell: bool, lost: bool) -> None:
        expected = self.unless_gone(who, 204)
        assert self.ask(who, "POST", "/api/leave", {"tell_partner": tell}) == expected
        self.left.add(self.phones[who].side)
        self.answers[self.phones[who].side].clear()
        if lost:
            assert self.ask(who, "POST", "/api/leave", {"tell_partner": tell}) == 401

    @rule(who=WHO, which=st.integers(0, 40))
    def arrives_once_more(self, who: str, which: int) -> None:
        """An upload that was on its way all the while changes nothing whatever has happened."""
        if self.asked[who]:
            method, path, body = self.asked[who][which % len(self.asked[who])]
            before = dump(self.server)
            expected = self.status_of_upload(who, body)
            if expected == 204 and body["n"] != self.taken[who]:
                return  # never taken: it is not a repetition
            assert self.ask(who, method, path, body) == self.unless_gone(who, expected)
            assert dump(self.server) == before

    @precondition(lambda self: not self.ended)
    @rule()
    def close(self) -> None:
        index = len(self.outcomes)
        both = [self.answers[side].get(index) for side in ("a", "b")]
        self.outcomes.append("both open" if both == ["open", "open"] else "quiet")
        self.server.close_round_at(self.phones["bob"].closes[index])

    @invariant()
    def every_phone_sees_what_has_happened(self) -> None:
        shown = [*self.outcomes, *[None] * (ROUNDS - len(self.outcomes))]
        for phone in self.phones.values():
            if phone.side not in self.left:
                view = phone.view()
                assert [phone.outcome(index) for index in range(ROUNDS)] == shown
                assert view["ended"] == ("finished" if self.ended else None)


@pytest.mark.proof
def test_requests_that_are_repeated_doubled_or_delayed_happen_once(
    running: RunningServer, proof: Proof
) -> None:
    examples = proof.many(7, 150)
    chosen = settings(
        max_examples=examples,
        stateful_step_count=16,
        deadline=None,
        # A failure is made smaller in the long form: that takes minutes.
        phases=tuple(Phase) if proof.long else (Phase.reuse, Phase.generate),
    )
    LossyNetwork.server = running
    run_state_machine_as_test(LossyNetwork, settings=chosen)
    proof.says("Once", f"{examples} histories of lost, doubled and delayed requests, 0 violations")
