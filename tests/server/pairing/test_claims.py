"""A lost reply: the same request with the same claim is answered again, and for nobody else."""

import secrets

import pytest

from tests.phone import DAY, HOUR, Phone, weekly
from tests.running_server import START, RunningServer
from tests.server.expect import refused
from tests.server.pairing.test_phones import add_phone
from tests.server.stores import rows


@pytest.fixture
def phones(server: RunningServer) -> tuple[Phone, Phone]:
    link, closes = secrets.token_bytes(16), weekly(START + 3 * DAY + HOUR)
    return Phone(server, "a", link, closes), Phone(server, "b", link, closes)


def take_seat(phone: Phone) -> int:
    return (phone.create() if phone.side == "a" else phone.join()).status_code


def seated(phones: tuple[Phone, Phone], side: str) -> Phone:
    """The phone of that side, with its seat taken; Alice's before Bob's."""
    alice, bob = phones
    assert take_seat(alice) == 201
    if side == "a":
        return alice
    assert take_seat(bob) == 201
    return bob


def without_cookies(phone: Phone) -> Phone:
    """The same phone, its reply lost on the way."""
    return Phone(phone.server, phone.side, phone.link, phone.closes, claim=phone.claim)


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_repeat_gives_a_fresh_cookie_and_the_first_is_worth_nothing(
    server: RunningServer, phones: tuple[Phone, Phone], side: str
) -> None:
    first = seated(phones, side)
    again = without_cookies(first)
    reply = again.create() if side == "a" else again.join()
    assert reply.status_code == 201
    assert reply.json() == again.view()
    assert again.view()["side"] == side
    assert first.http.cookies["ajar"] != again.http.cookies["ajar"]
    assert refused(first.request("GET", "/api/pair")) == (401, "no_pair")
    assert refused(first.request("PUT", "/api/answers", first.answers_body({0: "open"}))) == (
        401,
        "no_pair",
    )
    devices = rows(server, "SELECT * FROM devices WHERE side = ?", side)
    assert len(devices) == 1


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_repeat_is_looked_at_before_the_seat_this_browser_holds(
    phones: tuple[Phone, Phone], side: str
) -> None:
    phone = seated(phones, side)
    for _ in range(3):
        assert take_seat(phone) == 201
        assert phone.view()["side"] == side


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_repeat_changes_nothing_of_the_run(
    server: RunningServer, phones: tuple[Phone, Phone], side: str
) -> None:
    seated(phones, "b")
    phone = phones[0] if side == "a" else phones[1]
    for each in phones:
        each.answer(0, "open")
    phone.request("PUT", "/api/reminders", {"at": [START + DAY]})
    kept = rows(server, "SELECT * FROM answers"), rows(server, "SELECT * FROM reminders")
    assert take_seat(phone) == 201
    assert (rows(server, "SELECT * FROM answers"), rows(server, "SELECT * FROM reminders")) == kept
    server.close_round_at(phone.closes[0])
    assert phones[0].outcome(0) == phones[1].outcome(0) == "both open"


@pytest.mark.parametrize(
    ("side", "refusal"), [("a", (409, "pair_exists")), ("b", (410, "invitation_gone"))]
)
def test_another_claim_is_nobodys(
    phones: tuple[Phone, Phone], side: str, refusal: tuple[int, str]
) -> None:
    first = seated(phones, side)
    other = without_cookies(first)
    other.claim = secrets.token_bytes(32)
    assert refused(other.create() if side == "a" else other.join()) == refusal
    assert first.view()["side"] == side


def test_the_right_claim_for_another_request_is_nobodys(phones: tuple[Phone, Phone]) -> None:
    alice = seated(phones, "a")
    for change in (
        {"wording": "relationship"},
        {"closes": weekly(START + 4 * DAY)},
        {"join_hash": alice.create_body()["claim"]},
    ):
        body = {**alice.create_body(), **change}
        reply = without_cookies(alice).request("POST", "/api/pairs", body)
        assert refused(reply) == (409, "pair_exists")
    bob = seated((Phone(alice.server, "a", secrets.token_bytes(16), alice.closes), phones[1]), "a")
    assert take_seat(phones[1]) == 201
    wrong = {**phones[1].join_body(), "join_secret": bob.create_body()["claim"]}
    reply = without_cookies(phones[1]).request(
        "POST", f"/api/invitations/{alice.pair_id}/join", wrong
    )
    assert refused(reply) == (410, "invitation_gone")


@pytest.mark.parametrize(
    ("side", "refusal"), [("a", (409, "pair_exists")), ("b", (410, "invitation_gone"))]
)
def test_a_repeat_works_until_the_invitation_expires(
    server: RunningServer, phones: tuple[Phone, Phone], side: str, refusal: tuple[int, str]
) -> None:
    first = seated(phones, side)
    server.clock.move_to(START + 72 * HOUR - 1)
    again = without_cookies(first)
    assert take_seat(again) == 201
    server.clock.move_to(START + 72 * HOUR)
    late = without_cookies(first)
    assert refused(late.create() if side == "a" else late.join()) == refusal
    assert again.view()["side"] == side


@pytest.mark.parametrize("tell", [False, True])
@pytest.mark.parametrize(
    ("side", "refusal"), [("a", (409, "pair_exists")), ("b", (410, "invitation_gone"))]
)
def test_leaving_never_frees_a_seat_not_even_for_who_left(
    phones: tuple[Phone, Phone], side: str, refusal: tuple[int, str], *, tell: bool
) -> None:
    phone = seated(phones, side)
    reply = phone.request("POST", "/api/leave", {"tell_partner": tell})
    assert reply.status_code == 204
    assert refused(phone.create() if side == "a" else phone.join()) == refusal
    charlie = Phone(phone.server, phone.side, phone.link, phone.closes)
    assert refused(charlie.create() if side == "a" else charlie.join()) == refusal


def test_a_removed_phone_cannot_come_back_by_its_claim(phones: tuple[Phone, Phone]) -> None:
    alice = seated(phones, "a")
    tablet = add_phone(alice)
    assert tablet.request("DELETE", "/api/phones").status_code == 204
    assert refused(alice.request("GET", "/api/pair")) == (401, "no_pair")
    assert refused(alice.create()) == (409, "pair_exists")
    assert tablet.view()["side"] == "a"


def test_the_two_sides_may_have_the_same_claim(phones: tuple[Phone, Phone]) -> None:
    alice, bob = phones
    bob.claim = alice.claim
    seated(phones, "b")
    assert take_seat(bob) == take_seat(alice) == 201
    assert (alice.view()["side"], bob.view()["side"]) == ("a", "b")
