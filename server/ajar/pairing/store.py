"""Pairs and the devices that hold their seats. Each public function is one transaction.

Nothing here tells one side anything about the other, but for the one exception the protocol
states: taking the invited seat tells whether it was free.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ajar.auth import Seat, Token
from ajar.database import Connection, Database
from ajar.pairing import rules
from ajar.protocol import Side, Wording


@dataclass(frozen=True)
class NewPair:
    pair_id: bytes
    join_hash: bytes
    closes: Sequence[int]
    wording: Wording
    decoy_key: bytes


@dataclass(frozen=True)
class Seated:
    """A seat that was just taken, or taken again by the same claim."""

    seat: Seat
    token: Token
    erase_at: int


@dataclass(frozen=True)
class OpenInvitation:
    closes: list[int]
    wording: Wording
    expires_at: int


async def create_pair(
    database: Database, pair: NewPair, device_id: str, claim_hash: bytes, now: int
) -> Seated | None:
    """Store a new pair with its rounds and its first device on side a; None if it exists."""
    token = Token.fresh(pair.pair_id)

    async def create(connection: Connection) -> Seated | None:
        made = await connection.rows(
            "INSERT INTO pairs (pair_id, wording, closes, join_hash, invitation_until, decoy_key,"
            " erase_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
            " ON CONFLICT (pair_id) DO NOTHING RETURNING pair_id",
            pair.pair_id,
            pair.wording,
            ",".join(map(str, pair.closes)),
            pair.join_hash,
            rules.invitation_until(pair.closes, now),
            pair.decoy_key,
            rules.erase_at(pair.closes),
        )
        if not made:
            return None
        await connection.many(
            "INSERT INTO rounds (pair_id, round, closes_at) VALUES ($1, $2, $3)",
            [(pair.pair_id, index, closes_at) for index, closes_at in enumerate(pair.closes)],
        )
        seat = Seat(pair.pair_id, "a", device_id)
        await add_device(connection, seat, token, claim_hash)
        return Seated(seat, token, rules.erase_at(pair.closes))

    return await database.transaction(create)


async def repeat_create(
    database: Database, pair: NewPair, claim_hash: bytes, now: int
) -> Seated | None:
    """The same creation with the same claim again: its reply was lost. Same seat, fresh cookie."""

    async def repeat(connection: Connection) -> Seated | None:
        row = await connection.row(
            "SELECT erase_at FROM pairs WHERE pair_id = $1 AND join_hash = $2 AND closes = $3"
            " AND wording = $4 AND invitation_until > $5",
            pair.pair_id,
            pair.join_hash,
            ",".join(map(str, pair.closes)),
            pair.wording,
            now,
        )
        if row is None:
            return None
        return await seat_again(connection, pair.pair_id, "a", claim_hash, row["erase_at"])

    return await database.transaction(repeat)


async def open_invitation(database: Database, pair_id: bytes, now: int) -> OpenInvitation | None:
    """What an invitation says, alike whoever has joined or left; None once it has expired."""

    async def look(connection: Connection) -> OpenInvitation | None:
        row = await connection.row(
            "SELECT closes, wording, invitation_until FROM pairs"
            " WHERE pair_id = $1 AND invitation_until > $2",
            pair_id,
            now,
        )
        if row is None:
            return None
        return OpenInvitation(
            [int(instant) for instant in row["closes"].split(",")],
            row["wording"],
            row["invitation_until"],
        )

    return await database.read(look)


async def repeat_join(
    database: Database, pair_id: bytes, join_hash: bytes, claim_hash: bytes, now: int
) -> Seated | None:
    """A join whose reply was lost, asked again with the same secret and claim."""

    async def repeat(connection: Connection) -> Seated | None:
        row = await connection.row(
            "SELECT erase_at FROM pairs WHERE pair_id = $1 AND join_hash = $2"
            " AND join_claim = $3 AND invitation_until > $4",
            pair_id,
            join_hash,
            claim_hash,
            now,
        )
        if row is None:
            return None
        return await seat_again(connection, pair_id, "b", claim_hash, row["erase_at"])

    return await database.transaction(repeat)


async def join_pair(
    database: Database, seat: Seat, join_hash: bytes, claim_hash: bytes, now: int
) -> Seated | None:
    """Take the invited seat, once; None if the invitation is used, expired, wrong or unknown."""
    token = Token.fresh(seat.pair_id)

    async def join(connection: Connection) -> Seated | None:
        taken = await connection.rows(
            "UPDATE pairs SET join_claim = $1 WHERE pair_id = $2 AND join_hash = $3"
            " AND join_claim IS NULL AND invitation_until > $4 RETURNING erase_at",
            claim_hash,
            seat.pair_id,
            join_hash,
            now,
        )
        if not taken:
            return None
        await add_device(connection, seat, token, claim_hash)
        return Seated(seat, token, taken[0]["erase_at"])

    return await database.transaction(join)


async def leave(database: Database, seat: Seat, *, tell_partner: bool) -> bool:
    """Delete everything this side has here, for good. The seat stays taken.

    False, and nothing happens, if this device has lost its seat since the request began: a phone
    that was removed must not act for its side with a request that it held back.

    With `tell_partner` the other side's view says *decided* from the next closing instant on;
    after the end of the run telling does nothing.
    """

    async def forget(connection: Connection) -> bool:
        if not await still_seated(connection, seat):
            return False
        await drop_devices(connection, seat, keeping=None)
        await connection.execute(
            "DELETE FROM answers WHERE pair_id = $1 AND side = $2", seat.pair_id, seat.side
        )
        if tell_partner:
            await connection.execute(
                "UPDATE pairs SET telling = TRUE WHERE pair_id = $1 AND ended IS NULL",
                seat.pair_id,
            )
        return True

    return await database.transaction(forget)


async def still_seated(connection: Connection, seat: Seat) -> bool:
    """Whether this device still holds its seat; locks all devices of its side, in one order."""
    devices = await connection.rows(
        "SELECT device_id FROM devices WHERE pair_id = $1 AND side = $2"
        " ORDER BY device_id FOR UPDATE",
        seat.pair_id,
        seat.side,
    )
    return any(row["device_id"] == seat.device_id for row in devices)


async def drop_devices(connection: Connection, seat: Seat, *, keeping: str | None) -> None:
    """Devices of this side lose the seat, with their reminders and any open offer.

    Devices go twice: an offer that was being made waits for the first, a join that was being
    taken up is waited for by the offers' turn, and its new device goes in the second.
    """
    side = "pair_id = $1 AND side = $2"
    others = f"{side} AND device_id <> $3"
    for statement, values in (
        (f"DELETE FROM devices WHERE {others} RETURNING device_id", (keeping or "",)),
        (f"DELETE FROM phone_offers WHERE {side} RETURNING pair_id", ()),
        (f"DELETE FROM devices WHERE {others} RETURNING device_id", (keeping or "",)),
    ):
        gone = await connection.rows(statement, seat.pair_id, seat.side, *values)
        await connection.many(
            "DELETE FROM reminders WHERE pair_id = $1 AND device_id = $2",
            [(seat.pair_id, row["device_id"]) for row in gone if "device_id" in row],
        )


async def add_device(connection: Connection, seat: Seat, token: Token, claim_hash: bytes) -> None:
    await connection.execute(
        "INSERT INTO devices (pair_id, device_id, side, token_hash, claim_hash)"
        " VALUES ($1, $2, $3, $4, $5)",
        seat.pair_id,
        seat.device_id,
        seat.side,
        token.hash,
        claim_hash,
    )


async def seat_again(
    connection: Connection, pair_id: bytes, side: Side, claim_hash: bytes, erase_at: int
) -> Seated | None:
    token = Token.fresh(pair_id)
    devices = await connection.rows(
        "UPDATE devices SET token_hash = $1 WHERE pair_id = $2 AND side = $3 AND claim_hash = $4"
        " RETURNING device_id",
        token.hash,
        pair_id,
        side,
        claim_hash,
    )
    if not devices:
        return None  # it has left, or was removed: a seat is never given back
    return Seated(Seat(pair_id, side, devices[0]["device_id"]), token, erase_at)
