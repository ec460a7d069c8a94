"""The loop that no request drives: close due rounds, send due reminders, erase what is over.

Any number may run at once, in the web process or beside it (`python -m ajar worker`). The three
tasks do not wait for one another: a slow push service never delays a close.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from ajar import quiet_log
from ajar.pairing import erasing
from ajar.reminders import rules, store
from ajar.reminders.push_hosts import PUSH_SERVICES
from ajar.reminders.store import Claimed
from ajar.reminders.webpush import PushDoor, Receipt, Sent
from ajar.rounds import closing
from ajar.state import State

CLOSE_EVERY: Final = 0.5  # seconds; a round closes within two of its instant
SEND_EVERY: Final = 1.0
ERASE_EVERY: Final = 60.0
REFILL_EVERY: Final = 60.0  # at the latest; else when there is something to refill
MEND_EVERY: Final = 5.0
GAPS_EVERY: Final = 3600  # rewriting SQLite's file takes a large one a while
SENDS_TO_ONE_SERVICE: Final = 100  # at once, by one worker
BATCH: Final = SENDS_TO_ONE_SERVICE // 2
ALARM_EVERY: Final = 3600

_RESULTS: Final = {Sent.DONE: "sent", Sent.GONE: "gone", Sent.REFUSED: "refused"}


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
        self._hands: Counter[str] = Counter()  # in use, by push service
        self._claiming = asyncio.Lock()  # hands are counted, then filled: one at a time
        self._freed: set[str] = set()  # services that were busy and are so no more
        self._some_freed = asyncio.Event()
        self._over: list[Claimed] = []  # sent, and not yet settled
        self._settling = asyncio.Lock()
        self._alarmed: dict[str, int] = {}  # when last, by push service

    async def run(self) -> None:
        """Work until `stop`; what is in hand then is finished first."""
        async with asyncio.TaskGroup() as tasks:
            for step, pause, or_when in (
                (self.close, CLOSE_EVERY, self._stopping),
                (self.remind, SEND_EVERY, self._stopping),
                (self.refill, REFILL_EVERY, self._some_freed),
                (self.erase, ERASE_EVERY, self._stopping),
                (self.mend, MEND_EVERY, self._stopping),
            ):
                tasks.create_task(self._repeat(step, pause * self._every, or_when))
        await self.sent()

    def stop(self) -> None:
        self._stopping.set()
        self._some_freed.set()

    async def close(self) -> None:
        """Close the rounds that are due."""
        closed = await closing.close_due(self._state.database, self._state.now())
        if closed:
            self._state.metrics.count("ajar_rounds_closed_total", closed)

    async def remind(self) -> None:
        """Start sending the reminders that are due, as many as there are free hands.

        Does not wait for push services: each has hands of its own, so one that hangs holds up
        nobody else's. One with too few free for a whole batch is passed over until it has them.
        """
        self._count("late", await store.drop_late(self._state.database, self._state.now()))
        while not self._stopping.is_set() and await self._claim() == BATCH:
            pass

    async def refill(self) -> None:
        """Start more for the services that have hands again, without looking for others' (which
        takes long when many of one service are due)."""
        self._some_freed.clear()
        while self._freed and not self._stopping.is_set():
            await self._claim(self._freed.pop())

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

    async def _claim(self, only: str | None = None) -> int:
        async with self._claiming:
            busy = [name for name, hands in self._hands.items() if _is_busy(hands)]
            if only in busy:
                return 0
            due = await store.claim(
                self._state.database, self._state.now(), BATCH, busy=busy, only=only
            )
            for reminder in due:
                self._start(reminder)
            return len(due)

    def _start(self, reminder: Claimed) -> None:
        service = reminder.subscription.service
        self._hands[service] += 1
        if reminder.attempts == 1:
            self._state.metrics.count("ajar_reminders_due_total")
        sending = asyncio.create_task(self._send(reminder))
        self._sending.add(sending)
        sending.add_done_callback(partial(self._sent, service))

    async def _send(self, reminder: Claimed) -> None:
        database = self._state.database
        receipt = await self._try_keys(reminder)
        now = self._state.now()
        if receipt.result is Sent.DENIED:
            self._alarm(reminder.subscription.service, now)
        if receipt.result in (Sent.LATER, Sent.DENIED):
            spread = secrets.randbelow(1000) / 1000
            due_at = rules.retry_at(
                reminder.at, now, reminder.attempts, receipt.retry_after, spread
            )
            if due_at is not None:
                self._count("retried")
                await store.try_again(database, reminder, due_at)
                return
            self._count("late")
        else:
            self._count(_RESULTS[receipt.result])
        if receipt.result is Sent.GONE:
            await store.gone(database, reminder, now)
        else:
            await self._settle(reminder)

    async def _settle(self, reminder: Claimed) -> None:
        """With all others that came to their end while the transaction before was under way."""
        self._over.append(reminder)
        async with self._settling:
            over, self._over = self._over, []
            if over:
                await store.settle(self._state.database, over)

    async def _try_keys(self, reminder: Claimed) -> Receipt:
        """Sent with the key that the phone subscribed by. A page that was open while the key was
        changed may have subscribed by another than we think: then by that one, from now on. (Some
        push services say 400 to a wrong key.) If none will do, what was said of the first counts.
        """
        to = reminder.subscription
        first: Receipt | None = None
        for key in self._push_door.keys_for(to.push_key):
            receipt = await self._push_door.send(to.endpoint, to.p256dh, to.auth, key)
            if receipt.result not in (Sent.DENIED, Sent.REFUSED):
                if first and receipt.result is Sent.DONE:
                    await store.remember_push_key(self._state.database, reminder, key)
                return receipt
            first = first or receipt
        return first or Receipt(Sent.DENIED)

    def _alarm(self, service: str, now: int) -> None:
        """Once an hour for each push service; never says which of the operator's own it is."""
        name = service if service in PUSH_SERVICES else "further"
        self._state.metrics.count("ajar_push_key_refused_total", service=name)
        if now - self._alarmed.get(name, -ALARM_EVERY) >= ALARM_EVERY:
            self._alarmed[name] = now
            quiet_log.logger.error(
                "%s refuses our push key or contact; reminders there are tried for an hour each. "
                "See docs/operating.md, Reminders",
                name if name in PUSH_SERVICES else "a host of AJAR_PUSH_HOSTS",
            )

    def _count(self, result: str, amount: int = 1) -> None:
        if amount:
            self._state.metrics.count("ajar_reminders_total", amount, result=result)

    def _sent(self, service: str, sending: asyncio.Task[None]) -> None:
        self._sending.discard(sending)
        was_busy = _is_busy(self._hands[service])
        self._hands[service] -= 1
        if was_busy and not _is_busy(self._hands[service]):
            self._freed.add(service)
            self._some_freed.set()
        if error := sending.exception():
            # Its lease ends by itself, and then it is claimed again.
            self._failed("a reminder could not be settled", error)

    def _failed(self, what: str, error: BaseException) -> None:
        self._state.metrics.count("ajar_worker_errors_total")
        quiet_log.failure(what, error)

    async def _repeat(
        self, step: Callable[[], Awaitable[None]], pause: float, or_when: asyncio.Event
    ) -> None:
        while not self._stopping.is_set():
            try:
                await step()
            except Exception as error:  # noqa: BLE001
                # The store is away, or a defect: either way the next pass tries again.
                self._failed("a step of the worker failed", error)
            try:
                await asyncio.wait_for(or_when.wait(), pause)
            except TimeoutError:
                continue


def _is_busy(hands: int) -> bool:
    return hands > SENDS_TO_ONE_SERVICE - BATCH
