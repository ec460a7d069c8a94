"""Every formula of `docs/protocol.md`, section 3, against every value in tests/vectors."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from ajar import protocol
from tests.protocol import RoundKeys, join_secret_of, pair_id_of, schedule_of

FILES = sorted((Path(__file__).parents[1] / "vectors").glob("ajar*.json"))
CASES: list[Any] = [
    pytest.param(case, id=f"{path.stem}-{index}")
    for path in FILES
    for index, case in enumerate(json.loads(path.read_text())["cases"])
]
ROUNDS: list[Any] = [
    pytest.param(case, round_, id=f"{path.stem}-{index}-round-{round_['round']}")
    for path in FILES
    for index, case in enumerate(json.loads(path.read_text())["cases"])
    for round_ in case["rounds"]
]


def test_the_vectors_are_those_of_this_protocol() -> None:
    assert FILES
    for path in FILES:
        vectors = json.loads(path.read_text())
        assert set(vectors) == {"protocol", "encoding", "cases"}
        assert (vectors["protocol"], vectors["encoding"]) == ("ajar/1", "hex")
        assert vectors["cases"]


@pytest.mark.parametrize("case", CASES)
def test_what_a_link_makes_equals_the_vectors(case: dict[str, Any]) -> None:
    link, closes = bytes.fromhex(case["link"]), case["closes"]
    made = {
        "pair_id": pair_id_of(link),
        "join_secret": join_secret_of(link),
        "join_hash": protocol.sha256(join_secret_of(link)),
        "schedule_hash": schedule_of(closes),
    }
    given_ = {"link", "closes", "side_key_a", "side_key_b", "rounds"}
    assert {name: value.hex() for name, value in made.items()} == {
        name: value for name, value in case.items() if name not in given_
    }
    assert protocol.ascending(closes)
    assert [each["round"] for each in case["rounds"]] == list(range(len(closes)))


@pytest.mark.parametrize(("case", "expected"), ROUNDS)
def test_what_a_round_makes_equals_the_vectors(
    case: dict[str, Any], expected: dict[str, Any]
) -> None:
    index = expected["round"]
    keys = RoundKeys.of(bytes.fromhex(case["link"]), case["closes"], index)
    made = {
        "chain_key": keys.chain,
        "round_key": keys.key,
        "seal_a": keys.seal_a,
        "seal_b": keys.seal_b,
        "token": protocol.open_token(keys.seal_a, keys.seal_b, index),
        "open_a": keys.open_answer("a"),
        "open_b": keys.open_answer("b"),
        "closed_a": keys.closed_answer(bytes.fromhex(case["side_key_a"])),
        "closed_b": keys.closed_answer(bytes.fromhex(case["side_key_b"])),
    }
    assert {name: value.hex() for name, value in made.items()} == {
        name: value for name, value in expected.items() if name != "round"
    }
    assert len(made["open_a"]) == len(made["closed_a"]) == protocol.ANSWER_SIZE


@given(
    ikm=st.binary(max_size=80),
    salt=st.binary(max_size=80),
    info=st.binary(max_size=80),
    size=st.integers(1, 200),
)
def test_our_hkdf_is_that_of_rfc_5869(ikm: bytes, salt: bytes, info: bytes, size: int) -> None:
    assert protocol.hkdf(ikm, salt, info, size) == HKDF(SHA256(), size, salt, info).derive(ikm)


@given(one=st.lists(st.binary(max_size=9)), other=st.lists(st.binary(max_size=9)))
def test_two_lists_of_parts_never_give_the_same_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert (protocol.lp(*one) == protocol.lp(*other)) == (one == other)
