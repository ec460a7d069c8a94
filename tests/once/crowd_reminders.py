"""Reminders of a crowd, all due at one instant, and the push service at which they arrive."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.fakes.push_service import PushService
from tests.once.crowd import Seeded, opened
from tests.server.process import PATIENCE

LEASE: Final = 60  # seconds, as the worker has it
IN_HAND: Final = 200  # that one worker sends at a time


@dataclass
class Reminded:
    service: PushService
    at: int
    endpoints: frozenset[str]

    @classmethod
    def all_at(
        cls, service: PushService, data: Path, pairs: Sequence[Seeded], at: int
    ) -> "Reminded":
        """Each pair's inviting phone has a subscription, and asked for this instant."""
        subscriptions = [service.subscribe() for _ in pairs]
        with opened(data) as file:
            file.execute("BEGIN IMMEDIATE")
            for pair, to in zip(pairs, subscriptions, strict=True):
                file.execute(
                    "UPDATE devices SET endpoint = ?, p256dh = ?, auth = ?"
                    " WHERE pair_id = ? AND side = 'a'",
                    (to.endpoint, to.p256dh, to.auth, pair.pair_id),
                )
                file.execute(
                    "INSERT INTO reminders (pair_id, device_id, at, due_at) VALUES (?, 'a', ?, ?)",
                    (pair.pair_id, at, at),
                )
            file.execute("COMMIT")
        return cls(service, at, frozenset(to.endpoint for to in subscriptions))

    def wait_for(self, count: int) -> None:
        until = time.monotonic() + PATIENCE
        while len(self.service.deliveries) < count:
            assert time.monotonic() < until, "reminders do not come"
            time.sleep(0.01)

    def left(self, data: Path) -> set[str]:
        """The endpoints of those that are not settled."""
        with opened(data) as file:
            found = file.execute(
                "SELECT d.endpoint FROM reminders r JOIN devices d ON d.pair_id = r.pair_id"
                " AND d.device_id = r.device_id WHERE r.at = ? AND d.endpoint IS NOT NULL",
                (self.at,),
            )
            return {endpoint for (endpoint,) in found}

    def came(self) -> Counter[str]:
        return Counter(delivery.endpoint for delivery in self.service.deliveries)

    def none_came_twice_within_a_lease(self, data: Path) -> None:
        """And each came, or is still in the hand of a worker, one that was killed included."""
        left, came = self.left(data), self.came()
        if time.time() < self.at + LEASE:
            assert set(came.values()) == {1}
        assert self.endpoints <= left | set(self.came())

    def came_twice(self, data: Path, killed: int) -> int:
        """Once the killed workers' leases have ended all have come; how many of them twice."""
        until = time.monotonic() + LEASE + PATIENCE
        while self.left(data):
            assert time.monotonic() < until, "a reminder is never settled"
            time.sleep(0.2)
        came = self.came()
        assert set(came) == self.endpoints
        assert set(came.values()) <= {1, 2}
        twice = sum(times == 2 for times in came.values())
        assert twice <= killed * IN_HAND
        return twice
