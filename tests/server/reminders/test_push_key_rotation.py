"""The push key is changed; phones that have not opened the app since are reminded all the same."""

import dataclasses
import os
import subprocess
from contextlib import suppress
from itertools import count
from pathlib import Path

import httpx
import pytest

from ajar.app import push_door
from ajar.reminders import store
from ajar.reminders.push_keys import PushKeys, load_old, load_or_create, rotate
from ajar.state import State
from ajar.worker import Worker
from tests.fakes.push_crypto import base64url
from tests.fakes.push_service import PushService, Subscription
from tests.phone import Phone
from tests.running_server import RunningServer
from tests.server.process import COMMAND, environment, running
from tests.server.reminders.listening import body_of, remind, subscribe
from tests.server.reminders.working import AT, left, sent_to
from tests.server.stores import change, rows


def keys_in(directory: Path) -> list[PushKeys]:
    path = directory / "push-key.pem"
    return [load_or_create(path), *load_old(path)]


def test_the_key_before_is_kept_and_the_new_one_is_current(tmp_path: Path) -> None:
    path = tmp_path / "push-key.pem"
    first = load_or_create(path)
    assert load_old(path) == ()
    second = rotate(path)
    third = rotate(path)
    assert len({first.name, second.name, third.name}) == 3
    assert load_or_create(path) == third
    assert set(load_old(path)) == {first, second}
    assert {file.name for file in tmp_path.iterdir()} == {
        "push-key.pem",
        f"push-key-old-{first.name}.pem",
        f"push-key-old-{second.name}.pem",
    }
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


class Killed(BaseException):
    pass


@pytest.mark.parametrize("nth", range(3))
@pytest.mark.parametrize("step", ["link", "fsync", "replace", "open"])
def test_killed_at_any_step_no_key_is_lost_and_the_next_time_it_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, nth: int
) -> None:
    path = tmp_path / "push-key.pem"
    first = load_or_create(path)
    place = Path if step == "replace" else os
    real = getattr(place, step)
    calls = count()

    def killed(*arguments: object, **named: object) -> object:
        if next(calls) == nth:
            raise Killed
        return real(*arguments, **named)

    with monkeypatch.context() as patched, suppress(Killed):
        patched.setattr(place, step, killed)
        rotate(path)
    assert first in keys_in(tmp_path)
    before = load_or_create(path)
    after = rotate(path)
    assert keys_in(tmp_path)[0] == after
    assert {first, before} <= set(keys_in(tmp_path))


def test_an_old_key_that_others_can_read_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "push-key.pem"
    old = load_or_create(path)
    rotate(path)
    (tmp_path / f"push-key-old-{old.name}.pem").chmod(0o644)
    with pytest.raises(ValueError, match="Others can read"):
        load_old(path)


def rotated(server: RunningServer, tmp_path: Path) -> State:
    """The server's state as a process has it that was started after a rotation."""
    new = load_or_create(tmp_path / "another.pem")
    return dataclasses.replace(server.state, push_keys=new, old_push_keys=(server.state.push_keys,))


def work_with(server: RunningServer, state: State, instant: int) -> None:
    async def work() -> None:
        async with push_door(state) as door:
            worker = Worker(state, door)
            await worker.remind()
            await worker.sent()

    server.clock.move_to(instant)
    server.call(work())


def keys_used(service: PushService, to: Subscription) -> list[str]:
    return [
        base64url(each.token.key) for each in service.deliveries if each.endpoint == to.endpoint
    ]


def test_each_subscription_is_sent_to_with_the_key_it_was_made_for(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone], tmp_path: Path
) -> None:
    alice, bob = pair
    after = rotated(server, tmp_path)
    before = server.state
    old = subscribe(alice, service)
    server.app.state.ajar = after  # the web process, started anew
    try:
        new = subscribe(bob, service)
        # Alice's phone opens, is told of the new key, but saves what it has: its key stays.
        assert alice.request("PUT", "/api/subscription", body_of(old)).status_code == 204
    finally:
        server.app.state.ajar = before
    for phone in pair:
        remind(phone, AT)
    work_with(server, after, AT)
    assert keys_used(service, old) == [before.push_keys.public_b64url]
    assert keys_used(service, new) == [after.push_keys.public_b64url]
    assert left(server) == []


@pytest.mark.parametrize("refusing", [400, 401, 403])
def test_a_page_that_was_open_during_the_rotation_costs_one_refusal_and_no_reminder(
    server: RunningServer,
    service: PushService,
    pair: tuple[Phone, Phone],
    tmp_path: Path,
    refusing: int,
) -> None:
    """It subscribed with the key it had read before, and the server took it for the new one."""
    service.refusing = refusing
    alice, _ = pair
    after = rotated(server, tmp_path)
    to = subscribe(alice, service)
    service.keys_of[to.endpoint] = server.state.push_keys.public_b64url
    change(server, "UPDATE devices SET push_key = ? WHERE side = 'a'", after.push_keys.name)
    remind(alice, AT, AT + 60)
    for instant in (AT, AT + 60):
        work_with(server, after, instant)
    assert left(server) == []
    assert len(service.refused) == 1
    assert len(service.deliveries) == 2
    (device,) = rows(server, "SELECT push_key FROM devices WHERE side = 'a'")
    assert device["push_key"] == server.state.push_keys.name


def test_a_process_that_lacks_the_key_sends_nothing_and_keeps_the_reminder_for_one_that_has_it(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone], tmp_path: Path
) -> None:
    """The worker was not started anew."""
    alice, _ = pair
    after = rotated(server, tmp_path)
    to = subscribe(alice, service)
    change(server, "UPDATE devices SET push_key = ? WHERE side = 'a'", after.push_keys.name)
    remind(alice, AT)
    work_with(server, server.state, AT)
    assert sent_to(service) == []
    (reminder,) = rows(server, "SELECT due_at FROM reminders")
    work_with(server, after, reminder["due_at"])
    assert keys_used(service, to) == [after.push_keys.public_b64url]
    assert left(server) == []


def test_the_command_rotates_and_the_next_start_offers_the_new_key(tmp_path: Path) -> None:
    data = tmp_path / "data"
    offered: list[str] = []
    for start in range(2):
        with running(data, {}) as process:
            offered.append(httpx.get(f"{process.url}/api/config").json()["push_key"])
        if start == 0:
            said = subprocess.run(
                [*COMMAND, "rotate-push-key"],
                env=environment(data, 8000, {}),
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            assert "Start every process of Ajar anew" in said
    first, second = offered
    assert first != second
    assert [keys.public_b64url for keys in keys_in(data)] == [second, first]


def test_subscriptions_from_before_keys_were_told_apart_are_the_old_ones(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone], tmp_path: Path
) -> None:
    alice, _ = pair
    old = subscribe(alice, service)
    change(server, "UPDATE devices SET push_key = NULL")
    server.call(store.name_push_key(server.state.database, server.state.push_keys.name))
    named = rows(server, "SELECT side, push_key FROM devices ORDER BY side")
    assert [row["push_key"] for row in named] == [server.state.push_keys.name, None]
    remind(alice, AT)
    work_with(server, rotated(server, tmp_path), AT)
    assert keys_used(service, old) == [server.state.push_keys.public_b64url]
