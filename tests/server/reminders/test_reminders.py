"""Reminders and subscriptions as kept: a device's own, few, and never past their time."""

from typing import Any

import pytest

from ajar.reminders import store
from ajar.wire import to_base64url
from tests.fakes.push_crypto import Receiver
from tests.phone import DAY, Phone
from tests.running_server import START, RunningServer
from tests.server.expect import refused, whole
from tests.server.pairing.test_phones import add_phone
from tests.server.reminders.listening import remind
from tests.server.stores import dump, rows

FCM = "https://fcm.googleapis.com/fcm/send/"


@pytest.fixture
def server(emptied: RunningServer) -> RunningServer:
    return emptied


def kept(server: RunningServer) -> list[int]:
    return [row["at"] for row in rows(server, "SELECT at FROM reminders ORDER BY at")]


def subscription(name: str) -> dict[str, str]:
    receiver = Receiver.fresh()
    return {
        "endpoint": FCM + name,
        "p256dh": to_base64url(receiver.p256dh),
        "auth": to_base64url(receiver.auth),
    }


def endpoints(server: RunningServer) -> list[Any]:
    stored = rows(server, "SELECT side, endpoint FROM devices ORDER BY side, device_id")
    return [(row["side"], row["endpoint"]) for row in stored]


def test_a_list_replaces_the_one_before(server: RunningServer, pair: tuple[Phone, Phone]) -> None:
    alice, _ = pair
    for instants in ([START + 1, START + 2], [START + 2, START + 9], [], [START + 5]):
        remind(alice, *instants)
        assert kept(server) == instants


