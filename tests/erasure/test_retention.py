"""Erased for good: fourteen days after its end no row of a pair is left in either store, and no
value that its rows ever held is in any file, however many other pairs live on beside it.
"""

import secrets
from pathlib import Path

import pytest

from ajar.pairing.store import NewPair, create_pair
from ajar.protocol import sha256
from ajar.rounds import answer_keys
from ajar.wire import to_base64url
from tests.erasure.disk import Disk
from tests.erasure.story import Couple, Story
from tests.phone import DAY, HOUR, weekly
from tests.proof import Proof
from tests.running_server import START, RunningServer
from tests.server.stores import PAIR_TABLES, dump

KNOW_PAIRS = {f"pairs.{table}" for table in PAIR_TABLES}
SHORTEST = 12  # bytes of a value that cannot be in a file by chance
ENDS = 12  # days after another on which runs end, so that some are erased while others live
COUPLES = 8


def lives(story: Story, couple: Couple, number: int) -> None:
    """A subscription, reminders, one more phone's offer, answers: a row in every table."""
    for phone in (couple.alice, couple.bob):
        subscription = {
            "endpoint": f"https://fcm.googleapis.com/fcm/send/{phone.side}-{number}-{'x' * 100}",
            # The generator of P-256: a point like any other.
            "p256dh": "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKW"
            "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
            "auth": to_base64url(sha256(f"{phone.side} {number}".encode())[:16]),
        }
        offer = {"join_hash": to_base64url(sha256(subscription["auth"].encode()))}
        later = [instant - HOUR for instant in phone.closes]
        assert phone.request("PUT", "/api/subscription", subscription).status_code == 204
        assert phone.request("PUT", "/api/reminders", {"at": later}).status_code == 204
        assert phone.request("POST", "/api/phones", offer).status_code == 201
    # Every other couple's first round is a match.
    for index in range(len(couple.alice.closes)):
        assert story.answer(couple, "a", index, "open")
        assert story.answer(couple, "b", index, "open" if number % 2 else "closed")


def many_more(story: Story, count: int) -> None:
    """Pairs without a life of their own, so that rows are moved from page to page."""
    database, new = story.server.state.database, secrets.token_bytes

    async def create() -> None:
        await answer_keys.ensure(database, [START + (3 + day) * DAY for day in range(ENDS)])
        for number in range(count):
            closes = [START + (3 + number % ENDS) * DAY]
            pair = NewPair(new(16), new(32), closes, "marriage", new(32))
            await create_pair(database, pair, secrets.token_urlsafe(16), new(32), START)

    story.server.call(create())


def held(story: Story) -> dict[bytes, tuple[bytes, str]]:
    """Every long value of every row of a pair: whose it is, and which column it stands in."""
    values = {}
    for table, rows in dump(story.server).items():
        for row in rows if table in KNOW_PAIRS else ():
            for column, value in row:
                content = value.encode() if isinstance(value, str) else value
                if isinstance(content, bytes) and len(content) >= SHORTEST:
                    values[content] = (dict(row)["pair_id"], f"{table}.{column}")
    return values


@pytest.mark.proof
def test_fourteen_days_after_its_end_no_row_and_no_value_of_a_pair_is_left(
    tmp_path: Path, proof: Proof
) -> None:
    data = tmp_path / "data"
    ever: dict[bytes, tuple[bytes, str]] = {}
    count, looked_for = proof.many(500, 2500), 0
    with RunningServer(data) as server:
        story = Story(server, Disk((data,), (data,)))
        for number in range(COUPLES):
            link = number.to_bytes(16, "big")
            lives(story, story.couple(weekly(START + 3 * DAY, 2), link), number)
        many_more(story, count)
        ever |= held(story)
        story.leave(story.couples[0], "a", telling=True)
        for day in range(ENDS + 14):
            story.server.close_round_at(START + (3 + day) * DAY)
            now = held(story)
            ever |= now
            living = {pair_id for pair_id, _ in now.values()}
            files = story.disk.all().values()
            gone = [value for value in ever.keys() - now if ever[value][0] not in living]
            left = {ever[value][1] for value in gone if any(value in file for file in files)}
            assert left == set()
            looked_for += len(gone) if living else 0
        assert [story.count(table) for table in PAIR_TABLES] == [0] * len(PAIR_TABLES)
        assert story.count("answer_keys", "answer_keys") == 0
    assert looked_for, "nobody was erased beside others"
    columns = {column for _, column in ever.values()}
    assert {"pairs.pairs.decoy_key", "pairs.answers.box", "pairs.rounds.for_a"} <= columns
    proof.says(
        "Erased",
        f"{len(ever)} values of the rows of {count + COUPLES} pairs, erased on {ENDS} days: each"
        f" looked for while younger pairs lived on ({looked_for} times in all), none in any file",
    )
