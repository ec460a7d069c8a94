from collections.abc import Iterator

import pytest

from tests.running_server import START, RunningServer
from tests.server.stores import empty


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


@pytest.fixture
def emptied(running: RunningServer) -> Iterator[RunningServer]:
    """The one server of many tests, empty and at its first instant: starting one takes longer
    than most of them. A module that wants it lets its `server` return it.
    """
    running.clock.move_to(START)
    empty(running)
    yield running
    running.close_clients()
