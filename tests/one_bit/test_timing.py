"""One bit, by the watch: how long a reply takes says nothing of the partner either.

Alices whose partners did everything there is to do, and Alices without any, ask the same real
server in turns, in a random order; Mann-Whitney compares how long they waited. What is asserted is
the size of an effect, not a duration, and it is measured side by side, so a busy machine widens
both distributions alike.
"""

import http.client
import json
import random
import secrets
import time
from math import sqrt
from pathlib import Path

import pytest
from scipy.stats import mannwhitneyu

from ajar.protocol import sha256
from ajar.wire import to_base64url
from tests.one_bit.run import Run
from tests.phone import DAY, WEEK
from tests.proof import Proof
from tests.server.process import Process, running

PAIRS = 12  # of each kind, so that no single row's place in the database decides
ASKED = ("GET /api/pair", "GET /api/phones", "GET /api/invitations", "PUT /api/answers")
# Of Cliff's delta (-1 to 1): what a machine may do by itself, on top of five standard errors. It is
# a bound on what was looked for, no proof that there is nothing below it.
LEAST_EFFECT = 0.03


class Asking:
    """One browser on a connection of its own, kept alive."""

    def __init__(self, process: Process) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", process.port, timeout=30)
        self._cookie = ""

    def ask(self, method: str, path: str, body: object = None) -> int:
        headers = {"Host": "localhost", "Cookie": self._cookie}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self._http.request(method, path, None if body is None else json.dumps(body), headers)
        reply = self._http.getresponse()
        reply.read()
        told = reply.getheader("Set-Cookie")
        if told:
            self._cookie = told.partition(";")[0]
        return reply.status

    def waited(self, method: str, path: str, body: object = None) -> float:
        """Seconds from the request to the whole reply."""
        begun = time.perf_counter()
        assert self.ask(method, path, body) in (200, 204)
        return time.perf_counter() - begun

    def close(self) -> None:
        self._http.close()


class Alice(Asking):
    """She has invited and answered; `in_company`: her partner has joined and done all he could."""

    def __init__(self, process: Process, *, in_company: bool) -> None:
        super().__init__(process)
        self.in_company = in_company
        first = int(time.time()) + 3 * DAY
        closes = tuple(first + index * WEEK for index in range(5))
        self.run = Run(closes, "marriage", secrets.token_bytes(16))
        self.n = 1
        claim = secrets.token_bytes(32)
        assert self.ask("POST", "/api/pairs", self.run.create_body(claim)) == 201
        assert self.ask("PUT", "/api/answers", self.upload()) == 204
        if in_company:
            self._accompany(process)

    def upload(self) -> dict[str, object]:
        self.n += 1
        answers = [self.run.upload("a", index, "open") for index in range(self.run.rounds)]
        return {"n": self.n, "answers": answers}

    def _accompany(self, process: Process) -> None:
        bob, join = Asking(process), {"join_secret": to_base64url(self.run.join_secret)}
        path = f"/api/invitations/{self.run.pair_id}/join"
        claim = {"claim": to_base64url(secrets.token_bytes(32))}
        assert bob.ask("POST", path, {**join, **claim}) == 201
        answers = [self.run.upload("b", index, "open") for index in range(self.run.rounds)]
        assert bob.ask("PUT", "/api/answers", {"n": 1, "answers": answers}) == 204
        at = [instant - 3600 for instant in self.run.closes]
        assert bob.ask("PUT", "/api/reminders", {"at": at}) == 204
        for number in range(6):
            secret, phone = secrets.token_bytes(32), Asking(process)
            offer = {"join_hash": to_base64url(sha256(secret))}
            assert bob.ask("POST", "/api/phones", offer) == 201
            path = f"/api/phones/{self.run.pair_id}/join"
            claim = {"claim": to_base64url(secrets.token_bytes(32))}
            assert phone.ask("POST", path, {"join_secret": to_base64url(secret), **claim}) == 201
            upload = {"n": number + 2, "answers": answers}
            assert phone.ask("PUT", "/api/answers", upload) == 204
            phone.close()
        bob.close()

    def look(self, what: str) -> float:
        match what:
            case "PUT /api/answers":
                return self.waited("PUT", "/api/answers", self.upload())
            case "GET /api/invitations":
                return self.waited("GET", f"/api/invitations/{self.run.pair_id}")
        return self.waited(*what.split())


@pytest.mark.proof
def test_how_long_a_reply_takes_says_nothing_of_the_partner(proof: Proof, tmp_path: Path) -> None:
    times = proof.many(300, 8_000)
    chance = random.Random(7)  # noqa: S311 - only the order of asking
    with running(tmp_path / "data", {"AJAR_WORKER": "off"}) as process:
        alices = [Alice(process, in_company=bool(kind)) for kind in (0, 1) for _ in range(PAIRS)]
        for what in (
            "GET /api/pair",
            "GET /api/phones",
            "GET /api/invitations",
            "PUT /api/answers",
        ):
            waited: dict[bool, list[float]] = {True: [], False: []}
            for _ in range(times // PAIRS):
                chance.shuffle(alices)
                for alice in alices:
                    waited[alice.in_company].append(alice.look(what))
            delta, shift = effect(waited[True], waited[False])
            bound = LEAST_EFFECT + 5 * standard_error(len(waited[True]), len(waited[False]))
            proof.says(
                "One bit",
                f"by the watch, {what}: {2 * len(waited[True])} replies, effect {delta:+.3f} "
                f"(Cliff's delta; bound {bound:.3f}), medians {shift * 1e6:+.0f} µs apart",
            )
            assert abs(delta) < bound, what
        for alice in alices:
            alice.close()


def effect(one: list[float], other: list[float]) -> tuple[float, float]:
    """Cliff's delta (how much oftener `one` is the longer), the medians' shift in seconds."""
    delta = 2 * mannwhitneyu(one, other).statistic / (len(one) * len(other)) - 1
    middle = [sorted(each)[len(each) // 2] for each in (one, other)]
    return float(delta), middle[0] - middle[1]


def standard_error(one: int, other: int) -> float:
    """Of Cliff's delta where there is no effect."""
    return sqrt((one + other + 1) / (3 * one * other))
