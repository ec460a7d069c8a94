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
    """`service`: whose it is, '' if that was not yet written down. `push_key`: the name of the
    server's key that it was made for, None if there had only ever been one."""

    endpoint: str
    p256dh: bytes
    auth: bytes
    service: str
    push_key: str | None


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
    """Where this device's reminders are pushed to; None takes the subscription away.

    An endpoint is bound to the key that it was made for: saved again, it keeps it.
    """

    async def put(connection: Connection) -> None:
        await connection.execute(
            "UPDATE devices SET endpoint = $1, p256dh = $2, auth = $3, service = $4,"
            " push_key = CASE WHEN endpoint = $1 THEN push_key ELSE $5 END"
            " WHERE pair_id = $6 AND device_id = $7",
            subscription and subscription.endpoint,
            subscription and subscription.p256dh,
            subscription and subscription.auth,
            subscription and subscription.service,
            subscription and subscription.push_key,
            seat.pair_id,
            seat.device_id,
        )

    await database.transaction(put)


async def name_push_key(database: Database, name: str) -> None:
    """Subscriptions that say no key were made for this one: it was the only one until now."""

    async def put(connection: Connection) -> None:
        await connection.execute(
            "UPDATE devices SET push_key = $1 WHERE push_key IS NULL AND endpoint IS NOT NULL",
            name,
        )

    await database.transaction(put)


async def drop_late(database: Database, now: int) -> int:
    """Drop the due reminders whose hour is over. How many those were."""

    async def drop(connection: Connection) -> int:
        dropped = await connection.rows(
            "DELETE FROM reminders WHERE due_at <= $1 AND at < $2 RETURNING at",
            now,
            now - rules.TOO_LATE,
        )
        return len(dropped)

    return await database.transaction(drop)


async def claim(
    database: Database,
    now: int,
    limit: int,
    *,
    busy: Sequence[str] = (),
    only: str | None = None,
) -> list[Claimed]:
    """Up to `limit` due reminders, the oldest first, each held for one lease: none for the push
    services that are `busy`, or for one service `only`. Those of a device without a subscription
    are dropped.
    """
    fence = secrets.randbits(62)
    services = busy if only is None else [only]
    places = ", ".join(f"${number}" for number in range(5, 5 + len(services)))
    chosen = (
        f" AND {'NOT EXISTS' if only is None else 'EXISTS'}"
        " (SELECT 1 FROM devices d WHERE d.pair_id = reminders.pair_id"
        f"  AND d.device_id = reminders.device_id AND COALESCE(d.service, '') IN ({places}))"
        if services
        else ""
    )

    async def take(connection: Connection) -> list[Claimed]:
        await connection.execute(
            "UPDATE reminders SET due_at = $1, fence = $2, attempts = attempts + 1"
            " WHERE (pair_id, device_id, at) IN (SELECT pair_id, device_id, at FROM reminders"
            f"  WHERE due_at <= $3{chosen}"
            "  ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)",
            now + rules.LEASE,
            fence,
            now,
            limit,
            *services,
        )
        held = await connection.rows(
            "SELECT r.pair_id, r.device_id, r.at, r.attempts,"
            " d.endpoint, d.p256dh, d.auth, COALESCE(d.service, '') AS service, d.push_key"
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
                Subscription(
                    row["endpoint"],
                    bytes(row["p256dh"]),
                    bytes(row["auth"]),
                    row["service"],
                    row["push_key"],
                ),
            )
            for row in held
            if row["endpoint"] is not None
        ]

    return await database.transaction(take)


async def settle(database: Database, reminders: Sequence[Claimed]) -> None:
    """Sent, or never to be: these are over, as far as this worker still holds them."""

    async def drop(connection: Connection) -> None:
        await connection.many(
            "DELETE FROM reminders WHERE pair_id = $1 AND device_id = $2 AND at = $3"
            " AND fence = $4",
            [(each.pair_id, each.device_id, each.at, each.fence) for each in reminders],
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


async def gone(database: Database, reminder: Claimed, now: int) -> None:
    """The push service says that this subscription is over: it is deleted, and the reminder too.

    If the phone has saved another since, that one stays, and the reminder is due again for it.
    """
    sent_to = reminder.subscription
    which = (reminder.pair_id, reminder.device_id)

    async def drop(connection: Connection) -> None:
        kept = await connection.row(
            "SELECT endpoint, p256dh, auth FROM devices WHERE pair_id = $1 AND device_id = $2"
            " AND endpoint IS NOT NULL FOR UPDATE",
            *which,
        )
        if kept and (kept["endpoint"], bytes(kept["p256dh"]), bytes(kept["auth"])) != (
            sent_to.endpoint,
            sent_to.p256dh,
            sent_to.auth,
        ):
            await connection.execute(
                "UPDATE reminders SET due_at = $1, fence = 0 WHERE pair_id = $2 AND device_id = $3"
                " AND at = $4 AND fence = $5",
                now,
                *which,
                reminder.at,
                reminder.fence,
            )
            return
        await connection.execute(
            "UPDATE devices SET endpoint = NULL, p256dh = NULL, auth = NULL, service = NULL,"
            " push_key = NULL WHERE pair_id = $1 AND device_id = $2",
            *which,
        )
        await connection.execute(
            "DELETE FROM reminders WHERE pair_id = $1 AND device_id = $2"
            " AND at = $3 AND fence = $4",
            *which,
            reminder.at,
            reminder.fence,
        )

    await database.transaction(drop)


async def remember_push_key(database: Database, reminder: Claimed, name: str) -> None:
    """The push service took this key for the subscription, and not the one it was known by."""

    async def put(connection: Connection) -> None:
        await connection.execute(
            "UPDATE devices SET push_key = $1 WHERE pair_id = $2 AND device_id = $3"
            " AND endpoint = $4",
            name,
            reminder.pair_id,
            reminder.device_id,
            reminder.subscription.endpoint,
        )

    await database.transaction(put)
