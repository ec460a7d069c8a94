"""Two phones in real browsers, from the invitation to what each of them is shown."""

from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPerson
from tests.e2e.person import Person
from tests.phone import Choice
from tests.running_server import RunningServer

ANSWERS: list[Choice | Literal["none"]] = ["open", "closed", "none"]
CHANGED: dict[Choice, Choice] = {"open": "closed", "closed": "open"}


def closes_of(person: Person) -> list[int]:
    closes: list[int] = person.page.evaluate(
        "async () => (await (await fetch('/api/pair')).json()).closes"
    )
    return closes


def close_round(server: RunningServer, instant: int, *people: Person) -> None:
    """The server's clock reaches the instant and closes; then each phone's clock is there too."""
    before = server.clock.now()
    server.close_round_at(instant + 1)
    for person in people:
        person.lives_until(instant + 4, before)


def seated(new_person: NewPerson, rounds: int = 5) -> tuple[Person, Person]:
    alice, bob = new_person(), new_person()
    link = alice.invites(rounds)
    alice.goes_to_first_round()
    bob.joins(link)
    return alice, bob


@pytest.mark.parametrize(("alices", "bobs"), list(product(ANSWERS, ANSWERS)))
def test_two_phones_in_browsers_end_with_exactly_the_and_of_their_answers(
    server: RunningServer,
    new_person: NewPerson,
    alices: Choice | Literal["none"],
    bobs: Choice | Literal["none"],
) -> None:
    people = seated(new_person)
    for person, choice in zip(people, (alices, bobs), strict=True):
        if choice != "none":
            person.answers(CHANGED[choice], rating=0)
            person.answers(choice, rating=10)
    close_round(server, closes_of(people[0])[0], *people)
    expected: Literal["both open", "quiet"] = "both open" if alices == bobs == "open" else "quiet"
    for person in people:
        person.looks()
        person.sees_outcome(expected)
        person.reopen()
        if expected == "quiet":
            person.sees("This round")


def test_a_whole_run_of_quiet_rounds_ends_kindly_for_both(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice, bob = seated(new_person, rounds=2)
    for closes_at in closes_of(alice):
        alice.answers("open")
        close_round(server, closes_at, alice, bob)
        for person in (alice, bob):
            person.looks()
            person.sees_outcome("quiet")
            person.press("Back")
    for person in (alice, bob):
        expect(
            person.page.get_by_role("button", name="Answer or change your answer")
        ).to_have_count(0)
        person.reads("that is nobody’s failure")


def test_a_third_visitor_cannot_take_a_seat_and_learns_nothing_more(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice, bob, charlie = new_person(), new_person(), new_person()
    link = alice.invites()
    bob.joins(link)
    charlie.open(link[link.index("#") :])
    charlie.passes_safety()
    charlie.press("Join")
    charlie.sees("This invitation cannot be used")
    assert charlie.context.cookies() == []


def test_the_link_leaves_the_address_bar_and_the_history_at_once(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice, bob = new_person(), new_person()
    link = alice.invites()
    bob.open(link[link.index("#") :])
    assert bob.page.url == f"{server.url}/"
    assert bob.page.title() == "Ajar"


def test_a_late_answer_is_refused_in_plain_words_and_nothing_is_shared(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice, bob = seated(new_person)
    bob.answers("open")
    alice.chooses("open")
    # The server closes while Alice's phone, ten minutes behind, still shows the round.
    before = server.clock.now()
    closes_at = closes_of(alice)[0]
    server.close_round_at(closes_at + 1)
    alice.press("Send")
    alice.sees("Too late for this round")
    alice.reads("It was not taken, and nothing was shared.")
    alice.reads("clock")
    bob.lives_until(closes_at + 4, before)
    bob.looks()
    bob.sees_outcome("quiet")


def test_a_phone_whose_clock_is_ten_minutes_fast_sends_nothing_after_its_own_close(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice, _ = seated(new_person)
    alice.chooses("open")
    closes_at = closes_of(alice)[0]
    before = server.clock.now()
    server.clock.move_to(closes_at - 300)
    sent: list[str] = []
    alice.page.on("request", lambda request: sent.append(request.url))
    alice.lives_until(closes_at + 300, before)
    alice.press("Send")
    alice.sees("By this phone, the round is over")
    alice.reads("nothing was sent")
    assert not [url for url in sent if url.endswith("/api/answers")]
    alice.reopen()
    alice.reads("This phone’s clock is ahead by 10 min.")


def test_telling_and_leaving_quietly_from_the_phone(
    server: RunningServer, new_person: NewPerson
) -> None:
    alice, bob = seated(new_person)
    alice.press("Leave the rounds")
    alice.press("Tell them I have decided")
    alice.sees("Tell them that you have decided?")
    alice.press("Tell them, and leave")
    alice.sees("You have left")
    bob.reopen()
    bob.sees("This round")
    close_round(server, closes_of(bob)[0], bob)
    bob.looks()
    bob.sees_outcome("quiet")
    bob.press("Back")
    bob.press("Read them")
    bob.reads("I have decided, and I will not be taking part in this conversation.")
