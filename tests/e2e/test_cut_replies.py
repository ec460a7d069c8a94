"""The phone itself sends again what was cut, even if its page was closed, and it happens once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPerson
from tests.e2e.person import Person
from tests.fakes.cutting_proxy import CuttingProxy
from tests.running_server import RunningServer


@pytest.fixture
def network(server: RunningServer) -> Iterator[CuttingProxy]:
    with CuttingProxy(server.port) as proxy:
        yield proxy


def invites_and_loses_the_reply(person: Person, network: CuttingProxy) -> None:
    person.open()
    person.press("Make an invitation")
    person.passes_safety()
    network.cut_next("POST", "/api/pairs")
    person.press("Make the invitation")
    network.wait_for_cut(1)


def invitation_link(person: Person) -> str:
    person.sees("The invitation")
    message = person.page.get_by_label("The message").inner_text()
    return next(word for word in message.split() if "#join=" in word)


def test_a_cut_creation_and_join_are_sent_again_by_the_phone_and_seat_each_side_once(
    server: RunningServer, network: CuttingProxy, new_person: NewPerson
) -> None:
    alice, bob = new_person(network.url), new_person(network.url)
    invites_and_loses_the_reply(alice, network)
    link = invitation_link(alice)
    bob.open(link[link.index("#") :])
    bob.passes_safety()
    pair_id = alice.page.evaluate("async () => (await (await fetch('/api/pair')).json()).pair_id")
    network.cut_next("POST", f"/api/invitations/{pair_id}/join")
    bob.press("Join")
    bob.sees("You have joined")
    assert network.cut == [("POST", "/api/pairs"), ("POST", f"/api/invitations/{pair_id}/join")]
    assert (server.rows_in("pairs"), server.rows_in("devices")) == (1, 2)


def test_a_creation_cut_before_the_page_was_closed_is_finished_when_it_opens_again(
    server: RunningServer, network: CuttingProxy, new_person: NewPerson
) -> None:
    alice = new_person(network.url)
    # Every attempt of the first page is lost; only the next page gets a reply.
    for _ in range(6):
        network.cut_next("POST", "/api/pairs")
    alice.open()
    alice.press("Make an invitation")
    alice.passes_safety()
    alice.press("Make the invitation")
    network.wait_for_cut(1)
    network.forget()
    alice.reopen()
    invitation_link(alice)
    assert (server.rows_in("pairs"), server.rows_in("devices")) == (1, 1)


def test_a_cut_answer_is_called_unknown_then_sent_again_and_counts_once(
    server: RunningServer, network: CuttingProxy, new_person: NewPerson
) -> None:
    alice, bob = new_person(network.url), new_person(network.url)
    link = alice.invites()
    alice.goes_to_first_round()
    bob.joins(link)
    bob.answers("open")
    alice.chooses("open")
    network.cut_next("PUT", "/api/answers")
    alice.press("Send")
    alice.sees("Sent")
    assert network.cut == [("PUT", "/api/answers")]
    assert server.rows_in("answers") == 2


def test_cut_reminders_and_leaving_are_sent_again_and_end_once(
    server: RunningServer, network: CuttingProxy, new_person: NewPerson
) -> None:
    alice, bob = new_person(network.url), new_person(network.url)
    link = alice.invites()
    alice.goes_to_first_round()
    bob.joins(link)
    network.cut_next("PUT", "/api/reminders")
    # Answering for the rest ends the reminders: one empty list, sent until it has arrived.
    bob.chooses("closed", rest=True)
    with bob.page.expect_response(
        lambda reply: reply.url.endswith("/api/reminders") and reply.status == 204
    ):
        bob.press("Send")
    bob.sees("Sent")
    assert network.cut == [("PUT", "/api/reminders")]
    bob.press("Back to this round")
    network.cut_next("POST", "/api/leave")
    bob.press("Leave the rounds")
    bob.press("Leave quietly")
    bob.sees("Leave quietly?")
    bob.press("Leave quietly")
    bob.sees("You have left")
    assert server.rows_in("devices") == 1
    bob.reopen()
    expect(bob.page.get_by_role("button", name="Make an invitation")).to_be_visible()
