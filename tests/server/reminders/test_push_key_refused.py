"""401 and 403: our own key or contact is not accepted. The operator is told; nobody pays for it."""

import pytest

from ajar.app import push_door
from ajar.reminders import rules
from ajar.worker import Worker
from tests.fakes.push_service import Answer, PushService
from tests.phone import Phone
from tests.running_server import RunningServer
from tests.server.reminders.listening import remind, subscribe
from tests.server.reminders.working import AT, counted, left, sent_to, work_at
from tests.server.stores import rows


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_not_accepted_costs_nothing_if_it_is_mended_within_the_hour(
    server: RunningServer,
    service: PushService,
    pair: tuple[Phone, Phone],
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    to = subscribe(pair[0], service)
    remind(pair[0], AT)
    service.behaviour = Answer(status)
    before = server.state.metrics.text()
    work_at(server, AT)
    (due,) = rows(server, "SELECT due_at FROM reminders")
    service.behaviour = Answer()
    work_at(server, due["due_at"])
    assert sent_to(service) == [to.endpoint] * 2
    assert left(server) == []
    assert to.endpoint in [row["endpoint"] for row in rows(server, "SELECT endpoint FROM devices")]
    alarm = 'ajar_push_key_refused_total{service="further"}'
    assert counted(server.state.metrics.text(), alarm) == counted(before, alarm) + 1
    (line,) = [each for each in caplog.messages if "refuses our push key" in each]
    assert line.startswith("a host of AJAR_PUSH_HOSTS refuses")
    assert service.host not in line


def test_a_key_that_is_never_accepted_is_given_up_after_the_hour_and_said_once_an_hour(
    server: RunningServer,
    service: PushService,
    pair: tuple[Phone, Phone],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for phone in pair:
        subscribe(phone, service)
        remind(phone, AT)
    service.behaviour = Answer(403)

    async def one_worker() -> None:
        async with push_door(server.state) as door:
            worker = Worker(server.state, door)
            for now in range(AT, AT + 2 * rules.TOO_LATE, 60):
                server.clock.move_to(now)
                await worker.remind()
                await worker.sent()

    server.call(one_worker())
    assert left(server) == []
    assert len(sent_to(service)) > 10
    assert len([each for each in caplog.messages if "refuses our push key" in each]) == 1
    assert len(rows(server, "SELECT 1 FROM devices WHERE endpoint IS NOT NULL")) == 2
