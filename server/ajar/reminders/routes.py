"""`PUT /api/reminders` and the push subscription (`docs/protocol.md`, section 5)."""

from starlette.requests import Request
from starlette.responses import Response

from ajar import wire
from ajar.auth import require_seat
from ajar.errors import no_pair, push_service
from ajar.reminders import push_hosts, store
from ajar.state import state_of


async def put_reminders(request: Request) -> Response:
    seat = await require_seat(request)
    asked = await wire.read(request, wire.Reminders)
    state = state_of(request)
    if not await store.replace_reminders(state.database, seat, asked.at, state.now()):
        raise no_pair()
    return Response(status_code=204)


async def put_subscription(request: Request) -> Response:
    seat = await require_seat(request)
    asked = await wire.read(request, wire.Subscription)
    state = state_of(request)
    problem = push_hosts.endpoint_problem(
        asked.endpoint, state.settings.push_hosts
    ) or push_hosts.key_problem(asked.p256dh, asked.auth)
    if problem:
        raise push_service()
    subscription = store.Subscription(
        asked.endpoint,
        asked.p256dh,
        asked.auth,
        push_hosts.service_of(asked.endpoint),
        state.push_keys.name,
    )
    await store.set_subscription(state.database, seat, subscription)
    return Response(status_code=204)


async def delete_subscription(request: Request) -> Response:
    seat = await require_seat(request)
    await store.set_subscription(state_of(request).database, seat, None)
    return Response(status_code=204)
