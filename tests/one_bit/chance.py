"""Chance, held still: what comes depends on who asks and how often they have asked.

So what Alice's requests draw does not depend on what Bob's have drawn in between, and two worlds
can be compared byte by byte. In a real server chance is fresh, and tells nobody anything.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pytest


class Chance:
    """One world's. `asking` names who is being served just now."""

    current: ClassVar["Chance"]  # of the world that is being moved: one at a time

    def __init__(self) -> None:
        self.asking = "nobody"
        self._asked: Counter[str] = Counter()
        self._marks = 0

    def start_over(self) -> None:
        self._asked.clear()
        self._marks = 0

    def token_bytes(self, size: int = 32) -> bytes:
        self._asked[self.asking] += 1
        seed = f"{self.asking} {self._asked[self.asking]}".encode()
        return hashlib.shake_256(seed).digest(size)

    def randbits(self, _: int) -> int:
        """Fences and batches, which no reply shows: they need only differ."""
        self._marks += 1
        return self._marks


@contextmanager
def held_still() -> Iterator[None]:
    """`secrets` of this process draws from the current world's chance."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secrets.token_bytes", lambda size=32: Chance.current.token_bytes(size))
        patch.setattr("secrets.randbits", lambda bits: Chance.current.randbits(bits))
        patch.setattr("secrets.randbelow", lambda below: below // 2)
        yield
