"""One world: the real application on a real database of its own, and who lives in it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from starlette.applications import Starlette

from ajar.database import Connection, Database
from ajar.protocol import Side
from ajar.rate_limits import RateLimits
from ajar.state import State
from ajar.worker import Worker
from tests.fakes.push_service import Delivery, PushService, Subscription
from tests.one_bit.acts import (
    LEAVE_AND_TELL,
    Browser,
    answer_with,
    browsers,
    join_as_phone,
    offer_phone,
    take_seat,
    uploaded,
)
from tests.one_bit.chance import Chance
from tests.one_bit.exchange import Asked, Exchange, Reply
from tests.one_bit.run import Run
from tests.server.stores import PAIR_TABLES

# Both on this machine, so that over HTTP they are what the server really sees.
WATCHED_AT = "127.0.0.2"
ELSEWHERE = "127.0.0.3"


class World:
    """`watched` is Alice's side, whatever letter it has; `partner` is Bob's."""

    def __init__(
        self,
        app: Starlette,
        exchange: Exchange,
        worker: Worker,
        service: PushService,
        subscriptions: Sequence[Subscription],
    ) -> None:
        self._app = app
        self._exchange = exchange
        self._worker = worker
        self._service = service
        self._subscriptions = subscriptions
        self.chance = Chance()

    @property
    def _database(self) -> Database:
        state: State = self._app.state.ajar
        return state.database

    async def start_over(self, run: Run, watched_side: Side, partner_at: str) -> None:
        """An empty server, and two people whose phones hold nothing yet."""

        async def forget(connection: Connection) -> None:
            for table in PAIR_TABLES:
                await connection.execute(f"DELETE FROM {table}")

        await self._database.transaction(forget)
        await self._database.transaction(_forget_keys, store="answer_keys")
        self._service.deliveries.clear()
        self.chance.start_over()
        self._turn_to("server")
        self._app.state.ajar = replace(self._app.state.ajar, rate_limits=RateLimits(on=True))
        partner_side: Side = "b" if watched_side == "a" else "a"
        self.run = run
        self.watched = browsers("watched", watched_side, run, self._subscriptions[:6])
        self.partner = browsers("partner", partner_side, run, self._subscriptions[6:])
        self.partner_at = partner_at
        self.left: set[Side] = set()
        self.told = False
        self.answers: dict[tuple[Side, int], str] = {}
        self.counted_by_address = 0

    def _turn_to(self, asking: str) -> None:
        Chance.current = self.chance
        self.chance.asking = asking

    async def do(self, browser: Browser, asked: Asked) -> Reply:
        """One request of one browser, and what it keeps of the reply."""
        self._turn_to(browser.name)
        at = WATCHED_AT if browser in self.watched else self.partner_at
        reply = await self._exchange(asked, browser.cookie, at)
        browser.takes_in(reply)
        if asked.path == "/api/pairs" or (
            reply.status in (403, 404, 410) and browser.cookie is None
        ):
            self.counted_by_address += 1
        if reply.status == 204 and asked.path == "/api/answers":
            n, bodies = uploaded(asked)
            if n != browser.last_taken:  # else it is the same upload again, and changes nothing
                browser.last_taken = n
                self.answers |= {(browser.side, index): body for index, body in bodies.items()}
        if reply.status == 204 and asked.path == "/api/leave":
            self.left.add(browser.side)
            self.told |= asked == LEAVE_AND_TELL and browser in self.partner
        return reply

    async def work(self, steps: str, *, twice: bool) -> None:
        """Steps of the worker, by their first letters; `twice`: two workers at once."""
        self._turn_to("worker")
        for step in steps:
            take = {
                "c": self._worker.close,
                "r": self._worker.remind,
                "e": self._worker.erase,
                "m": self._worker.mend,
            }[step]
            await asyncio.gather(*[take() for _ in range(2 if twice else 1)])
        await self._worker.sent()

    async def lose_keys(self) -> None:
        """The key store is gone, for every pair alike: an answer without its key is none."""
        await self._database.transaction(_forget_keys, store="answer_keys")
        self.answers.clear()

    def pushes_to_watched(self) -> list[Delivery]:
        """What has reached the watched side's push subscriptions since the last time."""
        mine = {each.endpoint for each in self._subscriptions[:6]}
        came = [each for each in self._service.deliveries if each.endpoint in mine]
        self._service.deliveries.clear()
        return came

    def matches(self, index: int) -> bool:
        """Whether both current answers of a round are open: what its close will find."""
        run = self.run
        sides: tuple[Side, Side] = ("a", "b")
        return all(
            side not in self.left
            and self.answers.get((side, index)) == run.upload(side, index, "open")["body"]
            for side in sides
        )

    async def partner_answers(self, index: int, choice: str) -> bool:
        """Bob answers on whichever of his phones can; he joins first if he still may."""
        for browser in self.partner:
            if browser.place == 0 and browser.cookie is None:
                await self.do(browser, take_seat(browser))
            upload = answer_with(browser, [index], "open" if choice == "open" else "closed")
            if (await self.do(browser, upload)).status == 204:
                return True
        return False

    async def partner_tells(self) -> bool:
        """Bob says, in this world too, that he has decided."""
        for browser in self.partner:
            if browser.place == 0 and browser.cookie is None:
                await self.do(browser, take_seat(browser))
            if (await self.do(browser, LEAVE_AND_TELL)).status == 204:
                return True
        return False

    async def partner_adds_a_phone(self, number: int) -> None:
        first, other = self.partner[0], self.partner[1 + number % 2]
        await self.do(first, offer_phone(first, number))
        await self.do(other, join_as_phone(other, number))


async def _forget_keys(connection: Connection) -> None:
    await connection.execute("DELETE FROM answer_keys")
