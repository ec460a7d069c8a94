"""Tortoise's SQLite backend with the transactions that several processes on one file need.

Named as the engine in `database.py`. What it changes, and why (each has its test in
`tests/server/test_database.py`):

- BEGIN IMMEDIATE: a deferred BEGIN that first reads and then writes fails at once with "database
  is locked" when another process wrote in between; an immediate one waits its turn.
- A BEGIN that fails gives the connection's lock back; otherwise the process would hang for ever.
- A COMMIT that fails (a full disk) rolls back; otherwise the next BEGIN would commit, unasked,
  what was just reported as failed.
"""

import sqlite3
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError


class ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    async def commit(self) -> None:
        try:
            await super().commit()
        except sqlite3.Error as error:
            await self._connection.rollback()
            self._finalized = True
            raise OperationalError(error) from error


class ImmediateContext(SqliteTransactionContext):
    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        client: TransactionalDBClient = self.connection
        return client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if exc_type is None:
                await self.connection.commit()
            elif not self.connection._finalized:
                await self.connection.rollback()
        finally:
            get_connections().reset(self.token)
            self._trxlock.release()


class ImmediateSqliteClient(SqliteClient):
    async def create_connection(self, with_db: bool) -> None:
        # A file that cannot be opened is found here: in aiosqlite it leaves a thread behind that
        # prints a traceback over our sentence.
        sqlite3.connect(self.filename).close()
        await super().create_connection(with_db)

    def _in_transaction(self) -> TransactionContext:
        return ImmediateContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
