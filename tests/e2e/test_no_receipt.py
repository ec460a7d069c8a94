"""Protocol, section 2, 4, in a real browser: a phone tells no answer, nor that there is one.

The same life, with the same keys, clock and randomness, is lived with each answer and with none.
All that the pages hold and hear is compared, and all files that the browser leaves on disk.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Playwright, expect

from ajar.wire import from_base64url
from tests.e2e.chromium import QUIET, phone
from tests.e2e.conftest import NewPerson
from tests.e2e.person import BUTTON, Person
from tests.e2e.whole_phone import (
    FIXED_RANDOMNESS,
    ListeningNetwork,
    differences,
    everything_of,
    found_on_disk,
    ready,
    seat_of,
    spellings,
)
from tests.phone import Choice
from tests.proof import Proof
from tests.protocol import RoundKeys
from tests.running_server import START, RunningServer

# Whichever test is first waits for all three lives.
pytestmark = pytest.mark.timeout(300)

Lived = Literal["open", "closed", "none"]
LIVES: list[Lived] = ["open", "closed", "none"]
ROUNDS = 5
# What a form or a screen could have written down; the app's own files hold them in every life.
WORDS = ["answer", "ruler", "scope", "radio", *BUTTON.values()]


@dataclass
class Life:
    """What was found of one life: by stage on its pages, and in the end on disk."""

    stages: dict[str, dict[str, Any]] = field(default_factory=dict)
    words_on_disk: list[tuple[str, bytes]] = field(default_factory=list)
    answers_on_disk: list[tuple[str, bytes]] = field(default_factory=list)
    files: int = 0

    def pages(self, stage: str) -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = self.stages[stage]["pages"]
        return pages

    def heard(self, *stages: str) -> list[str]:
        """Each different reply once, in whichever of these stages it came."""
        return sorted({reply for stage in stages for reply in self.stages[stage]["replies"]})


def answer_or_not(alice: Person, lived: Lived, keep: Callable[[str], None]) -> None:
    """Picks, and again after a reload and after being elsewhere; then sends, or goes back."""
    picks: Choice = "open" if lived == "none" else lived
    alice.chooses(picks, rating=7)
    alice.reopen()
    alice.chooses(picks, rating=7)
    # A page that is left is written down by the browser, with what stands in its forms.
    alice.page.goto("about:blank")
    alice.open()
    alice.chooses(picks, rating=7)
    if lived == "none":
        alice.press("Back to the number")
        alice.press("Back")
    else:
        alice.press("Send")
        alice.sees("Sent")
        keep("sent")
        alice.press("Back to this round")
    alice.sees("This round")
    # The step back in the browser's history is made after the screen is there.
    alice.page.wait_for_function("history.state.depth === 0")


def live(playwright: Playwright, place: Path, lived: Lived) -> Life:
    life = Life()
    profile = place / "profile"
    with RunningServer(place / "data") as server, ListeningNetwork(server.port) as network:
        drawn: list[str] = []

        def known(found: dict[str, Any]) -> dict[str, Any]:
            """Without the port, and without what the server drew at its own start."""
            text = json.dumps(found).replace(f":{network.port}", ":port")
            for each in drawn:
                text = text.replace(each, "<drawn>")
            parsed: dict[str, Any] = json.loads(text)
            return parsed

        with phone(playwright, profile) as context:
            context.add_init_script(FIXED_RANDOMNESS)
            alice = Person(context, network.url, START)
            context.clock.set_fixed_time(datetime.fromtimestamp(START, UTC))
            context.pages[0].close()

            def keep(stage: str) -> None:
                life.stages[stage] = known(everything_of(context, network))

            link = alice.invites(ROUNDS)
            alice.goes_to_first_round()
            ready(alice.page)
            alice.reopen()
            drawn.append(server.client().get("/api/config").json()["push_key"])
            keep("before")
            answer_or_not(alice, lived, keep)
            keep("home")
            alice.page.go_forward()
            alice.sees("This round")
            alice.page.go_back()
            alice.reopen()
            keep("reloaded")
            second = context.new_page()
            second.goto(network.url)
            expect(second.get_by_role("heading", level=1)).to_have_text("This round")
            keep("second page")
            second.goto("about:blank")
            second.go_back()
            expect(second.get_by_role("heading", level=1)).to_have_text("This round")
            keep("came back")
            seat = seat_of(alice.page)
        with phone(playwright, profile, [*QUIET, "--restore-last-session"]) as context:
            context.add_init_script(FIXED_RANDOMNESS)
            for page in context.pages:
                if page.url.startswith(network.url):
                    page.get_by_role("heading", level=1).wait_for()
            again = known(everything_of(context, network))
            # By now its clock is the real one, and what it says of that may differ between lives;
            # so may how much of the way it had written down when it was closed.
            life.stages["browser started again"] = {
                "pages": [without(page, "html", "aria", "history") for page in again["pages"]],
                "replies": again["replies"],
            }
        answers = possible_answers(link, seat)
        life.answers_on_disk = found_on_disk(profile, answers)
        life.words_on_disk = found_on_disk(
            profile, [word.encode(code) for word in WORDS for code in ("utf-8", "utf-16le")]
        )
        life.files = sum(1 for path in profile.rglob("*") if path.is_file())
    return life


def without(page: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: found for name, found in page.items() if name not in names}


def possible_answers(link: str, seat: dict[str, Any]) -> list[bytes]:
    """Both answers of every round, and their halves, in each spelling."""
    secret = from_base64url(link[link.index("=") + 1 :], 16)
    side_key = from_base64url(seat["sideKey"], 32)
    found: list[bytes] = []
    for index in range(ROUNDS):
        keys = RoundKeys.of(secret, seat["closes"], index)
        for answer in (keys.open_answer("a"), keys.closed_answer(side_key)):
            found += [*spellings(answer), *spellings(answer[:32]), *spellings(answer[32:])]
    return found


@pytest.fixture(scope="module")
def lives(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> dict[Lived, Life]:
    return {
        lived: live(playwright, tmp_path_factory.mktemp(f"life-{lived}"), lived) for lived in LIVES
    }


def test_after_sent_the_page_and_all_it_holds_is_the_same_for_open_and_closed(
    lives: dict[Lived, Life],
) -> None:
    opened, closed = lives["open"], lives["closed"]
    assert opened.stages.keys() == closed.stages.keys()
    for stage in opened.stages:
        assert differences(opened.pages(stage), closed.pages(stage)) == [], stage
    assert differences(opened.heard(*opened.stages), closed.heard(*closed.stages)) == []


@pytest.mark.proof
def test_after_its_screen_is_left_nothing_tells_whether_there_is_an_answer(
    proof: Proof, lives: dict[Lived, Life]
) -> None:
    answered, silent = lives["open"], lives["none"]
    later = ["reloaded", "second page", "came back", "browser started again"]
    for stage in ("before", "home", *later):
        assert answered.pages(stage), stage
        assert differences(answered.pages(stage), silent.pages(stage)) == [], stage
    assert answered.heard(*later)
    assert differences(answered.heard(*later), silent.heard(*later)) == []
    proof.says(
        "No receipt",
        f"in Chromium: {len(LIVES)} lives in {len(answered.stages)} stages, pages, storage, "
        "caches, history, accessibility tree and replies alike",
    )


def test_the_page_before_an_answer_is_the_page_after_it(lives: dict[Lived, Life]) -> None:
    for life in lives.values():
        (before,), (after,) = life.pages("before"), life.pages("reloaded")
        # One entry for the screens that were opened, answered or not.
        assert before.pop("history")[1] == after.pop("history")[1]
        assert differences(before, after) == []


@pytest.mark.proof
def test_no_file_of_the_browser_tells_the_answer_or_that_there_is_one(
    proof: Proof, lives: dict[Lived, Life]
) -> None:
    for life in lives.values():
        assert life.answers_on_disk == []
        # Where nothing of the app itself is kept, no word of its forms is: Chromium writes what is
        # picked in a form into its session's file unless it is told not to.
        assert [
            found for found in life.words_on_disk if found[0].startswith("Default/Session")
        ] == []
    assert lives["open"].words_on_disk == lives["closed"].words_on_disk
    assert lives["open"].words_on_disk == lives["none"].words_on_disk
    proof.says(
        "No receipt",
        f"on disk: {sum(life.files for life in lives.values())} files of three browser profiles, "
        f"{len(WORDS)} words and {2 * ROUNDS} answers in every spelling, alike in all",
    )


def picked(person: Person) -> int:
    return person.page.locator("input:checked").count()


WAYS: list[Literal["reload", "back and forward", "elsewhere and back"]] = [
    "reload",
    "back and forward",
    "elsewhere and back",
]


def test_no_browser_restores_what_was_picked(server: RunningServer, new_person: NewPerson) -> None:
    alice = new_person()
    alice.invites()
    alice.goes_to_first_round()
    for sends, way in product((False, True), WAYS):
        alice.chooses("open", rating=7)
        if sends:
            alice.press("Send")
            alice.sees("Sent")
        if way == "reload":
            alice.reopen()
        elif way == "back and forward":
            alice.page.go_back()
            alice.sees("This round")
            alice.page.go_forward()
        else:
            alice.page.goto("about:blank")
            alice.page.go_back()
        alice.sees("This round")
        alice.press("Answer or change your answer")
        alice.sees("For yourself, first")
        assert picked(alice) == 0
        alice.press("Go on to the answer")
        alice.sees("Your answer")
        # Which rounds the answer is for has a start of its own; the answer has none.
        expect(alice.page.locator("input[name=answer]:checked")).to_have_count(0)
        alice.reopen()
