"""One more phone of the same side: offered for ten minutes, joined once, removed by any other."""

import secrets
from typing import Any

import httpx
import pytest

from ajar.protocol import sha256
from ajar.wire import from_base64url, to_base64url
from tests.phone import DAY, Phone
from tests.running_server import START, RunningServer
from tests.server.expect import refused, whole
from tests.server.stores import dump, of_pair, rows

MINUTES = 60


def offer(phone: Phone) -> bytes:
    """Show a QR code: the secret that one more phone may join with."""
    secret = secrets.token_bytes(32)
    reply = phone.request("POST", "/api/phones", {"join_hash": to_base64url(sha256(secret))})
    assert reply.status_code == 201
    assert reply.json() == {"expires_at": int(phone.server.clock.now()) + 10 * MINUTES}
    return secret


def take(phone: Phone, secret: bytes, pair_id: str | None = None) -> httpx.Response:
    body = {"join_secret": to_base64url(secret), "claim": to_base64url(phone.claim)}
    return phone.request("POST", f"/api/phones/{pair_id or phone.pair_id}/join", body)


def another(phone: Phone) -> Phone:
    """A further phone of the same side with that side's keys, not yet seated."""
    return Phone(
        phone.server, phone.side, phone.link, phone.closes, side_key=phone.side_key, n=9_000
    )


def add_phone(phone: Phone) -> Phone:
    added = another(phone)
    assert take(added, offer(phone)).status_code == 201
    return added


def count(phone: Phone) -> Any:
    reply = phone.request("GET", "/api/phones")
    assert reply.status_code == 200
    return reply.json()


@pytest.mark.parametrize("which", [0, 1])
def test_a_second_phone_has_the_same_side_and_view(pair: tuple[Phone, Phone], which: int) -> None:
    phone = pair[which]
    tablet = another(phone)
    reply = take(tablet, offer(phone))
    assert reply.status_code == 201
    assert reply.json() == phone.view() == tablet.view()
    assert count(phone) == count(tablet) == {"count": 2}
    assert count(pair[1 - which]) == {"count": 1}


