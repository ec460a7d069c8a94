"""No forged yes, same instant, clocks: each promise broken where our code keeps it."""

from typing import Final

from tests.mutants.mutant import Mutant

BOXES: Final = "server/ajar/rounds/boxes.py"
CLOSING: Final = "server/ajar/rounds/closing.py"
HOSTILE: Final = (
    "tests/test_hostile_phone.py"
    "::test_whatever_client_one_side_runs_it_gets_no_yes_that_the_other_does_not"
)
ONE_COMMIT: Final = (
    "tests/test_same_instant.py::test_both_sides_of_every_pair_are_told_in_one_commit"
)

MUTANTS: Final = [
    Mutant(
        name="a match without the token made again from both seals",
        promise="No forged yes",
        file=BOXES,
        before="return seals if same(self._tag(token, pair_id, round_index), a.tag) else None",
        after="return seals if token else None",
        caught_by=(HOSTILE,),
    ),
    Mutant(
        name="the invited side gets its seal, the inviting side a decoy",
        promise="No forged yes",
        file=CLOSING,
        before="UPDATE rounds SET for_a = $1, for_b = $2 WHERE pair_id = $3",
        after="UPDATE rounds SET for_b = $2 WHERE $1 = $1 AND pair_id = $3",
        caught_by=(HOSTILE,),
    ),
    Mutant(
        name="an earlier upload of a phone, sent again, counts",
        promise="No forged yes",
        file="server/ajar/rounds/rules.py",
        before='return "new" if n > last_n else "late"',
        after='return "new"',
        caught_by=(HOSTILE,),
    ),
    Mutant(
        name="reads do not wait for the transaction under way",
        promise="Same instant",
        file="server/ajar/sqlite_backend.py",
        before="return ImmediateContext(ImmediateTransaction(self), self._lock)",
        after="return ImmediateContext(ImmediateTransaction(self), type(self._lock)())",
        caught_by=(ONE_COMMIT,),
    ),
    Mutant(
        name="the end of a run shows in a commit of its own",
        promise="Same instant",
        file=CLOSING,
        before="""        await _end_runs(connection, span, now)
        return len(closed)

    return await database.transaction(close)""",
        after="""        return len(closed)

    async def end(connection: Connection) -> None:
        await _end_runs(connection, (batch, b"", b"~" * 99), now)

    closed = await database.transaction(close)
    await database.transaction(end)
    return closed""",
        caught_by=(ONE_COMMIT,),
    ),
    Mutant(
        name="pairs of one instant close one after the other",
        promise="Same instant",
        file=CLOSING,
        before="BATCH: Final = 2000",
        after="BATCH: Final = 1",
        caught_by=(ONE_COMMIT,),
    ),
    Mutant(
        name="a round closes a second before its instant",
        promise="Same instant",
        file=CLOSING,
        before="for instant in await store.open_instants(database, until=now):",
        after="for instant in await store.open_instants(database, until=now + 1):",
        caught_by=(ONE_COMMIT,),
    ),
]
