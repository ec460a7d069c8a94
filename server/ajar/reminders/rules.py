"""When a reminder is sent, tried again and given up. Pure; instants in UTC seconds."""

from collections.abc import Sequence
from typing import Final

LEASE: Final = 60  # seconds a worker holds a reminder it is sending
TOO_LATE: Final = 3600  # an hour after its instant a reminder says nothing useful any more
FIRST_RETRY: Final = 30
LONGEST_RETRY: Final = 900


def to_keep(asked: Sequence[int], now: int, erase_at: int) -> list[int]:
    """Of the instants a phone asked for, those that can still come."""
    return [instant for instant in asked if now < instant < erase_at]


def retry_at(now: int, attempts: int, retry_after: float | None, spread: float) -> int:
    """When to try again after the push service was busy: as it says, else ever later.

    `spread` is a random number from 0 to 1, so that a recovering service is not met by everyone
    at once.
    """
    if retry_after is not None:
        return now + max(1, int(retry_after))
    wait = min(FIRST_RETRY * 2 ** min(attempts, 10), LONGEST_RETRY)
    return now + int(wait * (0.75 + spread / 2))


def given_up(at: int, now: int) -> bool:
    return now > at + TOO_LATE
