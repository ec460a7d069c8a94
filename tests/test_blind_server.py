"""Blind server: whoever keeps all that a server stores and receives cannot tell an answer better
than a coin does.

Rounds are played by the shipped app on the real server (`tests/blind/`). The same guessers are then
shown clients that leak a little, and catch them. The exact half of the promise is in
`test_blind_flips.py`, what can be said of the bytes alone in `test_blind_values.py`.
"""

from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.blind.cohort import Cohort, played
from tests.blind.guessing import LUCK, guessed
from tests.blind.phones import built
from tests.mutants.blind import FRESH_CLOSED, OPEN_TWICE
from tests.mutants.mutant import Mutant
from tests.proof import Proof

pytestmark = pytest.mark.proof
SEED = 1
COHORTS, COUPLES = 29, 100  # of the long form: about twenty thousand rounds


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("app"))


@pytest.fixture(scope="module")
def cohort(page: Path, proof: Proof, request: pytest.FixtureRequest) -> Cohort:
    if not proof.long:
        return played(page, SEED, 18)
    whole = Cohort()
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        seeds = range(SEED, SEED + COHORTS)
        for one in processes.map(played, repeat(page), seeds, repeat(COUPLES)):
            whole.add(one)
            told = f"{whole.rounds.total()} rounds, {whole.requests} requests"
            request.config.get_terminal_writer().line(told)
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


@pytest.mark.parametrize(("leak", "couples"), [(FRESH_CLOSED, 16), (OPEN_TWICE, 10)])
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
