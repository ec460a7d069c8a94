"""What a story is that is interrupted at each of its statements: the state before it, requests or
a worker's step that will be killed, and what happens afterwards until all is over.

After the kill the phone repeats its request as the app does (the same claim, the same n), and a
fresh worker works. Whatever was killed where, the end must be the end of a story nobody killed.
"""

import secrets
from collections.abc import Callable, Coroutine
from typing import Any, Final

import httpx

from ajar.protocol import sha256
from ajar.wire import to_base64url
from ajar.worker import Worker
from tests.phone import DAY, HOUR, Choice, Phone, weekly
from tests.running_server import START, RunningServer

FIRST: Final = START + 3 * DAY + HOUR  # the first closing instant
AT: Final = START + 600  # a reminder's instant
LEASE: Final = 60
OFFERED: Final = sha256(b"shown as a QR code")

People = dict[str, Phone]
PushBody = dict[str, str]  # what `PUT /api/subscription` takes
Ask = tuple[str, str, str, Any]  # who, method, path, body


def couple(server: RunningServer, rounds: int = 3, first: int = FIRST) -> tuple[Phone, Phone]:
    """Alice and Bob, not yet seated."""
    link, closes = secrets.token_bytes(16), weekly(first, rounds)
    return Phone(server, "a", link, closes), Phone(server, "b", link, closes)


def seated(server: RunningServer, rounds: int = 3, first: int = FIRST) -> tuple[Phone, Phone]:
    alice, bob = couple(server, rounds, first=first)
    done(alice.create(), 201)
    done(bob.join(), 201)
    return alice, bob


def done(reply: httpx.Response, status: int = 204) -> None:
    assert reply.status_code == status, reply.text


def tablet_of(phone: Phone) -> Phone:
    """One more phone of that side, which may join by `OFFERED`."""
    done(phone.request("POST", "/api/phones", {"join_hash": to_base64url(sha256(OFFERED))}), 201)
    return Phone(phone.server, phone.side, phone.link, phone.closes, side_key=phone.side_key)


def join_as_tablet(name: str, phone: Phone) -> Ask:
    body = {"join_secret": to_base64url(OFFERED), "claim": to_base64url(phone.claim)}
    return name, "POST", f"/api/phones/{phone.pair_id}/join", body


def answer(phone: Phone, n: int, *choices: Choice) -> dict[str, Any]:
    return {**phone.answers_body(dict(enumerate(choices))), "n": n}


def put(phone: Phone, *choices: Choice) -> None:
    done(phone.request("PUT", "/api/answers", answer(phone, 1_000, *choices)))


Step = Callable[[Worker], Coroutine[Any, Any, None]]


class Story:
    """Names of methods are the order of events. All of it runs in forked children."""

    now = START  # the clock while the killed step is under way
    afterwards: tuple[int, ...] = (FIRST,)  # the instants at which a worker works from then on
    repeats: tuple[int, ...] = ()  # statuses that tell the phone that it is done
    side = ""  # whose requests they are: the other side must not see them
    leaves = ""  # the side that leaves
    new_keys = False  # a key is made in the course of it
    first_push = later_push = 201  # what the push service says, until the kill and after it
    batch = 2000  # pairs that one transaction closes
    loses_key = False
    reminders = 0  # that must come, whatever happens

    def prepare(self, server: RunningServer, push: PushBody) -> People:
        """What was so before. The names of those who have, or will have, a seat."""
        raise NotImplementedError

    def asks(self, people: People) -> list[Ask]:
        """Requests, one after the other, that are repeated from the first unanswered one."""
        return []

    def step(self, server: RunningServer) -> Step | None:
        """Or what a worker does."""
        return None

    def go_on(self, people: People) -> None:
        """What people do once it is mended."""
