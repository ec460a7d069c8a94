"""The proof has teeth: each promise broken on purpose, in our own code, is noticed by its tests."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from tests import mutants
from tests.mutants.mutant import ROOT, Copy, Mutant
from tests.proof import Proof

ALL: list[Mutant] = [
    mutant
    for module in pkgutil.iter_modules(mutants.__path__)
    if module.name != "mutant"
    for mutant in importlib.import_module(f"tests.mutants.{module.name}").MUTANTS
]


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_a_mutant_still_has_its_place(mutant: Mutant) -> None:
    """So that the long form never passes because the code has moved on."""
    source = (ROOT / mutant.file).read_text()
    assert mutant.applied_to(source) != source


@pytest.mark.proof
def test_every_mutant_is_caught(proof: Proof, tmp_path: Path) -> None:
    if not proof.long:
        pytest.skip("minutes a mutant: in the long form")
    copy = Copy(tmp_path)
    broken = [tests for tests in dict.fromkeys(m.caught_by for m in ALL) if not copy.passes(tests)]
    assert broken == [], "these fail without any mutant"
    missed = [mutant.name for mutant in ALL if not copy.catches(mutant)]
    proof.says("Mutants", f"{len(ALL) - len(missed)} of {len(ALL)} caught")
    assert missed == []
