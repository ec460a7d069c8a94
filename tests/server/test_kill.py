"""`kill -9` at the worst moments: what was acknowledged counts, and both phones agree.

No moment is waited for by sleeping. A server without a worker takes answers past their instant
(the row decides, not the clock), so a test says by its own steps what has happened before the kill.
"""

import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT, SIGTERM
from typing import Any

import httpx

from ajar.protocol import Side, other_side, sha256
from ajar.wire import to_base64url
from tests.phone import Choice
from tests.protocol import RoundKeys, join_secret_of, pair_id_of
from tests.server.process import COMMAND, NO_TLS, PATIENCE, Process, running
from tests.server.stores import dump_of

SHORT = {"AJAR_MIN_INTERVAL": "1"}
WORKER = (*COMMAND, "worker")
NO_WORKER = {**SHORT, "AJAR_WORKER": "off"}


class Phone:
    """A seat that outlives the server it was taken on."""

    def __init__(self, side: Side, link: bytes, closes: list[int]) -> None:
        self.side: Side = side
        self.link = link
        self.closes = closes
        self.http = httpx.Client(verify=NO_TLS, timeout=PATIENCE)
        self.n = 0

    def take_seat(self, process: Process) -> None:
        pair_id = to_base64url(pair_id_of(self.link))
        secret = join_secret_of(self.link)
        body: dict[str, Any] = {"claim": to_base64url(secrets.token_bytes(32))}
        if self.side == "a":
            path = "/api/pairs"
            body |= {"pair_id": pair_id, "closes": self.closes, "wording": "marriage"}
            body["join_hash"] = to_base64url(sha256(secret))
        else:
            path = f"/api/invitations/{pair_id}/join"
            body["join_secret"] = to_base64url(secret)
        assert self.http.post(process.url + path, json=body).status_code == 201

    def upload(self, *choices: Choice) -> dict[str, Any]:
        """The body of a request with an answer for each round from the first."""
        self.n += 1
        answers = []
        for index, choice in enumerate(choices):
            keys = RoundKeys.of(self.link, self.closes, index)
            body = keys.open_answer(self.side)
            if choice == "closed":
                body = keys.closed_answer(self.side.encode() * 32)
            answers.append({"round": index, "body": to_base64url(body)})
        return {"n": self.n, "answers": answers}

    def answer(self, process: Process, *choices: Choice) -> None:
        reply = self.http.put(f"{process.url}/api/answers", json=self.upload(*choices))
        assert reply.status_code == 204, reply.text

    def outcomes(self, process: Process) -> list[bool | None]:
        """Of each round: None while it is not closed, True for both open."""
        view = self.http.get(f"{process.url}/api/pair").json()
        theirs = [
            to_base64url(RoundKeys.of(self.link, self.closes, index).seal(other_side(self.side)))
            for index in range(len(self.closes))
        ]
        return [
            None if seal is None else seal == true
            for seal, true in zip(view["seals"], theirs, strict=True)
        ]


Couple = tuple[Phone, Phone]


@contextmanager
def couples(process: Process, count: int, rounds: int) -> Iterator[list[Couple]]:
    """Seated pairs whose rounds close a second apart, beginning in a few seconds."""
    seated: list[Couple] = []
    try:
        for _ in range(count):
            link, first = secrets.token_bytes(16), int(time.time()) + 4
            closes = [first + index for index in range(rounds)]
            seated.append((Phone("a", link, closes), Phone("b", link, closes)))
            for phone in seated[-1]:
                phone.take_seat(process)
        yield seated
    finally:
        for phone in (phone for couple in seated for phone in couple):
            phone.http.close()


def wait_until_closed(process: Process, seated: list[Couple], index: int) -> None:
    until = time.monotonic() + PATIENCE
    while any(phone.outcomes(process)[index] is None for couple in seated for phone in couple):
        if time.monotonic() > until:
            process.kill()
            raise AssertionError(f"not closed in time: {process.output()}")


