from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phone import Phone, new_pair
from tests.proof import LONGEST, Proof
from tests.running_server import RunningServer

PROOF = pytest.StashKey[Proof]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proof", action="store_true", help="the proofs alone, in their long form")
    parser.addoption("--times", type=int, default=1, help="the short form, so many times as long")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "proof: has a long form (scripts/test --proof)")
    config.stash[PROOF] = Proof(long=config.getoption("--proof"), times=config.getoption("--times"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browsers last: while Playwright is at work, no test can run an event loop of its own."""
    items.sort(key=lambda item: "e2e" in item.path.parts)
    if config.stash[PROOF].long:
        others = [item for item in items if item.get_closest_marker("proof") is None]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]
        for item in items:
            item.add_marker(pytest.mark.timeout(LONGEST), append=False)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """One line a promise: what was tried, and what came of it."""
    lines = config.stash[PROOF].lines()
    if lines:
        terminalreporter.section("the proof" + (" (long form)" if config.stash[PROOF].long else ""))
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def proof(pytestconfig: pytest.Config) -> Proof:
    return pytestconfig.stash[PROOF]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with RunningServer(tmp_path / "data") as running:
        yield running


@pytest.fixture
def pair(server: RunningServer) -> tuple[Phone, Phone]:
    """Alice and Bob, seated; five weekly rounds, the first in three days."""
    return new_pair(server)
