"""When a reminder is sent, tried again and given up. Pure; instants in UTC seconds."""

import math
from collections.abc import Sequence
from typing import Final

LEASE: Final = 60  # seconds a worker holds a reminder it is sending
TOO_LATE: Final = 3600  # an hour after its instant a reminder says nothing useful any more
FIRST_RETRY: Final = 30
LONGEST_RETRY: Final = 900
LAST_TRY: Final = TOO_LATE - LEASE  # after its instant, so that what comes of it is still known


def to_keep(asked: Sequence[int], now: int, erase_at: int) -> list[int]:
    """Of the instants a phone asked for, those that can still come."""
    return [instant for instant in asked if now < instant < erase_at]


def retry_at(
    at: int, now: int, attempts: int, retry_after: float | None, spread: float
) -> int | None:
    """When to try the reminder of `at` again after the push service was busy: as the service
    says, else ever later, but once more before its hour is over. None: that was the last time.

    `spread` is a random number from 0 to 1, so that a recovering service is not met by everyone
    at once.
    """
    last = at + LAST_TRY
    if now >= last:
        return None
    if retry_after is not None:
        wait = max(1, math.ceil(retry_after))
    else:
        wait = int(min(FIRST_RETRY * 2 ** min(attempts, 10), LONGEST_RETRY) * (0.75 + spread / 2))
    return min(now + wait, last)
