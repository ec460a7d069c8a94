"""What time it is. One door, so that a test can hold the hand of every clock the server reads."""

import time
from typing import Protocol


class Clock(Protocol):
    """UTC seconds since 1970, as a float. May jump; nothing here assumes that it only rises."""

    def now(self) -> float: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        return time.time()
