"""The store of answer keys: 32 random bytes per closing instant, destroyed with it.

Never kept in memory between requests, so that a destroyed key is gone. `docs/protocol.md`,
section 4; a lost key is never remade silently: its rounds are marked first (`store.mark_lost`).
"""

import secrets
from collections.abc import Iterable
from typing import Final

from ajar.database import Connection, Database
from ajar.protocol import SECRET_SIZE

END_OF_TIME: Final = 2**62


async def ensure(database: Database, instants: Iterable[int]) -> None:
    """Make the key of each closing instant that has none yet."""
    fresh = [(instant, secrets.token_bytes(SECRET_SIZE)) for instant in instants]

    async def put(connection: Connection) -> None:
        await connection.many(
            "INSERT INTO answer_keys (closes_at, key) VALUES ($1, $2)"
            " ON CONFLICT (closes_at) DO NOTHING",
            fresh,
        )

    await database.transaction(put, store="answer_keys")


async def get(database: Database, instant: int) -> bytes | None:
    """The key of one closing instant, or None if it was destroyed or lost."""

    async def look(connection: Connection) -> bytes | None:
        row = await connection.row("SELECT key FROM answer_keys WHERE closes_at = $1", instant)
        return bytes(row["key"]) if row else None

    return await database.read(look, store="answer_keys")


async def instants(database: Database, until: int = END_OF_TIME) -> set[int]:
    """The closing instants up to `until` that have a key."""

    async def look(connection: Connection) -> set[int]:
        rows = await connection.rows(
            "SELECT closes_at FROM answer_keys WHERE closes_at <= $1", until
        )
        return {row["closes_at"] for row in rows}

    return await database.read(look, store="answer_keys")


async def destroy(database: Database, closed: Iterable[int]) -> None:
    """Delete and overwrite the keys of closed instants.

    SQLite's `secure_delete` zeroes the cells and pages that it frees, but not the copies that
    moving rows between pages leaves in their gaps. So there the whole table is emptied, which
    frees every page, and what lives on is written anew, in one transaction.
    """
    gone = set(closed)

    async def forget(connection: Connection) -> None:
        if not connection.is_sqlite:
            await connection.many(
                "DELETE FROM answer_keys WHERE closes_at = $1", [(instant,) for instant in gone]
            )
            return
        rows = await connection.rows("SELECT closes_at, key FROM answer_keys ORDER BY closes_at")
        await connection.execute("DELETE FROM answer_keys")
        await connection.many(
            "INSERT INTO answer_keys (closes_at, key) VALUES ($1, $2)",
            [(row["closes_at"], row["key"]) for row in rows if row["closes_at"] not in gone],
        )

    await database.transaction(forget, store="answer_keys")


async def destroy_all(database: Database) -> None:
    """After a restore: no key may be older than the answers beside it."""

    async def forget(connection: Connection) -> None:
        await connection.execute("DELETE FROM answer_keys")

    await database.transaction(forget, store="answer_keys")
