"""The phones' share of the protocol in Python: an independent reading of `docs/protocol.md`.

The product's own client is TypeScript. This one exists so that the server is tested by something
that was not written from the same lines, and to hold both against the vectors.
"""

import hashlib
from dataclasses import dataclass

from ajar.protocol import Side, hkdf, hmac_sha256, label, open_token, u32


def u64(value: int) -> bytes:
    return value.to_bytes(8, "big")


def schedule_of(closes: list[int]) -> bytes:
    return hashlib.sha256(label("schedule", *(u64(instant) for instant in closes))).digest()


def pair_id_of(link: bytes) -> bytes:
    return hkdf(link, b"", label("pair id"), 16)


def join_secret_of(link: bytes) -> bytes:
    return hkdf(link, b"", label("join"))


def chain_of(link: bytes, schedule: bytes, round_index: int) -> bytes:
    key = hkdf(link, schedule, label("chain", u32(0)))
    for index in range(1, round_index + 1):
        key = hkdf(key, schedule, label("chain", u32(index)))
    return key


@dataclass(frozen=True)
class RoundKeys:
    """What both phones of a pair know of one round."""

    chain: bytes
    key: bytes
    seal_a: bytes
    seal_b: bytes
    token: bytes
    index: int
    schedule: bytes

    @classmethod
    def of(cls, link: bytes, closes: list[int], index: int) -> "RoundKeys":
        schedule = schedule_of(closes)
        chain = chain_of(link, schedule, index)
        key = hkdf(chain, schedule, label("round", u32(index)))
        seal_a, seal_b = (
            hmac_sha256(key, label("seal", side.encode(), u32(index))) for side in ("a", "b")
        )
        return cls(chain, key, seal_a, seal_b, open_token(seal_a, seal_b, index), index, schedule)

    def seal(self, side: Side) -> bytes:
        return self.seal_a if side == "a" else self.seal_b

    def open_answer(self, side: Side) -> bytes:
        return self.token + self.seal(side)

    def closed_answer(self, side_key: bytes) -> bytes:
        return hkdf(side_key, self.schedule, label("closed", u32(self.index)), 64)
