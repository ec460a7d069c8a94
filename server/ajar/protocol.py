"""The server's share of the formulas in `docs/protocol.md`, section 3 and 4.

Everything that needs the pair's key happens on the phones. What is left here never tells an open
answer from a closed one. Standard library only; sizes in bytes.
"""

import hashlib
import hmac
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

Side = Literal["a", "b"]
Wording = Literal["marriage", "relationship"]

PAIR_ID_SIZE: Final = 16
SECRET_SIZE: Final = 32
SEAL_SIZE: Final = 32
TOKEN_SIZE: Final = 32
ANSWER_SIZE: Final = TOKEN_SIZE + SEAL_SIZE
MAX_ROUNDS: Final = 12


def u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def lp(*parts: bytes) -> bytes:
    """Each part behind its length, so that no two lists of parts give the same bytes."""
    return b"".join(u32(len(part)) + part for part in parts)


def label(name: str, *parts: bytes) -> bytes:
    """`L(name, x…)` of the protocol: domain separation for every hash and key."""
    return lp(f"ajar/1 {name}".encode(), *parts)


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def hkdf(ikm: bytes, salt: bytes, info: bytes, size: int = 32) -> bytes:
    """HKDF with SHA-256 (RFC 5869); an empty salt is 32 zero bytes."""
    prk = hmac_sha256(salt or bytes(32), ikm)
    okm, block, counter = b"", b"", 1
    while len(okm) < size:
        block = hmac_sha256(prk, block + info + bytes([counter]))
        okm += block
        counter += 1
    return okm[:size]


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def other_side(side: Side) -> Side:
    return "b" if side == "a" else "a"


def open_token(seal_a: bytes, seal_b: bytes, round_index: int) -> bytes:
    """The token that both open answers of a round begin with."""
    return sha256(label("open", seal_a, seal_b, u32(round_index)))


def decoy(decoy_key: bytes, pair_id: bytes, side: Side, round_index: int) -> bytes:
    """32 bytes that only a phone with the chain key can tell from the partner's seal."""
    return hmac_sha256(decoy_key, label("decoy", pair_id, side.encode(), u32(round_index)))


def same(one: bytes, other: bytes) -> bool:
    """Constant-time equality: used wherever a secret is compared."""
    return hmac.compare_digest(one, other)


def ascending(instants: Sequence[int]) -> bool:
    return all(earlier < later for earlier, later in pairwise(instants))
