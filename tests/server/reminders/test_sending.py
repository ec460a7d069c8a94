"""Due reminders, sent to a push service that does as it likes."""

from itertools import pairwise

import pytest

from ajar.reminders import rules, store
from tests.fakes.push_service import RESET, Answer, Behaviour, PushService
from tests.phone import DAY, Phone, new_pair
from tests.running_server import RunningServer
from tests.server.pairing.test_phones import add_phone
from tests.server.reminders.listening import body_of, remind, subscribe
from tests.server.reminders.working import AT, claim, left, sent_to, work_at
from tests.server.stores import rows


def instants_of_trying(server: RunningServer) -> list[int]:
    """When the one reminder of AT is tried, if the worker comes whenever it is due."""
    times = [AT]
    work_at(server, AT)
    while stored := rows(server, "SELECT due_at FROM reminders"):
        times.append(stored[0]["due_at"])
        work_at(server, times[-1])
    return times


def test_each_comes_once_at_its_instant_and_not_earlier(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    to = subscribe(alice, service)
    remind(alice, AT, AT + 60)
    work_at(server, AT - 1)
    assert sent_to(service) == []
    work_at(server, AT)
    assert sent_to(service) == [to.endpoint]
    server.work()
    work_at(server, AT + 59)
    assert sent_to(service) == [to.endpoint]
    work_at(server, AT + 60)
    assert sent_to(service) == [to.endpoint] * 2
    assert left(server) == []


def test_everybody_gets_the_same_bytes(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    phones = [alice, bob, add_phone(alice), *new_pair(server)]
    expected = sorted(subscribe(phone, service).endpoint for phone in phones)
    for phone in phones:
        remind(phone, AT)
    work_at(server, AT)
    assert sent_to(service) == expected
    assert len({delivery.plaintext for delivery in service.deliveries}) == 1
    assert len({len(delivery.body) for delivery in service.deliveries}) == 1


def test_nothing_but_a_reminder_ever_causes_a_push(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    for phone in pair:
        subscribe(phone, service)
        phone.answer(1, "open")
    for closes_at in alice.closes[:2]:
        server.close_round_at(closes_at)
    bob.request("POST", "/api/leave", {"tell_partner": True})
    server.close_round_at(alice.closes[2])
    work_at(server, alice.closes[-1] + 14 * DAY)
    assert sent_to(service) == []


@pytest.mark.parametrize("way", ["list", "subscription", "leaving", "removed", "both open"])
def test_what_was_taken_back_is_not_sent(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone], way: str
) -> None:
    alice, bob = pair
    tablet = add_phone(alice)
    subscribe(tablet, service)
    at = alice.closes[0]
    remind(tablet, at)
    match way:
        case "list":
            remind(tablet)
        case "subscription":
            tablet.request("DELETE", "/api/subscription")
        case "leaving":
            alice.request("POST", "/api/leave", {"tell_partner": False})
        case "removed":
            alice.request("DELETE", "/api/phones")
        case _:
            alice.answer(0, "open")
            bob.answer(0, "open")
    work_at(server, at)
    assert sent_to(service) == []
    assert left(server) == []


def test_a_reminder_of_a_phone_that_never_allowed_any_goes_with_its_instant(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    remind(pair[0], AT, AT + 60)
    work_at(server, AT)
    assert left(server) == [AT + 60]


def test_an_hour_late_is_too_late(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    to = subscribe(pair[0], service)
    remind(pair[0], AT, AT + 1)
    work_at(server, AT + rules.TOO_LATE + 1)
    assert sent_to(service) == [to.endpoint]
    assert left(server) == []


def test_a_busy_service_is_asked_again_when_it_says(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    to = subscribe(pair[0], service)
    remind(pair[0], AT)
    service.behaviour = Answer(429, {"Retry-After": "120"})
    work_at(server, AT)
    service.behaviour = Answer()
    work_at(server, AT + 119)
    assert sent_to(service) == [to.endpoint]
    work_at(server, AT + 120)
    server.work()
    assert sent_to(service) == [to.endpoint] * 2
    assert left(server) == []


@pytest.mark.parametrize("behaviour", [Answer(503), Answer(500), RESET], ids=str)
def test_a_service_in_trouble_is_asked_again_ever_later_until_it_is_too_late(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone], behaviour: Behaviour
) -> None:
    subscribe(pair[0], service)
    remind(pair[0], AT)
    service.behaviour = behaviour
    times = instants_of_trying(server)
    waits = [later - earlier for earlier, later in pairwise(times)]
    for attempt, wait in enumerate(waits[:-1], 1):
        usual = min(rules.FIRST_RETRY * 2**attempt, rules.LONGEST_RETRY)
        assert 0.75 * usual - 1 <= wait <= 1.25 * usual
    assert times[-1] == AT + rules.LAST_TRY
    assert sent_to(service) == [service.deliveries[0].endpoint] * len(times)


@pytest.mark.parametrize("told", ["99999999", "7200", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_service_that_says_to_wait_for_ever_is_asked_once_more_within_the_hour(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone], told: str
) -> None:
    subscribe(pair[0], service)
    remind(pair[0], AT)
    service.behaviour = Answer(429, {"Retry-After": told})
    assert instants_of_trying(server) == [AT, AT + rules.LAST_TRY]
    assert len(sent_to(service)) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_forgotten(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone], status: int
) -> None:
    alice, bob = pair
    gone, other = subscribe(alice, service), subscribe(bob, service)
    for phone in pair:
        remind(phone, AT, AT + 60)
    service.behaviours[gone.endpoint] = Answer(status)
    work_at(server, AT)
    work_at(server, AT + 60)
    assert sent_to(service) == sorted([gone.endpoint, other.endpoint, other.endpoint])
    stored = rows(server, "SELECT side, endpoint, p256dh, auth FROM devices ORDER BY side")
    assert tuple(stored[0].values()) == ("a", None, None, None)
    assert stored[1]["endpoint"] == other.endpoint


def test_a_subscription_saved_while_the_old_one_was_told_gone_stays(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    subscribe(alice, service)
    remind(alice, AT, AT + 60)
    server.clock.move_to(AT)
    (held,) = claim(server)
    newer = subscribe(alice, service)
    server.call(store.gone(server.state.database, held, AT))
    assert left(server) == [AT, AT + 60]
    work_at(server, AT)
    assert sent_to(service) == [newer.endpoint]
    work_at(server, AT + 60)
    assert sent_to(service) == [newer.endpoint] * 2
    assert left(server) == []


def test_a_lease_that_is_over_brings_no_reminder_back_when_its_subscription_is_gone(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    """The slow worker is told gone after another one has claimed, sent and settled."""
    alice, _ = pair
    subscribe(alice, service)
    remind(alice, AT)
    server.clock.move_to(AT)
    (held,) = claim(server)
    newer = subscribe(alice, service)
    work_at(server, AT + rules.LEASE)
    assert sent_to(service) == [newer.endpoint]
    server.call(store.gone(server.state.database, held, AT + rules.LEASE))
    work_at(server, AT + rules.LEASE)
    assert sent_to(service) == [newer.endpoint]


@pytest.mark.parametrize("status", [302, 400, 413, 451])
def test_a_refusal_is_not_tried_again_and_costs_no_subscription(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone], status: int
) -> None:
    to = subscribe(pair[0], service)
    remind(pair[0], AT, AT + 60)
    service.behaviour = Answer(status)
    work_at(server, AT)
    work_at(server, AT + 1)
    assert sent_to(service) == [to.endpoint]
    assert left(server) == [AT + 60]
    service.behaviour = Answer()
    work_at(server, AT + 60)
    assert sent_to(service) == [to.endpoint] * 2


def test_the_same_browser_in_two_seats_is_reminded_for_each(
    server: RunningServer, service: PushService, pair: tuple[Phone, Phone]
) -> None:
    """The same endpoint may stand twice: after a run, and its new one, on one phone."""
    alice, _ = pair
    next_run, _ = new_pair(server)
    to = subscribe(alice, service)
    assert next_run.request("PUT", "/api/subscription", body_of(to)).status_code == 204
    remind(alice, AT)
    remind(next_run, AT)
    work_at(server, AT)
    assert sent_to(service) == [to.endpoint] * 2
