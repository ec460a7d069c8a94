"""The log has no people in it, even when somebody turns every logger of the process up to DEBUG."""

import secrets
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from ajar.protocol import sha256
from ajar.wire import from_base64url, to_base64url
from tests.fakes.push_service import Answer, PushService
from tests.protocol import RoundKeys, join_secret_of, pair_id_of
from tests.server.process import NO_TLS, PATIENCE, Process, running
from tests.server.reminders.listening import body_of, listening

# Whatever lowers a logger's voice later on does not get its way.
LOUD = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
quieten = logging.Logger.setLevel
logging.Logger.setLevel = lambda self, _: quieten(self, logging.DEBUG)
from ajar.__main__ import main
sys.exit(main(["serve"]))
"""
AGENT = "Fennec/77 (nobody-else-has-this)"
NOTED = "only-in-a-request"  # put wherever a request has room for something of its own


class Story:
    """Alice and Bob go through a short run; all that is theirs is remembered in `theirs`."""

    def __init__(self, url: str, service: PushService) -> None:
        self.url = url
        self.service = service
        self.link = secrets.token_bytes(16)
        self.closes = [int(time.time()) + 4, int(time.time()) + 3600]
        self.theirs: set[str] = {AGENT, NOTED, "127.0.0.1", self.link.hex()}
        self.remember(pair_id_of(self.link), join_secret_of(self.link))

    def remember(self, *secret: bytes) -> None:
        for each in secret:
            self.theirs |= {to_base64url(each), each.hex(), repr(each)[2:-1]}

    def browser(self) -> httpx.Client:
        agent = {"user-agent": AGENT}
        return httpx.Client(base_url=self.url, headers=agent, verify=NO_TLS)

    def claim(self) -> str:
        claim = secrets.token_bytes(32)
        self.remember(claim, sha256(claim))
        return to_base64url(claim)

    def seat(self, http: httpx.Client, path: str, body: dict[str, Any]) -> None:
        assert http.post(path, json={**body, "claim": self.claim()}).status_code == 201
        token = from_base64url(http.cookies["ajar"], 48)
        self.remember(token, token[16:], sha256(token[16:]))

    def tell(self) -> None:
        pair_id = to_base64url(pair_id_of(self.link))
        secret = to_base64url(join_secret_of(self.link))
        with self.browser() as alice, self.browser() as bob, self.browser() as tablet:
            self.seat(
                alice,
                "/api/pairs",
                {
                    "pair_id": pair_id,
                    "join_hash": to_base64url(sha256(join_secret_of(self.link))),
                    "closes": self.closes,
                    "wording": "marriage",
                },
            )
            self.seat(bob, f"/api/invitations/{pair_id}/join", {"join_secret": secret})
            offered = secrets.token_bytes(32)
            self.remember(offered, sha256(offered))
            alice.post("/api/phones", json={"join_hash": to_base64url(sha256(offered))})
            self.seat(tablet, f"/api/phones/{pair_id}/join", {"join_secret": to_base64url(offered)})
            for side, phone in (("a", alice), ("b", bob)):
                self.answer(phone, side)
            self.be_reminded(alice, Answer(410))
            self.be_reminded(bob, Answer(500, {"Retry-After": "1"}))
            self.be_reminded(tablet, Answer(403))
            self.be_refused(tablet)
            wait_for(lambda: len(self.service.deliveries) >= 3)
            wait_for(lambda: alice.get("/api/pair").json()["ended"] == "finished")
            assert bob.post("/api/leave", json={"tell_partner": True}).status_code == 204

    def answer(self, phone: httpx.Client, side: str) -> None:
        keys = RoundKeys.of(self.link, self.closes, 0)
        body = keys.open_answer("a" if side == "a" else "b")
        self.remember(body, body[:32], body[32:])
        upload = {"n": 1, "answers": [{"round": 0, "body": to_base64url(body)}]}
        assert phone.put("/api/answers", json=upload).status_code == 204

    def be_reminded(self, phone: httpx.Client, answer: Answer) -> None:
        subscription = self.service.subscribe()
        self.service.behaviours[subscription.endpoint] = answer
        self.remember(subscription.p256dh, subscription.auth)
        self.theirs.add(subscription.endpoint.split("//")[1])
        assert phone.put("/api/subscription", json=body_of(subscription)).status_code == 204
        soon = int(time.time()) + 1
        self.theirs.add(str(soon))
        assert phone.put("/api/reminders", json={"at": [soon]}).status_code == 204

    def be_refused(self, phone: httpx.Client) -> None:
        host = {"host": f"{NOTED}.example.org"}
        assert phone.get(f"/{NOTED}?{NOTED}").status_code == 404
        assert phone.get("/", headers=host).status_code == 421
        assert phone.put("/api/reminders", json={NOTED: NOTED}).status_code == 422
        assert phone.put("/api/reminders", content=f"{{{NOTED}").status_code == 415
        assert phone.put("/api/leave", json={}).status_code == 405
        foreign = {"origin": f"https://{NOTED}", "referer": f"https://{NOTED}"}
        assert phone.post("/api/leave", json={}, headers=foreign).status_code == 403
        upgrade = {
            "connection": "upgrade",
            "upgrade": "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
        }
        reply = phone.get(f"/api/pair?{NOTED}", headers=upgrade)
        assert reply.status_code == 200
        assert reply.headers["x-frame-options"] == "DENY"


def wait_for(it: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not it():
        assert time.monotonic() < until


def send_raw(process: Process, *parts: bytes) -> bytes:
    """Bytes that are no request, or half of one; what the server says before it hangs up."""
    with socket.create_connection(("127.0.0.1", process.port), PATIENCE) as connection:
        for part in parts:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(1000)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Story, str]]:
    """The story and everything that the server's process wrote meanwhile."""
    data = tmp_path_factory.mktemp("log") / "data"
    with listening(time.time) as service:
        further = {"AJAR_MIN_INTERVAL": "1", "AJAR_PUSH_HOSTS": service.host}
        with running(data, further, (sys.executable, "-c", LOUD)) as process:
            story = Story(process.url, service)
            story.tell()
            send_raw(process, NOTED.encode() + b"\r\n\r\n")
            half = f"PUT /api/pair HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{NOTED}"
            send_raw(process, half.encode())
            with closing(sqlite3.connect(data / "ajar.sqlite3")) as file, file:
                file.execute("ALTER TABLE pairs RENAME TO gone")
            with story.browser() as charlie:
                path = f"/api/invitations/{to_base64url(pair_id_of(story.link))}"
                assert charlie.get(path).status_code == 503
            process.stop()
            yield story, process.output()


def test_it_was_loud_and_names_what_was_asked_for(told: tuple[Story, str]) -> None:
    _, said = told
    for line in (
        "PUT /api/answers 204",
        "GET /api/invitations/{pair_id} 503",
        "POST /api/invitations/{pair_id}/join 201",
        "GET other 404",
        " DEBUG PUT /api/subscription 204",
        "INFO:     Shutting down",
        "ERROR a host of AJAR_PUSH_HOSTS refuses our push key or contact",
    ):
        assert line in said, said


def test_it_holds_nothing_of_anybody(told: tuple[Story, str]) -> None:
    story, said = told
    assert len(story.theirs) > 40
    found = sorted(each for each in story.theirs if each in said)
    assert found == []


def test_it_names_no_address_cookie_or_body(told: tuple[Story, str]) -> None:
    _, said = told
    for word in ("ajar=", "cookie", "join_secret", "endpoint", "INSERT", "SELECT", "x01"):
        assert word.lower() not in said.lower(), word
