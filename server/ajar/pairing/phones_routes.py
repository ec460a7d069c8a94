"""One more phone of the same side (`docs/protocol.md`, section 5)."""

from starlette.requests import Request
from starlette.responses import Response

from ajar import errors
from ajar.auth import address_of, find_seat, require_seat
from ajar.json_reply import reply
from ajar.pairing import phones_store, rules
from ajar.pairing.routes import new_device_id, seated
from ajar.protocol import sha256
from ajar.state import state_of
from ajar.wire import Join, OfferPhone, PhoneOffered, Phones, pair_id_in_path, read


async def offer_phone(request: Request) -> Response:
    seat = await require_seat(request)
    asked = await read(request, OfferPhone)
    state = state_of(request)
    expires_at = state.now() + rules.PHONE_OFFER_LASTS
    offered = await phones_store.offer(state.database, seat, asked.join_hash, expires_at)
    if offered == "no_pair":
        raise errors.no_pair()
    if offered == "too_many_phones":
        raise errors.too_many_phones()
    return reply(PhoneOffered(expires_at=expires_at), status=201)


async def join_phone(request: Request) -> Response:
    asked = await read(request, Join)
    state, now = state_of(request), state_of(request).now()
    pair_id = pair_id_in_path(request)
    join_hash, claim_hash = sha256(asked.join_secret), sha256(asked.claim)
    again = await phones_store.repeat_join(state.database, pair_id, join_hash, claim_hash, now)
    if again:
        return await seated(request, again)
    if await find_seat(request):
        raise errors.has_seat()
    joined = await phones_store.join(
        state.database, pair_id, new_device_id(), join_hash, claim_hash, now
    ) or await phones_store.repeat_join(state.database, pair_id, join_hash, claim_hash, now)
    if joined is None:
        await state.rate_limits.failed_attempt(address_of(request))
        raise errors.invitation_gone()
    return await seated(request, joined)


async def count_phones(request: Request) -> Response:
    seat = await require_seat(request)
    return reply(Phones(count=await phones_store.count(state_of(request).database, seat)))


async def remove_other_phones(request: Request) -> Response:
    seat = await require_seat(request)
    if not await phones_store.remove_others(state_of(request).database, seat):
        raise errors.no_pair()
    return Response(status_code=204)
