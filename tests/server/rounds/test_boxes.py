"""Tags and boxes: two answers match if and only if both are open ones of that very round."""

import secrets
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ajar.protocol import Side, other_side
from ajar.rounds.boxes import Boxed, Boxer, Seals
from tests.phone import Choice, weekly
from tests.protocol import RoundKeys, pair_id_of
from tests.running_server import START

CLOSES = weekly(START)
choices = st.sampled_from(["open", "closed"])
links = st.binary(min_size=16, max_size=16)
keys = st.binary(min_size=32, max_size=32)
indexes = st.integers(0, 4)


class Case:
    """One round of one pair under one answer key, and what each side would upload."""

    def __init__(self, link: bytes, answer_key: bytes, index: int) -> None:
        self.pair_id = pair_id_of(link)
        self.index = index
        self.boxer = Boxer(answer_key)
        self.round = RoundKeys.of(link, CLOSES, index)
        self.side_keys: dict[Side, bytes] = {"a": b"A" * 32, "b": b"B" * 32}

    def body(self, side: Side, choice: Choice) -> bytes:
        if choice == "open":
            return self.round.open_answer(side)
        return self.round.closed_answer(self.side_keys[side])

    def put(self, side: Side, body: bytes) -> Boxed:
        return self.boxer.put(body, self.pair_id, side, self.index)

    def match(self, a: bytes, b: bytes) -> Seals | None:
        return self.boxer.match(self.put("a", a), self.put("b", b), self.pair_id, self.index)


@pytest.fixture
def case() -> Case:
    return Case(secrets.token_bytes(16), secrets.token_bytes(32), 2)


@given(link=links, key=keys, index=indexes, a=choices, b=choices)
def test_two_answers_match_if_and_only_if_both_are_open(
    link: bytes, key: bytes, index: int, a: Choice, b: Choice
) -> None:
    case = Case(link, key, index)
    found = case.match(case.body("a", a), case.body("b", b))
    both = Seals(case.round.seal_a, case.round.seal_b)
    assert found == (both if a == b == "open" else None)


@given(link=links, key=keys, index=indexes, noise=st.binary(min_size=64, max_size=64))
def test_garbage_matches_nothing_not_even_itself(
    link: bytes, key: bytes, index: int, noise: bytes
) -> None:
    case = Case(link, key, index)
    assert case.match(noise, noise) is None
    assert case.match(case.body("a", "open"), noise) is None
    assert case.match(noise, case.body("b", "open")) is None


FORGED: dict[str, Callable[[Case, Side], bytes]] = {
    "the token and noise": lambda case, _: case.round.token + secrets.token_bytes(32),
    "the token and nothing": lambda case, _: case.round.token + bytes(32),
    "the token twice": lambda case, _: case.round.token * 2,
    "the other's answer reflected": lambda case, side: case.round.open_answer(other_side(side)),
    "the seal before the token": lambda case, side: case.round.seal(side) + case.round.token,
    "the seal with one bit turned": lambda case, side: (
        case.round.token + bytes([case.round.seal(side)[0] ^ 1]) + case.round.seal(side)[1:]
    ),
    "the seal with a wrong token": lambda case, side: bytes(32) + case.round.seal(side),
    "an open answer of another round": lambda case, side: RoundKeys.of(
        b"x" * 16, CLOSES, case.index + 1
    ).open_answer(side),
    "an open answer of another pair": lambda case, side: RoundKeys.of(
        b"y" * 16, CLOSES, case.index
    ).open_answer(side),
    "an open answer of another schedule": lambda case, side: RoundKeys.of(
        b"x" * 16, [*CLOSES[:-1], CLOSES[-1] + 1], case.index
    ).open_answer(side),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_answer_beside_an_open_one_matches_nothing(
    forged: Callable[[Case, Side], bytes],
) -> None:
    case = Case(b"x" * 16, secrets.token_bytes(32), 1)
    assert case.match(case.body("a", "open"), forged(case, "b")) is None
    assert case.match(forged(case, "a"), case.body("b", "open")) is None


def test_seals_that_fit_each_other_but_not_this_pair_are_for_the_phones_to_refuse() -> None:
    """The server has no key of the pair: what it hands over are the strange seals, not its own."""
    case = Case(b"x" * 16, secrets.token_bytes(32), 1)
    strange = RoundKeys.of(b"y" * 16, CLOSES, 1)
    found = case.match(strange.open_answer("a"), strange.open_answer("b"))
    assert found == Seals(strange.seal_a, strange.seal_b)
    assert found not in (Seals(case.round.seal_a, case.round.seal_b), None)


def test_swapped_answers_match_nothing(case: Case) -> None:
    """Each side uploads what the other should: equal tags, true seals, wrong places."""
    assert case.match(case.body("b", "open"), case.body("a", "open")) is None


def test_a_stored_answer_moved_elsewhere_matches_nothing(case: Case) -> None:
    """Whoever can write to the database cannot use an answer for another place."""
    a, b = case.put("a", case.body("a", "open")), case.put("b", case.body("b", "open"))
    match = case.boxer.match
    assert match(a, b, case.pair_id, case.index) is not None
    assert match(b, a, case.pair_id, case.index) is None
    assert match(a, a, case.pair_id, case.index) is None
    assert match(a, b, case.pair_id, case.index + 1) is None
    assert match(a, b, bytes(16), case.index) is None
    assert match(replace(a, tag=b.tag), replace(b, box=a.box), case.pair_id, case.index) is None
    assert match(replace(a, nonce=b.nonce), b, case.pair_id, case.index) is None


def test_answers_under_two_keys_or_another_key_match_nothing(case: Case) -> None:
    other = Boxer(secrets.token_bytes(32))
    a, b = case.put("a", case.body("a", "open")), case.put("b", case.body("b", "open"))
    b_elsewhere = other.put(case.body("b", "open"), case.pair_id, "b", case.index)
    assert case.boxer.match(a, b_elsewhere, case.pair_id, case.index) is None
    assert other.match(a, b_elsewhere, case.pair_id, case.index) is None
    assert other.match(a, b, case.pair_id, case.index) is None


@given(link=links, key=keys, index=indexes, body=st.binary(min_size=64, max_size=64))
@settings(max_examples=50)
def test_nothing_stored_holds_any_of_the_body(
    link: bytes, key: bytes, index: int, body: bytes
) -> None:
    case = Case(link, key, index)
    one, two = case.put("a", body), case.put("a", body)
    assert one.tag == two.tag
    assert one.nonce != two.nonce
    assert one.box != two.box
    assert (len(one.tag), len(one.nonce), len(one.box)) == (32, 12, 48)
    for stored in (one.tag, one.nonce, one.box):
        assert body[:32] not in stored
        assert body[32:] not in stored


def test_a_tag_says_nothing_across_pairs_rounds_or_keys(case: Case) -> None:
    """The same first half gives another tag wherever it stands, so that tags cannot be linked."""
    body = case.body("a", "open")
    tags = {
        Boxer(key).put(body, pair_id, "a", index).tag
        for key in (bytes(32), b"k" * 32)
        for pair_id in (bytes(16), b"p" * 16)
        for index in range(3)
    }
    assert len(tags) == 12
