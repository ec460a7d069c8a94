"""Erased, on PostgreSQL, where a deleted row stays in its table's file, in the write-ahead log and,
as a sample, in the catalogue. Not so a destroyed answer key.

The keys have a cluster of their own, set up as `docs/operating.md` says. A key holder with a copy
of the pairs' whole cluster made before the close, and of both after it, works out nothing.
"""

import asyncio
import itertools
import random
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from ajar.database import Connection, Database
from ajar.rounds import answer_keys
from tests.erasure.disk import Disk
from tests.erasure.key_holder import Traces
from tests.erasure.story import Story
from tests.phone import WEEK
from tests.postgres import cluster, execute, url
from tests.proof import Proof
from tests.running_server import START, RunningServer
from tests.test_erasure import EVERYTHING, play

Clusters = tuple[Disk, Disk]  # the pairs' and the keys', without what initdb wrote
INSTANTS = [START + number * WEEK for number in range(120)]


@pytest.fixture(scope="module")
def clusters() -> Iterator[Clusters]:
    with cluster("ajar") as pairs, cluster("ajar_keys", settings=["wal_recycle = off"]) as keys:
        for name in ("modest", "trusted"):
            execute(
                keys,
                f"CREATE ROLE {name} LOGIN",
                f"CREATE DATABASE ajar_keys_of_{name} OWNER {name}",
            )
        yield Disk((pairs,), ()).as_born(), Disk((), (keys,)).as_born()


def with_databases(
    clusters: Clusters,
    work: Callable[..., Awaitable[None]],
    *,
    processes: int = 1,
    user: str = "postgres",
) -> None:
    """As many processes' doors to the same two stores, on an empty table of keys."""
    name = "ajar_keys" if user == "postgres" else f"ajar_keys_of_{user}"

    async def main() -> None:
        opened = [
            await Database.open(
                url(place(clusters[0]), "ajar"), url(place(clusters[1]), name, user)
            )
            for _ in range(processes)
        ]
        try:
            await opened[0].migrate()
            await answer_keys.destroy_all(opened[0])
            await work(*opened)
        finally:
            for database in opened:
                await database.close()

    asyncio.run(main())


async def all_keys(database: Database) -> dict[int, bytes]:
    async def look(connection: Connection) -> dict[int, bytes]:
        rows = await connection.rows("SELECT closes_at, key FROM answer_keys")
        return {row["closes_at"]: bytes(row["key"]) for row in rows}

    return await database.read(look, store="answer_keys")


def place(disk: Disk) -> Path:
    return (disk.pairs + disk.keys)[0]


def files_with(disk: Disk, keys: list[bytes]) -> list[str]:
    traces = Traces(keys)
    found = [name for name, content in disk.all().items() if traces.in_(content)]
    return [str(Path(name).relative_to(place(disk))) for name in found]


@pytest.mark.proof
def test_no_file_of_either_cluster_lets_a_key_holder_work_out_a_closed_answer(
    clusters: Clusters, tmp_path: Path, proof: Proof
) -> None:
    pairs, keys = clusters
    environment = {
        "AJAR_DATABASE_URL": url(place(pairs), "ajar"),
        "AJAR_ANSWER_KEYS_URL": url(place(keys), "ajar_keys"),
    }
    happened: Counter[str] = Counter()
    with RunningServer(tmp_path / "data", environment) as server:
        both = Disk(
            pairs.pairs,
            keys.keys,
            pairs.born_files | keys.born_files,
            pairs.born_blocks | keys.born_blocks,
        )
        story = Story(server, both)
        story.thorough = proof.long
        play(story, EVERYTHING, happened)
        story.no_copy_says_anything()
        story.erase()
        assert story.count("pairs") == story.count("answer_keys", "answer_keys") == 0
    assert happened["matches"]
    proof.says(
        "Erased",
        f"PostgreSQL: {happened['answers']} answers, {happened['closes']} closes; each answer read"
        " with the key at hand, and no byte of a key or an answer in both clusters' files after it"
        + (f"; none opened by their {story.tried} windows" if story.tried else ""),
    )


