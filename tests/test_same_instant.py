"""Same instant (`docs/protocol.md`, section 2.5): what a close decides shows to both sides of every
pair in one commit, never before its instant, whoever answered what and when.

Many connections poll both sides while it happens. A reply that began after another one ended must
never be behind it: once anybody has seen the close, everybody sees all of it.
"""

import asyncio
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Literal

import pytest

from ajar.database import Database
from ajar.protocol import other_side
from ajar.rounds import closing
from ajar.wire import to_base64url
from tests.phone import DAY, Choice, Phone
from tests.proof import Proof
from tests.running_server import START, RunningServer
from tests.server.stores import change, empty

ROUNDS = 6
CLOSES = [START + 2 * DAY + index * DAY for index in range(ROUNDS)]
BEFORE_AND_AFTER = 3  # looks of each connection, at least
Couple = tuple[Phone, Phone]
# What a view says, apart from whose it is: the rounds that are closed, those that are both open,
# those that are lost, and how the run has ended.
Said = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], str | None]
Where = Literal["in the server's own process", "beside it"]


@dataclass(frozen=True)
class Look:
    began: float
    ended: float
    pair: int
    said: Said
    now: int


@dataclass
class Watch:
    """Connections that look at both sides of all pairs in turn, until told to stop."""

    couples: list[Couple]
    connections: int
    looks: list[Look] = field(default_factory=list)
    _turn: threading.Condition = field(default_factory=threading.Condition)
    _over: bool = False

    def during(self, happening: Callable[[], object]) -> list[Look]:
        """All looks, from some before `happening` to some after it."""
        with ThreadPoolExecutor(self.connections) as pool:
            counts = [0] * self.connections
            watching = [pool.submit(self._watch, mine, counts) for mine in range(self.connections)]
            try:
                self._wait(counts, BEFORE_AND_AFTER)
                happening()
                self._wait(counts, max(counts) + BEFORE_AND_AFTER)
            finally:
                self._over = True
            for each in watching:
                each.result()
        return self.looks

    def _wait(self, counts: list[int], least: int) -> None:
        with self._turn:
            assert self._turn.wait_for(lambda: self._over or min(counts) >= least, 60)

    def _watch(self, mine: int, counts: list[int]) -> None:
        try:
            phones = [(pair, phone) for pair, both in enumerate(self.couples) for phone in both]
            http = phones[0][1].server.client()
            while not self._over:
                pair, phone = phones[(mine + counts[mine]) % len(phones)]
                cookies = "; ".join(f"{name}={value}" for name, value in phone.http.cookies.items())
                began = perf_counter()
                reply = http.get("/api/pair", headers={"cookie": cookies})
                ended = perf_counter()
                view = reply.json()
                look = Look(began, ended, pair, said(phone, view), view["now"])
                with self._turn:
                    self.looks.append(look)
                    counts[mine] += 1
                    self._turn.notify()
        except BaseException:
            self._over = True
            raise


def said(phone: Phone, view: dict[str, Any]) -> Said:
    seals = view["seals"]
    closed = tuple(index for index, seal in enumerate(seals) if seal is not None)
    true = tuple(
        index
        for index in closed
        if seals[index] == to_base64url(phone.round(index).seal(other_side(phone.side)))
    )
    return closed, true, tuple(view["lost"]), view["ended"]


def look_now(couples: list[Couple]) -> list[Said]:
    """What each pair is told while nothing happens: the same on both sides."""
    told = []
    for alice, bob in couples:
        told.append(said(alice, alice.view()))
        assert told[-1] == said(bob, bob.view())
    return told


