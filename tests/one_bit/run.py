"""The run that both worlds live through: link, schedule, and what either side may upload."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ajar.protocol import Side, sha256
from ajar.wire import to_base64url
from tests.protocol import RoundKeys, join_secret_of, pair_id_of

LINK = bytes(range(16))
Choice = Literal["open", "closed", "noise"]


def named(*words: object) -> bytes:
    """32 bytes that stand for a secret somebody made: the same in both worlds."""
    return hashlib.sha256(repr(words).encode()).digest()


@dataclass(frozen=True)
class Run:
    """One pair's: the invitation's link and the closing instants, UTC seconds."""

    closes: tuple[int, ...]
    wording: str
    link: bytes = LINK

    @property
    def rounds(self) -> int:
        return len(self.closes)

    @property
    def pair_id(self) -> str:
        return to_base64url(pair_id_of(self.link))

    @property
    def join_secret(self) -> bytes:
        return join_secret_of(self.link)

    def create_body(self, claim: bytes) -> dict[str, object]:
        return {
            "pair_id": self.pair_id,
            "join_hash": to_base64url(sha256(self.join_secret)),
            "closes": list(self.closes),
            "wording": self.wording,
            "claim": to_base64url(claim),
        }

    def upload(self, side: Side, index: int, choice: Choice) -> dict[str, object]:
        """One entry of `PUT /api/answers`."""
        return {"round": index, "body": to_base64url(_body(self, side, index, choice))}


@cache
def _body(run: Run, side: Side, index: int, choice: Choice) -> bytes:
    keys = RoundKeys.of(run.link, list(run.closes), index)
    if choice == "open":
        return keys.open_answer(side)
    if choice == "closed":
        return keys.closed_answer(named("side key", side))
    return named("noise", side, index) * 2