@pytest.mark.proof
def test_a_destroyed_key_is_in_no_heap_log_or_catalogue(clusters: Clusters, proof: Proof) -> None:
    """Right after `destroy`, although ANALYZE has sampled the table and its pages were written."""
    keys = clusters[1]

    async def story(database: Database) -> None:
        await answer_keys.ensure(database, INSTANTS)
        ever = await all_keys(database)
        await asyncio.to_thread(
            execute, place(keys), "ANALYZE", "CHECKPOINT", "VACUUM ANALYZE", database="ajar_keys"
        )
        for instant in INSTANTS[:: proof.many(30, 1)]:
            gone = [key for each, key in ever.items() if each <= instant]
            assert files_with(keys, gone), "the search finds no living key either"
            await answer_keys.destroy(database, [each for each in INSTANTS if each <= instant])
            assert await all_keys(database) == {
                each: key for each, key in ever.items() if each > instant
            }
            assert files_with(keys, gone) == []

    with_databases(clusters, story)
    proof.says("Erased", f"PostgreSQL: {len(INSTANTS)} keys destroyed, then in none of its files")


def test_after_a_restore_no_old_key_is_left(clusters: Clusters) -> None:
    async def story(database: Database) -> None:
        await answer_keys.ensure(database, INSTANTS)
        ever = list((await all_keys(database)).values())
        await answer_keys.destroy_all(database)
        assert await all_keys(database) == {}
        assert files_with(clusters[1], ever) == []

    with_databases(clusters, story)


def test_without_the_right_to_end_the_log_the_log_alone_keeps_a_destroyed_key(
    clusters: Clusters,
) -> None:
    """Until the cluster itself has gone on to its next segment and made a checkpoint."""
    keys = clusters[1]

    async def story(database: Database) -> None:
        await answer_keys.ensure(database, INSTANTS)
        ever = await all_keys(database)
        gone = [ever[instant] for instant in INSTANTS[:60]]
        await answer_keys.destroy(database, INSTANTS[:60])
        assert set(await all_keys(database)) == set(INSTANTS[60:])
        left = files_with(keys, gone)
        assert left
        assert all(name.startswith("pg_wal/") for name in left)
        await asyncio.to_thread(execute, place(keys), "SELECT pg_switch_wal()", "CHECKPOINT")
        assert files_with(keys, gone) == []

    with_databases(clusters, story, user="modest")


def test_with_that_right_and_no_other_no_file_keeps_it(clusters: Clusters) -> None:
    """The two grants of `docs/operating.md`, word for word but for the name."""
    keys = clusters[1]
    execute(place(keys), "GRANT pg_checkpoint TO trusted")
    execute(
        place(keys),
        "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO trusted",
        database="ajar_keys_of_trusted",
    )

    async def story(database: Database) -> None:
        await answer_keys.ensure(database, INSTANTS)
        ever = await all_keys(database)
        gone = [ever[instant] for instant in INSTANTS[:60]]
        await answer_keys.destroy(database, INSTANTS[:60])
        assert set(await all_keys(database)) == set(INSTANTS[60:])
        assert files_with(keys, gone) == []

    with_databases(clusters, story, user="trusted")


@pytest.mark.proof
def test_a_living_key_is_never_missed_or_changed_while_others_are_made_and_destroyed(
    clusters: Clusters, proof: Proof
) -> None:
    """Three processes at once. A key that a reader misses would lose its rounds for everybody."""
    looks = 0

    async def story(*processes: Database) -> None:
        nonlocal looks
        chance = random.Random(secrets.randbits(64))  # noqa: S311
        spent, kept, later = INSTANTS[:40], INSTANTS[40:60], iter(INSTANTS[60:])
        await answer_keys.ensure(processes[0], spent + kept)
        first = await all_keys(processes[0])
        working = True

        async def makes(database: Database) -> None:
            for instant in itertools.islice(later, proof.many(10, 30)):
                await answer_keys.ensure(database, [instant, *chance.sample(kept, 3)])

        async def destroys(database: Database) -> None:
            for count in range(proof.many(10, 40)):
                await answer_keys.destroy(database, spent[: count + 1])

        async def reads(database: Database) -> None:
            nonlocal looks
            while working:
                instant = chance.choice(kept)
                assert await answer_keys.get(database, instant) == first[instant]
                assert instant in await answer_keys.instants(database)
                looks += 1

        async with asyncio.TaskGroup() as tasks:
            reading = [tasks.create_task(reads(each)) for each in processes for _ in range(2)]
            writing = [tasks.create_task(makes(each)) for each in processes[1:]]
            await destroys(processes[0])
            await asyncio.gather(*writing)
            working = False
            await asyncio.gather(*reading)
        now = await all_keys(processes[0])
        assert {each: now[each] for each in kept} == {each: first[each] for each in kept}
        assert len(now.keys() & set(spent)) == 40 - proof.many(10, 40)
        assert len(now.keys() & set(INSTANTS[60:])) == 2 * proof.many(10, 30)

    with_databases(clusters, story, processes=3)
    assert looks
    proof.says("Erased", f"PostgreSQL: {looks} looks at living keys while others went, none missed")
