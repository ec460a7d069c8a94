"""The proof: what every promise of `docs/protocol.md`, section 2, withstood, in figures.

Each test marked `proof` has a short form, which is in every run, and a long one for
`scripts/test --proof`, which ends with a line a promise. The app's own tests leave theirs in
`.build/proof-figures` (`pwa/tests/proof.ts`), for the same summary.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

Promise = Literal[
    "One bit",
    "Blind server",
    "No forged yes",
    "No receipt",
    "Same instant",
    "Erased",
    "Once",
    "Clocks",
    "Mutants",
]
ORDER: Final[tuple[str, ...]] = get_args(Promise)
OF_THE_APP: Final = Path(__file__).parent.parent / ".build" / "proof-figures"
LONGEST: Final = 3600  # seconds for one test of the long form


@dataclass
class Proof:
    """`long`: whether this is the long form. A test says what it did by `says`."""

    long: bool
    times: int = 1
    figures: list[tuple[str, str]] = field(default_factory=list)

    def many(self, short: int, long: int) -> int:
        """How often to try, in this form."""
        return long if self.long else short * self.times

    def says(self, promise: Promise, figures: str) -> None:
        """A line of the summary: numbers that were just counted or measured, never expected."""
        self.figures.append((promise, figures))

    def lines(self) -> list[str]:
        """All figures, the app's included, in the order of the promises."""
        told = list(self.figures)
        if self.long and OF_THE_APP.exists():
            for line in OF_THE_APP.read_text().splitlines():
                promise, _, figures = line.partition("\t")
                told.append((promise, figures))
        told.sort(key=lambda each: [*ORDER, each[0]].index(each[0]))
        return [f"{promise}: {figures}" for promise, figures in told]
