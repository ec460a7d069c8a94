"""What the operator may count: reminders by what became of them, never whose or where."""

import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from ajar.reminders import rules
from ajar.worker import Worker
from tests.fakes.push_service import RESET, Answer, Behaviour, PushService
from tests.phone import Phone, new_pair
from tests.running_server import RunningServer
from tests.server.process import COMMAND, NO_TLS, PATIENCE, Process, free_port
from tests.server.reminders.listening import remind, subscribe
from tests.server.reminders.working import AT, counted, work_at

RESULTS = ("sent", "late", "gone", "refused", "retried")


def counts(server: RunningServer) -> Counter[str]:
    text = server.state.metrics.text()
    became = {each: counted(text, f'ajar_reminders_total{{result="{each}"}}') for each in RESULTS}
    return Counter(became | {"due": counted(text, "ajar_reminders_due_total")})


@pytest.mark.parametrize(
    ("behaviour", "became"),
    [
        (Answer(), "sent"),
        (Answer(410), "gone"),
        (Answer(413), "refused"),
        (Answer(429), "retried"),
        (Answer(403), "retried"),
        (RESET, "retried"),
    ],
    ids=str,
)
def test_each_reminder_is_counted_as_due_and_as_what_became_of_it(
    server: RunningServer, service: PushService, behaviour: Behaviour, became: str
) -> None:
    for phone in (*new_pair(server), *new_pair(server)):
        subscribe(phone, service)
        remind(phone, AT)
    service.behaviour = behaviour
    before = counts(server)
    work_at(server, AT)
    assert counts(server) - before == Counter({"due": 4, became: 4})


def test_a_reminder_is_due_once_and_late_when_its_hour_is_over(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    for phone in pair:
        subscribe(phone, service)
        remind(phone, AT)
    service.behaviour = Answer(503)
    before = counts(server)
    for now in range(AT, AT + rules.TOO_LATE + 60, 60):
        work_at(server, now)
    since = counts(server) - before
    assert (since["due"], since["late"], since["sent"]) == (2, 2, 0)
    assert since["retried"] == len(service.deliveries) - 2


def test_those_that_no_worker_came_for_in_their_hour_are_late(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    subscribe(pair[0], service)
    remind(pair[0], AT, AT + 60)
    before = counts(server)
    work_at(server, AT + rules.TOO_LATE + 1)
    assert counts(server) - before == Counter({"late": 1, "due": 1, "sent": 1})
    assert len(service.deliveries) == 1


def test_a_worker_beside_the_web_process_shows_its_own_counts(tmp_path: Path) -> None:
    port = free_port()
    worker = Process(tmp_path / "data", {"AJAR_METRICS_PORT": str(port)}, (*COMMAND, "worker"))
    try:
        until = time.monotonic() + PATIENCE
        text = ""
        with httpx.Client(verify=NO_TLS) as http:
            while not text:
                assert time.monotonic() < until
                with suppress(httpx.ConnectError):
                    text = http.get(f"http://127.0.0.1:{port}/metrics").text
                time.sleep(0.02)
        assert "# TYPE ajar_reminders_total counter" in text
        worker.signal(signal.SIGTERM)
        assert worker.wait() == 0
    finally:
        worker.stop()


def test_an_alarm_names_a_known_service_or_says_further(server: RunningServer) -> None:
    """Never a host that a phone or an operator named, nor one of many below a known name."""

    async def alarms() -> None:
        worker = Worker(server.state, None)  # type: ignore[arg-type]  # it sends nothing
        for service in ("push.apple.com", "notify.windows.com", "push.example.org:8443", ""):
            worker._alarm(service, AT)

    server.call(alarms())
    text = server.state.metrics.text()
    named = {line.split('"')[1] for line in text.splitlines() if "key_refused_total{" in line}
    assert named >= {"push.apple.com", "notify.windows.com", "further"}
    assert "example.org" not in text
