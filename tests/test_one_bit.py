"""One bit: whatever Bob does, short of a match or of telling, no byte that reaches Alice changes.

The attack is `tests/one_bit/machine.py`; this is how often it is made, and that it has teeth.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.one_bit.lives import two_worlds
from tests.proof import Proof


def attack(histories: int, steps: int) -> settings:
    return settings(
        max_examples=histories,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.proof
def test_no_byte_that_reaches_one_side_depends_on_what_the_other_did(proof: Proof) -> None:
    with two_worlds() as machine:
        machine.seen.clear()
        run_state_machine_as_test(machine, settings=attack(proof.many(60, 10_000), 40))
        seen = machine.seen
    proof.says(
        "One bit",
        f"{seen['histories']} pairs of histories, {seen['replies compared']} replies and "
        f"{seen['pushes compared']} pushes alike to the byte, through {seen['matches']} matches "
        f"and {seen['told']} told decisions",
    )