def test_the_same_instant_twice_is_one_reminder(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    remind(pair[0], START + 5, START + 1, START + 5)
    assert kept(server) == [START + 1, START + 5]


def test_sixteen_may_be_kept_and_no_more(server: RunningServer, pair: tuple[Phone, Phone]) -> None:
    alice, _ = pair
    sixteen = [START + DAY + hour for hour in range(16)]
    remind(alice, *sixteen)
    assert kept(server) == sixteen
    reply = alice.request("PUT", "/api/reminders", {"at": [*sixteen, START + 1]})
    assert refused(reply) == (422, "invalid")
    assert kept(server) == sixteen


def test_an_instant_that_has_passed_is_dropped_without_a_word(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    remind(alice, 0, START - 1, START, START + 1)
    assert kept(server) == [START + 1]


def test_nothing_is_kept_beyond_the_pairs_own_end(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    end = alice.closes[-1] + 14 * DAY
    remind(alice, end - 1, end, 2**40)
    assert kept(server) == [end - 1]


def test_a_reminder_under_way_is_left_as_it_is_when_sent_again(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    """The phone sends its list whenever it is opened; that must not send a reminder twice."""
    alice, _ = pair
    assert alice.request("PUT", "/api/subscription", subscription("x")).status_code == 204
    remind(alice, START + 60, START + 120)
    server.clock.move_to(START + 60)
    assert len(server.call(store.claim(server.state.database, START + 60, 10))) == 1
    under_way = rows(server, "SELECT * FROM reminders ORDER BY at")
    assert under_way[0]["fence"] != 0
    remind(alice, START + 60, START + 120)
    assert rows(server, "SELECT * FROM reminders ORDER BY at") == under_way


def test_one_that_was_sent_does_not_come_back(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    remind(alice, START + 60, START + 120)
    server.clock.move_to(START + 60)
    server.work()
    assert kept(server) == [START + 120]
    remind(alice, START + 60, START + 120)
    assert kept(server) == [START + 120]


def test_each_device_has_a_list_and_a_subscription_of_its_own(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    tablet = add_phone(alice)
    for number, phone in enumerate((alice, tablet, bob)):
        remind(phone, START + 10 + number)
        assert phone.request("PUT", "/api/subscription", subscription("same")).status_code == 204
    assert kept(server) == [START + 10, START + 11, START + 12]
    assert endpoints(server) == [("a", FCM + "same")] * 2 + [("b", FCM + "same")]
    remind(tablet)
    assert tablet.request("DELETE", "/api/subscription").status_code == 204
    assert kept(server) == [START + 10, START + 12]
    assert sorted(endpoints(server), key=str) == [
        ("a", FCM + "same"),
        ("a", None),
        ("b", FCM + "same"),
    ]
    assert bob.request("POST", "/api/leave", {"tell_partner": False}).status_code == 204
    assert kept(server) == [START + 10]


def test_a_new_subscription_replaces_the_last_and_deleting_twice_is_harmless(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    for name in ("one", "two"):
        assert alice.request("PUT", "/api/subscription", subscription(name)).status_code == 204
    assert endpoints(server) == [("a", FCM + "two"), ("b", None)]
    for _ in range(2):
        assert alice.request("DELETE", "/api/subscription").status_code == 204
        assert endpoints(server) == [("a", None), ("b", None)]


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://example.org/push/1",
        "http://fcm.googleapis.com/fcm/send/1",
        "https://fcm.googleapis.com.example.org/1",
        "https://fcm.googleapis.com@127.0.0.1/1",
        "https://127.0.0.1/x.fcm.googleapis.com",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com:22/",
        "ftp://fcm.googleapis.com/",
        "fcm.googleapis.com/fcm/send/1",
        "https://fcm.googleapis.com/\r\nHost: x",
        "javascript:alert(1)",
    ],
)
def test_a_host_that_is_no_push_service_is_refused_and_the_old_one_stays(
    server: RunningServer, pair: tuple[Phone, Phone], endpoint: str
) -> None:
    alice, _ = pair
    assert alice.request("PUT", "/api/subscription", subscription("good")).status_code == 204
    before = dump(server)
    reply = alice.request("PUT", "/api/subscription", {**subscription("bad"), "endpoint": endpoint})
    assert refused(reply) == (422, "push_service")
    assert endpoint not in reply.text
    assert dump(server) == before


def test_keys_that_nothing_can_be_encrypted_to_are_refused(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, _ = pair
    before = dump(server)
    for point in (bytes(65), b"\x04" + bytes(64), b"\x04" + b"\xff" * 64, b"\x02" + bytes(64)):
        body = {**subscription("x"), "p256dh": to_base64url(point)}
        reply = alice.request("PUT", "/api/subscription", body)
        assert refused(reply) == (422, "push_service")
    assert dump(server) == before


@pytest.mark.parametrize("end", ["both open", "decided", "last round"])
def test_after_the_end_none_is_left_and_none_is_kept(
    server: RunningServer, pair: tuple[Phone, Phone], end: str
) -> None:
    alice, bob = pair
    later = alice.closes[-1] + DAY
    for phone in pair:
        remind(phone, alice.closes[0] + 60, later)
    if end == "both open":
        alice.answer(0, "open")
        bob.answer(0, "open")
    if end == "decided":
        bob.request("POST", "/api/leave", {"tell_partner": True})
    server.close_round_at(alice.closes[-1] if end == "last round" else alice.closes[0])
    assert kept(server) == []
    assert alice.view()["ended"] == ("decided" if end == "decided" else "finished")
    remind(alice, later)
    assert kept(server) == []


def test_the_replies_are_the_same_bytes_whatever_is_kept(
    server: RunningServer, pair: tuple[Phone, Phone]
) -> None:
    alice, bob = pair
    lists: list[list[int]] = [[], [START + 60], [START - 1], [START + 60]]
    replies = [whole(alice.request("PUT", "/api/reminders", {"at": each})) for each in lists]
    bob.request("POST", "/api/leave", {"tell_partner": True})
    server.close_round_at(alice.closes[0])
    replies.append(whole(alice.request("PUT", "/api/reminders", {"at": [START + 60]})))
    assert replies == [replies[0]] * 5
