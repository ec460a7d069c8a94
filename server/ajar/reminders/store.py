"""Reminders and subscriptions. Each public function is one transaction; none waits for a network.

A due reminder is claimed with a lease and a fence, sent outside any transaction, and then settled
by whoever still holds the fence: several workers never send one twice unless one of them dies
between sending and settling.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from ajar.auth import Seat
from ajar.database import Connection, Database
from ajar.reminders import rules


@dataclass(frozen=True)
class Subscription:
    endpoint: str
    p256dh: bytes
    auth: bytes


@dataclass(frozen=True)
class Claimed:
    """A due reminder that this worker may send until its lease ends."""

    pair_id: bytes
    device_id: str
    at: int
    attempts: int
    fence: int
    subscription: Subscription


async def replace_reminders(database: Database, seat: Seat, asked: Sequence[int], now: int) -> bool:
    """This device's reminders are now exactly those of `asked` that can still come.

    One that is already stored stays as it is, sent or about to be; after the run's end none is
    kept. False if this device has lost its seat meanwhile.
    """

    async def replace(connection: Connection) -> bool:
        device = await connection.row(
            "SELECT 1 AS seated FROM devices WHERE pair_id = $1 AND device_id = $2 FOR SHARE",
            seat.pair_id,
            seat.device_id,
        )
        if device is None:
            return False
        pair = await connection.row(
            "SELECT ended, erase_at FROM pairs WHERE pair_id = $1 FOR SHARE", seat.pair_id
        )
        ended = pair is None or pair["ended"] is not None
        keep = [] if ended or not pair else rules.to_keep(asked, now, pair["erase_at"])
        stored = await connection.rows(
            "SELECT at FROM reminders WHERE pair_id = $1 AND device_id = $2",
            seat.pair_id,
            seat.device_id,
        )
        gone = {row["at"] for row in stored} - set(asked)
        await connection.many(
            "DELETE FROM reminders WHERE pair_id = $1 AND device_id = $2 AND at = $3",
            [(seat.pair_id, seat.device_id, instant) for instant in gone],
        )
        await connection.many(
            "INSERT INTO reminders (pair_id, device_id, at, due_at) VALUES ($1, $2, $3, $3)"
            " ON CONFLICT (pair_id, device_id, at) DO NOTHING",
            [(seat.pair_id, seat.device_id, instant) for instant in keep],
        )
        return True

    return await database.transaction(replace)


async def set_subscription(
    database: Database, seat: Seat, subscription: Subscription | None
) -> None:
    """Where this device's reminders are pushed to; None takes the subscription away."""

    async def put(connection: Connection) -> None:
        await connection.execute(
            "UPDATE devices SET endpoint = $1, p256dh = $2, auth = $3"
            " WHERE pair_id = $4 AND device_id = $5",
            subscription and subscription.endpoint,
            subscription and subscription.p256dh,
            subscription and subscription.auth,
            seat.pair_id,
            seat.device_id,
        )

    await database.transaction(put)


async def claim(database: Database, now: int, limit: int) -> list[Claimed]:
    """Up to `limit` due reminders, each held for one lease. Those too late, or of a device
    without a subscription, are dropped.
    """
    fence = secrets.randbits(62)

    async def take(connection: Connection) -> list[Claimed]:
        await connection.execute("DELETE FROM reminders WHERE at < $1", now - rules.TOO_LATE)
        await connection.execute(
            "UPDATE reminders SET due_at = $1, fence = $2, attempts = attempts + 1"
            " WHERE (pair_id, device_id, at) IN (SELECT pair_id, device_id, at FROM reminders"
            "  WHERE due_at <= $3 ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)",
            now + rules.LEASE,
            fence,
            now,
            limit,
        )
        held = await connection.rows(
            "SELECT r.pair_id, r.device_id, r.at, r.attempts, d.endpoint, d.p256dh, d.auth"
            " FROM reminders r LEFT JOIN devices d"
            " ON d.pair_id = r.pair_id AND d.device_id = r.device_id"
            " WHERE r.fence = $1 AND r.fence <> 0",
            fence,
        )
        await connection.many(
            "DELETE FROM reminders WHERE pair_id = $1 AND device_id = $2 AND at = $3",
            [
                (row["pair_id"], row["device_id"], row["at"])
                for row in held
                if row["endpoint"] is None
            ],
        )
        return [
            Claimed(
                bytes(row["pair_id"]),
                row["device_id"],
                row["at"],
                row["attempts"],
                fence,
                Subscription(row["endpoint"], bytes(row["p256dh"]), bytes(row["auth"])),
            )
            for row in held
            if row["endpoint"] is not None
        ]

    return await database.transaction(take)


async def settle(database: Database, reminder: Claimed) -> None:
    """Sent, or never to be: the reminder is over, if this worker still holds it."""

    async def drop(connection: Connection) -> None:
        await connection.execute(
            "DELETE FROM reminders WHERE pair_id = $1 AND device_id = $2 AND at = $3"
            " AND fence = $4",
            reminder.pair_id,
            reminder.device_id,
            reminder.at,
            reminder.fence,
        )

    await database.transaction(drop)


async def try_again(database: Database, reminder: Claimed, due_at: int) -> None:
    """The push service was busy: due again at `due_at`, if this worker still holds it."""

    async def put_back(connection: Connection) -> None:
        await connection.execute(
            "UPDATE reminders SET due_at = $1, fence = 0 WHERE pair_id = $2 AND device_id = $3"
            " AND at = $4 AND fence = $5",
            due_at,
            reminder.pair_id,
            reminder.device_id,
            reminder.at,
            reminder.fence,
        )

    await database.transaction(put_back)


async def drop_subscription(database: Database, reminder: Claimed) -> None:
    """The push service says that this subscription is gone; one saved since then stays."""

    async def drop(connection: Connection) -> None:
        await connection.execute(
            "UPDATE devices SET endpoint = NULL, p256dh = NULL, auth = NULL"
            " WHERE pair_id = $1 AND device_id = $2 AND endpoint = $3",
            reminder.pair_id,
            reminder.device_id,
            reminder.subscription.endpoint,
        )

    await database.transaction(drop)
