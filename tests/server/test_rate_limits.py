"""Rate limits: a seat counts for itself alone, an address for creations and failed attempts."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from ajar import rate_limits
from tests.phone import DAY, Phone, new_pair, weekly
from tests.running_server import START, RunningServer
from tests.server.expect import refused
from tests.server.pairing.test_create import inviting
from tests.server.stores import dump

SEAT = rate_limits.SEAT_REQUESTS.amount
CREATIONS = rate_limits.CREATIONS.amount
FAILED = rate_limits.FAILED_ATTEMPTS.amount


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with RunningServer(tmp_path / "data", {"AJAR_RATE_LIMITS": "on"}) as running:
        yield running


def unknown(server: RunningServer) -> Phone:
    return Phone(server, "b", secrets.token_bytes(16), weekly(START + 3 * DAY))


def test_a_phone_that_asks_too_often_is_told_to_wait_and_nobody_else_notices(
    server: RunningServer,
) -> None:
    alice, bob = new_pair(server)
    replies = [alice.request("GET", "/api/phones") for _ in range(SEAT + 1)]
    assert [reply.status_code for reply in replies] == [200] * SEAT + [429]
    assert len({tuple(reply.headers) for reply in replies[:-1]}) == 1
    assert not any("limit" in name for name in replies[0].headers)
    before = dump(server)
    late = alice.answer(0, "open")
    assert refused(late) == (429, "too_many_requests")
    assert 1 <= int(late.headers["retry-after"]) <= 60
    assert dump(server) == before
    assert bob.answer(0, "open").status_code == 204


def test_failed_attempts_of_an_address_never_spoil_a_right_one(server: RunningServer) -> None:
    """Behind one address sit whole towns; and a partner may share it."""
    alice = inviting(server)
    assert alice.create().status_code == 201
    replies = [unknown(server).join() for _ in range(FAILED + 2)]
    codes = [refused(reply)[1] for reply in replies]
    assert codes == ["invitation_gone"] * FAILED + ["too_many_requests"] * 2
    assert refused(server.client().get("/api/invitations/unknown"))[0] == 429
    bob = Phone(server, "b", alice.link, alice.closes)
    assert server.client().get(f"/api/invitations/{bob.pair_id}").status_code == 200
    assert bob.join().status_code == 201
    assert bob.view()["side"] == "b"


def test_what_a_phone_with_a_seat_tries_in_vain_counts_for_itself_alone(
    server: RunningServer,
) -> None:
    """Partners may share an address: neither can count the other's looks at a link that is gone."""
    alice, bob = new_pair(server)
    looks = [bob.request("GET", "/api/invitations/unknown") for _ in range(FAILED + 1)]
    assert [reply.status_code for reply in looks] == [404] * FAILED + [429]
    assert alice.request("GET", "/api/invitations/unknown").status_code == 404
    assert refused(unknown(server).join())[1] == "invitation_gone"


def test_one_address_makes_only_so_many_invitations_an_hour(server: RunningServer) -> None:
    first = inviting(server)
    replies = [first.create(), *(inviting(server).create() for _ in range(CREATIONS - 1))]
    assert {reply.status_code for reply in replies} == {201}
    before = dump(server)
    late = inviting(server).create()
    assert refused(late) == (429, "too_many_requests")
    assert 1 <= int(late.headers["retry-after"]) <= 3600
    assert dump(server) == before
    # A lost reply can still be repeated, and who was invited can still join.
    assert first.create().status_code == 201
    assert Phone(server, "b", first.link, first.closes).join().status_code == 201


def test_guesses_at_the_access_code_are_counted(tmp_path: Path) -> None:
    further = {"AJAR_RATE_LIMITS": "on", "AJAR_ACCESS_CODE": "right"}
    with RunningServer(tmp_path / "data", further) as server:
        alice = inviting(server)
        replies = [alice.create() for _ in range(FAILED + 1)]
        assert [reply.status_code for reply in replies] == [403] * FAILED + [429]
