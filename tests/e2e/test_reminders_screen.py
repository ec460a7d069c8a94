"""Reminders as a person sets them: times, words, one to look at, a calendar; and a plain no."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPerson
from tests.e2e.person import Person
from tests.e2e.push_browser import Notification, shown_notifications
from tests.running_server import RunningServer

BERLIN = ZoneInfo("Europe/Berlin")


def goes_to_reminders(person: Person) -> None:
    person.invites()
    person.goes_to_first_round()
    person.press("Reminders")
    person.sees("Reminders")


def may_be_notified(person: Person) -> None:
    person.context.grant_permissions(["notifications"], origin=person.url)


def unfolds(person: Person, summary: str) -> None:
    person.page.locator("summary", has_text=summary).click()


def picks_words(person: Person, title: str, body: str) -> None:
    unfolds(person, "Other words, and sound")
    person.page.get_by_role("radio", name="Words of my own").check()
    person.page.get_by_label("First line").fill(title)
    person.page.get_by_label("Second line").fill(body)


def closes(person: Person) -> list[int]:
    told: list[int] = person.page.evaluate(
        "async () => (await (await fetch('/api/pair')).json()).closes"
    )
    return told


def makes_the_file(person: Person) -> tuple[str, bytes]:
    with person.page.expect_download() as download:
        person.press("Make the calendar file")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def events(file: bytes) -> list[dict[str, str]]:
    """Unfolded, one mapping of names to values for each event; an alarm's as `VALARM.name`."""
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    lines = file.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")
    found: list[dict[str, str]] = []
    within: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            within.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert within.pop() == value
        elif "VEVENT" in within:
            found[-1]["VALARM." * ("VALARM" in within) + name] = value
    return found


def instant(value: str) -> float:
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()


def wall(close: int, days: int, hour: int) -> float:
    day = datetime.fromtimestamp(close, BERLIN).date() + timedelta(days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN).timestamp()


def words_kept(page: Page) -> dict[str, object] | None:
    """As the service worker finds them."""
    kept: dict[str, object] | None = page.evaluate(
        """() => new Promise(resolve => {
            indexedDB.open('ajar').onsuccess = ({target: {result}}) => {
                result.transaction('items').objectStore('items').get('notification').onsuccess =
                    ({target}) => { result.close(); resolve(target.result ?? null); };
            };
        })"""
    )
    return kept


def sounds(page: Page) -> list[bool]:
    """Whether each notification that is shown may be heard."""
    heard: list[bool] = page.evaluate(
        """async () => {
            const shown = await (await navigator.serviceWorker.ready).getNotifications();
            return shown.map(({silent}) => !silent);
        }"""
    )
    return heard


