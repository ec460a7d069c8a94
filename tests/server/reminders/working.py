"""What a test of sending does and looks at: the worker at an instant, what came, what is left."""

from ajar.reminders import store
from ajar.reminders.store import Claimed
from tests.fakes.push_service import PushService
from tests.running_server import START, RunningServer
from tests.server.stores import rows

AT = START + 600


def work_at(server: RunningServer, instant: int) -> None:
    server.clock.move_to(instant)
    server.work()


def sent_to(service: PushService) -> list[str]:
    assert service.refused == service.strays == []
    return sorted(delivery.endpoint for delivery in service.deliveries)


def claim(server: RunningServer, limit: int = 100) -> list[Claimed]:
    now = int(server.clock.now())
    return server.call(store.claim(server.state.database, now, limit))


def left(server: RunningServer) -> list[int]:
    return [row["at"] for row in rows(server, "SELECT at FROM reminders ORDER BY at")]


def counted(metrics: str, name: str) -> int:
    """A counter in the text of `/metrics`."""
    found = [line for line in metrics.splitlines() if line.startswith(name + " ")]
    return int(found[0].rpartition(" ")[2]) if found else 0