def test_both_phones_of_a_side_answer_and_the_last_counts(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    tablet = add_phone(alice)
    bob.answer(0, "open")
    alice.answer(0, "closed")
    assert tablet.answer(0, "open").status_code == 204
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == tablet.outcome(0) == bob.outcome(0) == "both open"


def test_an_offer_is_taken_once(pair: tuple[Phone, Phone]) -> None:
    alice, _ = pair
    secret = offer(alice)
    assert take(another(alice), secret).status_code == 201
    assert refused(take(another(alice), secret)) == (410, "invitation_gone")
    assert count(alice) == {"count": 2}


def test_an_offer_ends_after_ten_minutes(server: RunningServer, pair: tuple[Phone, Phone]) -> None:
    alice, _ = pair
    secret = offer(alice)
    server.clock.move_to(START + 10 * MINUTES)
    assert refused(take(another(alice), secret)) == (410, "invitation_gone")
    secret = offer(alice)
    server.clock.move_to(START + 20 * MINUTES - 1)
    assert take(another(alice), secret).status_code == 201


def test_a_new_offer_replaces_the_last(pair: tuple[Phone, Phone]) -> None:
    alice, _ = pair
    first = offer(alice)
    tablet = add_phone(alice)
    second = offer(tablet)
    assert refused(take(another(alice), first)) == (410, "invitation_gone")
    assert take(another(alice), second).status_code == 201
    assert count(alice) == {"count": 3}


def test_the_two_sides_offers_do_not_touch_each_other(pair: tuple[Phone, Phone]) -> None:
    alice, bob = pair
    alices, bobs = offer(alice), offer(bob)
    assert take(another(bob), bobs).json()["side"] == "b"
    assert take(another(alice), alices).json()["side"] == "a"
    assert count(alice) == count(bob) == {"count": 2}


def test_a_lost_reply_is_repeated_with_a_fresh_cookie(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    secret = offer(alice)
    tablet = another(alice)
    assert take(tablet, secret).status_code == 201
    old = tablet.http.cookies["ajar"]
    assert take(tablet, secret).status_code == 201
    assert tablet.http.cookies["ajar"] != old
    stale = server.client().get("/api/pair", headers={"cookie": f"ajar={old}"})
    assert refused(stale) == (401, "no_pair")
    assert count(tablet) == {"count": 2}
    server.clock.move_to(START + 10 * MINUTES)
    tablet.http.cookies.clear()
    assert refused(take(tablet, secret)) == (410, "invitation_gone")


def test_used_expired_wrong_and_unknown_are_the_same_bytes(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    secret = offer(alice)
    wrong = whole(take(another(alice), secrets.token_bytes(32)))
    same = {
        "another pair": whole(take(another(alice), secret, to_base64url(bytes(16)))),
        "no pair id": whole(take(another(alice), secret, "nonsense")),
    }
    assert take(another(alice), secret).status_code == 201
    same["used"] = whole(take(another(alice), secret))
    server.clock.move_to(START + 10 * MINUTES)
    same["expired"] = whole(take(another(alice), secret))
    assert wrong[0] == 410
    assert same == dict.fromkeys(same, wrong)


def test_a_browser_with_a_seat_is_told_so_whatever_the_offer(pair: tuple[Phone, Phone]) -> None:
    alice, bob = pair
    secret = offer(alice)
    bob.claim = secrets.token_bytes(32)
    right = take(bob, secret)
    assert refused(right) == (409, "has_seat")
    assert whole(take(bob, bytes(32))) == whole(right)
    assert take(another(alice), secret).status_code == 201


def test_a_side_has_at_most_eight_phones_whatever_the_other_has(
    pair: tuple[Phone, Phone],
) -> None:
    alice, bob = pair
    for _ in range(7):
        add_phone(alice)
    body = {"join_hash": to_base64url(bytes(32))}
    assert refused(alice.request("POST", "/api/phones", body)) == (409, "too_many_phones")
    assert count(alice) == {"count": 8}
    add_phone(bob)
    assert alice.request("DELETE", "/api/phones").status_code == 204
    add_phone(alice)
    assert count(alice) == count(bob) == {"count": 2}


def test_removing_the_others_leaves_one_phone_and_the_other_side_alone(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    tablet, laptop = add_phone(alice), add_phone(alice)
    bobs_tablet = add_phone(bob)
    for phone in (alice, tablet, laptop, bob, bobs_tablet):
        assert phone.request("PUT", "/api/reminders", {"at": [START + DAY]}).status_code == 204
    secret = offer(laptop)
    tablet.answer(0, "open")
    bob.answer(0, "open")
    side_b = "SELECT * FROM devices WHERE side = 'b'"
    before = rows(server, side_b)

    assert alice.request("DELETE", "/api/phones").status_code == 204

    for gone in (tablet, laptop):
        assert refused(gone.request("GET", "/api/pair")) == (401, "no_pair")
        assert refused(gone.answer(0, "closed")) == (401, "no_pair")
    assert refused(take(another(alice), secret)) == (410, "invitation_gone")
    assert count(alice) == {"count": 1}
    assert count(bob) == {"count": 2}
    assert rows(server, side_b) == before
    assert len(rows(server, "SELECT * FROM reminders")) == 3
    assert alice.request("DELETE", "/api/phones").status_code == 204
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == bob.outcome(0) == "both open"


def test_leaving_takes_every_phone_of_the_side_along_and_none_of_the_others(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    tablet, secret = add_phone(alice), offer(alice)
    for phone in (alice, tablet, bob):
        phone.request("PUT", "/api/reminders", {"at": [START + DAY]})
        phone.answer(0, "open")
    stored = of_pair(dump(server), from_base64url(alice.pair_id, 16))
    bobs = {
        table: [row for row in stored[table] if dict(row).get("side", "b") == "b"]
        for table in ("answers", "devices", "phone_offers")
    }
    assert tablet.request("POST", "/api/leave", {"tell_partner": False}).status_code == 204
    for phone in (alice, tablet):
        assert refused(phone.request("GET", "/api/pair")) == (401, "no_pair")
    assert refused(take(another(alice), secret)) == (410, "invitation_gone")
    left = of_pair(dump(server), from_base64url(alice.pair_id, 16))
    assert {table: left[table] for table in bobs} == bobs
    assert len(left["reminders"]) == 1
    assert left["rounds"] == stored["rounds"]
    assert left["pairs"] == stored["pairs"]
