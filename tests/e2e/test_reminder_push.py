"""A reminder of the real app, from the tap that sets it to the notification at its instant."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, Request, expect

from ajar.app import push_door
from ajar.reminders.webpush import payload
from tests.e2e.person import Person
from tests.e2e.push_browser import (
    Notification,
    PushNetwork,
    push_browser,
    push_network,
    shown_notifications,
)
from tests.e2e.test_reminders_screen import words_kept
from tests.fakes.google_push import ENDPOINT_NAMES
from tests.phone import HOUR
from tests.running_server import RunningServer, TestClock

NEUTRAL = Notification("Reminder", "You asked to be reminded.")


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def network(clock: TestClock) -> Iterator[PushNetwork]:
    with push_network(clock.now) as running:
        yield running


@pytest.fixture
def server(tmp_path: Path, clock: TestClock, network: PushNetwork) -> Iterator[RunningServer]:
    """As ever, but Google's push service is the one on this machine."""
    with RunningServer(
        tmp_path / "data",
        {"AJAR_PUSH_HOSTS": ",".join(ENDPOINT_NAMES)},  # so that they may be on this machine
        clock=clock,
        open_door=lambda state: network.lead_here(push_door(state)),
    ) as running:
        yield running


@pytest.fixture
def alice(
    playwright: Playwright, network: PushNetwork, server: RunningServer, tmp_path: Path
) -> Iterator[Person]:
    with push_browser(playwright, network, tmp_path / "alice", server.url) as context:
        yield Person(context, server.url, server.clock.now())


@pytest.fixture
def bob(
    playwright: Playwright, network: PushNetwork, server: RunningServer, tmp_path: Path
) -> Iterator[Person]:
    with push_browser(playwright, network, tmp_path / "bob", server.url) as context:
        yield Person(context, server.url, server.clock.now())


def asks_to_be_reminded(person: Person, hours: int) -> int:
    """From home; returns the instant of the first reminder, as the phone was told the closes."""
    person.press("Reminders")
    person.sees("Reminders")
    person.page.get_by_role("radio", name="Some hours before").check()
    person.page.get_by_label("How many hours before the close").select_option(str(hours))
    person.press("Turn reminders on")
    # A browser checks in with its push service a little after it was started.
    expect(person.page.get_by_role("main")).to_contain_text("Reminders are on.", timeout=30_000)
    closes: list[int] = person.page.evaluate(
        "async () => (await (await fetch('/api/pair')).json()).closes"
    )
    return closes[0] - hours * HOUR


def listens_in(person: Person) -> None:
    """Also writes down what a push said, which the app itself does not look at, and notices when
    the app's notification has been shown.
    """
    [worker] = person.context.service_workers
    worker.evaluate(
        """() => {
            self.heard = [];
            self.addEventListener('push', event => heard.push(event.data.text()));
            const show = registration.showNotification.bind(registration);
            self.shown = new Promise(resolve => {
                registration.showNotification = (...words) => show(...words).then(resolve);
            });
        }"""
    )


def wait_until_shown(person: Person) -> None:
    [worker] = person.context.service_workers
    worker.evaluate("() => self.shown")


def heard(person: Person) -> list[str]:
    [worker] = person.context.service_workers
    told: list[str] = worker.evaluate("heard")
    return told


def test_reminders_arrive_at_their_instant_and_say_the_same_to_both(
    server: RunningServer, network: PushNetwork, alice: Person, bob: Person
) -> None:
    link = alice.invites()
    alice.goes_to_first_round()
    bob.joins(link)
    due = {asks_to_be_reminded(person, hours=3) for person in (alice, bob)}
    assert len(due) == 1
    instant = due.pop()

    bob.press("Back")
    bob.answers("open")
    server.clock.move_to(instant - 1)
    server.work()
    assert network.google.pushes == []

    listens_in(alice)
    listens_in(bob)
    network.wait_for_browsers(2)
    server.clock.move_to(instant)
    server.work()
    first, second = network.wait_for_pushes(2)
    for person in (alice, bob):
        wait_until_shown(person)
        assert shown_notifications(person.page) == [NEUTRAL]
    assert heard(alice) == heard(bob) == [payload(server.url).decode()]
    assert first.endpoint != second.endpoint
    assert first.body != second.body
    assert len(first.body) == len(second.body)
    assert dict(first.headers) == dict(second.headers)

    server.work()
    assert len(network.google.pushes) == 2


def test_a_reminder_comes_while_the_app_is_closed(
    server: RunningServer, network: PushNetwork, alice: Person
) -> None:
    alice.invites()
    alice.goes_to_first_round()
    instant = asks_to_be_reminded(alice, hours=24)
    network.wait_for_browsers(1)
    alice.page.close()
    server.clock.move_to(instant)
    server.work()
    network.wait_for_pushes(1)
    alice.page = alice.context.new_page()
    alice.open()
    assert shown_notifications(alice.page) == [NEUTRAL]


