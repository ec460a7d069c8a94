from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phone import Phone, new_pair
from tests.running_server import RunningServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers last: while Playwright is at work, no test can run an event loop of its own."""
    items.sort(key=lambda item: "e2e" in item.path.parts)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with RunningServer(tmp_path / "data") as running:
        yield running


@pytest.fixture
def pair(server: RunningServer) -> tuple[Phone, Phone]:
    """Alice and Bob, seated; five weekly rounds, the first in three days."""
    return new_pair(server)
