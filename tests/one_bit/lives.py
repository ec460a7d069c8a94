"""Opens the two worlds once, for as many histories as are wanted."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette

from ajar import settings
from ajar.app import create_app, push_door
from ajar.reminders.push_keys import load_or_create
from ajar.settings import Settings
from ajar.worker import Worker
from tests.fakes.push_service import RESET, Answer, PushService, Subscription
from tests.one_bit.chance import Chance, held_still
from tests.one_bit.exchange import ByCall, Exchange
from tests.one_bit.machine import TwoWorlds
from tests.one_bit.world import World
from tests.running_server import TestClock

Connect = Callable[[Starlette, Settings, AsyncExitStack], Awaitable[Exchange]]


async def by_call(app: Starlette, _: Settings, stack: AsyncExitStack) -> Exchange:
    await stack.enter_async_context(app.router.lifespan_context(app))
    return ByCall(app)


@contextmanager
def two_worlds(connect: Connect = by_call) -> Iterator[type[TwoWorlds]]:
    """The state machine, ready to be run by Hypothesis."""
    clock = TestClock()
    loop = asyncio.new_event_loop()
    # Memory where there is a file system in it: ten thousand histories write a great deal.
    shared = Path("/dev/shm")
    with (
        held_still(),
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as place,
        asyncio.Runner(loop_factory=lambda: loop) as runner,
    ):
        # The limits' windows follow the clock of the test, like everything else.
        patch.setattr("limits.aio.storage.memory.time", SimpleNamespace(time=clock.now))
        Chance.current = Chance()
        stack = AsyncExitStack()
        worlds = runner.run(_open(stack, clock, Path(place), connect))
        machine = type("Lives", (TwoWorlds,), {"worlds": worlds, "clock": clock, "loop": loop})
        try:
            yield machine
        finally:
            runner.run(stack.aclose())


async def _open(
    stack: AsyncExitStack, clock: TestClock, place: Path, connect: Connect
) -> tuple[World, World]:
    service = await stack.enter_async_context(PushService(clock.now))
    subscriptions = [service.subscribe() for _ in range(12)]
    for number, behaviour in (
        (4, Answer(410)),
        (5, Answer(429, {"Retry-After": "600"})),
        (6, Answer(410)),
        (7, Answer(503)),
        (8, RESET),
        (9, Answer(403)),
    ):
        service.behaviours[subscriptions[number].endpoint] = behaviour
    keys = place / "push-key.pem"
    load_or_create(keys)  # one server's, in two worlds
    left, right = [
        await stack.enter_async_context(
            _world(_with_keys(place / name, keys), clock, service, subscriptions, connect)
        )
        for name in ("left", "right")
    ]
    return left, right


def _with_keys(data: Path, keys: Path) -> Path:
    data.mkdir()
    shutil.copy2(keys, data)
    return data


@asynccontextmanager
async def _world(
    data: Path,
    clock: TestClock,
    service: PushService,
    subscriptions: Sequence[Subscription],
    connect: Connect,
) -> AsyncIterator[World]:
    chosen = settings.read(
        {
            "AJAR_DATA": str(data),
            "AJAR_WORKER": "off",
            "AJAR_METRICS_PORT": "0",
            "AJAR_PUSH_HOSTS": service.host,
        }
    )
    app = create_app(chosen, clock)
    async with AsyncExitStack() as stack:
        exchange = await connect(app, chosen, stack)
        door = await stack.enter_async_context(push_door(app.state.ajar))
        yield World(app, exchange, Worker(app.state.ajar, door), service, subscriptions)
