"""The embedded database under everything that can go wrong: rivals, full disks, cut requests."""

import asyncio
import random
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from ajar.database import Connection, Database, Unavailable
from tests.server.opened import adds, places, set_pragma, urls, with_database

SECRET = "of-somebody"

COUNTING = """
import asyncio, sys
from ajar.database import Database

async def count(connection):
    row = await connection.row("SELECT value FROM noted WHERE place = 0")
    await asyncio.sleep(0)
    await connection.execute("UPDATE noted SET value = $1 WHERE place = 0", row["value"] + 1)

async def main():
    database = await Database.open(*sys.argv[1:3])
    print("ready", flush=True)
    sys.stdin.readline()
    await asyncio.gather(*(database.transaction(count) for _ in range(40)))
    await database.close()

asyncio.run(main())
"""


def test_of_several_processes_that_read_and_then_write_none_fails_and_no_write_is_lost(
    tmp_path: Path,
) -> None:
    async def nothing(_: Database) -> None:
        pass

    with_database(tmp_path, nothing)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTING, *urls(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:  # all are open before any begins
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    ends = [(process.communicate(timeout=60), process.returncode) for process in processes]
    assert ends == [(("", ""), 0)] * 3
    with closing(sqlite3.connect(tmp_path / "pairs.sqlite3")) as file:
        assert file.execute("SELECT value FROM noted WHERE place = 0").fetchone() == (120,)


def test_a_begin_that_fails_gives_the_lock_back(tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        await set_pragma(database, "busy_timeout = 1")
        with closing(sqlite3.connect(tmp_path / "pairs.sqlite3")) as rival:
            rival.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                with pytest.raises(Unavailable):
                    await database.transaction(adds(1, SECRET))
            assert await places(database) == [0]  # reading is still possible
            rival.rollback()
        await database.transaction(adds(2, SECRET))
        assert await places(database) == [0, 2]

    with_database(tmp_path, work)


def test_a_commit_that_fails_is_not_made_good_by_the_next_one(tmp_path: Path) -> None:
    """Somebody is reading just then, so the commit cannot have the file to itself."""

    async def work(database: Database) -> None:
        await set_pragma(database, "busy_timeout = 1")
        with closing(sqlite3.connect(tmp_path / "pairs.sqlite3")) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM noted").fetchall()
            with pytest.raises(Unavailable):
                await database.transaction(adds(1, SECRET))
            assert await places(database) == [0]
            reader.rollback()
        await database.transaction(adds(2, SECRET))
        assert await places(database) == [0, 2]

    with_database(tmp_path, work)


def test_a_commit_that_breaks_a_constraint_is_not_made_good_either(tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        async def prepare(connection: Connection) -> None:
            await connection.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
            await connection.execute(
                "CREATE TABLE children (id REFERENCES parents DEFERRABLE INITIALLY DEFERRED)"
            )

        async def orphan(connection: Connection) -> None:
            await connection.execute("INSERT INTO noted VALUES (1, 1)")
            await connection.execute("INSERT INTO children VALUES (7)")

        await database.transaction(prepare)
        with pytest.raises(Unavailable):
            await database.transaction(orphan)
        await database.transaction(adds(2, SECRET))
        assert await places(database) == [0, 2]

    with_database(tmp_path, work)


def test_a_full_disk_keeps_nothing_of_a_transaction_and_ends_with_the_shortage(
    tmp_path: Path,
) -> None:
    async def work(database: Database) -> None:
        async def two(connection: Connection) -> None:
            await adds(1, SECRET)(connection)
            await adds(2, SECRET * 10_000)(connection)

        await set_pragma(database, "max_page_count = 3")
        for _ in range(3):
            with pytest.raises(Unavailable):
                await database.transaction(two)
            assert await places(database) == [0]
        await set_pragma(database, "max_page_count = 1000000")
        await database.transaction(two)
        assert await places(database) == [0, 1, 2]

    with_database(tmp_path, work)


FULL_AT_COMMIT = """
import asyncio, resource, signal, sys
from pathlib import Path
from ajar.database import Database, Unavailable

async def fill(connection):
    await connection.execute("INSERT INTO noted VALUES (1, zeroblob(200000))")

async def note(connection):
    await connection.execute("INSERT INTO noted VALUES (2, 0)")

async def main():
    database = await Database.open(*sys.argv[1:3])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, room[1]))
    try:
        await database.transaction(fill)
    except Unavailable as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, room)
    await database.transaction(note)
    await database.close()

asyncio.run(main())
"""


def test_a_disk_that_fills_up_in_the_commit_keeps_nothing_of_it(tmp_path: Path) -> None:
    """A limit of the process stands in for the disk's: the pages are written at the commit."""

    async def nothing(_: Database) -> None:
        pass

    with_database(tmp_path, nothing)
    result = subprocess.run(
        [sys.executable, "-c", FULL_AT_COMMIT, *urls(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (result.stdout, result.stderr, result.returncode) == ("OperationalError\n", "", 0)
    with closing(sqlite3.connect(tmp_path / "pairs.sqlite3")) as file:
        assert file.execute("SELECT place FROM noted").fetchall() == [(0,), (2,)]
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_two_hundred_callers_that_hang_up_leave_no_half_transaction(tmp_path: Path) -> None:
    async def work(database: Database) -> None:
        chance = random.Random(2)  # noqa: S311 - which moments are hit is all that it decides

        def twice(place: int) -> Callable[[Connection], Awaitable[None]]:
            async def add(connection: Connection) -> None:
                await adds(place, "first")(connection)
                await connection.many(
                    "INSERT INTO noted VALUES ($1, $2)", [(place, "second"), (place, "third")]
                )

            return add

        cancelled = 0
        for place in range(1, 201):
            task = asyncio.create_task(database.transaction(twice(place)))
            rival = asyncio.create_task(places(database))
            for _ in range(chance.randrange(12)):
                await asyncio.sleep(0)
            if chance.random() < 0.5:
                await asyncio.sleep(chance.random() / 500)
            task.cancel()
            rival.cancel()
            for each in (task, rival):
                try:
                    await each
                except asyncio.CancelledError:
                    cancelled += 1
        assert cancelled > 200
        await database.transaction(adds(999, "usable"))
        found = await places(database)
        counts = {place: found.count(place) for place in found}
        assert counts.pop(0) == counts.pop(999) == 1
        assert set(counts.values()) <= {3}

    with_database(tmp_path, work)
