"""The store of answer keys: 32 random bytes per closing instant, destroyed with it.

Never kept in memory between requests, so that a destroyed key is gone. `docs/protocol.md`,
section 4; a lost key is never remade silently: its rounds are marked first (`store.mark_lost`).
"""

import secrets
from collections.abc import Callable, Iterable
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
    """Forget the keys of closed instants, so that no file holds them. Safe to repeat."""
    gone = set(closed)
    await _keep_only(database, lambda instant: instant not in gone)


async def destroy_all(database: Database) -> None:
    """After a restore: no key may be older than the answers beside it."""
    await _keep_only(database, lambda _: False)


async def _keep_only(database: Database, lives: Callable[[int], bool]) -> None:
    """Empty the table and write anew what lives on, in one transaction: a row that is merely
    deleted stays readable where it was.
    """

    async def rewrite(connection: Connection) -> None:
        if not connection.is_sqlite:
            # First of all: whoever asks for a key meanwhile waits, and nobody adds one.
            await connection.execute("LOCK TABLE answer_keys IN ACCESS EXCLUSIVE MODE")
        rows = await connection.rows("SELECT closes_at, key FROM answer_keys")
        await (_empty_sqlite if connection.is_sqlite else _empty_postgres)(connection)
        await connection.many(
            "INSERT INTO answer_keys (closes_at, key) VALUES ($1, $2)",
            [(row["closes_at"], row["key"]) for row in rows if lives(row["closes_at"])],
        )

    await database.transaction(rewrite, store="answer_keys")


async def _empty_sqlite(connection: Connection) -> None:
    """`secure_delete` zeroes the cells and pages that are freed, but not the copies that moving
    rows between pages leaves in their gaps. Emptying the whole table frees every page.
    """
    await connection.execute("DELETE FROM answer_keys")


async def _empty_postgres(connection: Connection) -> None:
    """The old table's file goes with the commit, and the write-ahead log that knows its rows
    before that: so a crash in between destroys nothing, and is made good by the next pass.

    With the keys in a cluster of their own, set up as `docs/operating.md` says, no file has them
    then. Where our user may not do that, the log keeps them until the cluster lets go of it.
    """
    may_end_log = await connection.row(
        "SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE') AND EXISTS (SELECT FROM"
        " pg_roles WHERE rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE')) AS yes"
    )
    if may_end_log and may_end_log["yes"]:
        # The rows were read once before this: reading may write their pages to the log.
        await connection.execute("SELECT pg_switch_wal()")
        await connection.execute("CHECKPOINT")
    await connection.execute("TRUNCATE answer_keys")
