"""The browser that the tests drive: which one, and with which flags, in one place."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, Playwright

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-component-update",
    "--no-first-run",
)
# Without a network to be seen; a phone that is pushed to needs the background.
QUIET: Final = (*FLAGS, "--disable-background-networking")


def chromium() -> str:
    """The path of the browser."""
    found = os.environ.get("AJAR_CHROMIUM") or shutil.which("chromium")
    if not found:
        raise RuntimeError("No Chromium found. Install it, or name it in AJAR_CHROMIUM.")
    return found


@contextmanager
def phone(
    playwright: Playwright, profile: Path, flags: Sequence[str] = QUIET
) -> Iterator[BrowserContext]:
    """A browser with a new or known profile on the disk, as a phone keeps it."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=list(flags),
        viewport={"width": 390, "height": 844},
        locale="en-GB",
        timezone_id="UTC",
    )
    try:
        yield context
    finally:
        context.close()
