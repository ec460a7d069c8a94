"""Takes README's pictures from two real phones; run by `scripts/pictures`."""

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.person import Person
from tests.e2e.push_browser import chromium
from tests.e2e.test_whole_run import close_round, closes_of
from tests.running_server import RunningServer

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


def phone(
    browser: Browser, server: RunningServer, scheme: Literal["light", "dark"] = "light"
) -> Person:
    context = browser.new_context(
        viewport={"width": 390, "height": 760},
        device_scale_factor=2,
        locale="en-GB",
        color_scheme=scheme,
    )
    return Person(context, server.url, server.clock.now())


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as data,
        RunningServer(Path(data)) as server,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        alice, bob = phone(browser, server), phone(browser, server, "dark")
        link = alice.invites()
        alice.goes_to_first_round()
        bob.joins(link)
        alice.page.screenshot(path=PICTURES / "this-round.png")
        for person in (alice, bob):
            person.answers("open")
        close_round(server, closes_of(alice)[0], alice, bob)
        bob.looks()
        bob.sees_outcome("both open")
        bob.page.screenshot(path=PICTURES / "both-open.png")
        browser.close()
    sys.stdout.write(f"The pictures are in {PICTURES}.\n")


if __name__ == "__main__":
    main()
