"""The loop that no request drives: close due rounds, send due reminders, erase what is over.

Any number may run at once, in the web process or beside it (`python -m ajar worker`). The three
tasks do not wait for one another: a slow push service never delays a close.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from ajar import quiet_log
from ajar.pairing import erasing
from ajar.reminders import rules, store
from ajar.reminders.store import Claimed
from ajar.reminders.webpush import PushDoor, Sent
from ajar.rounds import closing
from ajar.state import State

CLOSE_EVERY: Final = 0.5  # seconds; a round closes within two of its instant
SEND_EVERY: Final = 1.0
ERASE_EVERY: Final = 60.0
MEND_EVERY: Final = 5.0
GAPS_EVERY: Final = 3600  # rewriting SQLite's file takes a large one a while
SENDS_AT_ONCE: Final = 200


class Worker:
    """`every` scales the pauses between steps, so that tests need not wait for them."""

    def __init__(self, state: State, push_door: PushDoor, *, every: float = 1.0) -> None:
        self._state = state
        self._push_door = push_door
        self._every = every
        self._stopping = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._gaps = False
        self._gaps_closed_at = -GAPS_EVERY

    async def run(self) -> None:
        """Work until `stop`; what is in hand then is finished first."""
        async with asyncio.TaskGroup() as tasks:
            for step, pause in (
                (self.close, CLOSE_EVERY),
                (self.remind, SEND_EVERY),
                (self.erase, ERASE_EVERY),
                (self.mend, MEND_EVERY),
            ):
                tasks.create_task(self._repeat(step, pause * self._every))
        await self.sent()

    def stop(self) -> None:
        self._stopping.set()

    async def close(self) -> None:
        """Close the rounds that are due."""
        closed = await closing.close_due(self._state.database, self._state.now())
        if closed:
            self._state.metrics.count("ajar_rounds_closed_total", closed)

    async def remind(self) -> None:
        """Start sending the reminders that are due, as many as there are free hands.

        Does not wait for push services: one that hangs holds its own hand, not the others'.
        """
        while not self._stopping.is_set() and (free := SENDS_AT_ONCE - len(self._sending)):
            due = await store.claim(self._state.database, self._state.now(), free)
            for reminder in due:
                sending = asyncio.create_task(self._send(reminder))
                self._sending.add(sending)
                sending.add_done_callback(self._sent)
            if len(due) < free:
                return

    async def sent(self) -> None:
        """Wait until every reminder in hand has been sent or given back."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def erase(self) -> None:
        """Erase the pairs whose time is over."""
        now = self._state.now()
        while erased := await erasing.erase_over(self._state.database, now):
            self._state.metrics.count("ajar_pairs_erased_total", erased)
            self._gaps = True
        if self._gaps and not 0 <= now - self._gaps_closed_at < GAPS_EVERY:
            await erasing.close_gaps(self._state.database)
            self._gaps, self._gaps_closed_at = False, now

    async def mend(self) -> None:
        """Mark the rounds whose answer key was lost, so that people are asked to answer again."""
        lost = await closing.mend_lost_keys(self._state.database)
        if lost:
            self._state.metrics.count("ajar_rounds_lost_total", lost)
            quiet_log.logger.error("answer keys of %d closing instants were lost", lost)

    async def _send(self, reminder: Claimed) -> None:
        to = reminder.subscription
        receipt = await self._push_door.send(to.endpoint, to.p256dh, to.auth)
        self._state.metrics.count("ajar_reminders_total", result=receipt.result.name.lower())
        now = self._state.now()
        if receipt.result is Sent.LATER and not rules.given_up(reminder.at, now):
            due_at = rules.retry_at(
                now, reminder.attempts, receipt.retry_after, secrets.randbelow(1000) / 1000
            )
            await store.try_again(self._state.database, reminder, due_at)
            return
        if receipt.result is Sent.GONE:
            await store.drop_subscription(self._state.database, reminder)
        await store.settle(self._state.database, reminder)

    def _sent(self, sending: asyncio.Task[None]) -> None:
        self._sending.discard(sending)
        if error := sending.exception():
            # Its lease ends by itself, and then it is claimed again.
            self._failed("a reminder could not be settled", error)

    def _failed(self, what: str, error: BaseException) -> None:
        self._state.metrics.count("ajar_worker_errors_total")
        quiet_log.failure(what, error)

    async def _repeat(self, step: Callable[[], Awaitable[None]], pause: float) -> None:
        while not self._stopping.is_set():
            try:
                await step()
            except Exception as error:  # noqa: BLE001
                # The store is away, or a defect: either way the next pass tries again.
                self._failed("a step of the worker failed", error)
            try:
                await asyncio.wait_for(self._stopping.wait(), pause)
            except TimeoutError:
                continue
