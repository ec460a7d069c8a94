"""`python -m ajar serve | worker | migrate | restored | rotate-push-key`: how it is started."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from ajar import __version__, quiet_log, settings
from ajar.app import open_state, working
from ajar.clock import SystemClock
from ajar.database import Unavailable
from ajar.reminders import push_keys
from ajar.reminders import store as subscriptions
from ajar.rounds import answer_keys, closing
from ajar.serving import metrics_shown, serve
from ajar.settings import Settings


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="ajar", description="Two phones learn one bit.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="answer phones, close rounds, send reminders")
    serving.add_argument(
        "--try", dest="trial", action="store_true", help="both phones on one page, on this machine"
    )
    commands.add_parser("worker", help="close rounds and send reminders, beside web processes")
    commands.add_parser("migrate", help="bring the databases up to date, then stop")
    commands.add_parser(
        "restored", help="after restoring a backup: destroy all answer keys, ask people again"
    )
    commands.add_parser(
        "rotate-push-key", help="make a new push key; old subscriptions work until renewed"
    )
    asked = parser.parse_args(arguments)
    quiet_log.install()  # before a database is opened: libraries print what they are given
    try:
        chosen = settings.read(os.environ, trial=getattr(asked, "trial", False))
        if asked.command == "serve":
            asyncio.run(_open_once(chosen))  # what is wrong is said in a sentence, before serving
            return 0 if serve(chosen) else 1
        if asked.command == "worker":
            asyncio.run(_work(chosen))
        elif asked.command == "migrate":
            asyncio.run(_migrate(chosen))
        elif asked.command == "rotate-push-key":
            asyncio.run(_rotate_push_key(chosen))
        else:
            asyncio.run(_restored(chosen))
    except ValueError as refused:  # settings.Unsafe, an unusable key or help-lines file
        return _stopped(str(refused))
    except Unavailable as error:
        return _stopped(
            f"a database cannot be used ({error}). Check AJAR_DATABASE_URL, AJAR_ANSWER_KEYS_URL "
            "and whether the disk has room."
        )
    except OSError as error:
        return _stopped(f"{error.filename}: {error.strerror}. Check AJAR_DATA.")
    return 0


def _stopped(reason: str) -> int:
    print(f"Ajar does not start: {reason}", file=sys.stderr)
    return 2


async def _work(chosen: Settings) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with (
        open_state(chosen, SystemClock()) as state,
        metrics_shown(state.metrics, chosen),
        working(state),
    ):
        print("Ajar's worker is at work  (Ctrl-C stops it)", flush=True)
        await stop.wait()


async def _open_once(chosen: Settings) -> None:
    """Make what is missing and bring the databases up to date. Raises what is in the way."""
    async with open_state(chosen, SystemClock()):
        pass


async def _migrate(chosen: Settings) -> None:
    await _open_once(chosen)
    print("The databases are up to date.")


async def _restored(chosen: Settings) -> None:
    async with open_state(chosen, SystemClock()) as state:
        await answer_keys.destroy_all(state.database)
        lost = await closing.mend_lost_keys(state.database)
        print(f"Answer keys destroyed. People are asked again for {lost} closing instants.")


async def _rotate_push_key(chosen: Settings) -> None:
    async with open_state(chosen, SystemClock()) as state:
        await subscriptions.name_push_key(state.database, state.push_keys.name)
        push_keys.rotate(chosen.push_key)
    print("There is a new push key; the old one is kept. Start every process of Ajar anew.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
