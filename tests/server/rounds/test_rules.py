"""The rounds' rules, apart from everything else."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from ajar.protocol import Side, decoy
from ajar.rounds.rules import RoundState, may_answer, order, seals

numbers = st.integers(1, 2**53 - 1)
sides = st.sampled_from(get_args(Side))
rounds = st.lists(st.integers(0, 11), unique=True)
states = st.builds(
    RoundState,
    closed=st.booleans(),
    lost=st.booleans(),
    handed=st.none() | st.binary(min_size=32, max_size=32),
)


@given(n=numbers, last=numbers)
def test_of_two_different_uploads_only_the_later_is_new(n: int, last: int) -> None:
    assert order(n, n) == "repeated"
    assert order(n, 0) == "new"
    if n != last:
        assert {order(n, last), order(last, n)} == {"new", "late"}
        assert order(max(n, last), min(n, last)) == "new"


@given(asked=rounds, still_open=rounds)
def test_an_upload_may_be_kept_only_if_each_of_its_rounds_is_open(
    asked: list[int], still_open: list[int]
) -> None:
    assert may_answer(asked, still_open) == all(index in still_open for index in asked)


@given(
    held=st.dictionaries(st.integers(0, 11), states),
    count=st.integers(1, 12),
    key=st.binary(min_size=32, max_size=32),
    pair_id=st.binary(min_size=16, max_size=16),
    side=sides,
)
def test_every_closed_round_shows_32_bytes_and_no_other_round_any(
    held: dict[int, RoundState], count: int, key: bytes, pair_id: bytes, side: Side
) -> None:
    shown = seals(held, count, key, pair_id, side)
    assert len(shown) == count
    for index, seal in enumerate(shown):
        state = held.get(index)
        if state is None or not state.closed:
            assert seal is None
        elif state.handed is not None:
            assert seal == state.handed
        else:
            assert seal == decoy(key, pair_id, side, index)


@given(key=st.binary(min_size=32, max_size=32), pair_id=st.binary(min_size=16, max_size=16))
def test_no_two_decoys_of_a_pair_are_alike(key: bytes, pair_id: bytes) -> None:
    closed = {index: RoundState(closed=True, lost=False, handed=None) for index in range(12)}
    shown = [seal for side in get_args(Side) for seal in seals(closed, 12, key, pair_id, side)]
    assert len(set(shown)) == 24
