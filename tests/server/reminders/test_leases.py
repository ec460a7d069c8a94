"""A due reminder is held by one worker at a time: claimed with a lease, settled with its fence."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ajar.reminders import rules, store
from ajar.reminders.store import Claimed
from tests.phone import Phone
from tests.running_server import START, RunningServer
from tests.server.reminders.listening import remind
from tests.server.reminders.test_reminders import subscription
from tests.server.stores import rows

AT = START + 600


@pytest.fixture
def server(emptied: RunningServer) -> RunningServer:
    return emptied


def claim(server: RunningServer, limit: int = 100) -> list[Claimed]:
    now = int(server.clock.now())
    return server.call(store.claim(server.state.database, now, limit))


def subscribe(phone: Phone) -> None:
    reply = phone.request("PUT", "/api/subscription", subscription("x"))
    assert reply.status_code == 204


def test_two_claims_at_once_never_hold_the_same(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    for phone in pair:
        subscribe(phone)
        remind(phone, *range(AT, AT + 10))
    server.clock.move_to(AT + 10)

    async def race() -> list[list[Claimed]]:
        database = server.state.database
        return await asyncio.gather(*(store.claim(database, AT + 10, 7) for _ in range(5)))

    batches = server.call(race())
    held = [(each.pair_id, each.device_id, each.at) for batch in batches for each in batch]
    assert [len(batch) for batch in batches] == [7, 7, 6, 0, 0]
    assert len(set(held)) == 20
    assert len({each.fence for batch in batches for each in batch}) == 3


def test_the_oldest_are_claimed_first(server: RunningServer, pair: tuple[Phone, Phone]) -> None:
    subscribe(pair[0])
    remind(pair[0], *range(AT, AT + 10))
    server.clock.move_to(AT + 10)
    assert sorted(each.at for each in claim(server, 3)) == [AT, AT + 1, AT + 2]


def test_a_lease_that_ends_can_be_claimed_again_and_the_old_holder_settles_nothing(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    """A worker was killed, or slept, between sending and saying so."""
    subscribe(pair[0])
    remind(pair[0], AT)
    server.clock.move_to(AT)
    (first,) = claim(server)
    server.clock.move_to(AT + rules.LEASE - 1)
    assert claim(server) == []
    server.clock.move_to(AT + rules.LEASE)
    (second,) = claim(server)
    assert second.fence != first.fence
    assert second.attempts == first.attempts + 1

    held = rows(server, "SELECT * FROM reminders")
    database = server.state.database
    server.call(store.settle(database, [first]))
    server.call(store.try_again(database, first, AT + 1))
    assert rows(server, "SELECT * FROM reminders") == held
    server.call(store.settle(database, [second]))
    assert rows(server, "SELECT * FROM reminders") == []
    server.call(store.settle(database, [second]))


def test_one_that_is_put_back_belongs_to_nobody_until_it_is_due(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    subscribe(pair[0])
    remind(pair[0], AT)
    server.clock.move_to(AT)
    (held,) = claim(server)
    server.call(store.try_again(server.state.database, held, AT + 90))
    server.call(store.settle(server.state.database, [held]))
    server.clock.move_to(AT + 89)
    assert claim(server) == []
    server.clock.move_to(AT + 90)
    assert [each.attempts for each in claim(server)] == [2]


@given(
    at=st.integers(0, 2**40),
    after=st.integers(0, 2 * rules.TOO_LATE),
    attempts=st.integers(1, 200),
    asked=st.none() | st.floats(0, 1e9),
    spread=st.floats(0, 1, exclude_max=True),
)
def test_the_next_attempt_lies_ahead_as_told_and_within_the_reminders_hour(
    at: int, after: int, attempts: int, asked: float | None, spread: float
) -> None:
    now, last = at + after, at + rules.TOO_LATE - rules.LEASE
    due_at = rules.retry_at(at, now, attempts, asked, spread)
    if due_at is None:
        assert now >= last
        return
    assert now < due_at <= last
    if asked is None:
        assert due_at <= now + 1.25 * rules.LONGEST_RETRY
    elif due_at < last:
        assert 0 <= due_at - (now + asked) <= 1
