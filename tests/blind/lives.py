"""What people do with the app, drawn at random, played on the shipped phones and the real server.

What a host can see of a life (who opens the app when, on which phone, how often they answer, which
answer is sent again, what gets lost) is drawn before, and independently of, what they answer. The
answer that is to be guessed in a round, its `label`, is a fair coin of its own. So whoever guesses
it better than a coin does so by what the phones and the server let out, and by nothing else.
"""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from ajar.protocol import Side, other_side
from ajar.wire import from_base64url
from tests.blind.hearing import Heard, Host
from tests.blind.phones import Lost, Phones
from tests.phone import DAY, HOUR, Choice
from tests.running_server import START, RunningServer

Kind = Literal["apart", "beside a change", "coincided", "both open", "answered before"]
"""How the uploads of a round stand to one another:

- `apart`: no two of them match, whatever was replaced; the one watched may change its mind, the
  other side does not: nothing may tell what the watched one is.
- `beside a change`: no two of them match, and it is the other side that changed its mind.
- `coincided`: an answer of one side equalled one of the other's, but not in the end.
- `both open`: a match.
- `answered before`: the watched side had answered this round with the rest of the run.
"""
FAIR: tuple[Choice, Choice] = ("open", "closed")


@dataclass(frozen=True)
class Visit:
    """Somebody opens the app, and looks or answers."""

    at: float
    phone: str
    side: Side
    round: int
    choice: Choice | None = None
    rest: bool = False
    stop: bool = False
    """If it is closed, for the rest of the run: by *stop asking me*."""
    lost: tuple[Lost, ...] = ()


@dataclass
class Round:
    kind: Kind
    watched: Side
    label: Choice
    """What the watched side answers in the end."""
    uploads: dict[Side, list[Heard]] = field(default_factory=lambda: {"a": [], "b": []})
    """As the host heard them, those that brought nothing new included."""
    said: dict[Side, list[Choice]] = field(default_factory=lambda: {"a": [], "b": []})
    """What each of them says: what the host wants to know."""


@dataclass
class Couple:
    pair_id: bytes
    closes: list[int]
    phones: dict[Side, list[str]]
    rounds: list[Round] = field(default_factory=list)
    ended: bool = False

    def played(self) -> Iterator[tuple[int, Round]]:
        """The rounds that came, with their indices."""
        for index, each in enumerate(self.rounds):
            yield index, each
            if each.kind == "both open":
                return


def other(choice: Choice) -> Choice:
    return "closed" if choice == "open" else "open"


def changing(chance: random.Random, last: Choice, count: int) -> list[Choice]:
    """So many answers, each the one before again or its contrary, up to `last`."""
    said = [last]
    for _ in range(count - 1):
        said.insert(0, other(said[0]) if chance.random() < 0.5 else said[0])
    return said


