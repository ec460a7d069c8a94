"""What both stores hold, row for row: to show that a request changed nothing, or only its own.

Read past the server, from the files themselves.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from tests.running_server import RunningServer

Row = tuple[tuple[str, Any], ...]
Dump = dict[str, list[Row]]

FILES = {"pairs": "ajar.sqlite3", "answer_keys": "answer-keys.sqlite3"}
PAIR_TABLES = ("pairs", "rounds", "answers", "devices", "phone_offers", "reminders")


def dump(server: RunningServer) -> Dump:
    """Every row of every table of both stores, in the order of their keys."""
    return dump_of(server.settings.data)


def dump_of(data: Path) -> Dump:
    held: Dump = {}
    for store, name in FILES.items():
        with closing(_opened(data / name)) as file:
            tables = file.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            ).fetchall()
            for (table,) in tables:
                found = file.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
                held[f"{store}.{table}"] = [tuple(dict(row).items()) for row in found]
    return held


def rows(
    server: RunningServer,
    sql: str,
    *values: object,
    store: Literal["pairs", "answer_keys"] = "pairs",
) -> list[dict[str, Any]]:
    """The rows of one SELECT, each with its columns by name."""
    with closing(_opened(server.settings.data / FILES[store])) as file:
        return [dict(row) for row in file.execute(sql, values)]


def change(
    server: RunningServer,
    sql: str,
    *values: object,
    store: Literal["pairs", "answer_keys"] = "pairs",
) -> None:
    """One statement: a loss or an accident that a test stages behind the server's back."""
    with closing(sqlite3.connect(server.settings.data / FILES[store])) as file, file:
        file.execute(sql, values)


def change_many(server: RunningServer, sql: str, values: Sequence[Sequence[object]]) -> None:
    """The same statement for many, at once: a crowd that a test stages."""
    with closing(sqlite3.connect(server.settings.data / FILES["pairs"])) as file, file:
        file.executemany(sql, values)


def of_pair(stored: Dump, pair_id: bytes) -> Dump:
    """The part of a dump that belongs to one pair."""
    return {
        table: [row for row in stored[f"pairs.{table}"] if dict(row)["pair_id"] == pair_id]
        for table in PAIR_TABLES
    }


def _opened(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    file.row_factory = sqlite3.Row
    return file


def empty(server: RunningServer) -> None:
    """Forget everybody; the schema stays."""
    for table in PAIR_TABLES:
        change(server, f"DELETE FROM {table}")
    change(server, "DELETE FROM answer_keys", store="answer_keys")