def test_one_to_look_at_is_shown_with_the_chosen_words_and_the_server_hears_nothing(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice = new_person()
    may_be_notified(alice)
    goes_to_reminders(alice)
    asked: list[str] = []
    alice.page.on("request", lambda request: asked.append(request.url))
    alice.press("Show me one")
    alice.reads("One was shown just now.")
    assert shown_notifications(alice.page) == [
        Notification("Reminder", "You asked to be reminded.")
    ]
    assert sounds(alice.page) == [False]
    picks_words(alice, "Plants", "Water them.")
    alice.page.get_by_role("checkbox", name="With a sound").check()
    alice.press("Show me one")
    alice.reads("One was shown just now.")
    assert shown_notifications(alice.page) == [Notification("Plants", "Water them.")]
    assert sounds(alice.page) == [True]
    alice.reads("Reminders are off.")
    assert asked == []
    # They are there the next time, and ready-made ones take their place.
    alice.reopen()
    alice.press("Reminders")
    expect(alice.page.get_by_label("First line")).to_have_value("Plants")
    alice.page.get_by_role("radio", name="A note to yourself").check()
    alice.press("Show me one")
    alice.reads("One was shown just now.")
    [shown] = shown_notifications(alice.page)
    assert shown == Notification("A note to yourself", "You left it on this phone.")
    assert words_kept(alice.page) == {
        "choice": "note",
        "sound": True,
        "title": shown.title,
        "body": shown.body,
    }


def test_a_no_to_notifications_is_said_and_a_calendar_still_does(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice = new_person()
    goes_to_reminders(alice)
    for button in ("Show me one", "Turn reminders on"):
        alice.press(button)
        alice.reads("This browser has been told not to show notifications for Ajar")
    expect(alice.page.get_by_role("button", name="Turn reminders off")).to_have_count(0)
    unfolds(alice, "Or put them into a calendar")
    name, _ = makes_the_file(alice)
    assert name == "calendar.ics"


@pytest.mark.parametrize("push", [True, False], ids=["with push", "without push"])
def test_the_calendar_file_holds_the_times_and_words_and_no_word_more(
    server: RunningServer, new_person: NewPerson, push: bool
) -> None:
    alice = new_person(zone="Europe/Berlin")
    if not push:
        alice.page.add_init_script("delete window.PushManager")
    goes_to_reminders(alice)
    if push:
        unfolds(alice, "Or put them into a calendar")
    else:
        alice.reads("This browser cannot show reminders.")
        expect(alice.page.get_by_role("button", name="Turn reminders on")).to_have_count(0)
    ahead = closes(alice)[:4]

    name, plain = makes_the_file(alice)
    assert name == "calendar.ics"
    alice.reads("The file is called calendar.ics. Entries in it: 4.")
    assert not re.search(
        rb"ajar|partner|answer|round|clos|http|localhost|127", plain, re.IGNORECASE
    )
    evenings = [wall(close, -1, 19) for close in ahead]
    first = events(plain)
    assert [instant(event["DTSTART"]) for event in first] == evenings
    assert {(event["SUMMARY"], event["VALARM.TRIGGER"]) for event in first} == {
        ("Reminder", "PT0S")
    }

    unfolds(alice, "The day after, and quiet hours")
    alice.page.get_by_role("checkbox", name="Once more, the day after").check()
    alice.page.get_by_role("checkbox", name="Keep some hours quiet").check()
    alice.page.get_by_label("Quiet from").fill("18:00")
    alice.page.get_by_label("Quiet until").fill("10:00")
    picks_words(alice, "Plants; herbs", "Water them, all of them, and " + "ä" * 60)
    _, own = makes_the_file(alice)
    second = events(own)
    assert [instant(event["DTSTART"]) for event in second] == sorted(
        [wall(close, -1, 18) for close in ahead] + [wall(close, 1, 10) for close in ahead]
    )
    assert {(event["SUMMARY"], event["DESCRIPTION"]) for event in second} == {
        (r"Plants\; herbs", r"Water them\, all of them\, and " + "ä" * 60)
    }
    # Random, and new each time: nothing ties two files together.
    assert len({event["UID"] for event in first + second}) == 12


def test_with_the_keyboard_alone_everything_has_a_name_and_can_be_reached(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice = new_person()
    goes_to_reminders(alice)
    for summary in (
        "The day after, and quiet hours",
        "Other words, and sound",
        "Or put them into a calendar",
    ):
        alice.page.locator("summary", has_text=summary).focus()
        alice.page.keyboard.press("Enter")
    for tick in ("Once more, the day after", "Keep some hours quiet"):
        alice.page.get_by_role("checkbox", name=tick).focus()
        alice.page.keyboard.press("Space")
    alice.page.get_by_role("radio", name="Reminder: You asked to be reminded.").focus()
    for _ in range(3):
        alice.page.keyboard.press("ArrowDown")
    for label in ("At what time the day after", "Quiet from", "Quiet until", "Second line"):
        expect(alice.page.get_by_label(label, exact=True)).to_be_visible()
    for group in ("When?", "What should it say?"):
        expect(alice.page.get_by_role("radiogroup", name=group)).to_be_visible()
    unnamed: int = alice.page.evaluate(
        """() => [...document.querySelectorAll('main :is(input, select, button)')]
            .filter(one => !(one.labels?.length || one.textContent.trim())).length"""
    )
    assert unnamed == 0
