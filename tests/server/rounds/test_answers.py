"""Uploading answers: all or none; the last counts; a late or repeated request does no harm."""

import secrets
from typing import Any

import pytest

from ajar.wire import to_base64url
from tests.phone import Choice, Phone
from tests.running_server import RunningServer
from tests.server.expect import refused, whole
from tests.server.pairing.test_phones import add_phone
from tests.server.stores import Dump, dump, rows


@pytest.fixture
def server(emptied: RunningServer) -> RunningServer:
    return emptied


def upload(phone: Phone, n: int, choices: dict[int, Choice]) -> Any:
    body = {**phone.answers_body(choices), "n": n}
    return phone.request("PUT", "/api/answers", body)


def answers_in(stored: Dump) -> list[Any]:
    return stored["pairs.answers"]


@pytest.mark.parametrize("first", ["open", "closed"])
def test_a_higher_n_replaces_the_answer(
    server: RunningServer, pair: tuple[Phone, Phone], first: Choice
) -> None:
    alice, bob = pair
    last: Choice = "closed" if first == "open" else "open"
    bob.answer(0, "open")
    assert upload(alice, 10, {0: first}).status_code == 204
    assert upload(alice, 11, {0: last}).status_code == 204
    assert len(rows(server, "SELECT * FROM answers WHERE side = 'a'")) == 1
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == ("both open" if last == "open" else "quiet")


