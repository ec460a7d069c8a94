"""Protocol, section 2, 3, in a real browser: no server makes a phone show a forged yes."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from ajar.wire import from_base64url, to_base64url
from tests.e2e.conftest import NewPerson
from tests.e2e.person import Person
from tests.fakes.lying_proxy import LyingProxy, View
from tests.phone import HOUR
from tests.proof import Proof
from tests.protocol import RoundKeys
from tests.running_server import RunningServer

YEAR = 365 * 24 * HOUR


@pytest.fixture
def network(server: RunningServer) -> Iterator[LyingProxy]:
    with LyingProxy(server.port) as proxy:
        yield proxy


@dataclass
class Pair:
    """Alice's phone hears lies; Bob's hears the server itself."""

    alice: Person
    bob: Person
    link: bytes
    closes: list[int]

    def round(self, index: int, link: bytes | None = None) -> RoundKeys:
        return RoundKeys.of(link or self.link, self.closes, index)

    def seal(self, side: str, index: int, link: bytes | None = None) -> str:
        keys = self.round(index, link)
        return to_base64url(keys.seal_a if side == "a" else keys.seal_b)


@pytest.fixture
def seated(server: RunningServer, network: LyingProxy, new_person: NewPerson) -> Pair:
    alice, bob = new_person(network.url), new_person()
    link = alice.invites()
    alice.goes_to_first_round()
    bob.joins(link)
    closes: list[int] = alice.page.evaluate(
        "async () => (await (await fetch('/api/pair')).json()).closes"
    )
    return Pair(alice, bob, from_base64url(link[link.index("=") + 1 :], 16), closes)


def closes(server: RunningServer, pair: Pair, index: int, *people: Person) -> None:
    before = server.clock.now()
    server.close_round_at(pair.closes[index] + 1)
    for person in people:
        person.lives_until(pair.closes[index] + 4, before)


def never_shown(person: Person) -> None:
    """Nowhere: not on the screen, not in what the phone keeps."""
    expect(person.page.get_by_text("you were both open to one conversation")).to_have_count(0)
    stored: str = person.page.evaluate(
        """async () => JSON.stringify(await new Promise((resolve) => {
            const opening = indexedDB.open('ajar');
            opening.onsuccess = () => {
                const reading = opening.result.transaction('items').objectStore('items').getAll();
                reading.onsuccess = () => { opening.result.close(); resolve(reading.result); };
            };
        }))"""
    )
    assert '"outcome":"both"' not in stored


def in_place(index: int, seal: str) -> Callable[[View], View]:
    """In the place of a round's seal stands this one."""
    return lambda view: (
        view | {"seals": [seal if at == index else each for at, each in enumerate(view["seals"])]}
    )


# Of each round another one: made from what a server can know without Bob's *open*.
FORGED: list[tuple[str, Callable[[Pair, int], str]]] = [
    ("reflected", lambda pair, index: pair.seal("a", index)),
    ("of the next round", lambda pair, index: pair.seal("b", index + 1)),
    ("of the round before", lambda pair, index: pair.seal("b", index - 1)),
    ("of another pair", lambda pair, index: pair.seal("b", index, secrets.token_bytes(16))),
    ("the token", lambda pair, index: to_base64url(pair.round(index).token)),
]


def test_a_forged_seal_is_quiet_on_the_screen(
    server: RunningServer, network: LyingProxy, seated: Pair
) -> None:
    for index, (_, forged) in enumerate(FORGED):
        seated.alice.answers("open")
        lies = network.lies
        network.lie = in_place(index, forged(seated, index))
        closes(server, seated, index, seated.alice)
        seated.alice.looks()
        seated.alice.sees_outcome("quiet")
        never_shown(seated.alice)
        assert network.lies > lies
        seated.alice.press("Back")
        network.lie = None


