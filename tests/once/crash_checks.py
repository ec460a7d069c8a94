"""What must hold of a pair, its two sides and its reminders, at every moment of a crash story."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ajar.protocol import other_side
from ajar.wire import to_base64url
from tests.once.crash_lives import Person, Persons, Stage, View
from tests.once.crash_story import LEASE, Story
from tests.phone import Outcome
from tests.protocol import RoundKeys
from tests.server.stores import Dump

Rows = list[dict[str, Any]]
OF_A_PAIR = ("rounds", "answers", "devices", "phone_offers", "reminders")


def nothing_is_half_made(held: Dump, story: Story) -> None:
    """In any state that a commit leaves; and the two stores agree."""
    pairs = {dict(row)["pair_id"]: dict(row) for row in held["pairs.pairs"]}
    parts: dict[bytes, dict[str, Rows]] = defaultdict(lambda: {table: [] for table in OF_A_PAIR})
    for table in OF_A_PAIR:
        for row in map(dict, held[f"pairs.{table}"]):
            assert row["pair_id"] in pairs, f"{table} of a pair that is not there"
            parts[row["pair_id"]][table].append(row)
    for pair_id, pair in pairs.items():
        _pair_is_whole(pair, parts[pair_id], story)
    _stores_agree(held, story)


def _pair_is_whole(pair: dict[str, Any], parts: Mapping[str, Rows], story: Story) -> None:
    seated = {row["side"] for row in parts["devices"]}
    assert "a" in seated or story.leaves == "a", "nobody invited"
    assert (pair["join_claim"] is not None) == ("b" in seated), "half joined"
    assert {row["side"] for row in parts["answers"]} <= seated, "an answer of a side that left"
    assert {row["side"] for row in parts["phone_offers"]} <= seated, "an offer of a side that left"
    assert {row["device_id"] for row in parts["reminders"]} <= {
        (row["side"], row["claim_hash"]) for row in parts["devices"]
    }, "a reminder of a device that is gone"
    devices = [(row["side"], row["claim_hash"]) for row in parts["devices"]]
    assert len(set(devices)) == len(devices), "a claim holds two seats"
    assert devices.count(("b", pair["join_claim"])) == (1 if "b" in seated else 0)

    rounds = sorted(parts["rounds"], key=lambda row: int(row["round"]))
    closes = [int(instant) for instant in pair["closes"].split(",")]
    assert [row["round"] for row in rounds] == list(range(len(rounds)))
    assert [row["closes_at"] for row in rounds] == closes[: len(rounds)]
    states = [bool(row["closed"]) for row in rounds]
    assert states == sorted(states, reverse=True), "a later round closed before an earlier one"
    if pair["ended"] is None:
        assert len(rounds) == len(closes), "rounds are missing"
        assert not all(states), "it is over and not ended"
    else:
        assert rounds, "it has ended without a round"
        assert all(states), "it has ended with a round open"
        assert (parts["answers"], parts["reminders"]) == ([], [])
    answered = {row["round"] for row in parts["answers"]}
    assert not answered & {row["round"] for row in rounds if row["closed"]}, "not erased"
    for row in rounds:
        assert (row["for_a"] is None) == (row["for_b"] is None), "an outcome for one side"
        if row["for_a"] is not None:
            assert (pair["ended"], row) == ("finished", rounds[-1])


def _stores_agree(held: Dump, story: Story) -> None:
    """An instant with open rounds has a key, or all of them are lost, or none is yet."""
    keys = {dict(row)["closes_at"] for row in held["answer_keys.answer_keys"]}
    states: dict[int, set[bool]] = defaultdict(set)
    for row in map(dict, held["pairs.rounds"]):
        if not row["closed"]:
            states[row["closes_at"]].add(bool(row["lost"]))
    for instant, lost in states.items():
        assert instant in keys or story.loses_key, "a key is missing"
        assert len(lost) == 1, "lost for some pairs only"


def both_sides_see_the_same(stage: Stage, persons: Persons) -> None:
    """Of each pair: the same outcomes, the same end, the same losses, for every phone."""
    seen: dict[bytes, list[Any]] = defaultdict(list)
    for who, view in stage.views.items():
        if view:
            what = (outcomes(persons[who], view), view.lost, view.ended)
            seen[persons[who].link].append(what)
    for all_see in seen.values():
        assert all_see == all_see[:1] * len(all_see), "shown to one side"


def outcomes(person: Person, view: View) -> list[Outcome | None]:
    theirs = [
        to_base64url(RoundKeys.of(person.link, person.closes, index).seal(other_side(person.side)))
        for index in range(len(person.closes) if any(view.seals) else 0)
    ]
    return [
        None if seal is None else "both open" if seal == theirs[index] else "quiet"
        for index, seal in enumerate(view.seals)
    ]


def nothing_is_taken_back(earlier: View | None, later: View | None) -> None:
    """What a phone was shown stays, byte for byte."""
    if earlier and later:
        for before, now in zip(earlier.seals, later.seals, strict=True):
            assert before in (None, now), "an outcome has changed"
        assert earlier.ended in (None, later.ended)
        assert set(earlier.lost) <= set(later.lost)


def spent_keys_are_gone(last: Stage) -> None:
    keys = {dict(row)["closes_at"] for row in last.held["answer_keys.answer_keys"]}
    assert not [instant for instant in keys if instant <= last.now]


def reminders_came_once(stages: Sequence[Stage], story: Story, before: int, after: int) -> bool:
    """`before`, `after`: the pushes that arrived until the kill, and from then on.

    Each reminder comes once; twice only if the kill was between the push and its settling, and
    never before the lease of the killed worker has ended. True if the service took it twice.
    """
    asked = stages[1].held  # requests have been repeated, and no worker was at work yet
    devices = [dict(row) for row in asked["pairs.devices"]]
    subscribed = {(row["side"], row["claim_hash"]) for row in devices if row["endpoint"]}
    left = [dict(row) for row in asked["pairs.reminders"]]
    left = [row for row in left if row["device_id"] in subscribed]
    for stage in stages:
        free = [row for row in left if not row["fence"] or stage.now >= story.now + LEASE]
        due = [row for row in free if row["due_at"] <= stage.now]
        assert stage.pushed <= len(due), "pushed while another worker held it"
    ended = [row for row in stages[-1].held["pairs.reminders"] if dict(row)["at"] <= stages[-1].now]
    assert ended == [], "a reminder never came"
    assert after == len([row for row in left if row["at"] <= stages[-1].now])
    assert before + after >= story.reminders, "a reminder was forgotten"
    return before + after > story.reminders and story.first_push == 201