def test_what_was_acknowledged_counts_although_the_server_and_its_closes_are_killed(
    tmp_path: Path,
) -> None:
    """Killed right after the last acknowledgement, and then as soon as a close shows, twice."""
    data = tmp_path / "data"
    with running(data, NO_WORKER) as first, couples(first, 8, 3) as seated:
        expected: list[list[bool | None]] = []
        for number, (alice, bob) in enumerate(seated):
            both_open_in = number % 4  # 3: in no round
            for phone in (alice, bob):
                choices: list[Choice] = ["closed", "closed", "closed"]
                if phone is alice:
                    choices[0] = "open"
                if both_open_in < 3:
                    choices[both_open_in] = "open"
                phone.answer(first, *choices)
            expected.append(
                [index == both_open_in if index <= both_open_in else None for index in range(3)]
            )
        first.kill()
        for index in range(2):
            with running(data, SHORT, port=first.port) as killed:
                wait_until_closed(killed, seated[3:4], index)
                killed.kill()
        with running(data, SHORT, port=first.port) as last:
            for (alice, bob), outcomes in zip(seated, expected, strict=True):
                final = outcomes.index(None) - 1 if None in outcomes else 2
                wait_until_closed(last, [(alice, bob)], final)
                assert alice.outcomes(last) == bob.outcomes(last) == outcomes


def test_a_worker_that_is_killed_at_any_moment_of_a_close_leaves_all_to_the_next(
    tmp_path: Path,
) -> None:
    """Killed while it writes: a journal that is not empty is a transaction under way."""
    data = tmp_path / "data"
    with running(data, NO_WORKER) as web, couples(web, 6, 3) as seated:
        for alice, bob in seated:
            alice.answer(web, "closed", "closed", "open")
            bob.answer(web, "open", "closed", "open")
        journal = data / "ajar.sqlite3-journal"
        for _ in range(2):
            worker = Process(data, SHORT, command=WORKER)
            until = time.monotonic() + PATIENCE
            while not journal.stat().st_size and None in seated[0][0].outcomes(web):
                assert time.monotonic() < until, worker.output()
            worker.kill()
            worker.stop()
        last = Process(data, SHORT, command=WORKER)
        wait_until_closed(web, seated, 2)
        last.stop()
        for alice, bob in seated:
            assert alice.outcomes(web) == bob.outcomes(web) == [False, False, True]


def test_a_request_under_way_is_finished_before_the_server_stops(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data, NO_WORKER) as process, couples(process, 1, 1) as seated:
        ((alice, bob),) = seated
        bob.answer(process, "open")
        with half_an_upload(process, alice) as (connection, rest):
            process.signal(SIGTERM)
            wait_until_it_listens_no_more(process)
            connection.sendall(rest)
            assert connection.recv(1000).startswith(b"HTTP/1.1 204 ")
        assert process.wait() in (0, -SIGTERM)
        assert process.output() == f"Ajar is at {process.url}  (Ctrl-C stops it)\n"
        assert len(dump_of(data)["pairs.answers"]) == 2


def test_ctrl_c_stops_it_without_a_word(tmp_path: Path) -> None:
    with running(tmp_path / "data", {}) as process:
        process.signal(SIGINT)
        assert process.wait() == 0
    assert process.output() == f"Ajar is at {process.url}  (Ctrl-C stops it)\n"


@contextmanager
def half_an_upload(process: Process, phone: Phone) -> Iterator[tuple[socket.socket, bytes]]:
    """A request whose handler is waiting for the body's second half, and that half."""
    asked = phone.http.build_request("PUT", f"{process.url}/api/answers", json=phone.upload("open"))
    (cookie,) = (f"{name}={value}" for name, value in phone.http.cookies.items())
    head = (
        f"PUT /api/answers HTTP/1.1\r\nHost: localhost:{process.port}\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(asked.content)}\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", process.port), PATIENCE) as connection:
        connection.sendall(head.encode())
        # It says so when the handler asks for the body: by then the request is well under way.
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(asked.content[:50])
        yield connection, asked.content[50:]


def wait_until_it_listens_no_more(process: Process) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", process.port), PATIENCE).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:  # it stopped listening with this connection in its queue
            continue
    raise AssertionError("it still listens")
