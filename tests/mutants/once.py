"""Our code with *once* broken: steps without their conditions, or in the wrong order."""

from typing import Final

from tests.mutants.mutant import Mutant

CRASHES: Final = "tests/test_once.py::test_killed_at_any_statement_it_has_happened_once_and_whole"
TOGETHER: Final = (
    "tests/once/test_together.py::test_many_close_once_although_workers_race_and_are_killed"
)
REPLIES: Final = (
    "tests/once/test_replies.py::test_requests_that_are_repeated_doubled_or_delayed_happen_once"
)
LEASES: Final = (
    "tests/server/reminders/test_leases.py"
    "::test_a_lease_that_ends_can_be_claimed_again_and_the_old_holder_settles_nothing"
)
CLOSING: Final = "server/ajar/rounds/closing.py"
ANSWERS: Final = "server/ajar/rounds/store.py"
REMINDERS: Final = "server/ajar/reminders/store.py"
PAIRING: Final = "server/ajar/pairing/store.py"


def broken(name: str, file: str, before: str, after: str, caught_by: str) -> Mutant:
    return Mutant(name, "Once", file, before, after, (caught_by,))


MUTANTS: Final = [
    broken(
        "a close takes rounds that are closed already",
        CLOSING,
        ' AND NOT closed"\n'
        '            " AND pair_id IN (SELECT pair_id FROM rounds WHERE closes_at = $1'
        ' AND NOT closed"\n'
        '            "  ORDER BY pair_id LIMIT',
        '"\n'
        '            " AND pair_id IN (SELECT pair_id FROM rounds WHERE closes_at = $1"\n'
        '            "  ORDER BY closed, pair_id LIMIT',
        TOGETHER,
    ),
    broken(
        "a close commits before it compares",
        CLOSING,
        '        pairs = [bytes(row["pair_id"]) for row in closed]\n',
        '        await connection.execute("COMMIT")\n'
        '        await connection.execute("BEGIN IMMEDIATE")\n'
        '        pairs = [bytes(row["pair_id"]) for row in closed]\n',
        f"{CRASHES}[Close]",
    ),
    broken(
        "an outcome is handed to one side and then to the other",
        CLOSING,
        '        "UPDATE rounds SET for_a = $1, for_b = $2 WHERE pair_id = $3 AND round = $4",\n'
        '        [(seals.b, seals.a, row["pair_id"], row["round"]) for row, seals in matches],\n',
        '        "UPDATE rounds SET for_a = $1 WHERE pair_id = $2 AND round = $3",\n'
        '        [(seals.b, row["pair_id"], row["round"]) for row, seals in matches],\n'
        "    )\n"
        '    await connection.execute("COMMIT")\n'
        '    await connection.execute("BEGIN IMMEDIATE")\n'
        "    await connection.many(\n"
        '        "UPDATE rounds SET for_b = $1 WHERE pair_id = $2 AND round = $3",\n'
        '        [(seals.a, row["pair_id"], row["round"]) for row, seals in matches],\n',
        f"{CRASHES}[CloseLast]",
    ),
    broken(
        "a new key is made before the loss of the old one is marked",
        CLOSING,
        "    for instant in lost:\n        await store.mark_lost(database, instant)\n"
        "    if lost:\n        await answer_keys.ensure(database, lost)\n",
        "    if lost:\n        await answer_keys.ensure(database, lost)\n"
        "    for instant in lost:\n        await store.mark_lost(database, instant)\n",
        f"{CRASHES}[Mend]",
    ),
    broken(
        "a key is destroyed before its rounds are closed",
        CLOSING,
        "        boxer = Boxer(key) if key else None\n",
        "        boxer = Boxer(key) if key else None\n"
        "        await answer_keys.destroy(database, [instant])\n",
        f"{CRASHES}[Close]",
    ),
    broken(
        "a spent key is destroyed only by the worker that closed",
        CLOSING,
        "    await _destroy_spent_keys(database, now)\n    return closed\n",
        "    if closed:\n        await _destroy_spent_keys(database, now)\n    return closed\n",
        f"{CRASHES}[CloseLast]",
    ),
    broken(
        "an answer is saved whether or not its round is open",
        ANSWERS,
        '        if not may_answer(list(boxed), [row["round"] for row in open_rounds]):\n',
        "        if not open_rounds:\n",
        "tests/server/rounds/test_answers.py::test_with_one_closed_round_none_of_an_upload_is_kept",
    ),
    broken(
        "an upload is not compared with the last n",
        ANSWERS,
        '        if place == "late":\n            return "out_of_order"\n',
        "",
        REPLIES,
    ),
    broken(
        "an upload says that it was taken before its answers are",
        ANSWERS,
        "        open_rounds = await connection.rows(\n",
        "        await connection.execute(\n"
        '            "UPDATE devices SET last_n = $1 WHERE pair_id = $2 AND device_id = $3",\n'
        "            n, seat.pair_id, seat.device_id,\n"
        "        )\n"
        '        await connection.execute("COMMIT")\n'
        '        await connection.execute("BEGIN IMMEDIATE")\n'
        "        open_rounds = await connection.rows(\n",
        f"{CRASHES}[Answer]",
    ),
    broken(
        "the keys are made after the pair",
        "server/ajar/pairing/routes.py",
        "    if not await keys_for(state.database, asked.closes):\n"
        "        raise errors.unavailable()\n"
        "    created = await store.create_pair(",
        "    from ajar.rounds import answer_keys\n\n"
        "    async def first(*known):\n"
        "        made = await store.create_pair(*known)\n"
        "        await answer_keys.ensure(state.database, asked.closes)\n"
        "        return made\n\n"
        "    created = await first(",
        f"{CRASHES}[Create]",
    ),
    broken(
        "a seat can be taken twice",
        PAIRING,
        '            " AND join_claim IS NULL AND invitation_until > $4 RETURNING erase_at",\n',
        '            " AND invitation_until > $4 RETURNING erase_at",\n',
        f"{CRASHES}[Join]",
    ),
    broken(
        "an offered seat can be taken twice",
        "server/ajar/pairing/phones_store.py",
        '            " AND join_claim IS NULL AND expires_at > $4 RETURNING side",\n',
        '            " AND expires_at > $4 RETURNING side",\n',
        f"{CRASHES}[AnotherPhone]",
    ),
    broken(
        "a join takes the seat and then seats the device",
        PAIRING,
        "        if not taken:\n            return None\n",
        "        if not taken:\n            return None\n"
        '        await connection.execute("COMMIT")\n'
        '        await connection.execute("BEGIN IMMEDIATE")\n',
        f"{CRASHES}[Join]",
    ),
    broken(
        "whoever leaves is gone before the telling is noted",
        PAIRING,
        "        if tell_partner:\n",
        "        if tell_partner:\n"
        '            await connection.execute("COMMIT")\n'
        '            await connection.execute("BEGIN IMMEDIATE")\n',
        f"{CRASHES}[LeaveTelling]",
    ),
    broken(
        "a pair is erased table by table",
        "server/ajar/pairing/erasing.py",
        "    for table in TABLES:\n",
        "    for table in TABLES:\n"
        '        await connection.execute("COMMIT")\n'
        '        await connection.execute("BEGIN IMMEDIATE")\n',
        f"{CRASHES}[Purge]",
    ),
    broken(
        "a reminder is claimed without a lease",
        REMINDERS,
        "            now + rules.LEASE,\n",
        "            now,\n",
        f"{CRASHES}[Send]",
    ),
    broken(
        "a reminder is settled without its fence",
        REMINDERS,
        '            "DELETE FROM reminders WHERE pair_id = $1 AND device_id = $2 AND at = $3"\n'
        '            " AND fence = $4",\n',
        '            "DELETE FROM reminders WHERE pair_id = $1 AND device_id = $2 AND at = $3"\n'
        '            " AND $4 = $4",\n',
        LEASES,
    ),
    broken(
        "a reminder is dropped when it is claimed",
        REMINDERS,
        '                if row["endpoint"] is None\n            ],\n',
        "            ],\n",
        f"{CRASHES}[Send]",
    ),
]
