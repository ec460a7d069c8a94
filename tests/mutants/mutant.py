"""What a mutant is, and how it is tried: in a copy of the checkout, with the tests named for it."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.proof import Promise

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 900  # seconds for the tests that should catch one mutant
# A test that is merely cut off has caught nothing.
PLAINLY = ("-x", "-q", "-p", "no:cacheprovider", "--timeout", "800")
# How either runner counts tests that ran and failed.
FAILED = re.compile(r"\b[1-9]\d* failed\b")
# Made, not written: borrowed by the copy as they are.
BORROWED = ("pwa/node_modules", "pwa/dist")


@dataclass(frozen=True)
class Mutant:
    """`before`, which stands once in `file`, becomes `after`; one of `caught_by` must then fail.

    `caught_by`: what pytest is given (`tests/test_one_bit.py::test_x`, `-k`, …), or, when the
    first word begins with `pwa/`, what vitest is given.
    """

    name: str
    promise: Promise
    file: str
    before: str
    after: str
    caught_by: tuple[str, ...]

    def applied_to(self, source: str) -> str:
        """The source with the promise broken. ValueError if the code has moved on."""
        if source.count(self.before) != 1:
            raise ValueError(f"{self.name}: its place in {self.file} is not there exactly once")
        return source.replace(self.before, self.after)


class Copy:
    """A copy of the checkout's own files, in which one file at a time is another."""

    def __init__(self, place: Path) -> None:
        self.place = place
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, place / name)
        for name in BORROWED:
            (place / name).symlink_to(ROOT / name)

    def passes(self, tests: tuple[str, ...]) -> bool:
        """Whether these tests pass here. AssertionError if they could not be run at all: a mutant
        that breaks the build or a fixture has not been caught by a test.
        """
        result = subprocess.run(
            self._command(tests),
            cwd=self.place / "pwa" if tests[0].startswith("pwa/") else self.place,
            env=os.environ
            | {"PYTHONPATH": str(self.place / "server"), "AJAR_PROOF": "", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        said = result.stdout[-2000:] + result.stderr[-2000:]
        assert result.returncode in (0, 1), said
        assert result.returncode == 0 or FAILED.search(result.stdout), said
        assert "Timeout" not in result.stdout, said
        return result.returncode == 0

    def catches(self, mutant: Mutant) -> bool:
        """Whether the tests named for this mutant fail with it."""
        path = self.place / mutant.file
        sound = path.read_text()
        try:
            path.write_text(mutant.applied_to(sound))
            return not self.passes(mutant.caught_by)
        finally:
            path.write_text(sound)

    def _command(self, tests: tuple[str, ...]) -> list[str]:
        if tests[0].startswith("pwa/"):
            node = ROOT / ".build" / "node" / "node"
            words = (tests[0].removeprefix("pwa/"), *tests[1:])
            return [str(node), "node_modules/vitest/vitest.mjs", "run", *words]
        return [sys.executable, "-m", "pytest", *PLAINLY, *tests]
