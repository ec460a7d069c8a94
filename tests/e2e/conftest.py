from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.e2e.chromium import QUIET, chromium
from tests.e2e.person import Person
from tests.running_server import RunningServer

NewPerson = Callable[..., Person]

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as play:
        yield play


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=chromium(),
        args=list(QUIET),
    )
    yield browser
    browser.close()


@pytest.fixture
def new_person(browser: Browser, server: RunningServer) -> Iterator[NewPerson]:
    """Makes people, each with a phone of their own; at the end none of them met an error."""
    people: list[Person] = []

    def make(url: str | None = None, *, now: float | None = None, zone: str = "UTC") -> Person:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="en-GB", timezone_id=zone
        )
        person = Person(context, url or server.url, server.clock.now() if now is None else now)
        people.append(person)
        return person

    yield make
    errors = [error for person in people for error in person.errors]
    for person in people:
        person.context.close()
    assert errors == []
