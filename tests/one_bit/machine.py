"""The attack as a state machine: Alice does the same in two worlds, Bob what he likes in each.

Hypothesis looks for a life of Bob's, and for another one with the same outcomes and the same told
decision, that Alice can tell apart by anything that reaches her. Longer than most files here
because all that either may do is one list of rules.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from typing import Any, ClassVar, Literal, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ajar.protocol import Side
from tests.one_bit.acts import (
    BY_EITHER,
    LEAVE_AND_TELL,
    LEAVE_QUIETLY,
    Browser,
    answer_with,
    be_reminded,
    subscribe,
    take_seat,
)
from tests.one_bit.exchange import Asked, Reply
from tests.one_bit.run import Run
from tests.one_bit.world import ELSEWHERE, WATCHED_AT, World
from tests.running_server import START, TestClock

T = TypeVar("T")
Which = Literal["left", "right", "both"]
HOUR, DAY = 3600, 24 * 3600
BURST = 245  # more requests than a device has in a minute
# Of failed attempts and creations behind one address: that these are shared by everybody there is
# a stated exception (`docs/threat-model.md`), so worlds are compared only below the allowance.
SHARED_ALLOWANCE = 25

whiches: st.SearchStrategy[Which] = st.sampled_from(("left", "right", "both"))
numbers = st.integers(0, 79)
places = st.integers(0, 2)
acts = st.sampled_from(sorted(BY_EITHER))
# Not integers(), which love their bounds: what ends a run should leave most runs alone.
rare = st.sampled_from((0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0, 5, 0, 0, 4, 0))


class TwoWorlds(RuleBasedStateMachine):
    """`worlds`, `clock` and `loop` are put in place by `tests/one_bit/lives.py`."""

    worlds: ClassVar[tuple[World, World]]
    clock: ClassVar[TestClock]
    loop: ClassVar[asyncio.AbstractEventLoop]
    seen: ClassVar[Counter[str]] = Counter()

    def _wait(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(
        side=st.sampled_from(("a", "b")),
        rounds=st.integers(1, 4),
        distance=st.sampled_from((DAY, 7 * DAY)),
        one_address=st.booleans(),
        wording=st.sampled_from(("marriage", "relationship")),
    )
    def begin(
        self, side: Side, rounds: int, distance: int, one_address: bool, wording: str
    ) -> None:
        self.clock.move_to(START)
        first = START + 2 * DAY
        run = Run(tuple(first + index * distance for index in range(rounds)), wording)
        self.one_address = one_address
        for world in self.worlds:
            self._wait(world.start_over(run, side, WATCHED_AT if one_address else ELSEWHERE))
        self.run = run
        self.open_rounds = list(range(rounds))
        self.ended = False
        self.parted = False
        self.seen["histories"] += 1
        # Without a first request there is no run: the one who invites has always invited.
        if side == "a":
            self._watched(0, take_seat)
        else:
            self._partner("both", 0, take_seat)

    # Alice, alike in both worlds; every reply is compared.

    def _watched(self, place: int, act: Any, *more: Any) -> Reply:
        asked = [act(world.watched[place], *more) for world in self.worlds]
        replies = [
            self._wait(world.do(world.watched[place], each))
            for world, each in zip(self.worlds, asked, strict=True)
        ]
        self.seen["replies compared"] += 1
        assert replies[0] == replies[1], (place, asked, replies)
        return replies[0]

    def _look(self) -> None:
        """What she may see changes at the same instants: asked after whatever has happened."""
        if not self.parted:
            self._watched(0, lambda _: Asked("GET", "/api/pair"))

    @precondition(lambda self: not self.parted)
    @rule(place=places, act=acts, number=numbers)
    def watched_acts(self, place: int, act: str, number: int) -> None:
        self._watched(place, BY_EITHER[act], number)

    @precondition(lambda self: not self.parted and self.open_rounds)
    @rule(open_=st.booleans(), rest=st.booleans())
    def watched_answers_next(self, open_: bool, rest: bool) -> None:
        self._watched(0, self._answers_next, open_, rest)

    def _answers_next(self, browser: Browser, open_: bool, rest: bool) -> Asked:
        rounds = self.open_rounds if rest else self.open_rounds[:1]
        return answer_with(browser, rounds, "open" if open_ else "closed")

    # Bob, who may live differently in either world.

    def _chosen(self, which: Which) -> Sequence[World]:
        return {"left": self.worlds[:1], "right": self.worlds[1:], "both": self.worlds}[which]

    def _partner(self, which: Which, place: int, act: Any, *more: Any) -> None:
        for world in self._chosen(which):
            browser = world.partner[place]
            self._wait(world.do(browser, act(browser, *more)))
            if self.one_address and world.counted_by_address > SHARED_ALLOWANCE:
                self.parted = True
        self._look()

    @precondition(lambda self: not self.parted)
    @rule(which=whiches, place=places, act=acts, number=numbers)
    def partner_acts(self, which: Which, place: int, act: str, number: int) -> None:
        self._partner(which, place, BY_EITHER[act], number)

    @precondition(lambda self: not self.parted and self.open_rounds)
    @rule(which=whiches, open_=st.booleans(), rest=st.booleans())
    def partner_answers_next(self, which: Which, open_: bool, rest: bool) -> None:
        self._partner(which, 0, self._answers_next, open_, rest)

    @precondition(lambda self: not self.parted and self.open_rounds)
    @rule(which=whiches, number=numbers)
    def both_are_open_to_the_next(self, which: Which, number: int) -> None:
        """Rare by chance alone, and where there is most to be told apart."""
        self._partner(which, 0, take_seat)
        self._watched(0, take_seat)
        self._watched(0, self._answers_next, True, number % 3 == 0)
        self._partner(which, 0, self._answers_next, True, number % 5 == 0)

    @precondition(lambda self: not self.parted)
    @rule(which=whiches, number=numbers)
    def both_are_to_be_reminded(self, which: Which, number: int) -> None:
        for act in (subscribe, be_reminded):
            self._watched(0, act, number // 4 * 4 + 2)
            self._partner(which, number % 3, act, number)

    @precondition(lambda self: not self.parted)
    @rule(which=whiches, number=numbers)
    def partner_adds_a_phone(self, which: Which, number: int) -> None:
        for world in self._chosen(which):
            self._wait(world.partner_adds_a_phone(number))
        self._look()

    @precondition(lambda self: not self.parted)
    @rule(which=whiches, tell=rare)
    def partner_leaves(self, which: Which, tell: int) -> None:
        """Telling her: in one world now, in the other at any time before the next close. Quietly:
        not where he must still tell, because in the other world he has.
        """
        for world in self._chosen(which):
            other = self.worlds[1] if world is self.worlds[0] else self.worlds[0]
            if tell > 1:
                self._wait(world.do(world.partner[0], LEAVE_AND_TELL))
            elif tell == 1 and world.told == other.told:
                self._wait(world.do(world.partner[0], LEAVE_QUIETLY))
        self._look()

    @precondition(lambda self: not self.parted)
    @rule(what=rare, which=whiches, place=places)
    def something_rare_happens(self, what: int, which: Which, place: int) -> None:
        if what == 1:
            self._watched(0, lambda _: LEAVE_QUIETLY)
        elif what == 2:
            self._watched(0, lambda _: LEAVE_AND_TELL)
        elif what == 3:
            for _ in range(BURST):
                self._watched(place, lambda _: Asked("GET", "/api/phones"))
        elif what == 4:
            for world in self._chosen(which):
                for _ in range(BURST):
                    self._wait(world.do(world.partner[0], Asked("GET", "/api/phones")))
            self._look()
        elif what == 5:
            for world in self.worlds:
                self._wait(world.lose_keys())
            self._look()

    # Time, the worker and the key store, alike in both worlds.

    @precondition(lambda self: not self.parted)
    @rule(seconds=st.sampled_from((1, 59, 61, 600, HOUR, 7 * HOUR, DAY)))
    def time_passes(self, seconds: int) -> None:
        """Without the worker, which may be late."""
        self.clock.pass_by(seconds)
        self._look()

    @precondition(lambda self: not self.parted)
    @rule(
        steps=st.sampled_from(("c", "r", "cr", "rc", "e", "m", "mcre")),
        twice=st.booleans(),
        evenly=st.booleans(),
    )
    def the_worker_works(self, steps: str, twice: bool, evenly: bool) -> None:
        if "c" in steps:
            self._even_out(evenly)
        if not self.parted:
            self._work(steps, twice=twice)

    @precondition(lambda self: not self.parted and self.open_rounds)
    @rule(
        late=st.sampled_from((0, 1, 40 * 60, 2 * DAY)),
        evenly=st.booleans(),
        reminded=st.booleans(),
        which=whiches,
        number=numbers,
    )
    def the_next_round_closes(
        self, late: int, evenly: bool, reminded: bool, which: Which, number: int
    ) -> None:
        if reminded:
            self.both_are_to_be_reminded(which, number)
        if self.parted:
            return
        closes_at = self.run.closes[self.open_rounds[0]]
        for instant in (closes_at - 20 * 60, closes_at + late):
            self.clock.move_to(max(instant, self.clock.now()))
            self._work("r", twice=False)
        self._look()
        self._even_out(evenly)
        if not self.parted:
            self._work("cr", twice=False)

    def _work(self, steps: str, *, twice: bool) -> None:
        came = []
        for world in self.worlds:
            self._wait(world.work(steps, twice=twice))
            came.append(
                [
                    (each.endpoint, each.plaintext, len(each.body), _visible(each.headers))
                    for each in world.pushes_to_watched()
                ]
            )
        self.seen["pushes compared"] += len(came[0])
        assert sorted(came[0]) == sorted(came[1])
        if "c" in steps:
            self._take_note()
        self._look()

    def _take_note(self) -> None:
        """What the close has done, as the rules of the protocol have it."""
        due = [index for index in self.open_rounds if self.run.closes[index] <= self.clock.now()]
        for index in due:
            self.open_rounds.remove(index)
            if self.worlds[0].matches(index):
                self.seen["matches"] += not self.ended
                self.open_rounds.clear()
            elif self.worlds[0].told:
                self.seen["told"] += not self.ended
                self.open_rounds.clear()
            if not self.open_rounds:
                self.ended = True
                return

    def _even_out(self, upwards: bool) -> None:
        """Before a close: let Bob's two lives come to one outcome, and one word to Alice.

        Where that is past mending (he has left in one world and is open in the other) the two
        lives part, and there is nothing more to compare.
        """
        left, right = self.worlds
        due = [index for index in self.open_rounds if self.run.closes[index] <= self.clock.now()]
        if not due or self.ended:
            return
        if left.told != right.told:
            silent = right if left.told else left
            self.parted = not self._wait(silent.partner_tells())
        for index in due:
            if self.parted or left.matches(index) == right.matches(index):
                continue
            open_, quiet = (left, right) if left.matches(index) else (right, left)
            if upwards:
                self._wait(quiet.partner_answers(index, "open"))
            if left.matches(index) != right.matches(index):
                self._wait(open_.partner_answers(index, "closed"))
            self.parted = left.matches(index) != right.matches(index)
        self.seen["parted"] += self.parted

    @precondition(lambda self: self.parted)
    @rule()
    def nothing_more_to_compare(self) -> None:
        """The rest of a history whose two lives have parted."""

    def teardown(self) -> None:
        """Whatever has happened, in the end everything there is to be asked is asked once more."""
        if hasattr(self, "run") and not self.parted:
            for place in range(3):
                for act in sorted(BY_EITHER):
                    self._watched(place, BY_EITHER[act], 3)


def _visible(headers: Any) -> list[tuple[str, str]]:
    """A push's headers, without the signature, which is fresh chance for each origin and period."""
    shown = []
    for name, value in headers.items():
        if name.lower() == "authorization":
            value = value.split(", k=")[1] + value.split(".")[1]
        shown.append((name, value))
    return shown
