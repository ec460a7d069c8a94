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
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from ajar.reminders.push_keys import PushKeys, load_or_create
from ajar.reminders.webpush import PushDoor, Receipt, Sent, payload
from tests.e2e.push_browser import (
    Notification,
    PushNetwork,
    push_browser,
    push_network,
    shown_notifications,
)
from tests.fakes.push_crypto import from_base64url

PAYLOAD = payload("https://ajar.example.org")
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
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture
def network() -> Iterator[PushNetwork]:
    with push_network(time.time) as running:
        yield running


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
        google = network.google
        async with PushDoor(
            keys,
            "mailto:host@example.org",
            PAYLOAD,
            frozenset(),
            time.time,
            resolver=google.resolver,
            tls=google.tls,
        ) as door:
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
    playwright: Playwright, network: PushNetwork, keys: PushKeys, origin: str, tmp_path: Path
) -> None:
    with push_browser(playwright, network, tmp_path / "profile", origin) as phone:
        page = open_page(phone, origin)
        subscription = subscribe(page, keys)
        assert send(network, keys, subscription) == [Receipt(Sent.DONE)]
        assert shown_notifications(page) == [Notification("Reminder", "You asked to be reminded.")]
        [push] = network.wait_for_pushes(1)
        assert push.endpoint == subscription["endpoint"]
        page.wait_for_function("messages.length")
        assert page.evaluate("messages") == [PAYLOAD.decode()]


def test_two_phones_are_told_the_same_bytes(
    playwright: Playwright, network: PushNetwork, keys: PushKeys, origin: str, tmp_path: Path
) -> None:
    with (
        push_browser(playwright, network, tmp_path / "one", origin) as one,
        push_browser(playwright, network, tmp_path / "other", origin) as other,
    ):
        pages = [open_page(phone, origin) for phone in (one, other)]
        subscriptions = [subscribe(page, keys) for page in pages]
        assert send(network, keys, *subscriptions) == [Receipt(Sent.DONE)] * 2
        for page in pages:
            page.wait_for_function("messages.length")
        assert [page.evaluate("messages") for page in pages] == [[PAYLOAD.decode()]] * 2
    first, second = network.wait_for_pushes(2)
    assert first.endpoint != second.endpoint
    assert first.body != second.body
    assert len(first.body) == len(second.body)


def test_a_reminder_waits_for_a_browser_that_is_away(
    playwright: Playwright, network: PushNetwork, keys: PushKeys, origin: str, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with push_browser(playwright, network, profile, origin) as phone:
        subscription = subscribe(open_page(phone, origin), keys)
    assert send(network, keys, subscription) == [Receipt(Sent.DONE)]
    with push_browser(playwright, network, profile, origin) as phone:
        page = open_page(phone, origin)
        assert shown_notifications(page) == [Notification("Reminder", "You asked to be reminded.")]


def test_a_subscription_that_was_given_up_is_gone(
    playwright: Playwright, network: PushNetwork, keys: PushKeys, origin: str, tmp_path: Path
) -> None:
    with push_browser(playwright, network, tmp_path / "profile", origin) as phone:
        page = open_page(phone, origin)
        subscription = subscribe(page, keys)
        assert page.evaluate("unsubscribe()") is True
        assert send(network, keys, subscription) == [Receipt(Sent.GONE)]


def test_a_stranger_with_another_key_cannot_send(
    playwright: Playwright, network: PushNetwork, keys: PushKeys, origin: str, tmp_path: Path
) -> None:
    stranger = load_or_create(tmp_path / "stranger.pem")
    with push_browser(playwright, network, tmp_path / "profile", origin) as phone:
        subscription = subscribe(open_page(phone, origin), keys)
        assert send(network, stranger, subscription) == [Receipt(Sent.REFUSED)]
    assert network.google.pushes == []
