"""Erased, at every moment of a close: what was copied at a statement of it, and a crash there.

Ten answers close in batches of two pairs, with a page cache so small that SQLite writes into its
files while the transaction runs. At each statement of each store the directory is copied, as a
thief or a power cut would have it. A server started on such a copy must leave nothing either.
"""

from pathlib import Path

import pytest

from ajar.database import Connection, Store
from ajar.rounds import closing
from tests.erasure.disk import Disk, Files
from tests.erasure.key_holder import Traces
from tests.erasure.story import Story
from tests.phone import DAY, weekly
from tests.proof import Proof
from tests.running_server import START, RunningServer, TestClock

CLOSES = weekly(START + 3 * DAY, 2)
PAIRS = 5
JOURNAL = "answer-keys.sqlite3-journal"
STORES: tuple[Store, ...] = ("pairs", "answer_keys")


def told(story: Story) -> None:
    """Every kind of answered round; the first pair's is a match with answers to a later one."""
    for number in range(PAIRS):
        couple = story.couple(CLOSES, bytes([number]) * 16)
        story.answer(couple, "a", 0, "closed" if number == 1 else "open")
        story.answer(couple, "a", 1, "open")
        if number < 4:
            story.answer(couple, "b", 0, "open" if number < 2 else "closed")


def moments_of_a_close(story: Story, data: Path) -> list[Files]:
    """The data directory at each statement of the first close, wherever it had changed."""
    moments: list[Files] = []

    def look(_: str) -> None:
        files = {path.name: path.read_bytes() for path in data.iterdir()}
        if files not in moments:
            moments.append(files)

    async def small_cache(connection: Connection) -> None:
        await connection.rows("PRAGMA cache_size = 1")

    database = story.server.state.database
    for store in STORES:
        story.server.call(database.read(small_cache, store=store))
        connection = database._tortoise.db(store)._connection
        story.server.call(connection.set_trace_callback(look))
    story.close(CLOSES[0])
    return moments


@pytest.mark.proof
def test_a_copy_or_a_crash_at_any_statement_of_a_close_gives_no_answer_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proof: Proof
) -> None:
    monkeypatch.setattr(closing, "BATCH", 2)
    data = tmp_path / "data"
    with RunningServer(data) as server:
        story = Story(server, Disk((data,), (data,)))
        told(story)
        story.has_teeth()
        moments = moments_of_a_close(story, data)
        story.nothing_is_left()
        assert [len(couple.matched) for couple in story.couples] == [1, 0, 0, 0, 0]
        half_way = [files for files in moments if any(map(is_journal, files.items()))]
        assert half_way, "no copy caught a transaction under way"
        # The worst: the answers are gone, and the key stands in the journal of its destruction.
        traces = Traces(destroyed(story))
        half_destroyed = [files for files in moments if traces.in_(files[JOURNAL])]
        assert half_destroyed
        for files in moments:
            story.copies.update(item for item in files.items() if item[0].startswith("ajar"))
        story.no_copy_says_anything()
    crashes = moments[:: proof.many(4, 1)] + half_destroyed
    for number, files in enumerate(crashes):
        place = tmp_path / str(number)
        place.mkdir()
        for name, content in files.items():
            (place / name).touch(0o600)  # as the server demands of its push key
            (place / name).write_bytes(content)
        restarted(story, place)
    proof.says(
        "Erased",
        f"{len(moments)} moments of a close on the disk, {len(half_way)} of them with a"
        f" transaction half written; after a crash and a start at {len(crashes)} of them"
        " nothing was left of a key or an answer",
    )


def destroyed(story: Story) -> set[bytes]:
    return story.noted.keys() - story.note_keys().keys()


def restarted(before: Story, place: Path) -> None:
    with RunningServer(place, clock=TestClock(CLOSES[0])) as server:
        story = Story(server, Disk((place,), (place,)))
        story.couples = before.couples
        story.noted, story.meant, story.under = before.noted, before.meant, before.under
        server.work()
        assert story.count("rounds", where="NOT closed AND round = 0") == 0
        assert CLOSES[0] not in story.note_keys().values()
        story.nothing_is_left()
        story.no_copy_says_anything()


def is_journal(file: tuple[str, bytes]) -> bool:
    name, content = file
    return name.endswith("-journal") and content != b""
