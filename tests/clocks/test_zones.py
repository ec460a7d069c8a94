"""Clocks: the schedule that a phone makes in any time zone is one that the server takes."""

import json
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ajar.pairing.rules import schedule_problem
from tests.clocks import zones
from tests.phone import DAY, HOUR
from tests.proof import Proof

pytestmark = pytest.mark.skipif(
    not available_timezones(), reason="this machine's Python has no time zones"
)
CASES = json.loads(zones.FILE.read_text())["cases"]


def test_the_vectors_are_what_this_machines_time_zones_make() -> None:
    assert zones.FILE.read_text() == zones.text()


def test_the_vectors_hold_every_kind_of_change() -> None:
    """Half an hour, an hour and two, forward and back, and the day that was none in Samoa."""
    moved = {
        later - earlier - case["days"] * DAY
        for case in CASES
        for earlier, later in pairwise(case["closes"])
    }
    assert {HOUR, -HOUR, HOUR // 2, -HOUR // 2, 2 * HOUR, -2 * HOUR, -DAY, 0} <= moved


@pytest.mark.proof
def test_every_schedule_in_every_zone_is_one_that_the_server_takes(proof: Proof) -> None:
    """And each of its instants shows the chosen hour there, or the clocks skipped it."""
    tried = 0

    @settings(max_examples=proof.many(200, 5_000), deadline=None)
    @given(
        zone=st.sampled_from(sorted(available_timezones())),
        start=st.dates(date(2010, 1, 1), date(2037, 1, 1)),
        clock=st.times(),
        rounds=st.integers(1, 12),
        days=st.sampled_from([7, 14]),
    )
    def play(zone: str, start: date, clock: object, rounds: int, days: int) -> None:
        nonlocal tried
        tried += 1
        shown = str(clock)[:5]
        closes = zones.closes_of(start, shown, zone, rounds, days)
        assert schedule_problem(closes, closes[0] - HOUR, None) is None
        for index, close in enumerate(closes):
            there = datetime.fromtimestamp(close, ZoneInfo(zone)).replace(tzinfo=None)
            wanted = datetime.combine(start + timedelta(days * index), time.fromisoformat(shown))
            assert timedelta(0) <= there - wanted <= timedelta(1)

    play()
    proof.says(
        "Clocks",
        f"{tried} schedules in any of {len(available_timezones())} time zones,"
        " each one that the server takes",
    )
