"""No forged yes, same instant, clocks: each promise broken where our code keeps it."""

from typing import Final

from tests.mutants.mutant import Mutant

BOXES: Final = "server/ajar/rounds/boxes.py"
CLOSING: Final = "server/ajar/rounds/closing.py"
HOSTILE: Final = (
    "tests/test_hostile_phone.py"
    "::test_whatever_client_one_side_runs_it_gets_no_yes_that_the_other_does_not"
)
SERVER_CLOCK: Final = (
    "tests/test_clocks.py"
    "::test_whatever_the_servers_clock_does_a_round_closes_once_and_stays_as_it_was"
)
NEGATIVE: Final = "tests/forged/test_negative_vectors.py"
PHONES_NEGATIVE: Final = "pwa/tests/crypto/negative.proof.test.ts"
ZONES: Final = "pwa/tests/pairing/clocks.proof.test.ts"
PHONES_CLOCK: Final = "pwa/tests/rounds/clocks.proof.test.ts"
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
    Mutant(
        name="a box that is not bound to its side",
        promise="No forged yes",
        file=BOXES,
        before="return pair_id + side.encode() + u32(round_index)",
        after="return pair_id + u32(round_index)",
        caught_by=(NEGATIVE,),
    ),
    Mutant(
        name="a tag that leaves the round out",
        promise="No forged yes",
        file=BOXES,
        before='label("tag", pair_id, u32(round_index), token)',
        after='label("tag", pair_id, token)',
        caught_by=(NEGATIVE,),
    ),
    Mutant(
        name="the server reads a second spelling of the same bytes",
        promise="No forged yes",
        file="server/ajar/wire.py",
        before="if len(data) != size or to_base64url(data) != text:",
        after="if len(data) != size:",
        caught_by=(NEGATIVE,),
    ),
    Mutant(
        name="a phone reads a second spelling of the same bytes",
        promise="No forged yes",
        file="pwa/src/crypto/encoding.ts",
        before="return encode(bytes) === value ? bytes : null;",
        after="return bytes;",
        caught_by=(PHONES_NEGATIVE,),
    ),
    Mutant(
        name="a seal that leaves the side out",
        promise="No forged yes",
        file="pwa/src/crypto/protocol.ts",
        before="hmac(rk, label('seal', ascii(side), u32(round)));",
        after="hmac(rk, label('seal', ascii(side.slice(1)), u32(round)));",
        caught_by=(PHONES_NEGATIVE,),
    ),
    Mutant(
        name="a phone compares a seal only as far as it goes",
        promise="No forged yes",
        file="pwa/src/crypto/encoding.ts",
        before="if (one.length !== other.length) return false;",
        after="if (one.length > other.length) return false;",
        caught_by=(PHONES_NEGATIVE,),
    ),
    Mutant(
        name="a phone takes an offer of any side",
        promise="No forged yes",
        file="pwa/src/crypto/phone.ts",
        before="if ((side !== 'a' && side !== 'b') || round > 11) return null;",
        after="if (round > 11) return null;",
        caught_by=(PHONES_NEGATIVE,),
    ),
    Mutant(
        name="the server's clock decides whether an answer is taken",
        promise="Clocks",
        file="server/ajar/rounds/routes.py",
        before="if max(bodies) >= len(pair.closes):",
        after="if pair.closes[max(bodies)] <= state.now():",
        caught_by=(SERVER_CLOCK,),
    ),
    Mutant(
        name="a key that is made twice at once replaces the first",
        promise="Clocks",
        file="server/ajar/rounds/answer_keys.py",
        before=' ON CONFLICT (closes_at) DO NOTHING",',
        after=' ON CONFLICT (closes_at) DO UPDATE SET key = excluded.key",',
        caught_by=(
            "tests/erasure/test_postgres.py::"
            "test_a_living_key_is_never_missed_or_changed_while_others_are_made_and_destroyed",
        ),
    ),
    Mutant(
        name="keys of the last hour are kept, lest the clock be set back",
        promise="Clocks",
        file=CLOSING,
        before="spent = await answer_keys.instants(database, until=now)",
        after="spent = await answer_keys.instants(database, until=now - 3600)",
        caught_by=(SERVER_CLOCK,),
    ),
    Mutant(
        name="a schedule counts days of 24 hours",
        promise="Clocks",
        file="pwa/src/pairing/schedule.ts",
        before="Math.floor(instantOf(wall + round * step, zone) / 1000)",
        after="Math.floor((instantOf(wall, zone) + round * step) / 1000)",
        caught_by=(ZONES,),
    ),
    Mutant(
        name="an hour that the clocks show twice is the second",
        promise="Clocks",
        file="pwa/src/pairing/schedule.ts",
        before="return shown.length === 0 ? before : Math.min(...shown);",
        after="return shown.length === 0 ? before : Math.max(...shown);",
        caught_by=(ZONES,),
    ),
    Mutant(
        name="a reminder counts days of 24 hours",
        promise="Clocks",
        file="pwa/src/reminders/instants.ts",
        before="day.getDate() + days, hours, minutes).getTime() / 1000);",
        after="day.getDate(), hours, minutes).getTime() / 1000 + days * 86400);",
        caught_by=(ZONES,),
    ),
    Mutant(
        name="a reminder after its close",
        promise="Clocks",
        file="pwa/src/reminders/instants.ts",
        before="instant < close ? [outOf(quiet, instant, -60)] : []",
        after="[outOf(quiet, instant, -60)]",
        caught_by=(ZONES,),
    ),
    Mutant(
        name="a phone gives up a round's key when its own clock has passed the close",
        promise="Clocks",
        file="pwa/src/rounds/settle.ts",
        before="const seal = decode(view.seals[round] ?? '', 32);",
        after="const seal = decode(view.seals[round] ?? 'A'.repeat(43), 32);",
        caught_by=(PHONES_CLOCK,),
    ),
    Mutant(
        name="a phone whose clock is behind answers what has closed",
        promise="Clocks",
        file="pwa/src/rounds/rules.ts",
        before="index > seat.highestClosed && now < close * 1000",
        after="now < close * 1000",
        caught_by=(PHONES_CLOCK,),
    ),
]
