"""A destroyed answer key is in no file any more, however many others live beside it."""

import random
from pathlib import Path

import pytest

from ajar.database import Connection, Database
from ajar.rounds import answer_keys
from tests.phone import DAY
from tests.running_server import START, RunningServer

PAIRS, ROUNDS, GAP = 45, 5, 14 * DAY

# Histories in which deleting row by row, even with `secure_delete`, leaves a destroyed key in the
# gap of a page that rows were moved out of. Found by trying some hundreds.
SEEDS = (191, 233)


def plan(seed: int) -> list[list[int]]:
    """The closing instants of forty-five pairs, in the order in which they were made."""
    chance = random.Random(seed)  # noqa: S311
    for sizes in ((20, 30, 45), (1, 7, 14), (3, 5, 8, 12)):
        chance.choice(sizes)  # the search that found the seeds drew these first
    first = START // 900 * 900
    starts = [chance.randrange(3 * DAY, 10 * DAY) // 900 * 900 for _ in range(PAIRS)]
    return [[first + start + index * GAP for index in range(ROUNDS)] for start in starts]


async def keys_of(database: Database) -> dict[int, bytes]:
    async def look(connection: Connection) -> dict[int, bytes]:
        rows = await connection.rows("SELECT closes_at, key FROM answer_keys")
        return {row["closes_at"]: bytes(row["key"]) for row in rows}

    return await database.read(look, store="answer_keys")


@pytest.mark.parametrize("seed", SEEDS)
def test_no_byte_of_the_key_store_gives_a_destroyed_key_back(
    server: RunningServer, tmp_path: Path, seed: int
) -> None:
    database, store = server.state.database, tmp_path / "data" / "answer-keys.sqlite3"

    async def whole_story() -> list[int]:
        for closes in plan(seed):
            await answer_keys.ensure(database, closes)
        keys = await keys_of(database)
        left_behind: list[int] = []
        destroyed: list[int] = []
        for instant in sorted(keys):
            await answer_keys.destroy(database, [instant])
            destroyed.append(instant)
            content = store.read_bytes()
            left_behind += [each for each in destroyed if keys[each] in content]
            living = [each for each in keys if each not in destroyed]
            assert all(keys[each] in content for each in living)
        return left_behind

    assert server.call(whole_story()) == []
