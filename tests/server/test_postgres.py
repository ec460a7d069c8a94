"""The same promises on PostgreSQL: a server from a wheel, started for these tests."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ajar.reminders import rules, store
from ajar.wire import to_base64url
from tests.fakes.push_crypto import Receiver
from tests.phone import Choice, Phone, new_pair
from tests.postgres import cluster, url
from tests.running_server import START, RunningServer


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


def test_due_reminders_are_claimed_by_service_and_settled_alike(server: RunningServer) -> None:
    phones = new_pair(server)
    database = server.state.database
    at = START + 60
    for phone, service in zip(phones, ("fcm.googleapis.com", "push.apple.com"), strict=True):
        body = {
            "endpoint": f"https://{service}/x",
            "p256dh": to_base64url(Receiver.fresh().p256dh),
            "auth": to_base64url(bytes(16)),
        }
        for _ in range(2):  # the second time it keeps its key
            assert phone.request("PUT", "/api/subscription", body).status_code == 204
        assert phone.request("PUT", "/api/reminders", {"at": [at, at + 1]}).status_code == 204

    def claim(
        now: int, busy: Sequence[str] = (), only: str | None = None
    ) -> list[tuple[str, str | None, int]]:
        held = server.call(store.claim(database, now, 9, busy=busy, only=only))
        claimed.extend(held)
        return [(each.subscription.service, each.subscription.push_key, each.at) for each in held]

    claimed: list[store.Claimed] = []
    key = server.state.push_keys.name
    assert claim(at, only="push.apple.com") == [("push.apple.com", key, at)]
    assert claim(at, busy=["push.apple.com", "fcm.googleapis.com"]) == []
    assert claim(at, busy=["push.apple.com"]) == [("fcm.googleapis.com", key, at)]
    apples, googles = claimed
    server.call(store.remember_push_key(database, googles, "another"))
    server.call(store.settle(database, [googles]))
    server.call(store.name_push_key(database, "nobody's"))
    server.call(store.gone(database, apples, at))
    assert claim(at + 1) == [("fcm.googleapis.com", "another", at + 1)]
    assert server.rows_in("reminders") == 1
    assert server.call(store.drop_late(database, at + 2 + rules.TOO_LATE)) == 1
    assert server.rows_in("reminders") == 0


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
