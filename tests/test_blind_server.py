"""Blind server: whoever keeps all that a server stores and receives cannot tell an answer better
than a coin does, and equality, the one thing it can see, tells nothing but where it must.

Rounds are played by the shipped app on the real server (`tests/blind/`). The same guessers are then
shown clients that leak a little, and catch them. The exact half of the promise is in
`test_blind_flips.py`.
"""

import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import combinations, repeat
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, chi2

from tests.blind.cohort import Cohort, in_memory, played, told
from tests.blind.features import distance
from tests.blind.guessing import LUCK, guessed
from tests.blind.hearing import Host, hosting
from tests.blind.lives import Couple, Lives
from tests.blind.phones import Phones, built
from tests.mutants.blind import FRESH_CLOSED, OPEN_TWICE
from tests.mutants.mutant import Mutant
from tests.proof import Proof

pytestmark = pytest.mark.proof
SEED = 1
COHORTS, COUPLES = 29, 100  # of the long form: about twenty thousand rounds


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
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("app"))


@pytest.fixture(scope="module")
def lives(page: Path, proof: Proof) -> tuple[Host, list[Couple]]:
    """The lives that all tests here look at; the guessers get more of the kind in the long form."""
    with (
        in_memory() as place,
        hosting(place / "data") as (server, host),
        Phones(page, server.url) as phones,
    ):
        couples = Lives(server, host, phones, SEED).play(proof.many(24, COUPLES))
    return host, couples


@pytest.fixture(scope="module")
def sent(lives: tuple[Host, list[Couple]]) -> list[Sent]:
    _, couples = lives
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


@pytest.fixture(scope="module")
def cohort(lives: tuple[Host, list[Couple]], page: Path, proof: Proof) -> Cohort:
    whole = told(*lives)
    if proof.long:
        with ProcessPoolExecutor(2, get_context("spawn")) as processes:
            seeds = range(SEED + 1, SEED + COHORTS)
            for one in processes.map(played, repeat(page), seeds, repeat(COUPLES)):
                whole.add(one)
                print(f"{whole.rounds.total()} rounds, {whole.requests} requests", flush=True)  # noqa: T201
    return whole


def test_no_guesser_does_better_than_a_coin(cohort: Cohort, proof: Proof) -> None:
    guesses = guessed(cohort.cases["apart"], cohort.names)
    proof.says(
        "Blind server",
        f"{cohort.rounds.total()} rounds by the shipped app, {cohort.uploads} uploads,"
        f" {len(cohort.names)} features; answers held out by pair, guessed by "
        + "; ".join(map(str, guesses)),
    )
    for guess in guesses:
        assert guess.luck > LUCK, str(guess)


def test_equality_tells_an_answer_only_beside_a_change_of_mind(
    cohort: Cohort, proof: Proof
) -> None:
    """The exceptions, apart. The second one is a limit of any server that can compare: whoever
    sent two different answers sent an open one, and the other side's is not equal to it.
    """
    apart, coincided, beside = (
        cohort.by_equality[kind] for kind in ("apart", "coincided", "beside a change")
    )
    assert apart.keys() == {"silent"}
    assert coincided.keys() == {"right"}
    assert beside.keys() == {"right"}
    proof.says(
        "Blind server",
        f"equality alone tells 0 of {apart.total()} such answers; the exceptions, apart:"
        f" {coincided.total()} of {coincided.total()} where answers of both sides had been equal,"
        f" {beside.total()} of {beside.total()} where the other side changed its mind",
    )
    if proof.long:  # and the guessers, who were not told to look there, find the first one
        best = max(guessed(cohort.cases["coincided"], cohort.names), key=lambda each: each.right)
        assert best.luck < LUCK, str(best)
        proof.says("Blind server", f"where answers had been equal, the guessers see it: {best}")


@pytest.mark.parametrize(("leak", "couples"), [(FRESH_CLOSED, 18), (OPEN_TWICE, 10)])
def test_the_same_guessers_catch_a_client_that_leaks(
    leak: Mutant, couples: int, tmp_path: Path, proof: Proof
) -> None:
    leaky = played(built(tmp_path, leak), SEED, couples, often=True)
    best = min(guessed(leaky.cases["apart"], leaky.names), key=lambda guess: guess.luck)
    assert best.luck < LUCK, str(best)
    proof.says(
        "Blind server",
        f"a leaky client ({leak.name}) is caught: {best}, by luck {best.luck:.0e}",
    )


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