class Lives:
    """Draws and plays the lives of so many couples, all at once, on one server."""

    def __init__(
        self,
        server: RunningServer,
        host: Host,
        phones: Phones,
        seed: int,
        *,
        often: bool = False,
        flip: bool | None = None,
    ) -> None:
        """`often`: they answer three times each. With a `flip`, the side that is not watched is
        never open; if it is true, the one that is watched says the contrary each time.
        """
        self._server = server
        self._flip = flip
        self._times = (0, 0, 1) if often else (3, 4, 3)
        self._host = host
        self._phones = phones
        self._chance = random.Random(seed)  # noqa: S311  (nothing here is a secret)
        self.couples: list[Couple] = []

    def play(self, couples: int, rounds: int = 8) -> list[Couple]:
        visits: list[tuple[float, int, Couple, Visit]] = []
        for number in range(couples):
            self._server.clock.move_to(START + 20 * number)
            couple = self._seated(f"{number}", rounds)
            self.couples.append(couple)
            for visit in self._drawn(couple):
                heapq.heappush(visits, (visit.at, len(visits), couple, visit))
        closings = sorted({instant for couple in self.couples for instant in couple.closes})
        for closing in closings:
            while visits and visits[0][0] < closing:
                _, _, couple, visit = heapq.heappop(visits)
                if not couple.ended:
                    self._play(couple, visit)
            self._close(closing)
        return self.couples

    def _seated(self, name: str, rounds: int) -> Couple:
        """Alice invites, Bob joins; some have two phones, some are reminded."""
        now = self._server.clock.now()
        first = datetime.fromtimestamp(START + self._chance.choice((4, 5, 6)) * DAY, UTC)
        time = self._chance.choice(("08:30", "20:00"))
        names: dict[Side, list[str]] = {"a": [f"{name} a"], "b": [f"{name} b"]}
        made = self._phones.visit(f"{name} a", now, "invite", f"{first:%Y-%m-%d}", time, rounds)
        self._phones.visit(f"{name} b", now + 1, "join", made["link"])
        pair_id = from_base64url(self._phones_pair_id(), 16)
        for side in names:
            if self._chance.random() < 0.25:
                text = self._phones.visit(names[side][0], now + 2, "offer")
                names[side].append(f"{name} {side} second")
                self._phones.visit(names[side][1], now + 3, "take", text)
            if self._chance.random() < 0.2:
                # So early that no server that is asked only at a close would still send them.
                done = self._phones.visit(self._chance.choice(names[side]), now + 4, "remind", 3)
                assert done == "on"
        return Couple(pair_id, made["closes"], names)

    def _phones_pair_id(self) -> str:
        joined = next(each for each in reversed(self._host.heard) if each.path.endswith("/join"))
        return joined.path.split("/")[3]

    def _drawn(self, couple: Couple) -> Iterator[Visit]:
        """The whole run of a couple; fills `couple.rounds` with the truth."""
        chance = self._chance
        rounds = len(couple.closes)
        # From this round on, one of them has answered the rest of the run.
        resting = chance.randrange(rounds - 1) if chance.random() < 0.3 else rounds
        before: Choice = "closed"
        watched: Side = "a"
        for index in range(rounds):
            if index > resting:
                yield from self._later(couple, index, watched, before)
                continue
            watched = chance.choice(("a", "b"))
            label = chance.choice(FAIR)
            kind: Kind = "apart"
            if index < resting and self._flip is None:
                kind = chance.choices(
                    ("apart", "beside a change", "coincided", "both open"), (82, 6, 8, 4)
                )[0]
            said = self._said(kind, watched, label)
            couple.rounds.append(Round(kind, watched, said[watched][-1]))
            yield from self._visits(couple, index, said, rest=watched if index == resting else None)
            before = said[watched][-1]

    def _said(self, kind: Kind, watched: Side, label: Choice) -> dict[Side, list[Choice]]:
        """The answers of both in a round, in the order of their sending."""
        chance = self._chance
        if kind == "both open":
            return {"a": ["open"], "b": ["open"]}
        if kind == "beside a change":
            return {
                watched: ["closed"] * chance.randint(1, 2),
                other_side(watched): [other(label), label],
            }
        theirs = chance.choices((0, 1, 2), (3, 5, 2))[0]
        if kind == "coincided":
            # Both change their minds, and are not both open in the end.
            last: Choice = "closed" if label == "open" else chance.choice(FAIR)
            return {watched: [other(label), label], other_side(watched): [other(last), last]}
        said = changing(chance, label, chance.choices((1, 2, 3), self._times)[0])
        return {watched: said, other_side(watched): [self._constant(said)] * theirs}

    def _constant(self, said: list[Choice]) -> Choice:
        """What the other side answers, so that nothing matches."""
        drawn = self._chance.choice(FAIR)
        return "closed" if "open" in said or self._flip is not None else drawn

    def _later(self, couple: Couple, index: int, watched: Side, before: Choice) -> Iterator[Visit]:
        """A round that the watched side had answered before; some look again and answer anew."""
        said: list[Choice] = [before]
        if self._chance.random() < 0.3:
            said = changing(self._chance, before, 2)[::-1]
        theirs = [self._constant(said)] * self._chance.choice((0, 1, 2))
        couple.rounds.append(Round("answered before", watched, said[-1]))
        answers: dict[Side, list[Choice]] = {watched: said[1:], other_side(watched): theirs}
        yield from self._visits(couple, index, answers)

    def _visits(
        self,
        couple: Couple,
        index: int,
        said: dict[Side, list[Choice]],
        rest: Side | None = None,
    ) -> Iterator[Visit]:
        chance = self._chance
        begin = couple.closes[index - 1] + 60 if index else self._server.clock.now() + HOUR
        end = couple.closes[index] - 60
        for side, choices in said.items():
            times = sorted(chance.uniform(begin, end) for _ in choices)
            for place, (at, choice) in enumerate(zip(times, choices, strict=True)):
                the_rest = side == rest and place == len(choices) - 1
                yield Visit(
                    at,
                    chance.choice(couple.phones[side]),
                    side,
                    index,
                    choice,
                    rest=the_rest,
                    stop=chance.random() < 0.5,
                    lost=self._losses(),
                )
            if chance.random() < 0.15:
                phone = chance.choice(couple.phones[side])
                yield Visit(chance.uniform(begin, end), phone, side, index)

    def _losses(self) -> tuple[Lost, ...]:
        count = self._chance.choices((0, 1, 2), (80, 14, 6))[0]
        return tuple(self._chance.choice(("request", "reply")) for _ in range(count))

    def _play(self, couple: Couple, visit: Visit) -> None:
        self._server.clock.move_to(visit.at)
        if visit.choice is None:
            self._phones.visit(visit.phone, visit.at)
            return
        first = len(self._host.heard)
        watched = visit.side == couple.rounds[visit.round].watched
        choice = other(visit.choice) if self._flip and watched else visit.choice
        scope = "rest" if visit.rest else "round"
        given = (choice, scope, visit.stop and visit.rest and choice == "closed")
        done = self._phones.visit(visit.phone, visit.at, "answer", *given, lost=visit.lost)
        assert done == "sent", (visit, done)
        heard = [each for each in self._host.heard[first:] if each.is_upload]
        assert heard
        for index in range(visit.round, len(couple.rounds) if visit.rest else visit.round + 1):
            couple.rounds[index].uploads[visit.side] += heard
            couple.rounds[index].said[visit.side] += [choice] * len(heard)

    def _close(self, instant: int) -> None:
        self._server.clock.move_to(instant - 1)
        self._host.look()
        self._server.close_round_at(instant)
        for couple in self.couples:
            if instant in couple.closes:
                matched = couple.rounds[couple.closes.index(instant)].kind == "both open"
                couple.ended = couple.ended or matched
