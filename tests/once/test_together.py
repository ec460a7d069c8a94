"""Once, with many at it: two workers and several web processes on one database, a crowd of pairs
whose rounds close at the same instants, phones that go on all the while, and a worker that is
killed in the middle of each close.
"""

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.fakes.push_service import listening
from tests.once.crowd import SIDES, Seeded, audited, seed
from tests.once.crowd_life import ROUNDS, Crowd, outcomes_of, seals, seated_at
from tests.once.crowd_reminders import Reminded
from tests.phone import DAY
from tests.proof import Proof
from tests.server.process import NO_TLS, PATIENCE, Process, running
from tests.server.test_kill import NO_WORKER, SHORT, WORKER

APART = 1  # seconds between two closing instants
# So that a short form's few pairs take as many transactions as many do.
SMALL_BATCHES = (
    sys.executable,
    "-c",
    "import sys; from ajar.rounds import closing; closing.BATCH = 20;"
    " from ajar.__main__ import main; sys.exit(main(['worker']))",
)


@pytest.mark.proof
def test_many_close_once_although_workers_race_and_are_killed(tmp_path: Path, proof: Proof) -> None:
    data, count = tmp_path / "data", proof.many(200, 10_000)
    with ExitStack() as stack:
        webs = [stack.enter_context(running(data, NO_WORKER)) for _ in range(proof.many(2, 4))]
        first = int(time.time()) + proof.many(6, 45)
        closes = [first + index * APART for index in range(ROUNDS)]
        schedule = [*closes, first + DAY]  # so that nobody's run, and reminders, end with these
        seated = stack.enter_context(seated_at(webs[0], proof.many(2, 8), schedule))
        pairs = seed(data, schedule, ROUNDS, count)
        service = stack.enter_context(listening(time.time))
        unmatched = [pair for pair in pairs if pair.match is None]
        reminded = Reminded.all_at(service, data, unmatched[:: proof.many(4, 5)], first - APART)
        crowd = Crowd(
            data,
            closes,
            WORKER if proof.long else SMALL_BATCHES,
            SHORT | {"AJAR_PUSH_HOSTS": service.host},
            pause=proof.many(1, 20) / 20,
        )
        workers = [crowd.start_worker() for _ in range(2)]
        stack.callback(stop_all, workers)
        with ThreadPoolExecutor(40) as together:
            try:
                seeing = [
                    together.submit(crowd.look),
                    together.submit(crowd.watch, pairs, webs[0]),
                    together.submit(crowd.come_and_go, webs[-1]),
                ]
                answering = [
                    [
                        together.submit(crowd.answer_on, phone, webs[(number + side) % len(webs)])
                        for side, phone in enumerate(couple)
                    ]
                    for number, couple in enumerate(seated)
                ]
                if proof.long:
                    reminded.wait_for(300)
                    crowd.kill_one_of(workers)
                caught = crowd.kill_in_closes(workers, closes if proof.long else closes[:1])
                answered = [[each.result() for each in couple] for couple in answering]
                reminded.none_came_twice_within_a_lease(data)
            finally:
                crowd.over.set()
            for each in seeing:
                each.result()
        for (alice, bob), acknowledged in zip(seated, answered, strict=True):
            expected = outcomes_of(acknowledged)
            assert alice.outcomes(webs[-1]) == bob.outcomes(webs[0]) == expected
        with ThreadPoolExecutor(len(webs)) as together:
            parts = [(pairs[n :: len(webs)], web) for n, web in enumerate(webs)]
            wrong = sum(together.map(lambda part: seen_wrong(*part), parts))
        if proof.long:
            twice = reminded.came_twice(data, killed=1 + len(closes))
            proof.says(
                "Once",
                f"{len(reminded.endpoints)} reminders at the same instant by 2 workers, one killed"
                f" while sending and {len(closes)} later: {twice} came twice, which were in their"
                " hands, no sooner than a lease after; the others once",
            )
        stop_all(workers)
        for worker in workers:
            crowd.listen_to(worker)
    closed, transactions = audited(data, pairs)
    assert wrong == 0
    assert crowd.wrong == []
    assert set(crowd.replies) == {"200", "201", "204", "409 round_closed"}
    proof.says(
        "Once",
        f"{count} pairs at the same instants, {closed} rounds closed once each in {transactions}"
        f" transactions by 2 workers beside {len(webs)} web processes; {caught} workers killed in a"
        f" close; {2 * count} views right in the end, {crowd.replies.total()} requests"
        f" meanwhile, {crowd.looks} looks at the files, {crowd.busy} times busy, 0 violations",
    )


def stop_all(workers: Sequence[Process]) -> None:
    for worker in workers:
        worker.stop()


def seen_wrong(pairs: Sequence[Seeded], web: Process) -> int:
    """How many of both sides' views are not what they must be, once all is over."""
    with httpx.Client(verify=NO_TLS, timeout=PATIENCE) as http:
        return sum(
            not pair.is_right(side, seals(http, web, pair, side))
            for pair in pairs
            for side in SIDES
        )
