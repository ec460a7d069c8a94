"""A push service that listens and a door that may reach it, for the length of one story."""

import asyncio
import functools
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from ajar.reminders.push_keys import PushKeys, load_or_create
from ajar.reminders.webpush import PushDoor, Receipt, payload
from tests.fakes.push_service import PushService, Subscription

NOON = 1_800_000_000.0
PAYLOAD = payload("https://ajar.example.org")
SUBJECT = "mailto:host@example.org"


class SetClock:
    """Stands still until a story moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


Story = Callable[[PushService, PushDoor, SetClock], Awaitable[None]]


@functools.cache
def keys() -> PushKeys:
    with tempfile.TemporaryDirectory() as directory:
        return load_or_create(Path(directory, "push.pem"))


def play(story: Story, timeout: float = 15.0) -> None:
    async def main() -> None:
        clock = SetClock()
        async with PushService(clock) as service:
            hosts = frozenset({service.host})
            door = PushDoor(keys(), SUBJECT, PAYLOAD, hosts, clock, timeout=timeout)
            async with door:
                await story(service, door, clock)

    asyncio.run(main())


async def send(door: PushDoor, subscription: Subscription) -> Receipt:
    return await door.send(subscription.endpoint, subscription.p256dh, subscription.auth)
