"""The attacker of promise 6: one of a pair, with all its keys, over every file that can be had.

Alice kept the invitation, so she knows both seals of every round and with them the exact bytes of
Bob's open answers. An answer's row in a copy made before the close falls to whoever finds the
answer key: the box then opens, and the tag says open or not.
"""

import base64
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ajar.protocol import Side, label, u32
from tests.phone import Choice
from tests.protocol import RoundKeys, pair_id_of

KEY_SIZE = 32
# As many bytes of a key in a row are a find: far too many to be there by chance, and without them
# 24 bytes or more are left to be guessed.
PIECE = 8
_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Row:
    """One stored answer, as a copy of the database shows it."""

    pair_id: bytes
    round: int
    side: Side
    tag: bytes
    nonce: bytes
    box: bytes


class Key:
    """What would follow if these 32 bytes were an answer key. Written from `docs/protocol.md`,
    section 4, not from the server's code.
    """

    _TAG = label("tag key") + b"\x01"
    _BOX = label("box key") + b"\x01"

    def __init__(self, candidate: bytes) -> None:
        extracted = hmac.digest(bytes(32), candidate, "sha256")
        self._tag_key = hmac.digest(extracted, self._TAG, "sha256")
        self._box_key = hmac.digest(extracted, self._BOX, "sha256")

    def makes(self, row: Row, first_half: bytes) -> bool:
        """Whether this row's tag is that of an answer that begins with these bytes."""
        message = label("tag", row.pair_id, u32(row.round), first_half)
        return hmac.digest(self._tag_key, message, "sha256") == row.tag

    def opens(self, row: Row) -> bool:
        bound = row.pair_id + row.side.encode() + u32(row.round)
        try:
            AESGCM(self._box_key).decrypt(row.nonce, row.box, bound)
        except InvalidTag:
            return False
        return True


@dataclass(frozen=True)
class KeyHolder:
    """Holds `link` and the side's own `side_key`, as a phone that erased nothing does."""

    link: bytes
    closes: tuple[int, ...]
    side: Side
    side_key: bytes

    @property
    def pair_id(self) -> bytes:
        return pair_id_of(self.link)

    def works_out(self, row: Row, key: Key) -> Choice | None:
        """What somebody of this pair answered, if this is the key that the row was put under."""
        assert row.pair_id == self.pair_id
        if key.makes(row, self._round(row.round).token):
            return "open"
        return "closed" if key.opens(row) else None

    def first_half(self, index: int, choice: Choice) -> bytes:
        """Of its own answer to a round: what the tag of it was made from."""
        keys = self._round(index)
        return (keys.token if choice == "open" else keys.closed_answer(self.side_key))[:32]

    def _round(self, index: int) -> RoundKeys:
        return RoundKeys.of(self.link, list(self.closes), index)


def candidates(contents: Iterable[bytes]) -> set[bytes]:
    """Every 32 bytes in a row, at any offset, that could be a key.

    Left out is what 32 random bytes are once in 290 million times: those with more than five
    zeros, with none above 127 (text), or with fewer than 20 different ones.
    """
    found: set[bytes] = set()
    for content in contents:
        whole = np.frombuffer(content, np.uint8)
        for start in range(0, max(0, len(whole) - KEY_SIZE + 1), _AT_ONCE):
            rows = np.lib.stride_tricks.sliding_window_view(
                whole[start : start + _AT_ONCE + KEY_SIZE - 1], KEY_SIZE
            )
            rows = rows[_often(rows == 0) <= 5]
            rows = rows[_often(rows > 127) > 0]
            ordered = np.sort(rows, axis=1)
            rows = rows[_often(ordered[:, 1:] != ordered[:, :-1]) >= 19]
            found.update(row.tobytes() for row in rows)
    return found


def pieces(secret: bytes) -> Iterator[bytes]:
    """All that may be left of a secret: each of its pieces, as bytes or hex, and base64."""
    for start in range(len(secret) - PIECE + 1):
        piece = secret[start : start + PIECE]
        yield from (piece, piece.hex().encode(), piece.hex().upper().encode())
    for shift in range(3):
        written = base64.b64encode(secret[shift : shift + (len(secret) - shift) // 3 * 3])
        yield from (written, written.replace(b"+", b"-").replace(b"/", b"_"))


def blocks(secret: bytes) -> list[bytes]:
    """A secret in blocks of which one is whole wherever 15 of its bytes stand in a row."""
    return [secret[at : at + PIECE] for at in range(0, len(secret) - PIECE + 1, PIECE)]


class Traces:
    """Tells which of many secrets a file gives away, whole or by a piece."""

    def __init__(self, secrets: Iterable[bytes]) -> None:
        self._by_beginning: dict[int, set[bytes]] = {}
        for secret in secrets:
            for piece in pieces(secret):
                begins = int.from_bytes(piece[:PIECE], "little")
                self._by_beginning.setdefault(begins, set()).add(secret)
        self._sought = np.array(sorted(self._by_beginning), np.dtype("<u8"))

    def in_(self, content: bytes) -> set[bytes]:
        suspects: set[bytes] = set()
        sought = self._sought
        for offset in range(min(PIECE, len(content) - PIECE + 1) if len(sought) else 0):
            count = (len(content) - offset) // PIECE
            words = np.frombuffer(content, np.dtype("<u8"), count, offset)
            places = np.minimum(np.searchsorted(sought, words), len(sought) - 1)
            for found in words[sought[places] == words]:
                suspects |= self._by_beginning[int(found)]
        return {secret for secret in suspects if any(piece in content for piece in pieces(secret))}


def _often(holds: np.ndarray) -> np.ndarray:
    count: np.ndarray = np.count_nonzero(holds, axis=1)
    return count
