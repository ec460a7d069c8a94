"""One push service that hangs, drips, resets or lies delays no reminder of another's."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable

import pytest

from ajar.app import push_door
from ajar.reminders.push_hosts import PUSH_SERVICES, service_of
from ajar.reminders.webpush import TIMEOUT
from ajar.worker import BATCH, SENDS_TO_ONE_SERVICE, Worker
from tests.fakes.push_service import DRIP, HANG, RESET, Answer, Behaviour, PushService, Raw
from tests.phone import Phone
from tests.running_server import RunningServer
from tests.server.reminders.test_push_hosts import REAL
from tests.server.reminders.working import AT
from tests.server.stores import change_many, rows

MANY = 3 * SENDS_TO_ONE_SERVICE
BAD: dict[str, Behaviour] = {
    "hangs": HANG,
    "drips": DRIP,
    "resets": RESET,
    "is busy": Answer(429, {"Retry-After": "1"}),
    "is down": Answer(503),
    "lies about when": Answer(429, {"Retry-After": "31536000"}),
    "lies about its language": Raw(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "refuses us": Answer(403),
}
Told = Callable[[Worker, PushService, PushService], Awaitable[None]]


@pytest.fixture
def server(emptied: RunningServer) -> RunningServer:
    return emptied


def many_due(server: RunningServer, pair: tuple[Phone, Phone], to: PushService, count: int) -> None:
    """Further devices of one side, each with a subscription and a reminder of AT."""
    of = rows(server, "SELECT pair_id, claim_hash FROM devices WHERE side = ?", pair[0].side)[0]
    subscriptions = [to.subscribe() for _ in range(count)]
    names = [each.endpoint.removeprefix("http://127.0.0.1:") for each in subscriptions]
    change_many(
        server,
        "INSERT INTO devices (pair_id, device_id, side, token_hash, claim_hash, endpoint, p256dh,"
        " auth, service) VALUES (?, ?, 'a', randomblob(32), ?, ?, ?, ?, ?)",
        [
            (of["pair_id"], name, of["claim_hash"], each.endpoint, each.p256dh, each.auth, to.host)
            for name, each in zip(names, subscriptions, strict=True)
        ],
    )
    change_many(
        server,
        "INSERT INTO reminders (pair_id, device_id, at, due_at) VALUES (?, ?, ?, ?)",
        [(of["pair_id"], name, AT, AT) for name in names],
    )


def with_two_services(
    server: RunningServer, pair: tuple[Phone, Phone], how: Behaviour, quick_ones: int, told: Told
) -> None:
    """A worker at work, for whom three times as many are due as it has hands at a service that
    is slow, and after these some at one that is quick.
    """

    async def main() -> None:
        clock = server.clock.now
        async with PushService(clock) as slow, PushService(clock) as quick:
            slow.behaviour = how
            many_due(server, pair, slow, MANY)
            many_due(server, pair, quick, quick_ones)
            server.clock.move_to(AT + 1)
            hosts = frozenset({slow.host, quick.host})
            settings = dataclasses.replace(server.settings, push_hosts=hosts)
            state = dataclasses.replace(server.state, settings=settings)
            async with push_door(state) as door:
                worker = Worker(state, door, every=0.05)
                working = asyncio.create_task(worker.run())
                try:
                    await told(worker, slow, quick)
                finally:
                    worker.stop()
                    await slow.__aexit__()  # those that hang are let go
                    await working

    server.call(main())


async def arrived(service: PushService, count: int) -> None:
    """Before the first that hang are given up and free their hands."""
    async with asyncio.timeout(TIMEOUT - 1), service.arrived:
        await service.arrived.wait_for(lambda: len(service.deliveries) >= count)


@pytest.mark.parametrize("how", BAD)
def test_reminders_of_another_service_come_while_this_one(
    server: RunningServer, pair: tuple[Phone, Phone], how: str
) -> None:
    async def told(worker: Worker, slow: PushService, quick: PushService) -> None:
        await arrived(quick, BATCH + 10)
        assert len({each.endpoint for each in quick.deliveries}) == BATCH + 10
        assert len(quick.deliveries) == BATCH + 10

    with_two_services(server, pair, BAD[how], BATCH + 10, told)


def test_no_more_are_in_hand_for_one_service_than_it_has_hands(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    """And those of the other keep coming, past one batch and past all its hands."""

    async def told(worker: Worker, slow: PushService, quick: PushService) -> None:
        await arrived(slow, SENDS_TO_ONE_SERVICE)
        await arrived(quick, MANY)
        assert len(slow.deliveries) == SENDS_TO_ONE_SERVICE
        assert len({each.endpoint for each in quick.deliveries}) == MANY == len(quick.deliveries)

    with_two_services(server, pair, HANG, MANY, told)


@pytest.mark.parametrize("name", REAL)
def test_a_subscription_is_known_by_its_service(name: str) -> None:
    assert service_of(REAL[name]) in PUSH_SERVICES
