"""Once: wherever a process is killed, what it was doing happens once and whole, for both sides.

Every story of `crash_requests` and `crash_work` is killed at every statement of its databases.
Each time the files must hold exactly what the commits before the kill made, and the end must be
the end of a story that nobody killed, byte for byte but for what is random.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.push_service import Answer, PushService, listening
from tests.once.crash_checks import (
    both_sides_see_the_same,
    nothing_is_half_made,
    nothing_is_taken_back,
    outcomes,
    reminders_came_once,
    spent_keys_are_gone,
)
from tests.once.crash_lives import STORIES, Persons, Stage, live, prepare, recover
from tests.once.crash_story import AT, Story
from tests.once.crashing import Ended, Nursery, nursery
from tests.proof import Proof
from tests.server.reminders.listening import body_of
from tests.server.stores import FILES, Dump

# The outcomes of the rounds in the end, as Alice and Bob both see them: `o` both open, `q` quiet,
# `-` not closed.
CLOSES = {"match": "o--", "quiet": "qqq", "told": "q--", "alone": "qqq", "later": "qo-"}
CLOSES["single"] = "qqq"
ENDS = {
    "Create": {"": "o--"},
    "Join": {"": "o--"},
    "AnotherPhone": {"": "o--"},
    "Answer": {"": "qo-"},
    "Remind": {"": "---"},
    "Leave": {"": "qqq"},
    "LeaveTelling": {"": "q--"},
    "Close": CLOSES,
    "CloseLast": {name: each[0] for name, each in CLOSES.items()},
    "CloseOverdue": CLOSES,
    "CloseLost": CLOSES | {"match": "qo-"},
    "Mend": CLOSES | {"match": "qo-", "later": "o--"},
    "Purge": {"later": "o--"},
    "Send": {"": "---"},
    "SendBusy": {"": "---"},
    "SendGone": {"": "---"},
}
# Variations of others, at the same statements.
IN_THE_LONG_FORM = ("Leave", "CloseOverdue", "CloseLost", "SendBusy", "SendGone")
SHOWN = {"both open": "o", "quiet": "q", None: "-"}


@dataclass
class Stand:
    """One story, prepared, and the push service that its reminders go to."""

    name: str
    nursery: Nursery
    service: PushService
    place: Path
    persons: Persons
    before: Stage

    @property
    def story(self) -> Story:
        return STORIES[self.name]

    def live(self, deadly: int) -> Ended:
        """From the prepared state to the kill at this point, or (0) to the story's end."""
        shutil.rmtree(self.place / "data", ignore_errors=True)
        shutil.copytree(self.place / "prepared", self.place / "data")
        self.service.deliveries.clear()
        self.service.behaviour = Answer(self.story.first_push, {"Retry-After": "5"})
        return self._run(live, self.persons, deadly)

    def recover(self, lived: Ended) -> Ended:
        self.service.behaviour = Answer(self.story.later_push)
        persons = dict(self.persons)
        for who, _, cookie in lived.all("reply"):
            persons[who] = replace(persons[who], cookie=cookie)
        return self._run(recover, persons, len(lived.all("reply")))

    def _run(self, work: Any, persons: Persons, number: int) -> Ended:
        ended = self.nursery.run(
            work, self.name, self.place / "data", persons, self.service.host, number
        )
        assert ended.killed
        return ended


@dataclass
class Tally:
    """What the module did, for its one line of the summary."""

    stories: int = 0
    points: int = 0
    killed: int = 0
    twice: int = 0
    reminders: int = 0


@pytest.fixture(scope="module")
def tally(proof: Proof) -> Iterator[Tally]:
    counted = Tally()
    yield counted
    proof.says(
        "Once",
        f"{counted.killed} of the {counted.points} points of {counted.stories} stories killed with"
        f" SIGKILL, each ended as if it had not been; of {counted.reminders} reminders interrupted"
        f" {counted.twice} came twice, all killed between the push and its settling",
    )


