"""Many due at one instant, four workers, one of them killed: each is sent, and hardly any twice.

Real processes on one database, over real HTTP to a push service that checks and decrypts each.
"""

import secrets
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ajar.reminders import rules
from ajar.worker import SENDS_TO_ONE_SERVICE
from tests.fakes.push_crypto import Receiver
from tests.fakes.push_service import Answer, Delivery, PushService
from tests.proof import Proof
from tests.server.process import COMMAND, PATIENCE, Process, running
from tests.server.reminders.listening import listening

WORKER = (*COMMAND, "worker")
WORKERS = 4
GONE = 20  # one in so many has been given up by its browser


class Tally(list[Delivery]):
    """How often a message came to each endpoint, and nothing else of it: there are many."""

    def __init__(self) -> None:
        super().__init__()
        self.came: Counter[str] = Counter()

    def append(self, delivery: Delivery) -> None:
        self.came[delivery.endpoint] += 1


class Due:
    """`count` phones, each with a reminder that is due now."""

    def __init__(self, data: Path, service: PushService, count: int) -> None:
        self._file = data / "ajar.sqlite3"
        self._service = service
        self._receiver = Receiver.fresh()
        self.tally = Tally()
        service.deliveries = self.tally
        self.endpoints: set[str] = set()
        self.gone: set[str] = set()
        self.add(count)

    def add(self, count: int) -> set[str]:
        """So many more; their endpoints."""
        service = self._service
        subscriptions = [service.subscribe(self._receiver) for _ in range(count)]
        self.gone.update(each.endpoint for each in subscriptions[GONE - 1 :: GONE])
        service.behaviours.update(dict.fromkeys(self.gone, Answer(410)))
        now = int(time.time())
        phones = [(secrets.token_bytes(16), each) for each in subscriptions]
        with self.opened() as file:
            file.executemany(
                "INSERT INTO devices (pair_id, device_id, side, token_hash, claim_hash, endpoint,"
                " p256dh, auth, service) VALUES (?, 'a', 'a', ?, ?, ?, ?, ?, ?)",
                [
                    (pair, pair, pair, to.endpoint, to.p256dh, to.auth, service.host)
                    for pair, to in phones
                ],
            )
            file.executemany(
                "INSERT INTO reminders (pair_id, device_id, at, due_at) VALUES (?, 'a', ?, ?)",
                [(pair, now, now) for pair, _ in phones],
            )
        added = {each.endpoint for each in subscriptions}
        self.endpoints |= added
        return added

    @contextmanager
    def opened(self, patience: float = 30) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=patience)) as file, file:
            yield file

    def all_claimed(self) -> bool:
        with self.opened() as file:
            return not file.execute("SELECT 1 FROM reminders WHERE fence = 0 LIMIT 1").fetchall()

    def left(self, *, held: bool = False, patience: float = 30) -> set[str]:
        """The endpoints of reminders that nobody has settled; or those in a worker's hands."""
        with self.opened(patience) as file:
            found = file.execute(
                "SELECT endpoint FROM reminders JOIN devices USING (pair_id, device_id)"
                " WHERE fence <> 0 OR NOT ?",
                (held,),
            )
            return {endpoint for (endpoint,) in found}

    def end_leases(self, held: set[str]) -> None:
        """As if the minute had passed for which a worker that was killed holds these."""
        with self.opened() as file:
            file.executemany(
                "UPDATE reminders SET due_at = due_at - ? WHERE pair_id IN"
                " (SELECT pair_id FROM devices WHERE endpoint = ?)",
                [(rules.LEASE, endpoint) for endpoint in held],
            )

    def subscriptions(self) -> set[str]:
        with self.opened() as file:
            found = file.execute("SELECT endpoint FROM devices WHERE endpoint IS NOT NULL")
            return {endpoint for (endpoint,) in found}


def wait_until(so: Callable[[], bool], proof: Proof) -> None:
    until = time.monotonic() + (3000 if proof.long else PATIENCE)
    while not so():
        assert time.monotonic() < until, "reminders do not come"
        time.sleep(0.5 if proof.long else 0.01)


def killed_in_the_midst(worker: Process, due: Due, proof: Proof, at: int) -> set[str]:
    """Held still until it has something in its hands, and killed then; what it had. It is the
    only one so far, so that nobody else's hands are mistaken for its."""
    wait_until(lambda: len(due.tally.came) >= at, proof)
    while True:
        worker.signal(signal.SIGSTOP)
        try:
            if held := due.left(held=True, patience=0.01):
                worker.kill()
                return held
        except sqlite3.OperationalError:  # it was held still in a transaction
            pass
        worker.signal(signal.SIGCONT)
        time.sleep(0.01)


@pytest.mark.proof
def test_with_many_due_and_a_worker_killed_each_is_sent_and_few_of_them_twice(
    tmp_path: Path, proof: Proof
) -> None:
    many = proof.many(400, 100_000)
    data = tmp_path / "data"
    with listening(time.time) as service:
        further = {"AJAR_PUSH_HOSTS": service.host, "AJAR_WORKER": "off"}
        with running(data, further):
            pass  # makes the database
        due = Due(data, service, many)
        started = time.monotonic()
        came = due.tally.came
        killed = Process(data, further, WORKER)
        held = killed_in_the_midst(killed, due, proof, at=many // 4 if not proof.long else 1_000)
        workers = [Process(data, further, WORKER) for _ in range(WORKERS - 1)]
        try:
            wait_until(due.all_claimed, proof)
            # They look again, and leave alone what the killed one holds.
            later = due.add(WORKERS)
            wait_until(lambda: later <= set(came) and due.left() <= held, proof)
            if not proof.long:  # its minute has not passed
                assert set(came.values()) == {1}
                assert due.endpoints <= held | set(came)
                due.end_leases(held)
            wait_until(lambda: not due.left(), proof)
        finally:
            for worker in workers:
                worker.stop()
        seconds = time.monotonic() - started
    assert set(came) == due.endpoints
    twice = {endpoint for endpoint, times in came.items() if times > 1}
    assert twice <= held
    assert 1 <= len(held) <= SENDS_TO_ONE_SERVICE
    assert max(came.values()) <= 2
    assert service.refused == service.strays == []
    assert due.subscriptions() == due.endpoints - due.gone
    proof.says(
        "Once",
        f"{many:,} reminders due at once, {WORKERS} workers, one killed: {len(came):,} came,"
        f" {len(twice)} of them twice, {len(held)} were in the killed one's hands,"
        f" in {seconds:.0f} s",
    )