def watched(
    couples: list[Couple], happening: Callable[[], object]
) -> tuple[list[Look], list[Look]]:
    """The looks before and after it shows. AssertionError if it shows in more than one step."""
    before = look_now(couples)
    looks = Watch(couples, 4).during(happening)
    after = look_now(couples)
    assert before != after
    for look in looks:
        assert look.said in (before[look.pair], after[look.pair]), "half of it was shown"
    changed = [look for look in looks if before[look.pair] != after[look.pair]]
    knowing = [look for look in changed if look.said == after[look.pair]]
    unknowing = [look for look in changed if look.said == before[look.pair]]
    first = min(look.ended for look in knowing)
    assert [look for look in unknowing if look.began > first] == [], "one knew before another could"
    return unknowing, knowing


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("instant") / "data") as running:
        yield running


def seated(server: RunningServer) -> Couple:
    link = secrets.token_bytes(16)
    alice, bob = Phone(server, "a", link, CLOSES), Phone(server, "b", link, CLOSES)
    assert alice.create().status_code == 201
    assert bob.join().status_code == 201
    return alice, bob


def answer(phone: Phone, choice: Choice, *rounds: int) -> None:
    body = phone.answers_body(dict.fromkeys(rounds, choice))
    assert phone.request("PUT", "/api/answers", body).status_code == 204


def step_of_a_worker(server: RunningServer, where: Where) -> Callable[[], object]:
    """Of the server's own, or of one that opened the stores for itself."""
    if where == "in the server's own process":
        return server.work

    async def close_beside() -> None:
        stores = server.settings.database_url, server.settings.answer_keys_url
        database = await Database.open(*stores)
        try:
            await closing.mend_lost_keys(database)
            await closing.close_due(database, int(server.clock.now()))
        finally:
            await database.close()

    return lambda: asyncio.run(close_beside())


@pytest.mark.proof
@pytest.mark.parametrize("where", ["in the server's own process", "beside it"])
def test_both_sides_of_every_pair_are_told_in_one_commit(
    server: RunningServer, proof: Proof, where: Where
) -> None:
    """Quiet, matched (one answered long before, or both in the last second), told, lost."""
    step = step_of_a_worker(server, where)
    commits = too_early = looks = 0
    for _ in range(proof.many(1, 25)):
        empty(server)
        server.clock.move_to(START)
        _, quiet, early, late, told, last = couples = [seated(server) for _ in range(6)]
        answer(quiet[0], "open", *range(ROUNDS))
        answer(quiet[1], "closed", *range(ROUNDS))
        answer(early[0], "open", 1)
        answer(late[1], "closed", 3)
        for phone in last:
            answer(phone, "open", ROUNDS - 1)
        for index, instant in enumerate(CLOSES):
            server.clock.move_to(instant - 1)
            if index == 1:
                answer(early[1], "open", 1)
            if index == 2:
                told[1].request("POST", "/api/leave", {"tell_partner": True})
                told = (told[0], told[0])
                couples[4] = told
            if index == 3:
                answer(late[1], "open", 3)
                answer(late[0], "open", 3)
            if index == 4:
                lost = "DELETE FROM answer_keys WHERE closes_at = ?"
                change(server, lost, instant, store="answer_keys")
                before, after = watched(couples, step)
                commits, looks = commits + 1, looks + len(before) + len(after)
            held = look_now(couples)
            step()
            assert look_now(couples) == held, "before the instant"

            def close(instant: int = instant) -> None:
                server.clock.move_to(instant)
                step()

            before, after = watched(couples, close)
            too_early += sum(look.now < instant for look in after)
            commits, looks = commits + 1, looks + len(before) + len(after)
        outcomes = [both[0].view() for both in couples]
        assert [said(both[0], view)[1] for both, view in zip(couples, outcomes, strict=True)] == [
            (),
            (),
            (1,),
            (3,),
            (),
            (ROUNDS - 1,),
        ]
        assert [view["ended"] for view in outcomes] == ["finished"] * 4 + ["decided", "finished"]
        server.close_clients()
    assert too_early == 0
    proof.says(
        "Same instant",
        f"{commits} commits of a worker {where}, {looks} looks at both sides meanwhile:"
        f" 0 behind an earlier one, {too_early} before the instant",
    )
