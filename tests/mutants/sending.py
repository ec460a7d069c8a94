"""Once, where a reminder is sent: lost, doubled, held up by another, or led astray."""

from typing import Final

from tests.mutants.mutant import Mutant

STORE: Final = "server/ajar/reminders/store.py"
WORKER: Final = "server/ajar/worker.py"
DOOR: Final = "server/ajar/reminders/webpush.py"
TESTS: Final = "tests/server/reminders"

MUTANTS: Final = [
    Mutant(
        name="a lease that is over as soon as it begins",
        promise="Once",
        file="server/ajar/reminders/rules.py",
        before="LEASE: Final = 60",
        after="LEASE: Final = 0",
        caught_by=(f"{TESTS}/test_once_sent.py",),
    ),
    Mutant(
        name="a worker that settles what it begins to send",
        promise="Once",
        file=WORKER,
        before="        receipt = await self._try_keys(reminder)\n",
        after="        await self._settle(reminder)\n"
        "        receipt = await self._try_keys(reminder)\n",
        caught_by=(f"{TESTS}/test_sending.py", "-k", "asked_again_ever_later"),
    ),
    Mutant(
        name="a gone subscription takes the reminder of a newer one along",
        promise="Once",
        file=STORE,
        before="        if kept and (kept",
        after="        if not kept and (kept",
        caught_by=(f"{TESTS}/test_sending.py", "-k", "told_gone_stays"),
    ),
    Mutant(
        name="a reminder that is brought back though another worker has settled it",
        promise="Once",
        file=STORE,
        before="            await connection.execute(\n"
        '                "UPDATE reminders SET due_at = $1, fence = 0 WHERE pair_id = $2'
        ' AND device_id = $3"\n'
        '                " AND at = $4 AND fence = $5",',
        after="            await connection.execute(\n"
        '                "INSERT INTO reminders (due_at, pair_id, device_id, at, fence)"\n'
        '                " VALUES ($1, $2, $3, $4, $5 * 0)",',
        caught_by=(f"{TESTS}/test_sending.py", "-k", "brings_no_reminder_back"),
    ),
    Mutant(
        name="a refused key costs the reminder",
        promise="Once",
        file=DOOR,
        before="return Receipt(Sent.DENIED)",
        after="return Receipt(Sent.REFUSED)",
        caught_by=(f"{TESTS}/test_push_key_refused.py", "-k", "mended_within_the_hour"),
    ),
    Mutant(
        name="one pool of hands for all push services",
        promise="Once",
        file=WORKER,
        before="busy = [name for name, hands in self._hands.items() if _is_busy(hands)]",
        after="busy = list(self._hands) if _is_busy(self._hands.total()) else []",
        caught_by=(f"{TESTS}/test_slow_service.py", "-k", "while_this_one and hangs"),
    ),
    Mutant(
        name="as many hands for one service as it likes",
        promise="Once",
        file=WORKER,
        before="    return hands > SENDS_TO_ONE_SERVICE - BATCH",
        after="    return hands > 100 * SENDS_TO_ONE_SERVICE",
        caught_by=(f"{TESTS}/test_slow_service.py", "-k", "no_more_are_in_hand"),
    ),
    Mutant(
        name="a subscription saved again takes the new push key",
        promise="Once",
        file=STORE,
        before='" push_key = CASE WHEN endpoint = $1 THEN push_key ELSE $5 END"',
        after='" push_key = $5"',
        caught_by=(f"{TESTS}/test_push_key_rotation.py", "-k", "the_key_it_was_made_for"),
    ),
    Mutant(
        name="one good address among several is enough",
        promise="Once",
        file=DOOR,
        before="self._further_hosts) and not all(",
        after="self._further_hosts) and not any(",
        caught_by=(f"{TESTS}/test_push_addresses.py", "-k", "spoils_them_all"),
    ),
]
