"""One bit: whatever Bob does, short of a match or of telling, no byte that reaches Alice changes.

The attack is `tests/one_bit/machine.py`; this is how often it is made. That it has teeth is shown
by `tests/mutants/one_bit.py`.
"""

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.one_bit.lives import Connect, by_call, two_worlds
from tests.one_bit.over_http import by_socket
from tests.proof import Proof

AT_ONCE = 2  # processes of the long form
STEPS = 40  # of a history, at most


def attack(histories: int, connect: Connect, *, explain: bool = True) -> Counter[str]:
    """So many pairs of lives; what was compared in them. AssertionError where a byte differs;
    `explain`: made as short as can be first.
    """
    with two_worlds(connect) as machine:
        machine.seen.clear()
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=histories,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                phases=[Phase.generate, Phase.shrink] if explain else [Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        return machine.seen


def attack_as_often_as(proof: Proof, short: int, long: int, connect: Connect) -> str:
    """The figures of the short form, or of the long one, which takes every core it gets."""
    if proof.long:
        with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as processes:
            parts = processes.map(attack, [long // AT_ONCE] * AT_ONCE, [connect] * AT_ONCE)
            seen = sum(parts, Counter[str]())
        # So many histories met everything that there is to be told apart.
        assert min(seen[what] for what in ("matches", "told", "pushes compared")) > 20, seen
        assert seen["parted"] < seen["histories"] / 20, seen
    else:
        seen = attack(proof.many(short, long), connect, explain=proof.times == 1)
    return (
        f"{seen['histories']} pairs of histories, {seen['replies compared']} replies and "
        f"{seen['pushes compared']} pushes alike to the byte, through {seen['matches']} matches "
        f"and {seen['told']} told decisions; {seen['parted']} parted early"
    )


@pytest.mark.proof
def test_no_byte_that_reaches_one_side_depends_on_what_the_other_did(proof: Proof) -> None:
    proof.says("One bit", attack_as_often_as(proof, 60, 10_000, by_call))


@pytest.mark.proof
def test_nor_over_http_with_all_that_the_server_adds(proof: Proof) -> None:
    """Status lines, `Content-Length`, `Connection`, `ETag`, compression, from the socket itself."""
    proof.says("One bit", "over HTTP " + attack_as_often_as(proof, 15, 1_000, by_socket))