@pytest.fixture(scope="module")
def children() -> Iterator[Nursery]:
    with nursery("tests.once.crash_lives") as ready:
        yield ready


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with listening(lambda: AT) as ready:
        yield ready


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    names = [*STORIES]
    if not metafunc.config.getoption("--proof"):
        names = [name for name in names if name not in IN_THE_LONG_FORM]
    metafunc.parametrize("stand", names, indirect=True)


@pytest.fixture
def stand(
    request: pytest.FixtureRequest, children: Nursery, service: PushService, tmp_path: Path
) -> Stand:
    name: str = request.param
    push = body_of(service.subscribe())
    ended = children.run(prepare, name, tmp_path / "prepared", push, service.host)
    return Stand(name, children, service, tmp_path, ended.one("people"), ended.one("before"))


@pytest.mark.proof
def test_killed_at_any_statement_it_has_happened_once_and_whole(
    stand: Stand, proof: Proof, tally: Tally
) -> None:
    lived = stand.live(0)
    held = [stand.before.held, *lived.all("held")]
    for each in held:
        nothing_is_half_made(each, stand.story)
    stages, _ = told_whole(stand, lived)
    for who, view in stages[-1].views.items():
        name, _, which = who.partition(" ")
        if view and name in ("alice", "bob"):
            seen = "".join(SHOWN[each] for each in outcomes(stand.persons[who], view))
            assert seen == ENDS[stand.name][which], who

    points = lived.one("points")
    every = range(1, len(points) + 1)
    chosen = every if proof.long else telling(points, held, both=stand.story.reminders > 0)
    for deadly in chosen:
        what, commits = points[deadly - 1]
        lived = stand.live(deadly)
        assert lived.all("points") == [], "it was not killed"
        again, twice = told_whole(stand, lived)
        where = f"killed at {deadly}, {what}"
        assert again[0].held == held[commits], f"{where}: the files hold other than was committed"
        assert again[-1].views == stages[-1].views, f"{where}: it ends otherwise"
        assert again[-1].held == stages[-1].held, f"{where}: it ends otherwise"
        tally.twice += twice
    tally.stories += 1
    tally.points += len(points)
    tally.killed += len(chosen)
    tally.reminders += len(chosen) if stand.name == "Send" else 0


def telling(
    points: Sequence[tuple[str, int]], held: Sequence[Dump], *, both: bool
) -> Sequence[int]:
    """For the short form: the last moment at which the files hold what they do. The next commit,
    all written and one step away, would change them. With a push in between the first one too.
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for number, (_, commits) in enumerate(points, 1):
        first.setdefault(repr(held[commits]), number)
        last[repr(held[commits])] = number
    return sorted({*last.values(), *(first.values() if both else ())})


def told_whole(stand: Stand, lived: Ended) -> tuple[list[Stage], bool]:
    """Restart after a life; what must hold at each stage. The stages, and if a push came twice."""
    story, pushed = stand.story, len(stand.service.deliveries)
    ended = stand.recover(lived)
    stages: list[Stage] = ended.all("stage")
    assert ended.one("sound") == ["ok", "ok"]
    assert set(ended.all("reply")) <= set(story.repeats)
    earlier = stand.before
    for stage in stages:
        nothing_is_half_made(stage.held, story)
        both_sides_see_the_same(stage, stand.persons)
        for who, view in stage.views.items():
            nothing_is_taken_back(earlier.views[who], view)
        earlier = stage
    for stage in stages[:2] if story.side else []:
        for who, view in stage.views.items():
            if stand.persons[who].side != story.side:
                assert view == stand.before.views[who], "the other side can see it"
    spent_keys_are_gone(stages[-1])
    files = b"".join((stand.place / "data" / name).read_bytes() for name in FILES.values())
    assert not [key for key in keys_spent_by(stand, stages[-1].now) if key in files]
    after = len(stand.service.deliveries) - pushed
    return stages, reminders_came_once(stages, story, pushed, after)


def keys_spent_by(stand: Stand, now: int) -> list[bytes]:
    with closing(sqlite3.connect(stand.place / "prepared" / FILES["answer_keys"])) as file:
        found = file.execute("SELECT key FROM answer_keys WHERE closes_at <= ?", (now,))
        return [key for (key,) in found]
