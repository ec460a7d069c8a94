"""What the forked children of a crash do: prepare, live until the kill, restart and go on.

Each opens the real server on a directory; nothing but files passes from one to the next, and what
a phone keeps: its keys, its claim and its cookie.
"""

import os
import signal
import sqlite3
import tempfile
import threading
from contextlib import closing as closed_after
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ajar.app import push_door
from ajar.protocol import Side
from ajar.rounds import closing
from ajar.worker import Worker
from tests.once.crash_requests import (
    AnotherPhone,
    Answer,
    Create,
    Join,
    Leave,
    LeaveTelling,
    Remind,
)
from tests.once.crash_story import People, PushBody, Step, Story
from tests.once.crash_work import (
    Close,
    CloseLast,
    CloseLost,
    CloseOverdue,
    Mend,
    Purge,
    Send,
    SendBusy,
    SendGone,
)
from tests.once.crashing import POINTS, Tell, watch_sqlite
from tests.phone import Phone
from tests.running_server import RunningServer, TestClock
from tests.server.stores import FILES, Dump, dump_of

STORIES: Final[dict[str, Story]] = {
    story.__name__: story()
    for story in (
        Create, Join, AnotherPhone, Answer, Remind, Leave, LeaveTelling, Close, CloseLast,
        CloseOverdue, CloseLost, Mend, Purge, Send, SendBusy, SendGone,
    )
}  # fmt: skip

# Made at random each time: whether it is there is compared, and its size.
RANDOM = {"decoy_key", "token_hash", "nonce", "box", "batch", "fence"}
IN_NEW_KEYS = {"key", "tag"}


@dataclass(frozen=True)
class Person:
    """A phone beyond any server: its keys, its claim and its cookie."""

    side: Side
    link: bytes
    closes: list[int]
    side_key: bytes
    claim: bytes
    cookie: str | None

    @classmethod
    def of(cls, phone: Phone) -> "Person":
        return cls(
            phone.side,
            phone.link,
            phone.closes,
            phone.side_key,
            phone.claim,
            phone.http.cookies.get("ajar"),
        )

    def on(self, server: RunningServer) -> Phone:
        phone = Phone(
            server, self.side, self.link, self.closes, side_key=self.side_key, claim=self.claim
        )
        if self.cookie:
            phone.http.cookies.set("ajar", self.cookie, domain="localhost.local")
        return phone


Persons = dict[str, Person]


@dataclass(frozen=True)
class View:
    """What one phone sees; the seals, decoys included, byte for byte."""

    seals: list[str | None]
    lost: list[int]
    ended: str | None


@dataclass(frozen=True)
class Stage:
    """Both stores and every phone's view at one moment; None: it holds no seat."""

    now: int
    views: dict[str, View | None]
    held: Dump
    pushed: int


def warm() -> None:
    """Do once what every first start of a process does, so that its forks need not."""
    story = STORIES["Join"]
    with (
        tempfile.TemporaryDirectory() as place,
        _server(Path(place, "data"), "127.0.0.1:9", TestClock()) as server,
    ):
        _stage(server, story.prepare(server, {}), story)
        server.work()
    assert threading.active_count() == 1, "a fork would lack what other threads were doing"


def prepare(tell: Tell, name: str, data: Path, push: PushBody, host: str) -> None:
    """The state before, its people, and what each of them sees."""
    with _server(data, host, TestClock()) as server:
        people = STORIES[name].prepare(server, push)
        tell("people", {who: Person.of(phone) for who, phone in people.items()})
        server.clock.move_to(STORIES[name].now)
        tell("before", _stage(server, people, STORIES[name]))


def live(tell: Tell, name: str, data: Path, persons: Persons, host: str, deadly: int) -> None:
    """The step, until its process is killed at point `deadly`; 0: to its end."""
    story = STORIES[name]
    closing.BATCH = story.batch  # type: ignore[misc]
    watch_sqlite()
    with _server(data, host, TestClock(story.now)) as server:
        people = {who: person.on(server) for who, person in persons.items()}
        asks, step = story.asks(people), story.step(server)
        if not deadly:
            POINTS.after_commit = lambda: tell("held", normal(dump_of(data), story))
        POINTS.deadly, POINTS.armed = deadly, True
        for who, method, path, body in asks:
            reply = people[who].request(method, path, body)
            tell("reply", (who, reply.status_code, people[who].http.cookies.get("ajar")))
        if step:
            server.call(_work(server, step))
        POINTS.armed = False
        tell("points", POINTS.passed)
        os.kill(os.getpid(), signal.SIGKILL)


def recover(tell: Tell, name: str, data: Path, persons: Persons, host: str, answered: int) -> None:
    """Restart, repeat what got no reply (or the last, as if it had got none), go on to the end."""
    story = STORIES[name]
    closing.BATCH = story.batch  # type: ignore[misc]
    clock = TestClock(story.now)
    with _server(data, host, clock) as server:
        people = {who: person.on(server) for who, person in persons.items()}
        tell("stage", _stage(server, people, story))
        asks = story.asks(people)
        for who, method, path, body in asks[min(answered, len(asks) - 1) :]:
            reply = people[who].request(method, path, body)
            tell("reply", reply.status_code)
        tell("stage", _stage(server, people, story))
        server.work()
        tell("stage", _stage(server, people, story))
        story.go_on(people)
        for instant in story.afterwards:
            clock.move_to(instant)
            server.work()
            tell("stage", _stage(server, people, story))
        tell("sound", [_check(data / file) for file in FILES.values()])
        os.kill(os.getpid(), signal.SIGKILL)


async def _work(server: RunningServer, step: Step) -> None:
    async with push_door(server.state) as door:
        await step(Worker(server.state, door))


def _server(data: Path, host: str, clock: TestClock) -> RunningServer:
    return RunningServer(data, {"AJAR_PUSH_HOSTS": host}, clock=clock)


def _stage(server: RunningServer, people: People, story: Story) -> Stage:
    return Stage(
        int(server.clock.now()),
        {who: _view(phone) for who, phone in people.items()},
        normal(dump_of(server.settings.data), story),
        _pushed(server),
    )


def _pushed(server: RunningServer) -> int:
    """How many pushes this process has made, whatever the push service said; a reminder that was
    dropped because its hour was over is none.
    """
    return sum(
        int(line.rpartition(" ")[2])
        for line in server.state.metrics.text().splitlines()
        if line.startswith("ajar_reminders_total{") and 'result="late"' not in line
    )


def _view(phone: Phone) -> View | None:
    reply = phone.request("GET", "/api/pair")
    if reply.status_code == 401:
        return None
    view = reply.json()
    return View(view["seals"], view["lost"], view["ended"])


def _check(path: Path) -> str:
    with closed_after(sqlite3.connect(path)) as file:
        (said,) = file.execute("PRAGMA integrity_check").fetchone()
    return str(said)


def normal(held: Dump, story: Story) -> Dump:
    """What of a dump must not differ between two lives of one story."""
    devices = [dict(row) for row in held["pairs.devices"]]
    names = {row["device_id"]: (row["side"], row["claim_hash"]) for row in devices}
    masked = RANDOM | (IN_NEW_KEYS if story.new_keys else set())

    def value(column: str, content: Any) -> Any:
        if column == "device_id":
            return names.get(content, "a device that is gone")
        if column in masked and content is not None:
            return len(content) if isinstance(content, bytes) else bool(content)
        return content

    return {
        table: sorted(
            (tuple((column, value(column, content)) for column, content in row) for row in rows),
            key=repr,
        )
        for table, rows in held.items()
        if "migrations" not in table
    }
