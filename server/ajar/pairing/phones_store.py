"""One more phone of the same side. Each public function is one transaction."""

from typing import Literal

from ajar.auth import Seat, Token
from ajar.database import Connection, Database
from ajar.pairing import rules
from ajar.pairing.store import Seated, add_device, drop_devices, seat_again, still_seated

Offered = Literal["offered", "no_pair", "too_many_phones"]


async def offer(database: Database, seat: Seat, join_hash: bytes, expires_at: int) -> Offered:
    """Let one more phone of this side join until `expires_at`; replaces the side's last offer.

    `no_pair` if this device has lost its seat meanwhile; `too_many_phones` if the side has
    as many as it may.
    """

    async def put(connection: Connection) -> Offered:
        if not await still_seated(connection, seat):
            return "no_pair"
        devices = await connection.rows(
            "SELECT device_id FROM devices WHERE pair_id = $1 AND side = $2",
            seat.pair_id,
            seat.side,
        )
        if len(devices) >= rules.PHONES_OF_A_SIDE:
            return "too_many_phones"
        await connection.execute(
            "INSERT INTO phone_offers (pair_id, side, join_hash, expires_at)"
            " VALUES ($1, $2, $3, $4) ON CONFLICT (pair_id, side) DO UPDATE SET"
            " join_hash = excluded.join_hash, join_claim = NULL, expires_at = excluded.expires_at",
            seat.pair_id,
            seat.side,
            join_hash,
            expires_at,
        )
        return "offered"

    return await database.transaction(put)


async def repeat_join(
    database: Database, pair_id: bytes, join_hash: bytes, claim_hash: bytes, now: int
) -> Seated | None:
    """A phone's join whose reply was lost, asked again with the same secret and claim."""

    async def repeat(connection: Connection) -> Seated | None:
        row = await connection.row(
            "SELECT o.side, p.erase_at FROM phone_offers o JOIN pairs p ON p.pair_id = o.pair_id"
            " WHERE o.pair_id = $1 AND o.join_hash = $2 AND o.join_claim = $3"
            " AND o.expires_at > $4",
            pair_id,
            join_hash,
            claim_hash,
            now,
        )
        if row is None:
            return None
        return await seat_again(connection, pair_id, row["side"], claim_hash, row["erase_at"])

    return await database.transaction(repeat)


async def join(
    database: Database,
    pair_id: bytes,
    device_id: str,
    join_hash: bytes,
    claim_hash: bytes,
    now: int,
) -> Seated | None:
    """Take an open offer, once; None if there is none that this secret opens."""

    async def take(connection: Connection) -> Seated | None:
        taken = await connection.rows(
            "UPDATE phone_offers SET join_claim = $1 WHERE pair_id = $2 AND join_hash = $3"
            " AND join_claim IS NULL AND expires_at > $4 RETURNING side",
            claim_hash,
            pair_id,
            join_hash,
            now,
        )
        pair = taken and await connection.row(
            "SELECT erase_at FROM pairs WHERE pair_id = $1", pair_id
        )
        if not pair:
            return None
        seat = Seat(pair_id, taken[0]["side"], device_id)
        token = Token.fresh(pair_id)
        await add_device(connection, seat, token, claim_hash)
        return Seated(seat, token, pair["erase_at"])

    return await database.transaction(take)


async def count(database: Database, seat: Seat) -> int:
    """How many devices hold this side's seat."""

    async def look(connection: Connection) -> int:
        row = await connection.row(
            "SELECT COUNT(*) AS devices FROM devices WHERE pair_id = $1 AND side = $2",
            seat.pair_id,
            seat.side,
        )
        return int(row["devices"]) if row else 0

    return await database.read(look)


async def remove_others(database: Database, seat: Seat) -> bool:
    """All of this side's devices but this one lose the seat, their reminders and any open offer.

    False, and nothing happens, if this device was itself removed meanwhile: of two phones that
    remove each other at once one stays.
    """

    async def remove(connection: Connection) -> bool:
        if not await still_seated(connection, seat):
            return False
        await drop_devices(connection, seat, keeping=seat.device_id)
        return True

    return await database.transaction(remove)
