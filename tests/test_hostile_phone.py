"""No forged yes (`docs/protocol.md`, section 2.3): whatever client one of the two runs, it is given
the other's seal only if the other phone is shown *both open* too, and that only if it was open.
"""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ajar.protocol import Side
from tests.forged.hostile import HALVES, OPEN, ROUNDS, Body, Charlie, Game, Sent
from tests.proof import Proof
from tests.running_server import RunningServer

Act = tuple[str, Callable[[Game, Charlie], None]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("hostile") / "data") as running:
        yield running


def honest_answers(choice: str, ahead: int = 0) -> Act:
    def act(game: Game, _: Charlie) -> None:
        index = (game.round + ahead) % ROUNDS
        game.honest_answers(index, "open" if choice == "open" else "closed")

    return f"the honest phone answers {choice}, {ahead} ahead", act


def hostile_uploads(body: Body, ahead: int = 0, device: int = 0, meant: int = 0) -> Act:
    """For the round `ahead`, the body of the round `meant` after it."""

    def act(game: Game, _: Charlie) -> None:
        index = (game.round + ahead) % ROUNDS
        n = game.last_n[device % len(game.devices)] + 1 + device
        game.upload(device, Sent(n, {index: game.body(body, (index + meant) % ROUNDS)}))

    return f"the hostile phone uploads {body} for {ahead}, meant for {meant}, from {device}", act


def hostile_repeats(which: int, device: int) -> Act:
    """An earlier request, by whatever phone sent it then, again as it was."""

    def act(game: Game, _: Charlie) -> None:
        if game.sent:
            game.upload(device, game.sent[which % len(game.sent)])

    return f"the hostile phone {device} sends its request {which} again", act


def hostile_copies(device: int) -> Act:
    def act(game: Game, _: Charlie) -> None:
        if game.captured:
            n = game.last_n[device % len(game.devices)] + 1
            game.upload(device, Sent(n, {game.round: game.captured[-1]}))

    return "the hostile phone uploads the other's captured body", act


def hostile_floods(bodies: list[Body]) -> Act:
    def act(game: Game, _: Charlie) -> None:
        game.upload_at_once(game.round, bodies)

    return f"all phones of the hostile side upload at once: {bodies}", act


ADDS: Act = ("one more phone of the hostile side", lambda game, _: game.add_device())
LEAVES: Act = ("the hostile side leaves", lambda game, _: game.leave(tell=False))
TELLS: Act = ("the hostile side leaves and tells", lambda game, _: game.leave(tell=True))


def charlie_uploads(body: Body) -> Act:
    return f"Charlie uploads {body} in his pair", lambda _, charlie: charlie.upload(body)


halves = st.sampled_from(HALVES)
bodies = st.one_of(
    st.just(OPEN), st.tuples(st.just("the token"), halves), st.tuples(halves, halves)
)
devices = st.integers(0, 3)
mostly_now = st.sampled_from([0, 0, 0, 1, 2])
acts = st.one_of(
    st.builds(honest_answers, st.sampled_from(["open", "open", "closed"]), mostly_now),
    st.builds(hostile_uploads, bodies, mostly_now, devices, mostly_now),
    st.builds(hostile_uploads, st.tuples(st.just("the token"), halves)),
    st.builds(hostile_repeats, st.integers(0, 9), devices),
    st.builds(hostile_copies, devices),
    st.builds(hostile_floods, st.lists(bodies, min_size=1, max_size=4)),
    st.builds(charlie_uploads, bodies),
    st.sampled_from([ADDS, ADDS, LEAVES, TELLS]),
)
histories = st.lists(st.lists(acts, max_size=7), min_size=ROUNDS, max_size=ROUNDS)
YES, NO = honest_answers("open"), honest_answers("closed")
FORGED: Body = ("the token", "noise")
TRULY = hostile_uploads(OPEN)


@pytest.mark.proof
def test_whatever_client_one_side_runs_it_gets_no_yes_that_the_other_does_not(
    server: RunningServer, proof: Proof
) -> None:
    count: Counter[str] = Counter()

    @settings(
        max_examples=proof.many(25, 900),
        deadline=None,
        # A failure of the short form is told at once, one of the long form at its shortest.
        phases=list(Phase) if proof.long else [Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(side=st.sampled_from(["a", "b"]), history=histories)
    @example(side="b", history=[[YES, TRULY], [], []])
    @example(side="a", history=[[NO, TRULY], [TRULY, YES, hostile_uploads(FORGED)], [YES, TRULY]])
    @example(side="b", history=[[YES, hostile_copies(0)], [YES, hostile_repeats(0, 0)], [TRULY]])
    @example(side="a", history=[[YES, TRULY, LEAVES], [YES, TRULY], [YES]])
    @example(side="b", history=[[ADDS, ADDS, YES, hostile_floods([OPEN, FORGED])], [YES], []])
    @example(
        side="a", history=[[TRULY, YES, hostile_uploads(FORGED), hostile_repeats(0, 0)], [], []]
    )
    @example(side="a", history=[[YES, charlie_uploads(OPEN)], [YES], [charlie_uploads(FORGED)]])
    def play(side: Side, history: list[list[Act]]) -> None:
        game = Game(server, side)
        charlie = Charlie(game)
        for acts_of_a_round in history:
            for _, act in acts_of_a_round:
                act(game, charlie)
                count["acts"] += 1
            open_there = game.answered[game.round] == "open"
            matched = game.close()
            count["rounds"] += 1
            count["matches"] += matched
            count["refused beside an open answer"] += open_there and not matched
            charlie.learns_nothing()
            if game.ended:
                break
        count["runs"] += 1
        server.close_clients()
        if proof.long and count["runs"] % 100 == 0:
            print(f"hostile phones: {count['runs']} runs")  # noqa: T201

    play()
    assert count["matches"] > 0
    assert count["refused beside an open answer"] > 0
    proof.says(
        "No forged yes",
        f"{count['runs']} runs against a hostile phone, {count['acts']} acts, {count['rounds']}"
        f" closes: {count['matches']} true matches, {count['refused beside an open answer']} times"
        " nothing for what lay beside an open answer, 0 one-sided",
    )


@pytest.mark.proof
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    side=st.sampled_from(["a", "b"]),
    index=st.integers(0, ROUNDS - 1),
    before=st.lists(bodies, max_size=4),
    first=st.booleans(),
)
def test_two_who_are_open_in_the_end_always_match_whatever_one_sent_before(
    server: RunningServer, side: Side, index: int, before: list[Body], *, first: bool
) -> None:
    """The other half: what refuses everything would forge nothing either."""
    game = Game(server, side)
    charlie = Charlie(game)
    for _ in range(index):
        assert not game.close()
    acts_now = [hostile_uploads(body) for body in before] + [TRULY]
    for _, act in [YES, *acts_now] if first else [*acts_now, YES]:
        act(game, charlie)
    assert game.close()
    server.close_clients()
