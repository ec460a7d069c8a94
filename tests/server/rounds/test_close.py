"""The close: exactly the AND, once, at the same instant for both, and nothing left of it."""

from itertools import product
from pathlib import Path
from typing import Literal

import pytest

from ajar.database import Connection
from tests.phone import DAY, WEEK, Choice, Phone, new_pair
from tests.running_server import RunningServer

ANSWERS: list[Choice | Literal["none"]] = ["open", "closed", "none"]
CHANGED: dict[Choice, Choice] = {"open": "closed", "closed": "open"}


def answer_after_a_change_of_mind(
    phone: Phone, index: int, choice: Choice | Literal["none"]
) -> None:
    if choice == "none":
        return
    assert phone.answer(index, CHANGED[choice]).status_code == 204
    assert phone.answer(index, choice).status_code == 204


@pytest.mark.parametrize(("alices", "bobs"), list(product(ANSWERS, ANSWERS)))
def test_both_phones_learn_exactly_whether_both_were_open(
    server: RunningServer,
    pair: tuple[Phone, Phone],
    alices: Choice | Literal["none"],
    bobs: Choice | Literal["none"],
) -> None:
    alice, bob = pair
    answer_after_a_change_of_mind(alice, 0, alices)
    answer_after_a_change_of_mind(bob, 0, bobs)
    server.close_round_at(alice.closes[0] - 1)
    assert (alice.outcome(0), bob.outcome(0)) == (None, None)

    server.close_round_at(alice.closes[0])

    expected = "both open" if alices == bobs == "open" else "quiet"
    assert (alice.outcome(0), bob.outcome(0)) == (expected, expected)
    ended = "finished" if expected == "both open" else None
    assert (alice.view()["ended"], bob.view()["ended"]) == (ended, ended)


def test_a_match_ends_the_run(server: RunningServer, pair: tuple[Phone, Phone]) -> None:
    alice, bob = pair
    for phone in pair:
        phone.request("PUT", "/api/answers", phone.answers_body(dict.fromkeys(range(5), "open")))
    server.close_round_at(alice.closes[0])
    late = alice.answer(1, "open")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "round_closed")

    server.close_round_at(alice.closes[1])

    assert alice.view()["seals"][1:] == bob.view()["seals"][1:] == [None] * 4
    assert alice.outcome(0) == "both open"


