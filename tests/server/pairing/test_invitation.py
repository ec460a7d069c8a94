"""The invitation: what it shows, whom it seats, and how little a refusal tells."""

import secrets
from pathlib import Path

import pytest

from ajar.protocol import sha256
from ajar.wire import to_base64url
from tests.phone import DAY, HOUR, Phone, weekly
from tests.protocol import join_secret_of
from tests.running_server import START, RunningServer
from tests.server.expect import refused, whole
from tests.server.stores import dump


@pytest.fixture
def invited(server: RunningServer) -> tuple[Phone, Phone]:
    """Alice has invited, Bob holds the link and has not joined."""
    link, closes = secrets.token_bytes(16), weekly(START + 3 * DAY + HOUR)
    alice, bob = Phone(server, "a", link, closes), Phone(server, "b", link, closes)
    assert alice.create().status_code == 201
    return alice, bob


def look(phone: Phone) -> tuple[int, object, bytes]:
    return whole(phone.server.client().get(f"/api/invitations/{phone.pair_id}"))


def test_it_shows_the_same_bytes_whoever_joined_answered_or_left(
    server: RunningServer, invited: tuple[Phone, Phone]
) -> None:
    alice, bob = invited
    before = look(alice)
    assert before[0] == 200
    reply = server.client().get(f"/api/invitations/{alice.pair_id}").json()
    assert reply == {
        "closes": alice.closes,
        "wording": "marriage",
        "expires_at": START + 72 * HOUR,
    }
    assert bob.join().status_code == 201
    assert look(alice) == before
    alice.answer(0, "open")
    bob.answer(0, "open")
    bob.request("POST", "/api/leave", {"tell_partner": True})
    assert look(alice) == before
    alice.request("POST", "/api/leave", {"tell_partner": False})
    server.clock.move_to(START + 72 * HOUR - 1)
    server.work()
    assert look(alice) == before


@pytest.mark.parametrize("joined", [False, True])
def test_it_is_gone_at_72_hours_and_not_a_second_earlier(
    server: RunningServer, invited: tuple[Phone, Phone], *, joined: bool
) -> None:
    alice, bob = invited
    if joined:
        assert bob.join().status_code == 201
    server.clock.move_to(START + 72 * HOUR - 1)
    assert look(alice)[0] == 200
    server.clock.move_to(START + 72 * HOUR)
    unknown = Phone(server, "a", secrets.token_bytes(16), alice.closes)
    assert look(alice) == look(unknown)
    gone = server.client().get(f"/api/invitations/{alice.pair_id}")
    assert refused(gone) == (404, "invitation_gone")


def test_bob_can_join_until_the_last_second(
    server: RunningServer, invited: tuple[Phone, Phone]
) -> None:
    _, bob = invited
    server.clock.move_to(START + 72 * HOUR - 1)
    assert bob.join().status_code == 201


def test_it_lasts_no_longer_than_the_run(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data", {"AJAR_MIN_INTERVAL": "60"}) as server:
        closes = [START + 60, START + 120]
        alice = Phone(server, "a", secrets.token_bytes(16), closes)
        alice.create()
        server.clock.move_to(START + 119)
        shown = server.client().get(f"/api/invitations/{alice.pair_id}").json()
        assert shown["expires_at"] == START + 120
        server.clock.move_to(START + 120)
        assert look(alice)[0] == 404
        bob = Phone(server, "b", alice.link, closes)
        assert refused(bob.join()) == (410, "invitation_gone")


def test_joining_seats_side_b_with_the_same_run(invited: tuple[Phone, Phone]) -> None:
    alice, bob = invited
    reply = bob.join()
    assert reply.status_code == 201
    assert reply.json() == {**alice.view(), "side": "b"}
    assert bob.view() == reply.json()


def test_used_expired_wrong_and_unknown_are_all_the_same_bytes(
    server: RunningServer, invited: tuple[Phone, Phone]
) -> None:
    alice, bob = invited

    def attempt(pair_id: str, secret: bytes) -> tuple[int, object, bytes]:
        before = dump(server)
        body = {
            "join_secret": to_base64url(secret),
            "claim": to_base64url(secrets.token_bytes(32)),
        }
        reply = server.client().post(f"/api/invitations/{pair_id}/join", json=body)
        assert refused(reply) == (410, "invitation_gone")
        assert dump(server) == before
        return whole(reply)

    right = join_secret_of(alice.link)
    wrong = attempt(alice.pair_id, secrets.token_bytes(32))
    same = {
        "the hash instead of the secret": attempt(alice.pair_id, sha256(right)),
        "unknown": attempt(to_base64url(secrets.token_bytes(16)), right),
        "no pair id at all": attempt("nonsense", right),
        "a pair id in another spelling": attempt(alice.pair_id + "==", right),
        "very long": attempt("A" * 3_000, right),
        "other letters": attempt("%00%ff%2e%2e", right),
    }
    assert bob.join().status_code == 201
    same["used"] = attempt(alice.pair_id, right)
    bob.request("POST", "/api/leave", {"tell_partner": True})
    same["used and left"] = attempt(alice.pair_id, right)
    server.clock.move_to(START + 72 * HOUR)
    same["expired"] = attempt(alice.pair_id, right)
    assert same == dict.fromkeys(same, wrong)


def test_a_browser_with_a_seat_is_told_so_whatever_the_invitation(
    server: RunningServer, invited: tuple[Phone, Phone]
) -> None:
    alice, bob = invited
    free = Phone(server, "a", secrets.token_bytes(16), alice.closes)
    free.create()

    def attempt(pair_id: str, secret: bytes) -> tuple[int, object, bytes]:
        before = dump(server)
        body = {
            "join_secret": to_base64url(secret),
            "claim": to_base64url(secrets.token_bytes(32)),
        }
        reply = alice.request("POST", f"/api/invitations/{pair_id}/join", body)
        assert refused(reply) == (409, "has_seat")
        assert dump(server) == before
        return whole(reply)

    own = attempt(alice.pair_id, join_secret_of(alice.link))
    same = {
        "another that is free": attempt(free.pair_id, join_secret_of(free.link)),
        "unknown": attempt(to_base64url(secrets.token_bytes(16)), bytes(32)),
        "no pair id": attempt("nonsense", bytes(32)),
        "the wrong secret": attempt(alice.pair_id, bytes(32)),
    }
    assert bob.join().status_code == 201
    same["used"] = attempt(alice.pair_id, join_secret_of(alice.link))
    server.clock.move_to(START + 72 * HOUR)
    same["expired"] = attempt(alice.pair_id, join_secret_of(alice.link))
    assert same == dict.fromkeys(same, own)


def test_charlie_cannot_take_a_seat_that_bob_has(
    server: RunningServer, invited: tuple[Phone, Phone]
) -> None:
    alice, bob = invited
    assert bob.join().status_code == 201
    charlie = Phone(server, "b", alice.link, alice.closes)
    assert refused(charlie.join()) == (410, "invitation_gone")
    assert charlie.request("GET", "/api/pair").status_code == 401
    assert bob.view()["side"] == "b"
