"""From the server's door to a notification in a real Chromium, with the least of pages between.

That every piece on the way is real but Google's own machines: the subscription, its encryption,
the request under the push service's own name and certificate, and the notification.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from ajar.reminders.push_keys import PushKeys, load_or_create
from ajar.reminders.webpush import PushDoor, Receipt, Sent, payload
from tests.e2e.push_browser import (
    Notification,
    PushNetwork,
    push_browser,
    push_network,
    shown_notifications,
)
from tests.fakes.google_push import ENDPOINT_NAMES
from tests.fakes.push_crypto import from_base64url

NAMES_HERE = frozenset(ENDPOINT_NAMES)  # an operator's own may be anywhere
PAYLOAD = payload("https://ajar.example.org")
NEUTRAL = Notification("Reminder", "You asked to be reminded.")
PAGE = Path(__file__).parent / "push_page"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(PAGE))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def network() -> Iterator[PushNetwork]:
    with push_network(time.time) as running:
        yield running


@pytest.fixture(scope="module")
def phone(
    playwright: Playwright,
    network: PushNetwork,
    origin: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Page]:
    """A browser that lives through all these tests: starting one is what takes the time."""
    profile = tmp_path_factory.mktemp("profile")
    with push_browser(playwright, network, profile, origin) as context:
        yield open_page(context, origin)


@pytest.fixture(autouse=True)
def afresh(network: PushNetwork, phone: Page) -> None:
    network.forget()
    phone.evaluate("unsubscribe()")
    phone.reload()


@pytest.fixture
def keys(tmp_path: Path) -> PushKeys:
    return load_or_create(tmp_path / "push.pem")


def open_page(context: BrowserContext, origin: str) -> Page:
    page = context.new_page()
    page.goto(origin)
    page.evaluate("navigator.serviceWorker.ready")
    return page


def subscribe(page: Page, keys: PushKeys) -> dict[str, Any]:
    subscription: dict[str, Any] = page.evaluate("key => subscribe(key)", keys.public_b64url)
    return subscription


def send(network: PushNetwork, keys: PushKeys, *subscriptions: dict[str, Any]) -> list[Receipt]:
    """One reminder to each, by a door that finds Google's names here."""

    async def main() -> list[Receipt]:
        door = PushDoor(keys, "mailto:host@example.org", PAYLOAD, NAMES_HERE, time.time)
        async with network.lead_here(door):
            return [
                await door.send(
                    one["endpoint"],
                    from_base64url(one["keys"]["p256dh"]),
                    from_base64url(one["keys"]["auth"]),
                )
                for one in subscriptions
            ]

    # Playwright's own loop runs in this thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, main()).result()


def test_a_reminder_reaches_a_real_browser_and_is_shown(
    network: PushNetwork, phone: Page, keys: PushKeys
) -> None:
    subscription = subscribe(phone, keys)
    assert send(network, keys, subscription) == [Receipt(Sent.DONE)]
    assert shown_notifications(phone) == [NEUTRAL]
    [push] = network.wait_for_pushes(1)
    assert push.endpoint == subscription["endpoint"]
    phone.wait_for_function("messages.length")
    assert phone.evaluate("messages") == [PAYLOAD.decode()]


def test_another_phone_is_told_the_same_bytes_and_a_reminder_waits_for_one_that_is_away(
    playwright: Playwright,
    network: PushNetwork,
    phone: Page,
    keys: PushKeys,
    origin: str,
    tmp_path: Path,
) -> None:
    subscription = subscribe(phone, keys)
    with push_browser(playwright, network, tmp_path / "other", origin) as context:
        other_subscription = subscribe(open_page(context, origin), keys)
    assert send(network, keys, subscription, other_subscription) == [Receipt(Sent.DONE)] * 2
    with push_browser(playwright, network, tmp_path / "other", origin) as context:
        other = open_page(context, origin)
        assert shown_notifications(other) == [NEUTRAL]
        # The push may have come before the page; the next one finds it open.
        assert send(network, keys, other_subscription) == [Receipt(Sent.DONE)]
        other.wait_for_function("messages.length")
        phone.wait_for_function("messages.length")
        assert set(phone.evaluate("messages") + other.evaluate("messages")) == {PAYLOAD.decode()}
    first, second, _ = network.wait_for_pushes(3)
    assert first.endpoint != second.endpoint
    assert first.body != second.body
    assert len(first.body) == len(second.body)


def test_a_reminder_comes_through_a_connection_that_broke(
    network: PushNetwork, phone: Page, keys: PushKeys
) -> None:
    subscription = subscribe(phone, keys)
    network.hang_up()
    assert send(network, keys, subscription) == [Receipt(Sent.DONE)]
    phone.wait_for_function("messages.length")
    assert phone.evaluate("messages") == [PAYLOAD.decode()]


def test_a_subscription_that_was_given_up_is_gone(
    network: PushNetwork, phone: Page, keys: PushKeys
) -> None:
    subscription = subscribe(phone, keys)
    assert phone.evaluate("unsubscribe()") is True
    assert send(network, keys, subscription) == [Receipt(Sent.GONE)]


def test_a_stranger_with_another_key_cannot_send(
    network: PushNetwork, phone: Page, keys: PushKeys, tmp_path: Path
) -> None:
    stranger = load_or_create(tmp_path / "stranger.pem")
    subscription = subscribe(phone, keys)
    assert send(network, stranger, subscription) == [Receipt(Sent.DENIED)]
    assert network.google.pushes == []