def test_a_quiet_run_finishes_with_its_last_round(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    for closes_at in alice.closes:
        assert alice.view()["ended"] is None
        server.close_round_at(closes_at)
    assert [alice.outcome(index) for index in range(5)] == ["quiet"] * 5
    assert alice.view()["ended"] == bob.view()["ended"] == "finished"


def test_overdue_rounds_close_in_order_so_that_the_first_match_ends_the_run(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    for phone in pair:
        phone.request("PUT", "/api/answers", phone.answers_body({1: "open", 2: "open"}))
    server.close_round_at(alice.closes[4] + DAY)
    assert (alice.outcome(0), alice.outcome(1), alice.outcome(2)) == ("quiet", "both open", None)
    assert bob.outcome(1) == "both open"


def test_a_closed_round_takes_no_answer_and_none_of_an_upload_is_kept(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    bob.request("PUT", "/api/answers", bob.answers_body({1: "open"}))
    server.close_round_at(alice.closes[0])
    late = alice.request("PUT", "/api/answers", alice.answers_body({0: "open", 1: "open"}))
    assert (late.status_code, late.json()["error"]["code"]) == (409, "round_closed")
    server.close_round_at(alice.closes[1])
    assert alice.outcome(1) == bob.outcome(1) == "quiet"


def test_closing_twice_or_with_two_workers_at_once_changes_nothing(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    for phone in pair:
        phone.answer(0, "open")
    server.close_round_at(alice.closes[0])
    before = alice.view(), bob.view()
    server.work()
    assert (alice.view(), bob.view()) == before


def test_a_copied_token_with_a_wrong_seal_shows_nobody_both_open(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    """A hostile phone knows the token as well as the honest one; its seal must be true too."""
    from ajar.wire import to_base64url

    alice, bob = pair
    alice.answer(0, "open")
    forged = bob.round(0).token + bytes(32)
    body = {"n": 5_000, "answers": [{"round": 0, "body": to_base64url(forged)}]}
    assert bob.request("PUT", "/api/answers", body).status_code == 204
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == bob.outcome(0) == "quiet"


def test_answers_and_the_instants_key_are_gone_after_the_close(
    server: RunningServer, tmp_path: Path
) -> None:
    alice, bob = new_pair(server)
    alice.answer(0, "open")
    bob.answer(0, "closed")

    async def stored(connection: Connection) -> list[bytes]:
        rows = await connection.rows("SELECT tag, box FROM answers")
        return [bytes(row[part]) for row in rows for part in ("tag", "box")]

    async def keys(connection: Connection) -> dict[int, bytes]:
        rows = await connection.rows("SELECT closes_at, key FROM answer_keys")
        return {row["closes_at"]: bytes(row["key"]) for row in rows}

    database = server.state.database
    erased = server.call(database.read(stored))
    before = server.call(database.read(keys, store="answer_keys"))
    assert len(erased) == 4
    assert set(before) == set(alice.closes)

    server.close_round_at(alice.closes[0])

    after = server.call(database.read(keys, store="answer_keys"))
    assert set(after) == set(alice.closes[1:])
    files = [path.read_bytes() for path in (tmp_path / "data").iterdir()]
    for gone in (*erased, before[alice.closes[0]]):
        assert not any(gone in content for content in files)


def test_a_lost_answer_key_makes_its_rounds_lost_for_every_pair_alike(
    server: RunningServer,
) -> None:
    answered, silent = new_pair(server), new_pair(server)
    for phone in answered:
        phone.answer(0, "open")

    async def lose(connection: Connection) -> None:
        await connection.execute(
            "DELETE FROM answer_keys WHERE closes_at = $1", answered[0].closes[0]
        )

    server.call(server.state.database.transaction(lose, store="answer_keys"))
    server.work()
    for phone in (*answered, *silent):
        assert phone.view()["lost"] == [0]

    server.close_round_at(answered[0].closes[0])

    assert answered[0].outcome(0) == silent[0].outcome(0) == "quiet"
    assert answered[0].view()["lost"] == silent[0].view()["lost"] == [0]


def test_after_a_lost_key_both_can_answer_again_and_match(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    alice.answer(0, "open")
    bob.answer(0, "open")

    async def lose(connection: Connection) -> None:
        await connection.execute("DELETE FROM answer_keys")

    server.call(server.state.database.transaction(lose, store="answer_keys"))
    before = bob.view()
    assert alice.answer(0, "open").status_code == 503
    assert bob.view() == before
    server.work()
    assert bob.view()["lost"] == list(range(5))
    assert alice.answer(0, "open").status_code == 204
    assert bob.answer(0, "open").status_code == 204
    server.close_round_at(alice.closes[0])
    assert alice.outcome(0) == bob.outcome(0) == "both open"


def test_a_pair_made_at_an_instant_whose_key_was_lost_does_not_hide_the_loss(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    bob.answer(0, "open")

    async def lose(connection: Connection) -> None:
        await connection.execute("DELETE FROM answer_keys")

    server.call(server.state.database.transaction(lose, store="answer_keys"))
    charlie = Phone(server, "a", b"another link!!!!", alice.closes)
    assert charlie.create().status_code == 503
    server.work()
    assert alice.view()["lost"] == bob.view()["lost"] == list(range(5))
    assert charlie.create().status_code == 201
    assert charlie.view()["lost"] == []


def test_tell_them_i_have_decided_shows_from_the_next_closing_instant_on(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    untold = bob.view()
    assert alice.request("POST", "/api/leave", {"tell_partner": True}).status_code == 204
    assert bob.view() == untold
    server.close_round_at(alice.closes[0] - 1)
    assert bob.view()["ended"] is None
    server.close_round_at(alice.closes[0])
    told = bob.view()
    assert told["ended"] == "decided"
    assert told["seals"][0] is not None
    server.close_round_at(alice.closes[1])
    assert bob.view()["seals"][1:] == [None] * 4
    late = bob.answer(1, "open")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "round_closed")


def test_leaving_quietly_changes_nothing_for_the_other(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    bob.answer(0, "open")
    alice.answer(0, "open")
    assert alice.request("POST", "/api/leave", {"tell_partner": False}).status_code == 204
    for index, closes_at in enumerate(alice.closes):
        server.close_round_at(closes_at)
        assert bob.outcome(index) == "quiet"
    assert bob.view()["ended"] == "finished"


def test_telling_at_the_last_close_shows_decided_instead_of_finished(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    server.close_round_at(alice.closes[3])
    bob.request("POST", "/api/leave", {"tell_partner": True})
    server.close_round_at(alice.closes[4])
    assert alice.view()["ended"] == "decided"


def test_telling_after_the_end_does_nothing(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    server.close_round_at(alice.closes[4])
    bob.request("POST", "/api/leave", {"tell_partner": True})
    server.clock.pass_by(WEEK)
    server.work()
    assert alice.view()["ended"] == "finished"


@pytest.mark.parametrize("matched", [True, False])
def test_a_pair_is_erased_fourteen_days_after_its_end_and_not_before(
    server: RunningServer, pair: tuple[Phone, Phone], *, matched: bool
) -> None:
    alice, bob = pair
    if matched:
        alice.answer(0, "open")
        bob.answer(0, "open")
    end = alice.closes[0] if matched else alice.closes[-1]
    server.close_round_at(end)
    server.clock.move_to(end + 14 * DAY - 1)
    server.work()
    assert alice.view()["ended"] == "finished"
    server.clock.move_to(end + 14 * DAY)
    server.work()
    assert alice.request("GET", "/api/pair").status_code == 401

    async def left(connection: Connection) -> int:
        tables = ("answers", "reminders", "phone_offers", "devices", "rounds", "pairs")
        return sum([len(await connection.rows(f"SELECT 1 FROM {table}")) for table in tables])

    assert server.call(server.state.database.read(left)) == 0


def test_an_outcome_can_still_be_seen_after_the_server_was_away_for_weeks(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    alice.answer(4, "open")
    bob.answer(4, "open")
    server.close_round_at(alice.closes[4] + 30 * DAY)
    assert alice.outcome(4) == bob.outcome(4) == "both open"
