"""Cookie → Seat: which device of which side of which pair is asking."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from ajar.database import Connection
from ajar.errors import no_pair
from ajar.protocol import PAIR_ID_SIZE, SECRET_SIZE, Side
from ajar.state import state_of
from ajar.wire import from_base64url, to_base64url

_COOKIE_SIZE: Final = PAIR_ID_SIZE + SECRET_SIZE


@dataclass(frozen=True)
class Seat:
    """A device that holds a seat in a pair that has not been erased."""

    pair_id: bytes
    side: Side
    device_id: str


@dataclass(frozen=True)
class Token:
    """The cookie: the pair's id, by which a database can be split, and 256 random bits."""

    pair_id: bytes
    secret: bytes

    @classmethod
    def fresh(cls, pair_id: bytes) -> "Token":
        return cls(pair_id, secrets.token_bytes(SECRET_SIZE))

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(self.secret).digest()

    @property
    def cookie(self) -> str:
        return to_base64url(self.pair_id + self.secret)


async def find_seat(request: Request) -> Seat | None:
    """The seat this request's cookie stands for, or None."""
    state = state_of(request)
    cookie = request.cookies.get(cookie_name(request))
    if cookie is None:
        return None
    try:
        raw = from_base64url(cookie, _COOKIE_SIZE)
    except ValueError:
        return None
    token = Token(raw[:PAIR_ID_SIZE], raw[PAIR_ID_SIZE:])

    async def look(connection: Connection) -> Seat | None:
        row = await connection.row(
            "SELECT side, device_id FROM devices WHERE pair_id = $1 AND token_hash = $2",
            token.pair_id,
            token.hash,
        )
        return Seat(token.pair_id, row["side"], row["device_id"]) if row else None

    return await state.database.read(look)


async def require_seat(request: Request) -> Seat:
    """The seat, or Refused: 401 `no_pair`, 429 when this device asks too often."""
    seat = await find_seat(request)
    if seat is None:
        raise no_pair()
    await state_of(request).rate_limits.seat_request(seat.device_id)
    return seat


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def cookie_name(request: Request) -> str:
    """`__Host-ajar` over HTTPS; `ajar` on plain loopback, with the port in a trial's two phones."""
    settings = state_of(request).settings
    if settings.secure:
        return "__Host-ajar"
    if settings.trial:
        return f"ajar-{request.scope['server'][1]}"
    return "ajar"


def give_cookie(request: Request, response: Response, token: Token, erase_at: int) -> None:
    """Set the seat's cookie until the pair is erased."""
    state = state_of(request)
    response.set_cookie(
        cookie_name(request),
        token.cookie,
        max_age=max(0, erase_at - state.now()),
        path="/",
        secure=state.settings.secure,
        httponly=True,
        samesite="strict",
    )


def clear_cookie(request: Request, response: Response) -> None:
    response.set_cookie(
        cookie_name(request),
        "",
        max_age=0,
        expires="Thu, 01 Jan 1970 00:00:00 GMT",  # not this second: the same bytes for everyone
        path="/",
        secure=state_of(request).settings.secure,
        httponly=True,
        samesite="strict",
    )
