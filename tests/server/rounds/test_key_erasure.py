"""A destroyed answer key is in no file any more, however many others live beside it."""

import random
from pathlib import Path

import pytest

from ajar.database import Connection, Database
from ajar.rounds import answer_keys
from tests.running_server import RunningServer

WEEK = 7 * 24 * 3600


async def keys_of(database: Database) -> dict[int, bytes]:
    async def look(connection: Connection) -> dict[int, bytes]:
        rows = await connection.rows("SELECT closes_at, key FROM answer_keys")
        return {row["closes_at"]: bytes(row["key"]) for row in rows}

    return await database.read(look, store="answer_keys")


@pytest.mark.parametrize("seed", range(6))
def test_no_byte_of_the_key_store_gives_a_destroyed_key_back(
    server: RunningServer, tmp_path: Path, seed: int
) -> None:
    """Hundreds of instants, so that rows move between pages, as pairs come and rounds close.

    Deleting row by row with `secure_delete` fails this: pages keep copies in their gaps.
    """
    chance = random.Random(seed)  # noqa: S311
    database = server.state.database
    destroyed: list[bytes] = []
    now = 0
    for _ in range(60):
        first = now + chance.randrange(1, 40)
        server.call(
            answer_keys.ensure(database, [first + step * WEEK // 3600 for step in range(5)])
        )
        if chance.random() < 0.5:
            now += chance.randrange(1, 30)
            kept = server.call(keys_of(database))
            over = [instant for instant in kept if instant <= now]
            destroyed += [kept[instant] for instant in over]
            server.call(answer_keys.destroy(database, over))
    content = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert destroyed
    assert not [key for key in destroyed if key in content]
    living = server.call(keys_of(database))
    assert living
    assert all(key in content for key in living.values())
