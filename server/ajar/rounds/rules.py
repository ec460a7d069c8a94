"""What may be answered, and what a side is shown. Pure; the server's share of the protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ajar.protocol import Side, decoy

Order = Literal["new", "repeated", "late"]


@dataclass(frozen=True)
class RoundState:
    """A round as stored. `handed` is the partner's seal for the side that asks, after a match."""

    closed: bool
    lost: bool
    handed: bytes | None


def order(n: int, last_n: int) -> Order:
    """Where an upload stands among those of its device: `n` rises with each.

    Equal to the last one taken is the same request again; lower is a delayed one, which must not
    undo what came after it.
    """
    if n == last_n:
        return "repeated"
    return "new" if n > last_n else "late"


def may_answer(asked: Sequence[int], open_rounds: Sequence[int]) -> bool:
    """All rounds asked for are still open: the stored row decides, never a clock."""
    return set(asked) <= set(open_rounds)


def seals(
    rounds: Mapping[int, RoundState], count: int, decoy_key: bytes, pair_id: bytes, side: Side
) -> list[bytes | None]:
    """One place per round: null until closed, then 32 bytes, the partner's seal or a decoy.

    The decoy is computed whether or not it is used.
    """
    shown: list[bytes | None] = []
    for index in range(count):
        stand_in = decoy(decoy_key, pair_id, side, index)
        state = rounds.get(index)
        shown.append((state.handed or stand_in) if state and state.closed else None)
    return shown