def test_the_same_n_again_is_taken_and_changes_nothing(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    bob.answer(0, "open")
    assert upload(alice, 10, {0: "closed"}).status_code == 204
    before = dump(server)
    assert upload(alice, 10, {0: "closed"}).status_code == 204
    assert upload(alice, 10, {0: "open", 1: "open"}).status_code == 204
    assert dump(server) == before
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == bob.outcome(0) == "quiet"


def test_a_lower_n_is_out_of_order_and_undoes_nothing(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    bob.answer(0, "open")
    upload(alice, 10, {0: "open"})
    before = dump(server)
    for n in (9, 1):
        assert refused(upload(alice, n, {0: "closed"})) == (409, "out_of_order")
        assert refused(upload(alice, n, {3: "closed"})) == (409, "out_of_order")
    assert dump(server) == before
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == bob.outcome(0) == "both open"


def test_n_may_be_any_instant_in_milliseconds(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    for n in (1, 1_797_000_000_123, 2**53 - 1):
        assert upload(alice, n, {0: "open"}).status_code == 204
    assert rows(server, "SELECT last_n FROM devices WHERE side = 'a'") == [{"last_n": 2**53 - 1}]


def test_n_counts_per_device(server: RunningServer, pair: tuple[Phone, Phone]) -> None:
    alice, bob = pair
    tablet = add_phone(alice)
    assert upload(alice, 1_000, {0: "open"}).status_code == 204
    assert upload(tablet, 1, {0: "closed"}).status_code == 204
    assert upload(bob, 1, {0: "open"}).status_code == 204
    assert refused(upload(alice, 999, {0: "closed"})) == (409, "out_of_order")
    assert upload(tablet, 2, {0: "open"}).status_code == 204
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == bob.outcome(0) == "both open"


def test_two_answers_for_one_round_are_refused_whole(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    body = alice.answers_body({0: "open", 1: "open"})
    body["answers"].append(body["answers"][0])
    before = dump(server)
    assert refused(alice.request("PUT", "/api/answers", body)) == (422, "invalid")
    assert dump(server) == before


@pytest.mark.parametrize("beyond", [5, 11])
def test_a_round_beyond_the_run_is_refused_whole(
    server: RunningServer, pair: tuple[Phone, Phone], beyond: int
) -> None:
    alice, _ = pair
    body = alice.answers_body({0: "open"})
    body["answers"].append({"round": beyond, "body": to_base64url(bytes(64))})
    before = dump(server)
    assert refused(alice.request("PUT", "/api/answers", body)) == (422, "invalid")
    assert dump(server) == before


@pytest.mark.parametrize("rounds", [[0, 1], [1, 0], [4, 3, 2, 1, 0], [0]])
def test_with_one_closed_round_none_of_an_upload_is_kept(
    server: RunningServer, pair: tuple[Phone, Phone], rounds: list[int]
) -> None:
    alice, _ = pair
    alice.answer(1, "open")
    server.close_round_at(alice.closes[0])
    before = dump(server)
    late = upload(alice, 5_000, dict.fromkeys(rounds, "closed"))
    assert refused(late) == (409, "round_closed")
    assert dump(server) == before
    # Its number is not taken either: the phone may ask anew with the same one.
    assert upload(alice, 5_000, {1: "closed"}).status_code == 204


def test_what_was_acknowledged_can_be_sent_again_after_the_close(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    bob.answer(0, "open")
    body = alice.answers_body({0: "open"})
    assert alice.request("PUT", "/api/answers", body).status_code == 204
    server.close_round_at(alice.closes[0])
    before = dump(server)
    assert alice.request("PUT", "/api/answers", body).status_code == 204
    assert dump(server) == before
    assert alice.outcome(0) == bob.outcome(0) == "both open"


def test_an_answer_counts_as_long_as_its_round_is_not_closed_whatever_the_clock(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    """The row decides: a worker that is late takes what was acknowledged into account."""
    alice, bob = pair
    server.clock.move_to(alice.closes[0] + 30)
    assert alice.answer(0, "open").status_code == 204
    assert bob.answer(0, "open").status_code == 204
    server.work()
    assert alice.outcome(0) == bob.outcome(0) == "both open"


def test_the_rest_of_the_run_can_be_answered_at_once(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    server.close_round_at(alice.closes[1])
    assert upload(alice, 5_000, {2: "closed", 3: "closed", 4: "closed"}).status_code == 204
    assert upload(bob, 5_000, {2: "open", 3: "open", 4: "open"}).status_code == 204
    for closes_at in alice.closes[2:]:
        server.close_round_at(closes_at)
    assert [bob.outcome(index) for index in range(5)] == ["quiet"] * 5
    assert not rows(server, "SELECT * FROM answers")


def test_the_reply_is_the_same_bytes_for_open_and_closed_first_and_changed(
    pair: tuple[Phone, Phone],
) -> None:
    alice, bob = pair
    replies = [
        whole(alice.answer(0, "open")),
        whole(alice.answer(0, "closed")),
        whole(bob.answer(0, "closed")),
        whole(bob.answer(0, "open")),
        whole(alice.answer(0, "open")),
    ]
    assert replies == [replies[0]] * 5
    assert replies[0][0] == 204


def test_an_answer_cannot_be_read_back_nor_whether_there_is_one(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    tablet = add_phone(alice)
    paths = ("/api/pair", "/api/phones", "/api/config", f"/api/invitations/{alice.pair_id}")
    before = [whole(phone.request("GET", path)) for phone in (alice, tablet) for path in paths]
    alice.answer(0, "open")
    after = [whole(phone.request("GET", path)) for phone in (alice, tablet) for path in paths]
    assert after == before


def test_the_body_itself_is_never_stored(server: RunningServer, pair: tuple[Phone, Phone]) -> None:
    alice, bob = pair
    alice.answer(0, "open")
    bob.answer(0, "closed")
    bodies = [alice.answer_bytes(0, "open"), bob.answer_bytes(0, "closed")]
    files = [path.read_bytes() for path in server.settings.data.iterdir()]
    for body in bodies:
        for half in (body[:32], body[32:]):
            assert not any(half in content for content in files)


def test_any_64_bytes_are_taken_alike(server: RunningServer, pair: tuple[Phone, Phone]) -> None:
    alice, bob = pair
    for phone, noise in ((alice, bytes(64)), (bob, secrets.token_bytes(64))):
        body = {"n": 1, "answers": [{"round": 0, "body": to_base64url(noise)}]}
        assert phone.request("PUT", "/api/answers", body).status_code == 204
    sizes = {
        tuple(len(row[part]) for part in ("tag", "nonce", "box"))
        for row in rows(server, "SELECT * FROM answers")
    }
    assert sizes == {(32, 12, 48)}


def test_no_answer_is_taken_after_the_end(server: RunningServer, pair: tuple[Phone, Phone]) -> None:
    alice, bob = pair
    bob.request("POST", "/api/leave", {"tell_partner": True})
    server.close_round_at(alice.closes[0])
    before = dump(server)
    for index in range(5):
        assert refused(alice.answer(index, "open")) == (409, "round_closed")
    assert dump(server) == before
    assert answers_in(before) == []
