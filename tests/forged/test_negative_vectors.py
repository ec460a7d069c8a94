"""No forged yes: what has one thing wrong is refused, quiet or no match, vector by vector.

The same file is read by the app (`pwa/tests/crypto/negative.proof.test.ts`).
"""

import json
from typing import Any

import pytest

from ajar.protocol import other_side, same
from ajar.rounds.boxes import Boxed, Boxer, Seals
from ajar.wire import from_base64url
from tests.forged import negative
from tests.proof import Proof
from tests.protocol import RoundKeys, pair_id_of

CASES: list[dict[str, Any]] = json.loads(negative.FILE.read_text())["cases"]
VALID = {"valid", "both open"}


def of(kind: str) -> pytest.MarkDecorator:
    chosen = [case for case in CASES if case["kind"] == kind]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: case["scenario"])


def test_the_file_is_what_the_formulas_make() -> None:
    assert negative.FILE.read_text() == negative.text()


@pytest.mark.proof
def test_every_kind_has_its_failures_and_a_valid_twin(proof: Proof) -> None:
    kinds = {case["kind"] for case in CASES}
    for kind in kinds:
        valid = [case["result"] in VALID for case in CASES if case["kind"] == kind]
        assert 0 < sum(valid) < len(valid) / 3
    names = [(case["kind"], case["scenario"]) for case in CASES]
    assert len(set(names)) == len(names)
    wrong = sum(case["result"] not in VALID for case in CASES)
    proof.says(
        "No forged yes",
        f"{wrong} negative vectors of {len(kinds)} kinds, {len(CASES) - wrong} valid twins",
    )


@of("text")
def test_only_the_one_spelling_of_the_right_size_is_read(case: dict[str, Any]) -> None:
    if case["result"] == "valid":
        assert from_base64url(case["text"], case["size"]).hex() == case["bytes"]
    else:
        with pytest.raises(ValueError, match="must be"):
            from_base64url(case["text"], case["size"])


@of("seal")
def test_only_the_other_sides_seal_of_this_round_is_both_open(case: dict[str, Any]) -> None:
    keys = RoundKeys.of(bytes.fromhex(case["link"]), case["closes"], case["round"])
    shown = same(bytes.fromhex(case["seal"]), keys.seal(other_side(case["side"])))
    assert shown == (case["result"] == "both open")


@of("answers")
def test_a_forged_body_beside_an_open_answer_is_no_match(case: dict[str, Any]) -> None:
    boxer = Boxer(bytes.fromhex(case["answer_key"]))
    link, index = bytes.fromhex(case["link"]), case["round"]
    a = boxer.put(bytes.fromhex(case["a"]), pair_id_of(link), "a", index)
    b = boxer.put(bytes.fromhex(case["b"]), pair_id_of(link), "b", index)
    keys = RoundKeys.of(link, case["closes"], index)
    expected = Seals(keys.seal_a, keys.seal_b) if case["result"] == "valid" else None
    assert boxer.match(a, b, pair_id_of(link), index) == expected


@of("stored")
def test_rows_that_were_not_written_for_this_place_are_no_match(case: dict[str, Any]) -> None:
    """Also proves the format of what is stored: the valid twin was made without our code."""
    a, b = (
        Boxed(**{name: bytes.fromhex(value) for name, value in case[side].items()})
        for side in ("a", "b")
    )
    found = Boxer(bytes.fromhex(case["answer_key"])).match(
        a, b, bytes.fromhex(case["pair_id"]), case["round"]
    )
    if case["result"] == "valid":
        assert found == Seals(bytes.fromhex(case["seal_a"]), bytes.fromhex(case["seal_b"]))
    else:
        assert found is None
