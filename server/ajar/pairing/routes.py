"""Inviting, joining and leaving (`docs/protocol.md`, section 5)."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from ajar import errors
from ajar.auth import Seat, address_of, clear_cookie, find_seat, give_cookie, require_seat
from ajar.json_reply import reply
from ajar.pairing import rules, store
from ajar.pairing.store import NewPair, Seated
from ajar.protocol import SECRET_SIZE, ascending, same, sha256
from ajar.rounds.routes import view_of
from ajar.rounds.store import keys_for
from ajar.state import State, state_of
from ajar.wire import CreatePair, Invitation, Join, Leave, pair_id_in_path, read, to_base64url


async def create_pair(request: Request) -> Response:
    asked = await read(request, CreatePair)
    state, now = state_of(request), state_of(request).now()
    claim_hash = sha256(asked.claim)
    pair = NewPair(
        asked.pair_id,
        asked.join_hash,
        asked.closes,
        asked.wording,
        decoy_key=secrets.token_bytes(SECRET_SIZE),
    )
    again = await store.repeat_create(state.database, pair, claim_hash, now)
    if again:
        return await seated(request, again)
    if await find_seat(request):
        raise errors.has_seat()
    await _check_access_code(state, request, asked.access_code)
    if not ascending(asked.closes):
        raise errors.invalid("closes: instants must ascend.")
    problem = rules.schedule_problem(asked.closes, now, state.settings.min_interval)
    if problem:
        raise errors.invalid(problem)
    await state.rate_limits.creation(address_of(request))
    # The keys come first: a pair whose round has no key would read as a lost one.
    if not await keys_for(state.database, asked.closes):
        raise errors.unavailable()
    created = await store.create_pair(
        state.database, pair, new_device_id(), claim_hash, now
    ) or await store.repeat_create(state.database, pair, claim_hash, now)  # its own twin was first
    if created is None:
        raise errors.pair_exists()
    return await seated(request, created)


async def get_invitation(request: Request) -> Response:
    state = state_of(request)
    invitation = await store.open_invitation(state.database, pair_id_in_path(request), state.now())
    if invitation is None:
        seat = await find_seat(request)
        await state.rate_limits.failed_attempt(
            address_of(request), seat.device_id if seat else None
        )
        raise errors.invitation_gone(404)
    return reply(
        Invitation(
            closes=invitation.closes,
            wording=invitation.wording,
            expires_at=invitation.expires_at,
        )
    )


async def join_pair(request: Request) -> Response:
    asked = await read(request, Join)
    state, now = state_of(request), state_of(request).now()
    pair_id = pair_id_in_path(request)
    join_hash, claim_hash = sha256(asked.join_secret), sha256(asked.claim)
    again = await store.repeat_join(state.database, pair_id, join_hash, claim_hash, now)
    if again:
        return await seated(request, again)
    if await find_seat(request):
        raise errors.has_seat()
    seat = Seat(pair_id, "b", new_device_id())
    joined = await store.join_pair(
        state.database, seat, join_hash, claim_hash, now
    ) or await store.repeat_join(state.database, pair_id, join_hash, claim_hash, now)
    if joined is None:
        await state.rate_limits.failed_attempt(address_of(request))
        raise errors.invitation_gone()
    return await seated(request, joined)


async def leave(request: Request) -> Response:
    seat = await require_seat(request)
    asked = await read(request, Leave)
    if not await store.leave(state_of(request).database, seat, tell_partner=asked.tell_partner):
        raise errors.no_pair()
    response = Response(status_code=204)
    clear_cookie(request, response)
    return response


async def seated(request: Request, taken: Seated) -> Response:
    """201 with the view and the seat's cookie."""
    response = reply(await view_of(state_of(request), taken.seat), status=201)
    give_cookie(request, response, taken.token, taken.erase_at)
    return response


def new_device_id() -> str:
    return to_base64url(secrets.token_bytes(16))


async def _check_access_code(state: State, request: Request, given: str | None) -> None:
    wanted = state.settings.access_code
    if wanted is None:
        return
    if not same((given or "").encode(), wanted.encode()):
        await state.rate_limits.failed_attempt(address_of(request))
        raise errors.access_code()
