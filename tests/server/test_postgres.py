"""The same promises on PostgreSQL: a server from a wheel, started for these tests."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phone import Choice, Phone, new_pair
from tests.postgres import cluster, url
from tests.running_server import RunningServer


@pytest.fixture(scope="module")
def postgres() -> Iterator[Path]:
    """The directory of a running server's socket, with a database for each store."""
    with cluster("ajar", "ajar_keys") as place:
        yield place


@pytest.fixture
def server(postgres: Path, tmp_path: Path) -> Iterator[RunningServer]:
    environment = {
        "AJAR_DATABASE_URL": url(postgres, "ajar"),
        "AJAR_ANSWER_KEYS_URL": url(postgres, "ajar_keys"),
    }
    with RunningServer(tmp_path / "data", environment) as running:
        yield running


@pytest.mark.parametrize(
    ("alices", "bobs"), [("open", "open"), ("open", "closed"), ("closed", "closed"), ("open", None)]
)
def test_both_phones_learn_exactly_whether_both_were_open(
    server: RunningServer, alices: Choice, bobs: Choice | None
) -> None:
    alice, bob = new_pair(server)
    alice.answer(0, "closed")
    assert alice.answer(0, alices).status_code == 204
    if bobs:
        assert bob.answer(0, bobs).status_code == 204
    server.close_round_at(alice.closes[0])
    expected = "both open" if alices == bobs == "open" else "quiet"
    assert alice.outcome(0) == bob.outcome(0) == expected


def test_telling_reminders_and_erasure_work_alike(server: RunningServer) -> None:
    alice, bob = new_pair(server)
    body = {"at": [alice.closes[0] - 60, alice.closes[1] - 60]}
    assert bob.request("PUT", "/api/reminders", body).status_code == 204
    assert alice.request("POST", "/api/leave", {"tell_partner": True}).status_code == 204
    server.close_round_at(alice.closes[0])
    assert bob.view()["ended"] == "decided"
    server.clock.move_to(alice.closes[-1] + 14 * 24 * 3600)
    server.work()
    assert bob.request("GET", "/api/pair").status_code == 401


def test_an_upload_that_races_the_close_either_counts_whole_or_is_refused(
    server: RunningServer,
) -> None:
    """Twenty phones upload while the close runs: whoever was acknowledged counts."""
    pairs = [new_pair(server) for _ in range(20)]
    closes_at = pairs[0][0].closes[0]
    for alice, _ in pairs:
        alice.answer(0, "open")
    taken: dict[str, bool] = {}

    def upload(bob: Phone) -> None:
        taken[bob.pair_id] = bob.answer(0, "open").status_code == 204

    threads = [threading.Thread(target=upload, args=(bob,)) for _, bob in pairs]
    for thread in threads[:10]:
        thread.start()
    server.clock.move_to(closes_at)
    for thread in threads[10:]:
        thread.start()
    server.work()
    for thread in threads:
        thread.join()
    for alice, bob in pairs:
        expected = "both open" if taken[bob.pair_id] else "quiet"
        assert alice.outcome(0) == bob.outcome(0) == expected
