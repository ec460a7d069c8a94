"""Once, when uploads race: for one another from many threads, and for the close."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.phone import Choice, Phone, new_pair
from tests.proof import Proof
from tests.running_server import START, RunningServer
from tests.server.pairing.test_phones import add_phone
from tests.server.stores import dump, empty

SENDERS = 6


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("once") / "data") as server:
        yield server


@pytest.fixture
def server(running: RunningServer) -> Iterator[RunningServer]:
    empty(running)
    running.clock.move_to(START)
    yield running
    running.close_clients()


def drawn(count: int) -> list[Choice]:
    return random.choices(["open", "closed"], k=count)  # noqa: S311


def at_once(server: RunningServer, uploads: list[tuple[Phone, Any]]) -> list[httpx.Response]:
    """Sent in the same moment, each on a connection of its own, in no order."""
    order = random.sample(range(len(uploads)), len(uploads))
    start = threading.Barrier(len(uploads))

    def send(number: int) -> httpx.Response:
        phone, body = uploads[number]
        client = server.client()
        client.cookies.set("ajar", phone.http.cookies["ajar"])
        start.wait()
        return client.put("/api/answers", json=body)

    with ThreadPoolExecutor(len(uploads)) as together:
        replies = dict(zip(order, together.map(send, order), strict=True))
    return [replies[number] for number in range(len(uploads))]


@pytest.mark.proof
def test_of_one_device_s_uploads_at_once_the_highest_n_counts(
    server: RunningServer, proof: Proof
) -> None:
    """And a device of the same side that says nothing new meanwhile does not disturb it."""
    for _ in range(proof.many(3, 60)):
        alice, bob = new_pair(server, rounds=1)
        tablet = add_phone(alice)
        bob.answer(0, "open")
        same = tablet.answers_body({0: "closed"})
        tablet.request("PUT", "/api/answers", same)
        choices = drawn(SENDERS)
        uploads = [(alice, alice.answers_body({0: choice})) for choice in choices]
        *replies, last, _ = at_once(server, [*uploads, (tablet, same)])
        assert last.status_code == 204
        assert {reply.status_code for reply in replies} <= {204, 409}
        server.close_round_at(alice.closes[0])
        expected = "both open" if choices[-1] == "open" else "quiet"
        assert alice.outcome(0) == tablet.outcome(0) == bob.outcome(0) == expected


@dataclass
class Sender:
    """A phone that changes its mind until its round is closed."""

    phone: Phone
    bodies: list[Any] = field(default_factory=list)
    last: Choice = "closed"

    def send(self) -> None:
        while True:
            (choice,) = drawn(1)
            body = self.phone.answers_body({0: choice})
            reply = self.phone.request("PUT", "/api/answers", body)
            if reply.status_code != 204:
                assert reply.json()["error"]["code"] == "round_closed"
                return
            self.bodies.append(body)
            self.last = choice


@pytest.mark.proof
def test_an_upload_that_races_the_close_counts_just_if_it_was_acknowledged(
    server: RunningServer, proof: Proof
) -> None:
    """Sent again after the close, the last one is acknowledged again, and nothing changes."""
    acknowledged, trials = 0, proof.many(3, 60)
    for _ in range(trials):
        couples = [new_pair(server, rounds=2) for _ in range(SENDERS // 2)]
        senders = [[Sender(phone) for phone in couple] for couple in couples]
        with ThreadPoolExecutor(SENDERS) as together:
            sending = [together.submit(each.send) for couple in senders for each in couple]
            while not all(each.bodies for couple in senders for each in couple):
                pass
            server.close_round_at(couples[0][0].closes[0])
            for done in sending:
                done.result()
        before = dump(server)
        for alice, bob in senders:
            both = alice.last == bob.last == "open"
            expected = "both open" if both else "quiet"
            assert alice.phone.outcome(0) == bob.phone.outcome(0) == expected
            for each in (alice, bob):
                again = each.phone.request("PUT", "/api/answers", each.bodies[-1])
                assert again.status_code == 204
                acknowledged += len(each.bodies)
        assert dump(server) == before
    proof.says("Once", f"{acknowledged} uploads acknowledged while racing {trials} closes, 0 lost")
