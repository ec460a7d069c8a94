"""Takes README's and the manifest's pictures from two real phones; run by `scripts/pictures`."""

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.chromium import chromium
from tests.e2e.person import Person
from tests.e2e.test_whole_run import close_round, closes_of
from tests.running_server import RunningServer

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
# Narrow ones, for the browser's own page about installing: 1080 × 1920 pixels.
SCREENSHOTS = ROOT / "pwa" / "public" / "screenshots"


def phone(
    browser: Browser,
    server: RunningServer,
    scheme: Literal["light", "dark"] = "light",
    size: tuple[int, int, int] = (390, 760, 2),
) -> Person:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=size[2],
        locale="en-GB",
        color_scheme=scheme,
    )
    return Person(context, server.url, server.clock.now())


def take(person: Person, path: Path) -> None:
    person.page.mouse.move(0, 0)
    person.page.screenshot(path=path)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as data,
        RunningServer(Path(data)) as server,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        alice, bob = phone(browser, server), phone(browser, server, "dark")
        charlie = phone(browser, server, size=(360, 640, 3))
        charlie.invites()
        charlie.goes_to_first_round()
        take(charlie, SCREENSHOTS / "round.png")
        charlie.press("Answer or change your answer")
        charlie.press("Go on to the answer")
        charlie.sees("Your answer")
        take(charlie, SCREENSHOTS / "answer.png")
        link = alice.invites()
        alice.goes_to_first_round()
        bob.joins(link)
        take(alice, PICTURES / "this-round.png")
        for person in (alice, bob):
            person.answers("open")
        close_round(server, closes_of(alice)[0], alice, bob)
        bob.looks()
        bob.sees_outcome("both open")
        take(bob, PICTURES / "both-open.png")
        browser.close()
    sys.stdout.write("The pictures are in docs/pictures and pwa/public/screenshots.\n")


if __name__ == "__main__":
    main()
