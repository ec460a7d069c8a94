import pytest

from tests.running_server import RunningServer


@pytest.fixture
def server(emptied: RunningServer) -> RunningServer:
    return emptied
