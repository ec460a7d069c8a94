"""The view of a side and its answers. Each public function is one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ajar.auth import Seat
from ajar.database import Connection, Database
from ajar.protocol import Wording
from ajar.rounds import answer_keys
from ajar.rounds.answer_keys import END_OF_TIME
from ajar.rounds.boxes import Boxed
from ajar.rounds.rules import RoundState, may_answer, order

Saved = Literal["saved", "no_pair", "out_of_order", "round_closed"]


@dataclass(frozen=True)
class PairState:
    """All that a side's view is made of. Nothing in it depends on whether the other side joined,
    answered, or left quietly.
    """

    wording: Wording
    closes: Sequence[int]
    decoy_key: bytes
    ended: Literal["finished", "decided"] | None
    rounds: Mapping[int, RoundState]


async def pair_state(database: Database, seat: Seat) -> PairState | None:
    """The pair as this side may see it, in one statement: a close shows whole or not at all."""

    async def look(connection: Connection) -> PairState | None:
        rows = await connection.rows(
            "SELECT p.wording, p.closes, p.decoy_key, p.ended, r.round, r.closed, r.lost,"
            f" r.for_{seat.side} AS handed"
            " FROM pairs p JOIN rounds r ON r.pair_id = p.pair_id WHERE p.pair_id = $1",
            seat.pair_id,
        )
        if not rows:
            return None
        first = rows[0]
        return PairState(
            first["wording"],
            [int(instant) for instant in first["closes"].split(",")],
            bytes(first["decoy_key"]),
            first["ended"],
            {
                row["round"]: RoundState(
                    bool(row["closed"]),
                    bool(row["lost"]),
                    row["handed"] and bytes(row["handed"]),
                )
                for row in rows
            },
        )

    return await database.read(look)


async def save_answers(database: Database, seat: Seat, n: int, boxed: Mapping[int, Boxed]) -> Saved:
    """Keep this side's answers for all the given rounds, or for none.

    The last answer counts; `n` makes a repeated request harmless and a delayed one powerless. An
    answer counts if this commits before its round's close does: the locked row decides.
    """

    async def save(connection: Connection) -> Saved:
        device = await connection.row(
            "SELECT last_n FROM devices WHERE pair_id = $1 AND device_id = $2 FOR UPDATE",
            seat.pair_id,
            seat.device_id,
        )
        if device is None:
            return "no_pair"
        place = order(n, device["last_n"])
        if place == "repeated":
            return "saved"
        if place == "late":
            return "out_of_order"
        open_rounds = await connection.rows(
            "SELECT round FROM rounds WHERE pair_id = $1 AND NOT closed FOR SHARE", seat.pair_id
        )
        if not may_answer(list(boxed), [row["round"] for row in open_rounds]):
            return "round_closed"
        await connection.many(
            "INSERT INTO answers (pair_id, round, side, tag, nonce, box)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (pair_id, round, side) DO UPDATE SET"
            " tag = excluded.tag, nonce = excluded.nonce, box = excluded.box",
            [
                (seat.pair_id, index, seat.side, answer.tag, answer.nonce, answer.box)
                for index, answer in boxed.items()
            ],
        )
        await connection.execute(
            "UPDATE devices SET last_n = $1 WHERE pair_id = $2 AND device_id = $3",
            n,
            seat.pair_id,
            seat.device_id,
        )
        return "saved"

    return await database.transaction(save)


async def open_instants(database: Database, until: int = END_OF_TIME) -> list[int]:
    """Every closing instant up to `until` that still has an open round, in order.

    Steps from instant to instant through the index: pairs share few instants, and counting
    every row of every pair once a second would not do.
    """

    async def look(connection: Connection) -> list[int]:
        return [
            row["closes_at"]
            for row in await connection.rows(
                "WITH RECURSIVE step (closes_at) AS ("
                " SELECT MIN(closes_at) FROM rounds WHERE NOT closed"
                " UNION ALL SELECT (SELECT MIN(r.closes_at) FROM rounds r"
                "  WHERE NOT r.closed AND r.closes_at > step.closes_at)"
                " FROM step WHERE step.closes_at < $1"
                ") SELECT closes_at FROM step WHERE closes_at <= $1",
                until,
            )
        ]

    return await database.read(look)


async def keys_for(database: Database, instants: Sequence[int]) -> bool:
    """Make the answer keys of the closing instants that a new pair is the first to close at.

    False, and nothing is made, if an instant with open rounds has lost its key: a new one would
    hide that answers were lost, and the worker must mark it first.
    """
    fresh = [instant for instant in instants if not await is_open(database, instant)]
    if set(instants) - set(fresh) - await answer_keys.instants(database, until=max(instants)):
        return False
    await answer_keys.ensure(database, fresh)
    return True


async def is_open(database: Database, instant: int) -> bool:
    """Whether a round of anybody's that closes at this instant has not been closed."""

    async def look(connection: Connection) -> bool:
        return bool(
            await connection.rows(
                "SELECT 1 FROM rounds WHERE closes_at = $1 AND NOT closed LIMIT 1", instant
            )
        )

    return await database.read(look)


async def mark_lost(database: Database, instant: int) -> None:
    """The answer key of this instant is gone: its open rounds are lost, for every pair alike.

    Safe to repeat. Answers stay where they are: without their key they are none.
    """

    async def mark(connection: Connection) -> None:
        await connection.execute(
            "UPDATE rounds SET lost = TRUE WHERE closes_at = $1 AND NOT closed", instant
        )

    await database.transaction(mark)
