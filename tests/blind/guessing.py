"""Guessing answers: two kinds of models, held out by pair, and how often luck does as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

LUCK: Final = 1e-6
"""A fair coin is guessed this well, or better, this seldom; less would be a find, not luck."""


Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One answer: whose, what the host has of it, and what it is."""

    pair: int
    features: Matrix
    is_open: bool


@dataclass(frozen=True)
class Guessed:
    model: str
    right: int
    of: int
    base: float
    """How often the commoner answer of those held out is right."""

    @property
    def accuracy(self) -> float:
        return self.right / self.of

    @property
    def luck(self) -> float:
        """How often somebody who tosses a coin for each is right at least this often."""
        return float(binomtest(self.right, self.of, 0.5, alternative="greater").pvalue)

    def __str__(self) -> str:
        within = binomtest(self.right, self.of).proportion_ci(0.95, method="wilson")
        return (
            f"{self.model} {self.accuracy:.3f} [{within.low:.3f}, {within.high:.3f}]"
            f" of {self.of} (the commoner one: {self.base:.3f})"
        )


def guessed(cases: Sequence[Case], names: Sequence[str], seed: int = 0) -> list[Guessed]:
    """Learn from one half of the pairs, guess the other half.

    One split and no more: given what was learnt, each guess about a fair coin is right with
    probability 1/2 whatever the others are, so that the count is exactly binomial.
    """
    chance = np.random.default_rng(seed)
    pairs = chance.permutation(sorted({case.pair for case in cases}))
    learnt_from = set(pairs[: len(pairs) // 2].tolist())
    learn = [case for case in cases if case.pair in learnt_from]
    held_out = [case for case in cases if case.pair not in learnt_from]
    truth = np.array([case.is_open for case in held_out])
    base = float(max(truth.mean(), 1 - truth.mean()))
    found = []
    for taken, raw in (("", False), (" with raw bytes", True)):
        columns = [raw or not name.startswith("raw") for name in names]
        for name, model in (
            ("logistic", make_pipeline(StandardScaler(), LogisticRegression(C=0.02, max_iter=500))),
            (
                "trees",
                HistGradientBoostingClassifier(max_iter=60, min_samples_leaf=8, random_state=seed),
            ),
        ):
            with threadpool_limits(1):  # more of them only wait for one another
                model.fit(_matrix(learn, columns), [case.is_open for case in learn])
                right = int((model.predict(_matrix(held_out, columns)) == truth).sum())
            found.append(Guessed(name + taken, right, len(held_out), base))
    return found


def _matrix(cases: Sequence[Case], columns: Sequence[bool]) -> Matrix:
    return np.array([case.features for case in cases])[:, np.array(columns)]
