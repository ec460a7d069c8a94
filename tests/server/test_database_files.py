"""What the embedded database leaves on the disk and in errors: as little as it may."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ajar.database import Connection, Database, Store, Unavailable
from tests.phone import new_pair
from tests.running_server import RunningServer
from tests.server.opened import STORES, adds, make_table, urls, with_database

SECRET = "of-somebody"
ON = {"journal_mode": "truncate", "synchronous": 2, "secure_delete": 1, "temp_store": 2}


async def pragmas(connection: Connection) -> dict[str, object]:
    return {name: (await connection.rows(f"PRAGMA {name}"))[0][name] for name in ON}


@pytest.mark.parametrize("store", STORES)
def test_deleted_bytes_are_overwritten_and_what_is_acknowledged_outlives_a_power_cut(
    tmp_path: Path, store: Store
) -> None:
    async def ask(database: Database) -> None:
        assert await database.read(pragmas, store=store) == ON
        assert await database.transaction(pragmas, store=store) == ON

    with_database(tmp_path, ask)


def test_no_setting_in_an_address_turns_that_off(tmp_path: Path) -> None:
    async def main() -> object:
        pairs, keys = urls(tmp_path)
        database = await Database.open(f"{pairs}?journal_mode=WAL&secure_delete=off", keys)
        try:
            return await database.transaction(pragmas)
        finally:
            await database.close()

    assert asyncio.run(main()) == ON
    assert not list(tmp_path.glob("*-wal"))


def test_a_run_leaves_two_stores_emptied_journals_and_nothing_else(
    server: RunningServer, tmp_path: Path
) -> None:
    alice, bob = new_pair(server)
    alice.answer(0, "open")
    bob.answer(0, "closed")
    server.close_round_at(alice.closes[0])
    files = {path.name: path.stat().st_size for path in (tmp_path / "data").iterdir()}
    journals = {name: size for name, size in files.items() if name.endswith("-journal")}
    assert set(journals.values()) <= {0}
    assert set(files) - set(journals) == {"ajar.sqlite3", "answer-keys.sqlite3", "push-key.pem"}


def test_an_error_of_the_store_carries_no_data(tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        async def twice_the_same(connection: Connection) -> None:
            await connection.execute("CREATE TABLE named (name TEXT PRIMARY KEY)")
            for _ in range(2):
                await connection.execute("INSERT INTO named VALUES ($1)", SECRET)

        async def nonsense(connection: Connection) -> None:
            await connection.rows(f"SELECT {SECRET.replace('-', '_')} FROM noted")

        for bad in (twice_the_same, nonsense):
            with pytest.raises(Unavailable) as caught:
                await database.transaction(bad)
            assert caught.value.args in (("IntegrityError",), ("OperationalError",))
            assert caught.value.__cause__ is None
            assert caught.value.__suppress_context__

    with_database(tmp_path, work)


def test_closing_waits_for_what_is_under_way(tmp_path: Path) -> None:
    async def main() -> None:
        database = await Database.open(*urls(tmp_path))
        await database.transaction(make_table)
        begun = asyncio.Event()

        async def slow(connection: Connection) -> None:
            begun.set()
            for place in range(50):
                await adds(place, "")(connection)

        caller = asyncio.create_task(database.transaction(slow))
        await begun.wait()
        caller.cancel()
        await database.close()
        with closing(sqlite3.connect(tmp_path / "pairs.sqlite3")) as file:
            assert file.execute("SELECT COUNT(*) FROM noted").fetchone() == (51,)

    asyncio.run(main())
