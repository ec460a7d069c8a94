"""A reply that never arrives: the phone sends the same again, and it has happened once.

What a phone does by itself after a cut is shown in a real browser in `tests/e2e`; here the
server's half: each repeated request ends as if the first reply had come.
"""

import secrets
from collections.abc import Iterator

import httpx
import pytest

from tests.fakes.cutting_proxy import CuttingProxy
from tests.phone import DAY, Phone, weekly
from tests.running_server import RunningServer


@pytest.fixture
def network(server: RunningServer) -> Iterator[CuttingProxy]:
    with CuttingProxy(server.port) as proxy:
        yield proxy


@pytest.fixture
def phones(server: RunningServer, network: CuttingProxy) -> tuple[Phone, Phone]:
    """Alice and Bob behind a network that loses replies, not yet seated."""
    link, closes = secrets.token_bytes(16), weekly(int(server.clock.now()) + 3 * DAY)
    alice, bob = Phone(server, "a", link, closes), Phone(server, "b", link, closes)
    for phone in (alice, bob):
        phone.http = server.client(network.url)
    return alice, bob


def cut(network: CuttingProxy, phone: Phone, method: str, path: str, body: object) -> None:
    network.cut_next(method, path)
    with pytest.raises(httpx.TransportError):
        phone.request(method, path, body)
    network.wait_for_cut(1)
    network.cut.clear()


def test_a_creation_and_a_join_are_repeated_and_each_seats_one_device(
    server: RunningServer, network: CuttingProxy, phones: tuple[Phone, Phone]
) -> None:
    alice, bob = phones
    cut(network, alice, "POST", "/api/pairs", alice.create_body())
    assert not alice.http.cookies
    assert alice.create().status_code == 201
    join = f"/api/invitations/{bob.pair_id}/join"
    cut(network, bob, "POST", join, bob.join_body())
    assert bob.join().status_code == 201
    assert (server.rows_in("pairs"), server.rows_in("devices")) == (1, 2)
    assert (alice.view()["side"], bob.view()["side"]) == ("a", "b")


def test_an_upload_is_repeated_and_does_not_undo_a_later_one(
    server: RunningServer, network: CuttingProxy, phones: tuple[Phone, Phone]
) -> None:
    alice, bob = phones
    alice.create()
    bob.join()
    bob.answer(0, "open")
    first = alice.answers_body({0: "closed"})
    cut(network, alice, "PUT", "/api/answers", first)
    assert alice.request("PUT", "/api/answers", first).status_code == 204
    assert alice.answer(0, "open").status_code == 204
    delayed = alice.request("PUT", "/api/answers", first)
    assert (delayed.status_code, delayed.json()["error"]["code"]) == (409, "out_of_order")
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == bob.outcome(0) == "both open"


def test_reminders_are_repeated_and_stay_one_list(
    server: RunningServer, network: CuttingProxy, phones: tuple[Phone, Phone]
) -> None:
    alice, _ = phones
    alice.create()
    body = {"at": [instant - DAY for instant in alice.closes[:3]]}
    cut(network, alice, "PUT", "/api/reminders", body)
    assert alice.request("PUT", "/api/reminders", body).status_code == 204
    assert server.rows_in("reminders") == 3


def test_leaving_is_repeated_and_the_second_reply_says_that_it_is_done(
    server: RunningServer, network: CuttingProxy, phones: tuple[Phone, Phone]
) -> None:
    alice, bob = phones
    alice.create()
    bob.join()
    cut(network, alice, "POST", "/api/leave", {"tell_partner": True})
    again = alice.request("POST", "/api/leave", {"tell_partner": True})
    assert (again.status_code, again.json()["error"]["code"]) == (401, "no_pair")
    assert server.rows_in("devices") == 1
    server.close_round_at(bob.closes[0])
    assert bob.view()["ended"] == "decided"


def test_a_seat_that_was_left_does_not_come_back_with_its_claim(
    phones: tuple[Phone, Phone],
) -> None:
    alice, bob = phones
    alice.create()
    bob.join()
    bob.request("POST", "/api/leave", {"tell_partner": False})
    assert bob.join().status_code == 410
    alice.request("POST", "/api/leave", {"tell_partner": False})
    assert alice.create().status_code == 409
