"""A process that is killed with SIGKILL at any chosen statement of its databases.

A `Nursery` is a process in which everything is imported and nothing runs. For each crash a child
is forked from it (a fresh start would take a second), does its work with the real application on
a real directory, and kills itself at the point it was told. The points are counted at the driver:
before and after each statement that SQLite is given, BEGIN and COMMIT included, in both stores,
and before each row of a statement with many. Another store would be hooked at its own driver.
"""

import functools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parents[2]
Tell = Callable[[str, Any], None]


@dataclass
class Points:
    """Counts the points once `armed`, and kills its own process at number `deadly` (from 1)."""

    armed: bool = False
    deadly: int = 0
    passed: list[tuple[str, int]] = field(default_factory=list)  # and the commits before each
    commits: int = 0
    after_commit: Callable[[], None] = lambda: None
    lock: Any = field(default_factory=threading.RLock)

    def pass_by(self, what: str, *, committed: bool = False) -> None:
        with self.lock:  # each store has its own thread
            if not self.armed:
                return
            if committed:
                self.commits += 1
                self.armed = False  # who looks at the files is not counted
                self.after_commit()
                self.armed = True
            self.passed.append((what, self.commits))
            if len(self.passed) == self.deadly:
                os.kill(os.getpid(), signal.SIGKILL)


POINTS = Points()


class Watched(sqlite3.Connection):
    """SQLite's own connection; each of its statements passes two points."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        POINTS.pass_by(f"before {sql[:60]}")
        cursor = super().execute(sql, parameters)
        POINTS.pass_by(f"after {sql[:60]}")
        return cursor

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        def each() -> Iterator[Any]:
            for row in parameters:
                POINTS.pass_by(f"before a row of {sql[:60]}")
                yield row

        cursor = super().executemany(sql, each())
        POINTS.pass_by(f"after {sql[:60]}")
        return cursor

    def commit(self) -> None:
        writing = self.in_transaction
        POINTS.pass_by("before COMMIT")
        super().commit()
        POINTS.pass_by("after COMMIT", committed=writing)


def watch_sqlite() -> None:
    """From now on every connection of this process is watched."""
    watched = functools.partial(sqlite3.connect, factory=Watched)
    sqlite3.connect = watched  # type: ignore[assignment]


@dataclass(frozen=True)
class Ended:
    """How a child ended, and what it had said until then, each with its name."""

    killed: bool
    said: list[tuple[str, Any]]

    def all(self, name: str) -> list[Any]:
        return [what for said, what in self.said if said == name]

    def one(self, name: str) -> Any:
        (what,) = self.all(name)
        return what


class Nursery:
    """`run` calls a function of a module in a forked child; its first argument is `tell`."""

    def __init__(self, process: Connection) -> None:
        self._process = process

    def run(self, work: Callable[..., None], *values: Any) -> Ended:
        self._process.send((work, values))
        status, said = self._process.recv()
        failures = [what for name, what in said if name == "failed"]
        assert failures == [], failures[0]
        return Ended(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, said)


@contextmanager
def nursery(imports: str) -> Iterator[Nursery]:
    """`imports`: the module whose functions will be run; its `warm()` is called before any fork."""
    ours, its = Pipe()
    code = (
        f"import {imports} as it, tests.once.crashing as c; it.warm();"
        f" c.be_a_nursery({its.fileno()})"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, pass_fds=[its.fileno()]):
        its.close()
        yield Nursery(ours)
        ours.close()  # ends it


def be_a_nursery(number: int) -> None:
    orders = Connection(number)
    while True:
        try:
            work, values = orders.recv()
        except EOFError:
            return
        heard, telling = Pipe(duplex=False)
        child = os.fork()
        if child == 0:
            heard.close()
            _live(work, values, telling)
        telling.close()
        said = list(_messages(heard))
        _, status = os.waitpid(child, 0)
        orders.send((status, said))


def _live(work: Callable[..., None], values: tuple[Any, ...], telling: Connection) -> NoReturn:
    def tell(name: str, what: Any) -> None:
        telling.send((name, what))

    try:
        work(tell, *values)
    except BaseException:  # noqa: BLE001
        tell("failed", traceback.format_exc())
    os._exit(0)


def _messages(heard: Connection) -> Iterator[tuple[str, Any]]:
    with heard:
        while True:
            try:
                yield heard.recv()
            except EOFError:
                return