def test_words_that_were_chosen_are_shown_and_cross_no_line(
    server: RunningServer, network: PushNetwork, alice: Person
) -> None:
    alice.invites()
    alice.goes_to_first_round()
    bodies: list[str] = []
    alice.page.on("request", lambda request: bodies.append(request.post_data or ""))
    instant = asks_to_be_reminded(alice, hours=24)
    alice.page.locator("summary", has_text="Other words").click()
    alice.page.get_by_role("radio", name="Words of my own").check()
    alice.page.get_by_label("First line").fill("Plants")
    alice.page.get_by_label("Second line").fill("Water them.")
    while (words_kept(alice.page) or {}).get("body") != "Water them.":
        alice.page.wait_for_timeout(50)
    network.wait_for_browsers(1)
    alice.page.close()
    server.clock.move_to(instant)
    server.work()
    network.wait_for_pushes(1)
    alice.page = alice.context.new_page()
    alice.open()
    assert shown_notifications(alice.page) == [Notification("Plants", "Water them.")]
    assert not [body for body in bodies if "Plants" in body]


def test_a_permission_taken_back_ends_reminders_at_the_next_start(
    server: RunningServer, network: PushNetwork, alice: Person
) -> None:
    alice.invites()
    alice.goes_to_first_round()
    instant = asks_to_be_reminded(alice, hours=3)
    alice.context.clear_permissions()
    with alice.page.expect_request(_takes_the_subscription_away):
        alice.reopen()
    alice.press("Reminders")
    expect(alice.page.get_by_role("main")).not_to_contain_text("Reminders are on.")
    expect(alice.page.get_by_role("button", name="Turn reminders on")).to_be_visible()
    server.clock.move_to(instant)
    server.work()
    assert network.google.pushes == []
    assert network.google.refused == []


def _takes_the_subscription_away(request: Request) -> bool:
    return request.method == "DELETE" and request.url.endswith("/api/subscription")


def test_a_subscription_that_was_lost_is_renewed_at_the_next_start(
    server: RunningServer, network: PushNetwork, alice: Person
) -> None:
    alice.invites()
    alice.goes_to_first_round()
    instant = asks_to_be_reminded(alice, hours=3)
    alice.page.evaluate(
        """async () => {
            const { pushManager } = await navigator.serviceWorker.ready;
            await (await pushManager.getSubscription()).unsubscribe();
        }"""
    )
    alice.reopen()
    alice.press("Reminders")
    expect(alice.page.get_by_role("main")).to_contain_text("Reminders are on.", timeout=30_000)
    network.wait_for_browsers(1)
    server.clock.move_to(instant)
    server.work()
    network.wait_for_pushes(1)
    assert shown_notifications(alice.page) == [NEUTRAL]


def test_an_app_that_stays_open_renews_when_it_is_looked_at_again(
    server: RunningServer, network: PushNetwork, alice: Person
) -> None:
    alice.invites()
    alice.goes_to_first_round()
    asks_to_be_reminded(alice, hours=3)
    alice.press("Back")
    alice.sees("This round")
    alice.lives_until(HOUR + 1, since=0)
    look = "() => dispatchEvent(new Event('focus'))"
    with alice.page.expect_request(_sets_reminders):
        alice.page.evaluate(look)
    # Not at every glance, though.
    asked: list[Request] = []
    alice.page.on("request", lambda request: asked.append(request))
    with alice.page.expect_request("**/api/pair"):
        alice.page.evaluate(look)
    assert not [request for request in asked if _sets_reminders(request)]


def _sets_reminders(request: Request) -> bool:
    return request.method == "PUT" and request.url.endswith("/api/reminders")


def test_off_without_a_connection_is_off_at_once_and_told_later(
    server: RunningServer, network: PushNetwork, alice: Person
) -> None:
    alice.invites()
    alice.goes_to_first_round()
    instant = asks_to_be_reminded(alice, hours=3)
    alice.context.set_offline(True)
    alice.press("Turn reminders off")
    alice.reads("Reminders are off, and none comes to this phone.")
    subscribed = "async () => (await navigator.serviceWorker.ready).pushManager.getSubscription()"
    assert alice.page.evaluate(subscribed) is None
    alice.context.set_offline(False)
    with alice.page.expect_request(_takes_the_subscription_away):
        alice.reopen()
    alice.press("Reminders")
    alice.reads("Reminders are off.")
    server.clock.move_to(instant)
    server.work()
    assert network.google.pushes == []


def test_reminders_that_were_turned_off_do_not_come(
    server: RunningServer, network: PushNetwork, alice: Person
) -> None:
    alice.invites()
    alice.goes_to_first_round()
    instant = asks_to_be_reminded(alice, hours=1)
    alice.press("Turn reminders off")
    alice.reads("Reminders are off.")
    server.clock.move_to(instant)
    server.work()
    assert network.google.pushes == []
    assert network.google.refused == []
