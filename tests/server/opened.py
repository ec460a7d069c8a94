"""Both stores opened without a server around them, and a table in each for a test to fill."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from ajar.database import Connection, Database, Store

STORES: list[Store] = ["pairs", "answer_keys"]


def with_database(data: Path, work: Callable[[Database], Awaitable[None]]) -> None:
    """Run `work` with both stores open, each with a table of its own for a test to fill."""

    async def main() -> None:
        database = await Database.open(*urls(data))
        try:
            for store in STORES:
                await database.transaction(make_table, store=store)
            await work(database)
        finally:
            await database.close()

    asyncio.run(main())


def urls(data: Path) -> tuple[str, str]:
    return f"sqlite://{data}/pairs.sqlite3", f"sqlite://{data}/keys.sqlite3"


async def make_table(connection: Connection) -> None:
    await connection.execute("CREATE TABLE IF NOT EXISTS noted (place INTEGER, value)")
    await connection.execute("INSERT INTO noted VALUES (0, 0)")


def adds(place: int, value: object) -> Callable[[Connection], Awaitable[None]]:
    async def add(connection: Connection) -> None:
        await connection.execute("INSERT INTO noted VALUES ($1, $2)", place, value)

    return add


async def places(database: Database, store: Store = "pairs") -> list[int]:
    async def look(connection: Connection) -> list[int]:
        found = await connection.rows("SELECT place FROM noted ORDER BY place")
        return [row["place"] for row in found]

    return await database.read(look, store=store)


def set_pragma(database: Database, pragma: str) -> Awaitable[None]:
    async def run(connection: Connection) -> None:
        await connection.rows(f"PRAGMA {pragma}")

    return database.read(run)