def test_a_true_seal_that_comes_early_or_misspelled_shows_nothing_until_it_is_due_and_true(
    server: RunningServer, network: LyingProxy, seated: Pair
) -> None:
    for person in (seated.alice, seated.bob):
        person.answers("open")
    true = seated.seal("b", 0)
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    misspelled = true[:-1] + last[last.index(true[-1]) + 1]
    network.lie = in_place(0, true)
    seated.alice.reopen()
    never_shown(seated.alice)
    network.lie = in_place(0, misspelled)
    closes(server, seated, 0, seated.alice)
    seated.alice.reopen()
    never_shown(seated.alice)
    network.lie = None
    seated.alice.reopen()
    seated.alice.looks()
    seated.alice.sees_outcome("both open")


LIES: dict[str, tuple[Callable[[View], View], str]] = {
    "closes": (
        lambda view: view | {"closes": [*view["closes"][:-1], view["closes"][-1] + HOUR]},
        "The dates do not match",
    ),
    "side": (lambda view: view | {"side": "b"}, "This is not your place"),
    "pair": (lambda view: view | {"pair_id": "A" * 22}, "This is not your place"),
}


def test_a_lie_about_the_run_is_said_to_be_one_and_does_no_harm_that_outlives_it(
    server: RunningServer, network: LyingProxy, seated: Pair
) -> None:
    seated.bob.answers("open")
    seated.alice.answers("open")
    closes(server, seated, 0)
    seated.alice.context.clock.set_fixed_time(datetime.fromtimestamp(seated.closes[0] + 4, UTC))
    for lie, words in LIES.values():
        network.lie = lie
        seated.alice.reopen()
        expect(seated.alice.page.get_by_role("heading", level=1)).to_have_text(words)
        expect(seated.alice.page.get_by_role("button", name="See how it ended")).to_have_count(0)
        never_shown(seated.alice)
    network.lie = None
    seated.alice.reopen()
    seated.alice.looks()
    seated.alice.sees_outcome("both open")


def test_seals_swapped_between_two_phones_are_quiet_on_both(
    server: RunningServer, network: LyingProxy, seated: Pair, new_person: NewPerson
) -> None:
    with LyingProxy(server.port) as bobs:
        # What Bob's phone asks goes by a network that lies too.
        seated.alice.answers("open")
        network.lie = in_place(0, seated.seal("a", 0))
        bobs.lie = in_place(0, seated.seal("b", 0))
        seated.bob.context.route(
            "**/api/pair",
            lambda route: route.fulfill(response=route.fetch(url=f"{bobs.url}/api/pair")),
        )
        closes(server, seated, 0, seated.alice, seated.bob)
        for person in (seated.alice, seated.bob):
            person.looks()
            person.sees_outcome("quiet")
            never_shown(person)


@pytest.mark.proof
def test_a_lie_about_the_clock_is_shown_and_an_answer_still_counts_when_the_truth_is_told(
    proof: Proof, server: RunningServer, network: LyingProxy, seated: Pair
) -> None:
    network.lie = lambda view: view | {"now": view["now"] + 50 * YEAR}
    seated.alice.reopen()
    seated.alice.reads("This phone’s clock is behind")
    seated.alice.answers("closed")
    network.lie = None
    seated.alice.reopen()
    # By the clock that was a lie, her first answer is from fifty years hence: she is told so once.
    seated.alice.chooses("open")
    seated.alice.press("Send")
    seated.alice.sees("A later answer stands")
    seated.alice.press("Back to this round")
    seated.alice.answers("open")
    seated.bob.answers("open")
    closes(server, seated, 0, seated.alice, seated.bob)
    for person in (seated.alice, seated.bob):
        person.looks()
        person.sees_outcome("both open")
    assert network.uploads > 1
    proof.says(
        "No forged yes",
        f"in Chromium: {len(FORGED)} forged seals quiet, seals swapped quiet on both phones, "
        f"{len(LIES)} lies about the run said to be lies, both open shown once the truth was told",
    )
