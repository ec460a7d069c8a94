"""What is stored of an answer: a tag to compare and a box to open (`docs/protocol.md`, section 4).

Both are made under the answer key of the round's closing instant and are worthless without it.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ajar.protocol import (
    SEAL_SIZE,
    TOKEN_SIZE,
    Side,
    hkdf,
    hmac_sha256,
    label,
    open_token,
    same,
    u32,
)

_NONCE_SIZE: Final = 12


@dataclass(frozen=True)
class Boxed:
    """One stored answer: tag 32 bytes, nonce 12, box 48."""

    tag: bytes
    nonce: bytes
    box: bytes


@dataclass(frozen=True)
class Seals:
    """Both sides' seals of a round in which both were open."""

    a: bytes
    b: bytes


class Boxer:
    """Tags, boxes and matches under one answer key."""

    def __init__(self, answer_key: bytes) -> None:
        self._tag_key = hkdf(answer_key, b"", label("tag key"))
        self._box_key = AESGCM(hkdf(answer_key, b"", label("box key")))

    def put(self, body: bytes, pair_id: bytes, side: Side, round_index: int) -> Boxed:
        """What to store of an answer's 64 bytes; never the bytes themselves."""
        nonce = secrets.token_bytes(_NONCE_SIZE)
        sealed = body[TOKEN_SIZE : TOKEN_SIZE + SEAL_SIZE]
        return Boxed(
            tag=self._tag(body[:TOKEN_SIZE], pair_id, round_index),
            nonce=nonce,
            box=self._box_key.encrypt(nonce, sealed, _bound(pair_id, side, round_index)),
        )

    def match(self, a: Boxed, b: Boxed, pair_id: bytes, round_index: int) -> Seals | None:
        """The two seals if both answers were open, else None.

        Equal tags are not enough: a hostile phone could copy a token. The seals in both boxes
        must make that very token, so neither side gets a seal unless the other gets a true one.
        """
        if not same(a.tag, b.tag):
            return None
        try:
            seals = Seals(
                self._box_key.decrypt(a.nonce, a.box, _bound(pair_id, "a", round_index)),
                self._box_key.decrypt(b.nonce, b.box, _bound(pair_id, "b", round_index)),
            )
        except InvalidTag:
            return None  # put under a key that was lost since
        token = open_token(seals.a, seals.b, round_index)
        return seals if same(self._tag(token, pair_id, round_index), a.tag) else None

    def _tag(self, token: bytes, pair_id: bytes, round_index: int) -> bytes:
        return hmac_sha256(self._tag_key, label("tag", pair_id, u32(round_index), token))


def _bound(pair_id: bytes, side: Side, round_index: int) -> bytes:
    return pair_id + side.encode() + u32(round_index)
