"""What goes on while a crowd of pairs closes: phones that answer, people who come and go, someone
who looks at both sides and at the files, and a worker that is killed in each close.
"""

import re
import secrets
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from ajar.protocol import Side
from tests.once.crowd import NEVER, SIDES, Seeded, opened
from tests.phone import Choice
from tests.server.process import NO_TLS, PATIENCE, Process
from tests.server.test_kill import Couple, Phone

LONG: Final = 600  # seconds; a machine that others use too may take a while
ROUNDS: Final = 3  # that are closed here; one more lies far ahead
WORKING: Final = "Ajar's worker is at work  (Ctrl-C stops it)"
# A database that others keep busy for ten seconds: the step is tried again.
BUSY: Final = re.compile(
    r"\S+ \S+ ERROR (a step of the worker failed|a reminder could not be settled): Unavailable .*"
)


@dataclass
class Crowd:
    """The processes, and what was seen of them while they were at work."""

    data: Path
    closes: list[int]
    worker: Sequence[str]
    environment: Mapping[str, str]
    pause: float  # seconds: who writes without one keeps all others from it
    over: threading.Event = field(default_factory=threading.Event)
    replies: Counter[str] = field(default_factory=Counter)
    looks: int = 0
    busy: int = 0
    wrong: list[str] = field(default_factory=list)

    def is_open(self, file: sqlite3.Connection, instant: int) -> bool:
        found = file.execute("SELECT 1 FROM rounds WHERE closes_at = ? AND NOT closed", (instant,))
        return found.fetchone() is not None

    def look(self) -> None:
        """Past every process: no commit leaves what must never be."""
        with opened(self.data) as file:
            while not self.over.is_set():
                self.wrong += [what for (what,) in file.execute(NEVER)]
                self.looks += 1
                self.over.wait(self.pause)  # reading it all keeps those who write waiting

    def watch(self, pairs: list[Seeded], web: Process) -> None:
        """What one side has been shown, the other side is shown too when it asks next."""
        with httpx.Client(verify=NO_TLS, timeout=PATIENCE) as http:
            while not self.over.is_set():
                pair = secrets.choice(pairs)
                first, second = secrets.choice((SIDES, SIDES[::-1]))
                earlier, later = (seals(http, web, pair, side) for side in (first, second))
                for index, seal in enumerate(earlier):
                    if seal is not None and later[index] is None:
                        self.wrong.append("one side was shown an outcome first")
                self.replies["200"] += 2
                self.over.wait(0.02)

    def answer_on(self, phone: Phone, web: Process) -> dict[int, Choice]:
        """Change one's mind until each round is closed. The answers that were acknowledged last."""
        last: dict[int, Choice] = {}
        for index in range(ROUNDS):
            while not self.over.is_set():
                choice: Choice = secrets.choice(("open", "open", "closed"))
                body = phone.upload(*[choice] * (index + 1))
                body["answers"] = body["answers"][index:]
                reply = phone.http.put(f"{web.url}/api/answers", json=body)
                while reply.status_code == 503:  # the phone does not know, and repeats it
                    self.busy += 1
                    reply = phone.http.put(f"{web.url}/api/answers", json=body)
                if reply.status_code != 204:
                    self.replies[f"{reply.status_code} {reply.json()['error']['code']}"] += 1
                    break
                self.replies["204"] += 1
                self.over.wait(self.pause)
                last[index] = choice
        return last

    def come_and_go(self, web: Process) -> None:
        """Other pairs are made, joined, reminded and left all the while."""
        while not self.over.is_set():
            now = int(time.time())
            with seated_at(web, 1, [now + 600, now + 1200]) as seated:
                ((alice, bob),) = seated
                at = {"at": [alice.closes[1]]}
                for method, path, body in (
                    ("PUT", "reminders", at),
                    ("PUT", "answers", alice.upload("open")),
                    ("POST", "leave", {"tell_partner": True}),
                ):
                    reply = alice.http.request(method, f"{web.url}/api/{path}", json=body)
                    self.replies[str(reply.status_code)] += 1
                self.replies["201"] += 2
                if True in bob.outcomes(web):
                    self.wrong.append("a match with somebody who has left")
            self.over.wait(self.pause)

    def start_worker(self) -> Process:
        return Process(self.data, self.environment, command=self.worker)

    def kill_one_of(self, workers: list[Process]) -> None:
        """And another takes its place."""
        workers[0].kill()
        self.listen_to(workers.pop(0))
        workers.append(self.start_worker())

    def listen_to(self, ended: Process) -> None:
        """It may not even have begun, and said nothing; or have found the database busy."""
        said = [line for line in ended.output().splitlines() if line != WORKING]
        self.busy += len(said)
        self.wrong += [line for line in said if not BUSY.fullmatch(line)]

    def kill_in_closes(self, workers: list[Process], closes: Sequence[int]) -> int:
        """Kill a worker in each of these, start another, and wait for the end of all closes.

        While it writes, or the other one does: a journal that is not empty is a transaction.
        Returns how often that was so; a close may be over before anyone has looked.
        """
        caught = 0
        journal = self.data / "ajar.sqlite3-journal"
        with opened(self.data) as file:
            for instant in closes:
                until, writing = time.monotonic() + LONG, False
                self.over.wait(instant - time.time())
                while not writing and (time.time() < instant or self.is_open(file, instant)):
                    assert time.monotonic() < until, "not closed in time"
                    writing = time.time() >= instant and journal.stat().st_size > 0
                    self.over.wait(0.001)
                self.kill_one_of(workers)
                caught += writing
            for instant in self.closes:
                until = time.monotonic() + LONG
                while self.is_open(file, instant):
                    assert time.monotonic() < until, "not closed in time"
                    self.over.wait(self.pause)
        return caught


def seals(http: httpx.Client, web: Process, pair: Seeded, side: Side) -> list[str | None]:
    cookie = pair.token(side).cookie
    reply = http.get(f"{web.url}/api/pair", headers={"cookie": f"ajar={cookie}"})
    assert reply.status_code == 200, reply.text
    shown: list[str | None] = reply.json()["seals"]
    return shown


def outcomes_of(answers: Sequence[dict[int, Choice]]) -> list[bool | None]:
    """What two phones must see, given the answers of each that were acknowledged last."""
    seen: list[bool | None] = []
    for index in range(ROUNDS):
        matched = all(each.get(index) == "open" for each in answers)
        seen.append(None if True in seen else matched)
    return [*seen, None]


@contextmanager
def seated_at(web: Process, count: int, closes: list[int]) -> Iterator[list[Couple]]:
    """Pairs that joined like everybody does, with these closing instants."""
    links = [secrets.token_bytes(16) for _ in range(count)]
    seated = [(Phone("a", link, closes), Phone("b", link, closes)) for link in links]
    try:
        for phone in (phone for couple in seated for phone in couple):
            phone.take_seat(web)
        yield seated
    finally:
        for phone in (phone for couple in seated for phone in couple):
            phone.http.close()
