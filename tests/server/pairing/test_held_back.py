"""Requests that were held back, doubled, or made at the same moment by two phones of a side."""

import secrets
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import orjson

from ajar.protocol import sha256
from ajar.wire import to_base64url
from tests.phone import DAY, Phone, new_pair, weekly
from tests.running_server import RunningServer


def second_phone(server: RunningServer, first: Phone) -> Phone:
    """One more phone of the same side, joined by an offer of the first."""
    secret = secrets.token_bytes(32)
    offer = first.request("POST", "/api/phones", {"join_hash": to_base64url(sha256(secret))})
    assert offer.status_code == 201
    phone = Phone(server, first.side, first.link, first.closes, side_key=first.side_key)
    body = {"join_secret": to_base64url(secret), "claim": to_base64url(phone.claim)}
    assert phone.request("POST", f"/api/phones/{phone.pair_id}/join", body).status_code == 201
    return phone


def test_a_removed_phone_cannot_leave_for_its_side_with_a_request_that_it_held_back(
    server: RunningServer,
) -> None:
    alice, bob = new_pair(server)
    other = second_phone(server, alice)
    body = orjson.dumps({"tell_partner": True})
    cookie = "; ".join(f"{name}={value}" for name, value in other.http.cookies.items())
    with socket.create_connection(("127.0.0.1", server.port)) as held:
        held.sendall(
            f"POST /api/leave HTTP/1.1\r\nHost: localhost:{server.port}\r\nCookie: {cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body[:-1]
        )
        assert alice.request("DELETE", "/api/phones").status_code == 204
        assert alice.answer(0, "open").status_code == 204
        held.sendall(body[-1:])
        assert held.recv(4096).startswith(b"HTTP/1.1 401")
    bob.answer(0, "open")
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == bob.outcome(0) == "both open"


def test_of_two_phones_that_remove_each_other_at_once_one_stays(server: RunningServer) -> None:
    for _ in range(8):
        alice, _ = new_pair(server)
        other = second_phone(server, alice)
        with ThreadPoolExecutor(2) as together:
            replies = list(
                together.map(lambda phone: phone.request("DELETE", "/api/phones"), (alice, other))
            )
        left = [phone for phone in (alice, other) if phone.request("GET", "/api/pair").is_success]
        assert len(left) == 1
        assert sorted(reply.status_code for reply in replies) == [204, 401]
        server.clock.pass_by(1)


def test_the_same_claim_twice_at_once_is_seated_both_times_and_holds_one_seat(
    server: RunningServer,
) -> None:
    for _ in range(8):
        link = secrets.token_bytes(16)
        closes = weekly(int(server.clock.now()) + 3 * DAY)
        alice = Phone(server, "a", link, closes)
        twin = Phone(server, "a", link, closes, claim=alice.claim)
        with ThreadPoolExecutor(2) as together:
            replies: list[httpx.Response] = list(
                together.map(lambda phone: phone.create(), (alice, twin))
            )
        assert [reply.status_code for reply in replies] == [201, 201]
        assert server.rows_in("devices") == server.rows_in("pairs")


def test_a_side_has_at_most_eight_phones(server: RunningServer) -> None:
    alice, _ = new_pair(server)
    for _ in range(7):
        second_phone(server, alice)
    body = {"join_hash": to_base64url(sha256(b"one more"))}
    refused = alice.request("POST", "/api/phones", body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "too_many_phones")
