"""Blind server: the bytes themselves. Equality, the one thing that a host can see in them, is where
it must be and nowhere else; in everything else they are noise.
"""

import zlib
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import binom, chi2

from tests.blind.cohort import in_memory
from tests.blind.features import distance
from tests.blind.guessing import LUCK
from tests.blind.hearing import hosting
from tests.blind.lives import Lives
from tests.blind.phones import Phones, built
from tests.proof import Proof

pytestmark = pytest.mark.proof
SEED = 2


@dataclass(frozen=True)
class Sent:
    """An answer as it was sent, stored, and meant."""

    pair: int
    side: str
    round: int
    choice: str
    body: bytes
    tag: bytes
    nonce: bytes
    box: bytes

    @property
    def stored(self) -> bytes:
        return self.tag + self.nonce + self.box


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, proof: Proof) -> list[Sent]:
    """Every answer that the shipped app sent in so many lives."""
    page = built(tmp_path_factory.mktemp("app"))
    with (
        in_memory() as place,
        hosting(place / "data") as (server, host),
        Phones(page, server.url) as phones,
    ):
        couples = Lives(server, host, phones, SEED).play(proof.many(8, 80))
    found = []
    for number, couple in enumerate(couples):
        for index, truth in couple.played():
            for side, uploads in truth.uploads.items():
                for upload, choice in zip(uploads, truth.said[side], strict=True):
                    row = upload.stored[index]
                    body = upload.answer(index)
                    assert body
                    values = (row["tag"], row["nonce"], row["box"])
                    found.append(Sent(number, side, index, choice, body, *values))
    return found


def test_answers_are_equal_exactly_where_they_must_be(sent: list[Sent]) -> None:
    """A side's open answer of a round is one value and its closed answer another, whichever phone
    sends it and however often. Across sides, open answers share their first half, and nothing else
    is ever equal to anything: no half of a body, no tag, no box or nonce.
    """
    meanings: dict[bytes, set[tuple[object, ...]]] = {}
    for each in sent:
        whose = (each.pair, each.round, each.side)
        token = (each.pair, each.round) if each.choice == "open" else (*whose, "closed")
        for value, meaning in (
            (each.body[:32], token),
            (each.body[32:], (*whose, each.choice, "second half")),
            (each.tag, (*token, "tag")),
        ):
            meanings.setdefault(value, set()).add(meaning)
    assert all(len(meaning) == 1 for meaning in meanings.values())
    assert len(meanings) == len(set.union(*meanings.values()))
    # What a repeated request left alone is the one that was stored before.
    kept = {each.stored: (each.pair, each.round, each.side, each.choice) for each in sent}
    assert len({each.nonce for each in sent}) == len({each.box for each in sent}) == len(kept)


def test_what_is_sent_and_stored_looks_like_noise(sent: list[Sent]) -> None:
    """Every byte evenly spread, none equal to another oftener than chance has it, nothing that
    shrinks, no two values nearer to one another (or to their complements) than noise is.
    """
    fresh = list({(each.body, each.stored): each for each in sent}.values())
    bodies = sorted({each.body for each in fresh})
    halves = sorted({half for body in bodies for half in (body[:32], body[32:])})
    tags = sorted({each.tag for each in fresh})
    boxes = sorted({each.box for each in fresh})
    for values in (halves, tags, boxes):
        together = b"".join(values)
        counts = np.array([Counter(together)[byte] for byte in range(256)])
        expected = len(together) / 256
        assert chi2.sf(((counts - expected) ** 2 / expected).sum(), 255) > LUCK
        assert len(zlib.compress(together, 9)) >= len(together)
        bits = 8 * len(values[0])
        pairs = len(values) * (len(values) - 1) // 2
        nearest = binom.ppf(LUCK / pairs, bits, 0.5)
        distances = [distance(one, another) for one, another in combinations(values, 2)]
        assert nearest <= min(distances)
        assert max(distances) <= bits - nearest

    # Each byte that is stored, against each byte that was sent.
    one_each = list({each.stored: each for each in fresh}.values())
    sent_bytes = np.array([list(each.body) for each in one_each])
    stored_bytes = np.array([list(each.stored) for each in one_each])
    same = (stored_bytes[:, :, None] == sent_bytes[:, None, :]).sum(axis=0)
    assert binom.sf(same.max() - 1, len(one_each), 1 / 256) > LUCK / same.size
