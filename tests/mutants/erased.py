"""Erased, broken on purpose: something of an answer, or its key, outlives the close."""

from tests.mutants.mutant import Mutant

HISTORIES = (
    "tests/test_erasure.py::test_no_file_lets_a_key_holder_work_out_an_answer_of_a_closed_round",
)
CRASHES = (
    "tests/erasure/test_moments.py::"
    "test_a_copy_or_a_crash_at_any_statement_of_a_close_gives_no_answer_away",
)
RETENTION = (
    "tests/erasure/test_retention.py::"
    "test_fourteen_days_after_its_end_no_row_and_no_value_of_a_pair_is_left",
)
POSTGRES = ("tests/erasure/test_postgres.py::test_a_destroyed_key_is_in_no_heap_log_or_catalogue",)
MANY_KEYS = ("tests/server/rounds/test_key_erasure.py",)
KEYS = "server/ajar/rounds/answer_keys.py"
CLOSING = "server/ajar/rounds/closing.py"

MUTANTS = [
    Mutant(
        "an answer key is not destroyed at its close",
        "Erased",
        CLOSING,
        "        await answer_keys.destroy(database, spent)",
        "        pass",
        HISTORIES,
    ),
    Mutant(
        "answer keys live until the last round of all has closed",
        "Erased",
        CLOSING,
        "        spent -= set(await store.open_instants(database, until=now))",
        "        spent = set() if await store.open_instants(database) else spent",
        HISTORIES,
    ),
    Mutant(
        "a key is not destroyed after a crash, but with the close that it belongs to alone",
        "Erased",
        CLOSING,
        "    await _destroy_spent_keys(database, now)",
        "    if closed:\n        await _destroy_spent_keys(database, now)",
        CRASHES,
    ),
    Mutant(
        "deleted bytes are not overwritten",
        "Erased",
        "server/ajar/database.py",
        '"secure_delete": "ON"',
        '"secure_delete": "OFF"',
        HISTORIES,
    ),
    Mutant(
        "a write-ahead log keeps what was deleted",
        "Erased",
        "server/ajar/database.py",
        '"journal_mode": "TRUNCATE"',
        '"journal_mode": "WAL"',
        HISTORIES,
    ),
    Mutant(
        "a journal is left as it is after the commit",
        "Erased",
        "server/ajar/database.py",
        '"journal_mode": "TRUNCATE"',
        '"journal_mode": "PERSIST"',
        HISTORIES,
    ),
    Mutant(
        "keys are destroyed row by row",
        "Erased",
        KEYS,
        "        await (_empty_sqlite if connection.is_sqlite else _empty_postgres)(connection)\n",
        """        if connection.is_sqlite:
            gone = [(row["closes_at"],) for row in rows if not lives(row["closes_at"])]
            await connection.many("DELETE FROM answer_keys WHERE closes_at = $1", gone)
            return
        await _empty_postgres(connection)
""",
        MANY_KEYS,
    ),
    Mutant(
        "an unmatched round's answers stay",
        "Erased",
        CLOSING,
        "        await _forget_answers(connection, span)\n",
        "",
        HISTORIES,
    ),
    Mutant(
        "after a match the answers to later rounds stay",
        "Erased",
        CLOSING,
        '    await connection.many("DELETE FROM answers WHERE pair_id = $1", ended)\n',
        "",
        HISTORIES,
    ),
    Mutant(
        "a piece of the answer itself is stored",
        "Erased",
        "server/ajar/rounds/boxes.py",
        "        nonce = secrets.token_bytes(_NONCE_SIZE)",
        "        nonce = body[-_NONCE_SIZE:]",
        HISTORIES,
    ),
    Mutant(
        "the keys that `ajar restored` destroys stay in their file",
        "Erased",
        KEYS,
        "    await _keep_only(database, lambda _: False)",
        "    return",
        HISTORIES,
    ),
    Mutant(
        "SQLite's gaps keep values of erased pairs",
        "Erased",
        "server/ajar/worker.py",
        "            await erasing.close_gaps(self._state.database)",
        "            pass",
        RETENTION,
    ),
    Mutant(
        "an erased pair's devices stay",
        "Erased",
        "server/ajar/pairing/erasing.py",
        '"phone_offers", "devices", "rounds"',
        '"phone_offers", "rounds"',
        RETENTION,
    ),
    Mutant(
        "PostgreSQL: deleted keys stay in their table's pages",
        "Erased",
        KEYS,
        '"TRUNCATE answer_keys"',
        '"DELETE FROM answer_keys"',
        POSTGRES,
    ),
    Mutant(
        "PostgreSQL: the write-ahead log keeps destroyed keys",
        "Erased",
        KEYS,
        '        await connection.execute("CHECKPOINT")\n',
        "",
        POSTGRES,
    ),
    Mutant(
        "PostgreSQL: ANALYZE copies keys into the catalogue",
        "Erased",
        "server/ajar/migrations/answer_keys/0002_no_samples.py",
        "SET STATISTICS 0",
        "SET STATISTICS 100",
        POSTGRES,
    ),
    Mutant(
        "PostgreSQL: a key that is being made is lost to a destruction under way",
        "Erased",
        KEYS,
        '            await connection.execute("LOCK TABLE answer_keys IN ACCESS EXCLUSIVE MODE")',
        "            pass",
        (
            "tests/erasure/test_postgres.py::"
            "test_a_living_key_is_never_missed_or_changed_while_others_are_made_and_destroyed",
        ),
    ),
]
