"""What both stores hold, row for row: to show that a request changed nothing, or only its own."""

from typing import Any

from ajar.database import Connection, Store

from tests.running_server import RunningServer

Row = tuple[tuple[str, Any], ...]
Dump = dict[str, list[Row]]

PAIR_TABLES = ("pairs", "rounds", "answers", "devices", "phone_offers", "reminders")


def dump(server: RunningServer) -> Dump:
    """Every row of every table of both stores, sorted."""

    async def look(connection: Connection) -> Dump:
        tables = await connection.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        return {
            table["name"]: sorted(
                (
                    tuple(row.items())
                    for row in await connection.rows(f"SELECT * FROM {table['name']}")
                ),
                key=repr,
            )
            for table in tables
        }

    async def both() -> Dump:
        database = server.state.database
        pairs = await database.read(look)
        keys = await database.read(look, store="answer_keys")
        return {**pairs, "answer_keys": keys["answer_keys"]}

    return server.call(both())


def rows(server: RunningServer, sql: str, *values: object, store: Store = "pairs") -> list[Any]:
    """The rows of one SELECT, each with its columns by name."""

    async def look(connection: Connection) -> list[Any]:
        return list(await connection.rows(sql, *values))

    return server.call(server.state.database.read(look, store=store))


def change(server: RunningServer, sql: str, *values: object, store: Store = "pairs") -> None:
    """One statement in a transaction of its own: a loss or an accident that a test stages."""

    async def do(connection: Connection) -> None:
        await connection.execute(sql, *values)

    server.call(server.state.database.transaction(do, store=store))


def of_pair(stored: Dump, pair_id: bytes) -> Dump:
    """The part of a dump that belongs to one pair."""
    return {
        table: [row for row in stored[table] if dict(row)["pair_id"] == pair_id]
        for table in PAIR_TABLES
    }
