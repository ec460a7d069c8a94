"""Inviting: who may, once, and with which closing instants."""

import secrets
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ajar.pairing.rules import invitation_until, schedule_problem
from ajar.wire import to_base64url
from tests.phone import DAY, HOUR, Phone, weekly
from tests.running_server import START, RunningServer
from tests.server.expect import refused
from tests.server.stores import dump

LONGEST = 31 * DAY + HOUR


def inviting(server: RunningServer, closes: list[int] | None = None) -> Phone:
    """A phone that has made a link and asked for nothing yet."""
    first = int(server.clock.now()) + 3 * DAY
    return Phone(server, "a", secrets.token_bytes(16), closes or weekly(first))


def test_inviting_seats_side_a_and_shows_a_view_without_outcomes(server: RunningServer) -> None:
    alice = inviting(server)
    reply = alice.create()
    assert reply.status_code == 201
    assert reply.json() == {
        "pair_id": alice.pair_id,
        "side": "a",
        "wording": "marriage",
        "closes": alice.closes,
        "seals": [None] * 5,
        "lost": [],
        "ended": None,
        "now": START,
    }
    assert alice.view() == reply.json()


def test_an_invitation_that_exists_cannot_be_made_by_anyone_else(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    before = dump(server)
    charlie = Phone(server, "a", alice.link, alice.closes)
    assert refused(charlie.create()) == (409, "pair_exists")
    assert dump(server) == before


def test_a_browser_that_holds_a_seat_cannot_invite_until_the_run_is_erased(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    for phone in pair:
        again = inviting(server)
        again.http = phone.http
        before = dump(server)
        assert refused(again.create()) == (409, "has_seat")
        assert dump(server) == before
    for closes_at in pair[0].closes:
        server.close_round_at(closes_at)
    server.clock.move_to(pair[0].closes[-1] + 14 * DAY)
    server.work()
    again = inviting(server)
    again.http = pair[1].http
    assert again.create().status_code == 201


def test_after_leaving_a_browser_can_invite_anew(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    _, bob = pair
    assert bob.request("POST", "/api/leave", {"tell_partner": False}).status_code == 204
    again = inviting(server)
    again.http = bob.http
    assert again.create().status_code == 201


def test_where_a_code_is_asked_for_only_the_right_one_invites(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data", {"AJAR_ACCESS_CODE": "Grüße 7"}) as server:
        alice = inviting(server)
        before = dump(server)
        for code in (None, "", "grüße 7", "Grüße 7 ", "Grüße", "x" * 200):
            body = {**alice.create_body(), "access_code": code}
            assert refused(alice.request("POST", "/api/pairs", body)) == (403, "access_code")
        assert refused(alice.create()) == (403, "access_code")
        assert dump(server) == before
        body = {**alice.create_body(), "access_code": "Grüße 7"}
        assert alice.request("POST", "/api/pairs", body).status_code == 201
        assert server.client().get("/api/config").json()["access_code"] is True


def test_where_no_code_is_asked_for_any_code_will_do(server: RunningServer) -> None:
    alice = inviting(server)
    body = {**alice.create_body(), "access_code": "some code"}
    assert alice.request("POST", "/api/pairs", body).status_code == 201
    assert server.client().get("/api/config").json()["access_code"] is False


@pytest.mark.parametrize(
    ("gaps", "fits"),
    [
        ([HOUR], True),
        ([HOUR - 1], False),
        ([0], False),
        ([-DAY], False),
        ([DAY, 23 * HOUR], True),
        ([DAY, 23 * HOUR - 1], False),
        ([DAY, LONGEST], True),
        ([DAY, LONGEST + 1], False),
        ([DAY, 0], False),
        ([2 * DAY, -DAY], False),
        ([DAY] * 12, True),
        ([DAY] * 13, False),
        ([], False),
    ],
)
def test_the_server_takes_a_schedule_up_to_each_bound_and_not_beyond(
    server: RunningServer, gaps: list[int], *, fits: bool
) -> None:
    closes = instants(START, gaps)
    alice = inviting(server)
    body = {**alice.create_body(), "closes": closes}
    before = dump(server)
    reply = alice.request("POST", "/api/pairs", body)
    if fits:
        assert reply.json()["closes"] == closes
        assert alice.view()["seals"] == [None] * len(closes)
    else:
        assert refused(reply) == (422, "invalid")
        assert dump(server) == before


def test_a_setting_lowers_both_lower_bounds(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data", {"AJAR_MIN_INTERVAL": "60"}) as server:
        for gaps in ([59], [60, 59], [60, LONGEST + 1]):
            alice = inviting(server, instants(START, gaps))
            assert refused(alice.create()) == (422, "invalid")
        assert inviting(server, instants(START, [60] * 12)).create().status_code == 201
        assert server.client().get("/api/config").json()["min_interval"] == 60


def instants(now: int, gaps: list[int]) -> list[int]:
    """Closing instants by their distances, the first from now."""
    made = []
    for gap in gaps:
        now += gap
        made.append(now)
    return made


min_intervals = st.none() | st.integers(1, HOUR)


def near(low: int, high: int) -> st.SearchStrategy[int]:
    """Anything between two bounds, the bounds themselves often."""
    return st.sampled_from([low, high]) | st.integers(low, high)


@given(data=st.data(), now=st.integers(0, 2**39), min_interval=min_intervals)
def test_every_schedule_within_the_bounds_is_one(
    data: st.DataObject, now: int, min_interval: int | None
) -> None:
    lead, distance = min_interval or HOUR, min_interval or 23 * HOUR
    gaps = [data.draw(near(lead, 31 * DAY))]
    gaps += data.draw(st.lists(near(distance, LONGEST), max_size=11))
    assert schedule_problem(instants(now, gaps), now, min_interval) is None


@given(data=st.data(), now=st.integers(0, 2**39), min_interval=min_intervals)
def test_one_instant_out_of_bounds_makes_it_none(
    data: st.DataObject, now: int, min_interval: int | None
) -> None:
    lead, distance = min_interval or HOUR, min_interval or 23 * HOUR
    gaps = [data.draw(near(lead, 31 * DAY))]
    gaps += data.draw(st.lists(near(distance, LONGEST), max_size=11))
    at = data.draw(st.integers(0, len(gaps) - 1))
    too_short = near(-2 * LONGEST, (distance if at else lead) - 1)
    too_long = near(LONGEST + 1, 3 * LONGEST)
    gaps[at] = data.draw(too_short | too_long)
    problem = schedule_problem(instants(now, gaps), now, min_interval)
    assert problem
    assert problem.startswith("closes: ")


@given(now=st.integers(0, 2**39), gaps=st.lists(st.integers(1, LONGEST), min_size=1, max_size=12))
def test_an_invitation_lasts_72_hours_or_until_the_last_close(now: int, gaps: list[int]) -> None:
    closes = instants(now, gaps)
    assert invitation_until(closes, now) == min(now + 72 * HOUR, closes[-1])


def test_the_same_wording_is_shown_to_both(server: RunningServer) -> None:
    alice = inviting(server)
    alice.wording = "relationship"
    assert alice.create().json()["wording"] == "relationship"
    bob = Phone(server, "b", alice.link, alice.closes)
    assert bob.join().json()["wording"] == "relationship"


def test_a_pair_id_may_hold_any_bytes(server: RunningServer) -> None:
    closes = weekly(START + 3 * DAY)
    for pair_id in (bytes(16), b"\xff" * 16, b"'; DROP TABLE--\0"):
        phone = Phone(server, "a", secrets.token_bytes(16), closes)
        body = {**phone.create_body(), "pair_id": to_base64url(pair_id)}
        assert phone.request("POST", "/api/pairs", body).status_code == 201
        assert phone.view()["pair_id"] == to_base64url(pair_id)
