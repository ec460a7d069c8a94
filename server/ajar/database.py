"""The one door to the databases: connections, transactions, migrations.

Two of them, each SQLite or PostgreSQL: `pairs` holds everything but the answer keys;
`answer_keys` holds the 32 bytes per closing instant without which no stored answer can be read
(`docs/protocol.md`, section 4). They are apart so that a copy of the first is worth nothing.

SQL in the stores is written once, in PostgreSQL's words. On SQLite the numbered parameters are
renamed and row locks dropped: there BEGIN IMMEDIATE already lets one writer in at a time.
"""

import asyncio
import contextlib
import contextvars
import re
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeVar

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException
from tortoise.migrations.executor import MigrationExecutor

T = TypeVar("T")
Store = Literal["pairs", "answer_keys"]
Row = Mapping[str, Any]

APPS: Final[dict[str, dict[str, Any]]] = {
    "pairs": {
        "models": ["ajar.models"],
        "migrations": "ajar.migrations.pairs",
        "default_connection": "pairs",
    },
    "answer_keys": {
        "models": ["ajar.answer_key_models"],
        "migrations": "ajar.migrations.answer_keys",
        "default_connection": "answer_keys",
    },
}

# secure_delete with a truncated rollback journal leaves no deleted byte in any file; the
# write-ahead log does, until its next checkpoint. FULL: what was acknowledged outlives a power cut.
SQLITE_PRAGMAS: Final = {
    "journal_mode": "TRUNCATE",
    "synchronous": "FULL",
    "secure_delete": "ON",
    "busy_timeout": "10000",
    "temp_store": "MEMORY",
}
MIGRATING_TRIES: Final = 10
POSTGRES_TIMEOUT: Final = 30.0  # seconds for one statement, so that a lost server cannot hold us


STORE_ERRORS: Final = (
    BaseORMException,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    sqlite3.Error,
    OSError,
    TimeoutError,
)


class Unavailable(Exception):
    """The store could not do it now: gone, full, locked for too long. Carries no data."""


class Connection:
    """One open transaction. Statements use `$1`, `$2` … as PostgreSQL does."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client
        self.is_sqlite: Final = client.capabilities.dialect == "sqlite"

    async def rows(self, sql: str, *values: object) -> Sequence[Row]:
        """Rows of a SELECT, or of a statement with RETURNING."""
        return await self._client.execute_query_dict(self._spoken(sql), list(values))

    async def row(self, sql: str, *values: object) -> Row | None:
        found = await self.rows(sql, *values)
        return found[0] if found else None

    async def execute(self, sql: str, *values: object) -> None:
        await self._client.execute_query(self._spoken(sql), list(values))

    async def many(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """The same statement once for each list of values."""
        lists = [list(each) for each in values]
        if lists:
            await self._client.execute_many(self._spoken(sql), lists)

    def _spoken(self, sql: str) -> str:
        if not self.is_sqlite:
            return sql
        return re.sub(r" FOR (UPDATE|SHARE)( SKIP LOCKED)?", "", re.sub(r"\$(\d+)", r"?\1", sql))


class Database:
    """Both stores, opened. Made by `Database.open`, given to every store function."""

    def __init__(self, context: TortoiseContext, task_context: contextvars.Context) -> None:
        self._tortoise = context
        self._task_context = task_context
        self._running: set[asyncio.Task[Any]] = set()

    @classmethod
    async def open(cls, pairs_url: str, answer_keys_url: str) -> "Database":
        """Connect to both stores; a query proves each before anything is served."""
        tortoise = TortoiseContext()
        await tortoise.init(
            {
                "connections": {
                    "pairs": _engine(pairs_url),
                    "answer_keys": _engine(answer_keys_url),
                },
                "apps": APPS,
            },
            init_connections=False,
        )
        task_context = contextvars.copy_context()
        task_context.run(tortoise.__enter__)
        database = cls(tortoise, task_context)
        try:
            for store in ("pairs", "answer_keys"):
                await database.read(_proof, store=store)
        except BaseException:
            await database.close()
            raise
        return database

    async def transaction(
        self, work: Callable[[Connection], Awaitable[T]], *, store: Store = "pairs"
    ) -> T:
        """Run `work` in one transaction and commit it. Raises Unavailable; then nothing happened,
        or, if the database vanished during the commit, it is unknown: repeating must be harmless.
        """

        async def run() -> T:
            async with self._tortoise.db(store)._in_transaction() as client:
                return await work(Connection(client))

        return await self._apart(run())

    async def read(
        self, work: Callable[[Connection], Awaitable[T]], *, store: Store = "pairs"
    ) -> T:
        """Run a single SELECT without a transaction. Raises Unavailable."""

        async def run() -> T:
            return await work(Connection(self._tortoise.db(store)))

        return await self._apart(run())

    async def _apart(self, work: Coroutine[Any, Any, T]) -> T:
        """Run in a task of its own: a caller that is cancelled (a phone that hangs up) must not
        tear a transaction in half, which would block or poison the connection.
        """
        task = asyncio.get_running_loop().create_task(work, context=self._task_context.copy())
        self._running.add(task)
        task.add_done_callback(self._finished)
        try:
            return await asyncio.shield(task)
        except STORE_ERRORS as error:
            # Only the type: PostgreSQL's messages carry the row that failed.
            raise Unavailable(type(error).__name__) from None

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # seen: its caller, if still there, was told

    async def migrate(self) -> None:
        """Bring both schemas up to date; harmless when they are. Raises Unavailable.

        Tried again: processes that start together trip over each other at a step that both
        take, and the next look finds it done.
        """

        async def run() -> None:
            for store, app in APPS.items():
                await MigrationExecutor(self._tortoise.db(store), {store: app}).migrate()

        for _ in range(MIGRATING_TRIES - 1):
            with contextlib.suppress(Unavailable):
                await self._apart(run())
                return
        await self._apart(run())

    async def close(self) -> None:
        """Let what is running finish, then close every connection."""
        if self._running:
            await asyncio.wait(self._running)

        async def run() -> None:
            await self._tortoise.close_connections()

        await asyncio.get_running_loop().create_task(run(), context=self._task_context.copy())


async def _proof(connection: Connection) -> None:
    await connection.rows("SELECT 1")


def _engine(url: str) -> dict[str, Any]:
    """Tortoise's own reading of the URL, with our SQLite backend and our timeouts."""
    engine = expand_db_url(url)
    if engine["engine"] == "tortoise.backends.sqlite":
        engine["engine"] = "ajar.sqlite_backend"
        engine["credentials"] = {**engine["credentials"], **SQLITE_PRAGMAS}
    else:
        engine["credentials"] = {"command_timeout": POSTGRES_TIMEOUT, **engine["credentials"]}
    return engine
