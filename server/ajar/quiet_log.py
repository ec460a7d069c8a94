"""A log without people in it.

Our own lines name a route's template, a method, a status and nothing of the request. Libraries
that would print statements with their values, addresses or headers are silenced by a filter,
which, unlike a level, holds even when somebody turns everything up to DEBUG.
"""

import logging
import sys
import traceback
from typing import Final

logger = logging.getLogger("ajar")

_TALKATIVE: Final = (
    "tortoise",
    "tortoise.db_client",
    "tortoise.migrations.executor",
    "aiosqlite",
    "asyncpg",
    "asyncio",
    "aiohttp",
    "aiohttp.access",
    "aiohttp.client",
    "uvicorn.access",
    "webpush",
    "limits",
)


def install() -> None:
    """Set up logging for a server process; may be called again."""
    if not any(getattr(handler, "is_ajars", False) for handler in logger.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.is_ajars = True  # type: ignore[attr-defined]
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
    logger.propagate = False
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
    for name in _TALKATIVE:
        talkative = logging.getLogger(name)
        if _silent not in talkative.filters:
            talkative.addFilter(_silent)


def _silent(_: logging.LogRecord) -> bool:
    return False


def failure(what: str, error: BaseException) -> None:
    """Log that something failed: where and of what kind, never with which values."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].name}:{frames[-1].lineno}" if frames else ""
    logger.error("%s: %s%s", what, type(error).__name__, where)
