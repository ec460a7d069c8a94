from collections.abc import Iterator

import pytest

from tests.fakes.push_service import PushService
from tests.running_server import START, RunningServer, TestClock
from tests.server.reminders.listening import forget, listening
from tests.server.stores import empty


@pytest.fixture(scope="module")
def reminding(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[RunningServer, PushService]]:
    """A server and a push service that it knows, with one clock for both."""
    clock = TestClock()
    with listening(clock.now) as service:
        environment = {"AJAR_PUSH_HOSTS": service.host}
        data = tmp_path_factory.mktemp("sending") / "data"
        with RunningServer(data, environment, clock=clock) as server:
            yield server, service


@pytest.fixture
def server(reminding: tuple[RunningServer, PushService]) -> RunningServer:
    server, _ = reminding
    server.clock.move_to(START)
    empty(server)
    return server


@pytest.fixture
def service(reminding: tuple[RunningServer, PushService]) -> PushService:
    _, service = reminding
    forget(service)
    return service
