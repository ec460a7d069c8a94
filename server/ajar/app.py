"""The route list and what holds it together. Only wiring; read it as a table of contents."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ajar import about, quiet_log, site
from ajar.clock import Clock, SystemClock
from ajar.database import Database
from ajar.errors import Refused
from ajar.middleware import Walls, refusal
from ajar.pairing import phones_routes as phones
from ajar.pairing import routes as pairing
from ajar.rate_limits import RateLimits
from ajar.reminders import routes as reminders
from ajar.reminders.push_keys import load_old, load_or_create
from ajar.reminders.webpush import PushDoor, payload
from ajar.rounds import routes as rounds
from ajar.settings import Settings
from ajar.state import State
from ajar.worker import Worker

ROUTES = [
    #     path                                handler                   method          who
    Route("/api/pairs", pairing.create_pair, methods=["POST"]),  #              anyone
    Route("/api/invitations/{pair_id}", pairing.get_invitation),  #             anyone
    Route("/api/invitations/{pair_id}/join", pairing.join_pair, methods=["POST"]),  # anyone
    Route("/api/pair", rounds.get_pair),  #                                     a seat
    Route("/api/answers", rounds.put_answers, methods=["PUT"]),  #              a seat
    Route("/api/reminders", reminders.put_reminders, methods=["PUT"]),  #       a seat
    Route("/api/subscription", reminders.put_subscription, methods=["PUT"]),  # a seat
    Route("/api/subscription", reminders.delete_subscription, methods=["DELETE"]),  # a seat
    Route("/api/phones", phones.offer_phone, methods=["POST"]),  #              a seat
    Route("/api/phones", phones.count_phones),  #                               a seat
    Route("/api/phones", phones.remove_other_phones, methods=["DELETE"]),  #    a seat
    Route("/api/phones/{pair_id}/join", phones.join_phone, methods=["POST"]),  # anyone
    Route("/api/leave", pairing.leave, methods=["POST"]),  #                    a seat
    Route("/api/config", about.get_config),  #                                  anyone
    Route("/api/openapi.json", about.get_openapi),  #                           anyone
    Route("/healthz", about.healthz),  #                                        anyone
    Route("/readyz", about.readyz),  #                                          anyone
]


def create_app(
    settings: Settings,
    clock: Clock | None = None,
    *,
    dist: Path = site.DIST,
    worker_every: float = 1.0,
    open_door: Callable[[State], PushDoor] | None = None,
) -> Starlette:
    """The whole application. `clock`, `worker_every` and `open_door` are for tests."""
    support = about.read_support(settings)
    build = site.build_hash(dist)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        quiet_log.install()
        async with open_state(settings, clock or SystemClock()) as state:
            app.state.ajar = state
            app.state.config = about.make_config(state, support, build)
            async with contextlib.AsyncExitStack() as stack:
                if settings.worker_embedded:
                    await stack.enter_async_context(working(state, worker_every, open_door))
                yield

    app = Starlette(
        routes=[*ROUTES, *site.routes(dist)],
        middleware=[Middleware(Walls, settings=settings)],
        exception_handlers={Refused: _refused, HTTPException: _no_such_page},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


@contextlib.asynccontextmanager
async def open_state(settings: Settings, clock: Clock) -> AsyncIterator[State]:
    """Databases opened and migrated, push keys at hand. Shared by web and worker processes."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    push_keys = load_or_create(settings.push_key)
    old_keys = load_old(settings.push_key)
    database = await Database.open(settings.database_url, settings.answer_keys_url)
    try:
        await database.migrate()
        limits = RateLimits(on=settings.rate_limits)
        yield State(settings, database, clock, limits, push_keys, old_keys)
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def working(
    state: State, every: float = 1.0, open_door: Callable[[State], PushDoor] | None = None
) -> AsyncIterator[Worker]:
    """A worker that runs inside the block and finishes what it holds at its end."""
    async with (open_door or push_door)(state) as door:
        worker = Worker(state, door, every=every)
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            worker.stop()
            await running


def push_door(state: State) -> PushDoor:
    """The door to the push services, as the settings have it."""
    contact = state.settings.contact or "nobody@localhost.invalid"
    return PushDoor(
        state.push_keys,
        contact if contact.startswith("https:") else f"mailto:{contact}",
        payload(state.settings.public_url),
        state.settings.push_hosts,
        state.clock.now,
        old_keys=state.old_push_keys,
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return refusal(error)


async def _no_such_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        refused = Refused(405, "method_not_allowed", "This address does not take that method.")
    else:
        refused = Refused(404, "not_found", "There is nothing at this address.")
    response = refusal(refused)
    response.headers.update(error.headers or {})
    if error.status_code == 405:  # Starlette names the methods of the first such route alone
        response.headers["allow"] = ", ".join(_methods_at(request))
    return response


def _methods_at(request: Request) -> list[str]:
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    here = [route for route in routes if route.path_regex.match(request.scope["path"])]
    return sorted({method for route in here for method in route.methods or ()})
