"""A real Chromium that really subscribes to push, and what it shows when a message arrives.

Needs a profile of its own: Chromium has no push in a private window. Its push traffic goes to a
`GooglePush` on this machine, which runs in a thread of its own, so that a test can drive both.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio import fail_after
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import BrowserContext, Page, Playwright

from ajar.reminders.webpush import PushDoor
from tests.e2e.chromium import FLAGS, phone
from tests.fakes.google_push import GooglePush, Push


@dataclass(frozen=True)
class PushNetwork:
    """Google's push service of one test, for use from the test's own thread."""

    google: GooglePush
    portal: BlockingPortal

    def lead_here(self, door: PushDoor) -> PushDoor:
        """`door`, not yet opened, will find Google's names here and trust who answers to them."""
        return door.by_way_of(self.google.resolver, self.google.tls)

    def wait_for_pushes(self, count: int, seconds: float = 20) -> list[Push]:
        """All pushes so far, once there are `count`. NotAccepted, or TimeoutError."""
        return self.portal.call(_in_time, self.google, count, seconds)

    def wait_for_browsers(self, count: int, seconds: float = 60) -> None:
        """Until so many browsers are there to be handed a message at once. TimeoutError else."""
        self.portal.call(_connected, self.google, count, seconds)

    def hang_up(self) -> None:
        """Drops the browsers' connections; they come back by themselves."""
        self.portal.call(self.google.hang_up)

    def forget(self) -> None:
        """Nothing has arrived so far, for the next test's sake."""
        self.google.pushes.clear()
        self.google.refused.clear()


async def _in_time(google: GooglePush, count: int, seconds: float) -> list[Push]:
    with fail_after(seconds):
        return await google.wait_for_pushes(count)


async def _connected(google: GooglePush, count: int, seconds: float) -> None:
    with fail_after(seconds):
        await google.wait_for_browsers(count)


@contextmanager
def push_network(clock: Callable[[], float]) -> Iterator[PushNetwork]:
    """`clock`: UTC seconds by which the application server signs its tokens."""
    with start_blocking_portal("asyncio") as portal:
        google = GooglePush(clock)
        with portal.wrap_async_context_manager(google):
            yield PushNetwork(google, portal)


@contextmanager
def push_browser(
    playwright: Playwright, network: PushNetwork, profile: Path, origin: str
) -> Iterator[BrowserContext]:
    """A phone: headless Chromium with a new or known profile, allowed to notify at `origin`."""
    with phone(playwright, profile, [*FLAGS, *network.google.chromium_flags]) as context:
        context.grant_permissions(["notifications"], origin=origin)
        yield context


@dataclass(frozen=True)
class Notification:
    title: str
    body: str


def shown_notifications(page: Page, seconds: float = 60) -> list[Notification]:
    """What the page's service worker shows, as soon as it shows anything. TimeoutError else.

    Asked from outside the page, because a test may hold the page's own clock; and seldom, because
    asking is no mere looking: Chromium forgets a notification that it has stored and not yet put
    on screen when it is asked at that very moment.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page.wait_for_timeout(1_000)
        shown: list[dict[str, str]] = page.evaluate(
            """async () => {
                const registration = await navigator.serviceWorker.ready;
                const shown = await registration.getNotifications();
                return shown.map(({title, body}) => ({title, body}));
            }"""
        )
        if shown:
            return [Notification(one["title"], one["body"]) for one in shown]
    raise TimeoutError("no notification was shown")
