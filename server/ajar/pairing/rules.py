"""Who may take a seat, and for how long. Pure; every instant in UTC seconds."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

HOUR: Final = 3600
DAY: Final = 24 * HOUR
SHORTEST_LEAD: Final = HOUR
SHORTEST_DISTANCE: Final = 23 * HOUR  # a day, less the hour that daylight saving may take
LONGEST_DISTANCE: Final = 31 * DAY + HOUR
INVITATION_LASTS: Final = 72 * HOUR
PHONE_OFFER_LASTS: Final = 10 * 60
PHONES_OF_A_SIDE: Final = 8
KEPT_AFTER_THE_END: Final = 14 * DAY


def schedule_problem(closes: Sequence[int], now: int, min_interval: int | None) -> str | None:
    """Why these closing instants cannot be a run's schedule, or None.

    The first lies at least an hour ahead, each next one 23 hours to 31 days and one hour after the
    one before; `min_interval` lowers both lower bounds for a trial or a test.
    """
    lead = SHORTEST_LEAD if min_interval is None else min_interval
    shortest = SHORTEST_DISTANCE if min_interval is None else min_interval
    if closes[0] < now + lead:
        return f"closes: the first round must close at least {lead} seconds from now."
    if closes[0] > now + LONGEST_DISTANCE:
        return "closes: the first round must close within 31 days."
    for earlier, later in pairwise(closes):
        if not shortest <= later - earlier <= LONGEST_DISTANCE:
            return (
                f"closes: rounds must close in ascending order, {shortest} seconds to "
                "31 days and one hour apart."
            )
    return None


def invitation_until(closes: Sequence[int], now: int) -> int:
    """An invitation lasts 72 hours, or until the last close if that comes first."""
    return min(now + INVITATION_LASTS, closes[-1])


def erase_at(closes: Sequence[int]) -> int:
    """Fourteen days after the last closing instant, whoever leaves."""
    return closes[-1] + KEPT_AFTER_THE_END
