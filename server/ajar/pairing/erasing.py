"""Retention: what is over is erased, for good, fourteen days after the end of its run."""

from collections.abc import Sequence
from typing import Final

from ajar.database import Connection, Database

BATCH: Final = 500
# Every table that knows a pair, the pair itself last.
TABLES: Final = ("answers", "reminders", "phone_offers", "devices", "rounds", "pairs")


async def erase_over(database: Database, now: int) -> int:
    """Erase up to one batch of pairs whose time has come; returns how many. Safe to repeat.

    A pair with a round still to be closed is left alone: after a long outage its outcome must be
    there to be seen first.
    """

    async def erase(connection: Connection) -> int:
        over = await connection.rows(
            "SELECT pair_id FROM pairs WHERE erase_at <= $1 AND NOT EXISTS"
            " (SELECT 1 FROM rounds WHERE rounds.pair_id = pairs.pair_id AND NOT rounds.closed)"
            " ORDER BY erase_at LIMIT $2 FOR UPDATE SKIP LOCKED",
            now,
            BATCH,
        )
        await _forget(connection, [bytes(row["pair_id"]) for row in over])
        return len(over)

    return await database.transaction(erase)


async def close_gaps(database: Database) -> None:
    """Write SQLite's file anew without what was erased: rows that were moved from page to page
    have left copies in the gaps, which `secure_delete` does not zero. Its journal keeps nothing.
    """

    async def rewrite(connection: Connection) -> None:
        if connection.is_sqlite:
            await connection.execute("VACUUM")

    await database.read(rewrite)


async def _forget(connection: Connection, pairs: Sequence[bytes]) -> None:
    for table in TABLES:
        await connection.many(
            f"DELETE FROM {table} WHERE pair_id = $1", [(pair_id,) for pair_id in pairs]
        )
