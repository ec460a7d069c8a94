"""What a phone, or anybody with a tool, may ask of the server; each act is one request.

`number` is the spice: which round, which choice, which instant. The same act with the same number
on the same browser is the same request in both worlds.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from ajar.protocol import Side, sha256
from ajar.wire import to_base64url
from tests.fakes.push_service import Subscription
from tests.one_bit.exchange import Asked, Reply
from tests.one_bit.run import Choice, Run, named

CHOICES: Final[tuple[Choice, ...]] = ("open", "closed", "noise")
MINUTE: Final = 60


@dataclass
class Browser:
    """One browser of a side: its cookie, the number of its last upload, its push subscription."""

    name: str
    side: Side
    run: Run
    place: int  # 0: the phone that takes the seat; the others join by an offer
    subscriptions: Sequence[Subscription]
    cookie: str | None = None
    n: int = 1_000
    last_taken: int = 0
    last_upload: Asked | None = None

    def takes_in(self, reply: Reply) -> None:
        """Keep the cookie, or lose it, as browsers do."""
        told = reply.header("set-cookie")
        if told is not None:
            self.cookie = None if "Max-Age=0" in told else told.partition(";")[0]


def _json(method: str, path: str, body: object) -> Asked:
    return Asked(method, path, json.dumps(body).encode())


def take_seat(browser: Browser, claim: bytes | None = None) -> Asked:
    run, claim = browser.run, claim or named("claim", browser.name)
    if browser.side == "a":
        return _json("POST", "/api/pairs", run.create_body(claim))
    body = {"join_secret": to_base64url(run.join_secret), "claim": to_base64url(claim)}
    return _json("POST", f"/api/invitations/{run.pair_id}/join", body)


def answer(browser: Browser, number: int) -> Asked:
    """This round or the rest of the run; open, closed or noise; a fresh `n`."""
    index = number % browser.run.rounds
    choice = CHOICES[number // 4 % 3]
    to = browser.run.rounds if number % 5 == 0 else index + 1
    return answer_with(browser, list(range(index, to)), choice)


def answer_with(browser: Browser, rounds: list[int], choice: Choice) -> Asked:
    browser.n += 1
    answers = [browser.run.upload(browser.side, index, choice) for index in rounds]
    browser.last_upload = _json("PUT", "/api/answers", {"n": browser.n, "answers": answers})
    return browser.last_upload


def answer_late(browser: Browser, number: int) -> Asked:
    """A request that was held back: its `n` is below the last."""
    upload = browser.run.upload(browser.side, number % browser.run.rounds, CHOICES[number % 3])
    return _json("PUT", "/api/answers", {"n": browser.n - 2, "answers": [upload]})


def send_again(browser: Browser, _: int) -> Asked:
    return browser.last_upload or answer_with(browser, [0], "closed")


def be_reminded(browser: Browser, number: int) -> Asked:
    """The evening before a close, an instant already past, or none at all."""
    closes = browser.run.closes
    at = [instant - (number // 4 % 8 + 1) * 7 * MINUTE for instant in closes[: number % 4]]
    return _json("PUT", "/api/reminders", {"at": at})


def offer_secret(browser: Browser, place: int) -> bytes:
    return named("offer", browser.side, place)


def offer_phone(browser: Browser, number: int) -> Asked:
    secret = offer_secret(browser, 1 + number % 2)
    return _json("POST", "/api/phones", {"join_hash": to_base64url(sha256(secret))})


def join_as_phone(browser: Browser, _: int) -> Asked:
    body = {
        "join_secret": to_base64url(offer_secret(browser, browser.place)),
        "claim": to_base64url(named("claim", browser.name)),
    }
    return _json("POST", f"/api/phones/{browser.run.pair_id}/join", body)


def subscribe(browser: Browser, number: int) -> Asked:
    if number % 4 == 3:
        return Asked("DELETE", "/api/subscription")
    chosen = browser.subscriptions[number % len(browser.subscriptions)]
    body = {
        "endpoint": chosen.endpoint,
        "p256dh": to_base64url(chosen.p256dh),
        "auth": to_base64url(chosen.auth),
    }
    return _json("PUT", "/api/subscription", body)


def send_rubbish(browser: Browser, number: int) -> Asked:
    """Refused in one of many ways, and nothing changes."""
    bodies = (b"{", b"[]", b'{"n": 1}', b'{"n": 1, "answers": [], "more": 1}', b" " * 17_000)
    paths = ("/api/answers", "/api/reminders", "/api/subscription")
    return Asked("PUT", paths[number % 3], bodies[number % len(bodies)])


def hang_up(browser: Browser, number: int) -> Asked:
    """The network fails while the request is on its way."""
    upload = json.dumps({"n": browser.n + 1, "answers": []}).encode()
    return Asked("PUT", "/api/answers", upload, hangs_up=True) if number % 2 else _guess(number)


def _guess(number: int) -> Asked:
    return Asked("GET", f"/api/invitations/{to_base64url(named('guess', number)[:16])}")


def look_anywhere(browser: Browser, number: int) -> Asked:
    """Every path that needs no seat, in every way a tool may ask for it."""
    path = PUBLIC[number % len(PUBLIC)].replace("{pair_id}", browser.run.pair_id)
    method = ("GET", "GET", "HEAD", "OPTIONS", "DELETE")[number // len(PUBLIC) % 5]
    headers = SPICES[number % len(SPICES)]
    return Asked(method, path, headers=headers)


PUBLIC: Final = (
    "/",
    "/sw.js",
    "/manifest.webmanifest",
    "/build.json",
    "/nowhere",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/config",
    "/api/openapi.json",
    "/api/nowhere",
    "/api/pair",
    "/api/phones",
    "/api/invitations/{pair_id}",
    "/api/invitations/{pair_id}?again=1",
    "/api/invitations/AAAAAAAAAAAAAAAAAAAAAA",
)
SPICES: Final[tuple[tuple[tuple[str, str], ...], ...]] = (
    (),
    (("accept-encoding", "gzip, br"),),
    (("if-none-match", '"0"'),),
    (("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")),
    (("if-modified-since", "Mon, 01 Jan 2001 00:00:00 GMT"),),
    (("range", "bytes=0-10"),),
    (("cookie", "ajar=AAAA"),),
)

Act = Callable[[Browser, int], Asked]

# What either side may do on any of its phones, seated or not.
BY_EITHER: Final[dict[str, Act]] = {
    "take the seat": lambda browser, _: take_seat(browser),
    "take the seat with another claim": lambda browser, number: take_seat(
        browser, named("another claim", browser.name, number % 2)
    ),
    "look at the view": lambda *_: Asked("GET", "/api/pair"),
    "answer": answer,
    "send again": send_again,
    "answer late": answer_late,
    "be reminded": be_reminded,
    "subscribe": subscribe,
    "look at the invitation": lambda b, _: Asked("GET", f"/api/invitations/{b.run.pair_id}"),
    "count phones": lambda *_: Asked("GET", "/api/phones"),
    "offer a phone": offer_phone,
    "join as a phone": join_as_phone,
    "remove the other phones": lambda *_: Asked("DELETE", "/api/phones"),
    "send rubbish": send_rubbish,
    "hang up": hang_up,
    "look anywhere": look_anywhere,
}
# Leaving is an act of its own: whether the other is told is for the machine to keep alike.
LEAVE_QUIETLY: Final = _json("POST", "/api/leave", {"tell_partner": False})
LEAVE_AND_TELL: Final = _json("POST", "/api/leave", {"tell_partner": True})


def browsers(
    who: str, side: Side, run: Run, subscriptions: Sequence[Subscription]
) -> list[Browser]:
    """Three browsers of one side, each with two subscriptions of its own to choose from."""
    return [
        Browser(f"{who} {place}", side, run, place, subscriptions=subscriptions[place::3])
        for place in range(3)
    ]


def uploaded(asked: Asked) -> tuple[int, dict[int, str]]:
    """The `n` of a `PUT /api/answers`, and the body of each round in it."""
    upload = json.loads(cast(bytes, asked.body))
    return upload["n"], {entry["round"]: entry["body"] for entry in upload["answers"]}
