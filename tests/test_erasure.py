"""Erased: whatever a few couples do, a closed round's answers cannot be worked out any more.

Drawn histories of three couples that share closing instants: answers and changes of mind, leaving,
matches in the middle of a run, lost keys. After every close one of each pair, with the pair's keys
and every earlier copy of the database, searches every file (`key_holder.py`); and before it the
same attacker, given the key store, reads every answer. `docs/protocol.md`, section 2.6.
"""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ajar.protocol import Side, other_side
from tests.erasure.disk import Disk
from tests.erasure.story import Story
from tests.phone import DAY, WEEK, Choice, weekly
from tests.proof import Proof
from tests.running_server import START, RunningServer

ROUNDS = 3
# The third couple began a week later: its first two rounds close with the others' last two.
BEGINS = (START + 3 * DAY, START + 3 * DAY, START + 3 * DAY + WEEK)
INSTANTS = sorted({instant for begin in BEGINS for instant in weekly(begin, ROUNDS)})

What = Literal[
    "open", "closed", "both open", "unlike", "leaves", "tells", "lose keys", "close", "answers all"
]
Step = tuple[int, Side, int, What]
OFTEN: tuple[What, ...] = ("open", "both open", "unlike")
KINDS: tuple[What, ...] = get_args(What)
STEPS: st.SearchStrategy[Step] = st.tuples(
    st.integers(0, 2),
    st.sampled_from(("a", "b")),
    st.integers(0, ROUNDS - 1),
    st.sampled_from(OFTEN + KINDS),
)
# One with everything in it, for every run: a match with answers to later rounds, a change of mind,
# keys lost with an answer given before and another after, leaving both ways.
EVERYTHING: list[Step] = [
    (0, "a", 0, "answers all"),
    (0, "b", 0, "answers all"),
    (1, "a", 0, "open"),
    (1, "b", 1, "open"),
    (1, "b", 1, "closed"),
    (1, "a", 0, "close"),
    (1, "a", 1, "unlike"),
    (2, "a", 0, "open"),
    (2, "b", 0, "closed"),
    (2, "b", 2, "open"),
    (0, "a", 0, "lose keys"),
    (2, "a", 0, "unlike"),
    (1, "a", 2, "open"),
    (1, "a", 0, "leaves"),
    (2, "a", 0, "close"),
    (2, "a", 1, "both open"),
    (2, "b", 2, "closed"),
    (2, "b", 0, "tells"),
]


def play(story: Story, steps: list[Step], happened: Counter[str]) -> None:
    for number, begin in enumerate(BEGINS):
        story.couple(weekly(begin, ROUNDS), bytes([number]) * 16)
    left = list(INSTANTS)
    for who, side, index, what in steps:
        couple = story.couples[who]
        if what == "close":
            if left:
                close(story, left.pop(0), happened)
        elif what == "lose keys":
            story.lose_all_keys()
            happened["losses"] += 1
        elif what == "leaves" or what == "tells":
            story.leave(couple, side, telling=what == "tells")
            happened["leavings"] += 1
        else:
            for answer in answers(side, index, what):
                happened["answers"] += story.answer(couple, *answer)
    for instant in left:
        close(story, instant, happened)


def answers(side: Side, index: int, what: What) -> list[tuple[Side, int, Choice]]:
    other = other_side(side)
    if what == "both open":
        return [(side, index, "open"), (other, index, "open")]
    if what == "unlike":
        return [(side, index, "open"), (other, index, "closed")]
    if what == "answers all":
        return [(side, each, "open") for each in range(ROUNDS)]
    return [(side, index, "open" if what == "open" else "closed")]


def close(story: Story, instant: int, happened: Counter[str]) -> None:
    story.has_teeth()
    story.finds_living_keys()
    before = [len(couple.matched) for couple in story.couples]
    story.close(instant)
    story.nothing_is_left()
    happened["closes"] += 1
    matches = [len(couple.matched) for couple in story.couples]
    happened["matches"] += sum(matches) - sum(before)
    assert not any(row for row in story.rows() if is_over(story, row.pair_id, row.round, instant))


def is_over(story: Story, pair_id: bytes, index: int, now: int) -> bool:
    """A round has closed, or a match has ended its run: none of its answers may be kept."""
    (couple,) = (each for each in story.couples if each.key_holder("a").pair_id == pair_id)
    return bool(couple.matched) or couple.alice.closes[index] <= now


@pytest.mark.proof
def test_no_file_lets_a_key_holder_work_out_an_answer_of_a_closed_round(proof: Proof) -> None:
    happened: Counter[str] = Counter()

    @settings(
        max_examples=proof.many(5, 250),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=8, max_size=24))
    @example(EVERYTHING)
    def every_history(steps: list[Step]) -> None:
        with TemporaryDirectory() as place:
            data = Path(place) / "data"
            with RunningServer(data) as server:
                story = Story(server, Disk((data,), (data,)))
                play(story, steps, happened)
                story.no_copy_says_anything()
                assert story.count("answer_keys", "answer_keys") == 0
                story.erase()
                for table in ("pairs", "rounds", "answers", "devices", "reminders"):
                    assert story.count(table) == 0
                story.nothing_is_left()
        happened["histories"] += 1
        happened["windows"] += story.tried
        if happened["histories"] % 50 == 0:
            print(f"{dict(happened)}", flush=True)  # noqa: T201

    every_history()
    proof.says(
        "Erased",
        f"{happened['histories']} histories of three couples, {happened['answers']} answers,"
        f" {happened['closes']} closes, {happened['matches']} matches, {happened['losses']} losses"
        f" of all keys: each answer read with the key store at hand, none from the"
        f" {happened['windows']} windows of the files after its close",
    )
