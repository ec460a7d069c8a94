"""A real Chromium that really subscribes to push, and what it shows when a message arrives.

Needs a profile of its own: Chromium has no push in a private window. Its push traffic goes to a
`GooglePush` on this machine, which runs in a thread of its own, so that a test can drive both.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio import fail_after
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.fakes.google_push import GooglePush, Push


@dataclass(frozen=True)
class PushNetwork:
    """Google's push service of one test, for use from the test's own thread."""

    google: GooglePush
    portal: BlockingPortal

    def wait_for_pushes(self, count: int, timeout: float = 20) -> list[Push]:
        """All pushes so far, once there are `count`. NotAccepted, or TimeoutError."""
        return self.portal.call(_in_time, self.google, count, timeout)

    def hang_up(self) -> None:
        self.portal.call(self.google.hang_up)


async def _in_time(google: GooglePush, count: int, timeout: float) -> list[Push]:
    with fail_after(timeout):
        return await google.wait_for_pushes(count)


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
    """A phone: headless Chromium with an empty or known profile, notifications allowed at `origin`."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=["--no-sandbox", "--disable-gpu", *network.google.chromium_flags],
    )
    try:
        context.grant_permissions(["notifications"], origin=origin)
        yield context
    finally:
        context.close()


def chromium() -> str:
    found = os.environ.get("AJAR_CHROMIUM") or shutil.which("chromium")
    if not found:
        raise RuntimeError("No Chromium found. Install it, or name it in AJAR_CHROMIUM.")
    return found


@dataclass(frozen=True)
class Notification:
    title: str
    body: str


def shown_notifications(page: Page) -> list[Notification]:
    """What the page's service worker shows at this moment, once it shows anything at all."""
    found: list[dict[str, str]] = page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.ready;
            for (;;) {
                const shown = await registration.getNotifications();
                if (shown.length) return shown.map(({title, body}) => ({title, body}));
                await new Promise(resolve => requestAnimationFrame(resolve));
            }
        }"""
    )
    return [Notification(one["title"], one["body"]) for one in found]
