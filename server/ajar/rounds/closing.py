"""The close: at a round's instant both answers are compared, once, and what is left is erased.

Set-based, a batch of pairs a transaction, so that both sides learn an outcome in one commit
whichever answered when (`docs/protocol.md`, section 4). Safe with several workers: a round is
closed by whoever changes its row, and everything that follows from it is in that transaction.
"""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Final

from ajar.database import Connection, Database, Row
from ajar.rounds import answer_keys, store
from ajar.rounds.boxes import Boxed, Boxer, Seals

BATCH: Final = 2000
KEPT_AFTER_THE_END: Final = 14 * 24 * 3600
_OTHERS_AT_WORK: Final = 0.05  # seconds until the rounds another worker holds are looked at again


async def close_due(database: Database, now: int) -> int:
    """Close every round whose instant has come, earlier instants first; returns how many.

    A later instant waits until no round of an earlier one is open: a match ends the run.
    """
    closed = 0
    for instant in await store.open_instants(database, until=now):
        key = await answer_keys.get(database, instant)
        boxer = Boxer(key) if key else None
        if boxer is None:
            await store.mark_lost(database, instant)
        while await store.is_open(database, instant):
            batch = await _close_batch(database, instant, boxer, now)
            closed += batch
            if batch == 0:
                await asyncio.sleep(_OTHERS_AT_WORK)
    await _destroy_spent_keys(database, now)
    return closed


async def mend_lost_keys(database: Database) -> int:
    """Mark the rounds of every open instant whose key is missing, then make it a new one.

    In this order: a crash in between only marks again. Returns how many instants were lost.
    """
    missing = set(await store.open_instants(database)) - await answer_keys.instants(database)
    # One that has closed between these two looks has lost nothing.
    lost = [instant for instant in sorted(missing) if await store.is_open(database, instant)]
    for instant in lost:
        await store.mark_lost(database, instant)
    if lost:
        await answer_keys.ensure(database, lost)
    return len(lost)


async def _destroy_spent_keys(database: Database, now: int) -> None:
    """Keys whose instant has passed and has no open round left. Also mends an earlier crash."""
    spent = await answer_keys.instants(database, until=now)
    if spent:
        spent -= set(await store.open_instants(database, until=now))
    if spent:
        await answer_keys.destroy(database, spent)


async def _close_batch(database: Database, instant: int, boxer: Boxer | None, now: int) -> int:
    batch = secrets.randbits(62)

    async def close(connection: Connection) -> int:
        closed = await connection.rows(
            "UPDATE rounds SET closed = TRUE, batch = $3 WHERE closes_at = $1 AND NOT closed"
            " AND pair_id IN (SELECT pair_id FROM rounds WHERE closes_at = $1 AND NOT closed"
            "  ORDER BY pair_id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING pair_id",
            instant,
            BATCH,
            batch,
        )
        if not closed:
            return 0
        pairs = [bytes(row["pair_id"]) for row in closed]
        # By their batch, not by their instant: a clock that was set back closes an instant twice.
        span = (batch, min(pairs), max(pairs))
        if boxer is not None:
            await _keep_matches(connection, span, boxer, now)
        await _forget_answers(connection, span)
        await _end_runs(connection, span, now)
        return len(closed)

    return await database.transaction(close)


async def _keep_matches(
    connection: Connection, span: tuple[int, bytes, bytes], boxer: Boxer, now: int
) -> None:
    candidates = await connection.rows(
        "SELECT a.pair_id, a.round, a.tag AS a_tag, a.nonce AS a_nonce, a.box AS a_box,"
        " b.tag AS b_tag, b.nonce AS b_nonce, b.box AS b_box"
        " FROM rounds r"
        " JOIN answers a ON a.pair_id = r.pair_id AND a.round = r.round AND a.side = 'a'"
        " JOIN answers b ON b.pair_id = r.pair_id AND b.round = r.round AND b.side = 'b'"
        " WHERE r.batch = $1 AND r.pair_id BETWEEN $2 AND $3 AND a.tag = b.tag",
        *span,
    )
    matches = [(row, seals) for row in candidates if (seals := _opened(row, boxer))]
    # Each seal is kept for the other side.
    await connection.many(
        "UPDATE rounds SET for_a = $1, for_b = $2 WHERE pair_id = $3 AND round = $4",
        [(seals.b, seals.a, row["pair_id"], row["round"]) for row, seals in matches],
    )
    await connection.many(
        "UPDATE pairs SET ended = 'finished', erase_at = $1 WHERE pair_id = $2 AND ended IS NULL",
        [(now + KEPT_AFTER_THE_END, row["pair_id"]) for row, _ in matches],
    )
    await _drop_the_rest(connection, [row["pair_id"] for row, _ in matches])


def _opened(row: Row, boxer: Boxer) -> Seals | None:
    return boxer.match(
        Boxed(bytes(row["a_tag"]), bytes(row["a_nonce"]), bytes(row["a_box"])),
        Boxed(bytes(row["b_tag"]), bytes(row["b_nonce"]), bytes(row["b_box"])),
        bytes(row["pair_id"]),
        row["round"],
    )


async def _forget_answers(connection: Connection, span: tuple[int, bytes, bytes]) -> None:
    await connection.execute(
        "DELETE FROM answers WHERE pair_id BETWEEN $2 AND $3 AND EXISTS"
        " (SELECT 1 FROM rounds r WHERE r.pair_id = answers.pair_id AND r.round = answers.round"
        "  AND r.batch = $1)",
        *span,
    )


async def _end_runs(connection: Connection, span: tuple[int, bytes, bytes], now: int) -> None:
    """In the same commit as the round: tell who is to be told, and end runs with no round left."""
    this_round = (
        "ended IS NULL AND pair_id BETWEEN $2 AND $3 AND EXISTS (SELECT 1 FROM rounds r"
        " WHERE r.pair_id = pairs.pair_id AND r.batch = $1)"
    )
    # A server that was away for weeks must not erase an outcome before anyone could see it.
    kept = "erase_at = CASE WHEN erase_at < $4 THEN $4 ELSE erase_at END"
    keep_until = now + KEPT_AFTER_THE_END
    told = await connection.rows(
        f"UPDATE pairs SET ended = 'decided', telling = FALSE, {kept}"
        f" WHERE telling AND {this_round}"
        " RETURNING pair_id",
        *span,
        keep_until,
    )
    over = await connection.rows(
        f"UPDATE pairs SET ended = 'finished', {kept} WHERE {this_round} AND NOT EXISTS"
        " (SELECT 1 FROM rounds o WHERE o.pair_id = pairs.pair_id AND NOT o.closed)"
        " RETURNING pair_id",
        *span,
        keep_until,
    )
    await _drop_the_rest(connection, [row["pair_id"] for row in (*told, *over)])


async def _drop_the_rest(connection: Connection, pairs: Sequence[bytes]) -> None:
    """A run has ended: its later rounds stay null, its answers and reminders go."""
    ended = [(pair_id,) for pair_id in pairs]
    await connection.many("DELETE FROM rounds WHERE pair_id = $1 AND NOT closed", ended)
    await connection.many("DELETE FROM answers WHERE pair_id = $1", ended)
    await connection.many("DELETE FROM reminders WHERE pair_id = $1", ended)
