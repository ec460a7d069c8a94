"""The door to push services, against one that checks, decrypts and misbehaves."""

import asyncio
import logging
import time
from email.utils import formatdate

import pytest

from ajar.reminders.webpush import PushDoor, Receipt, Sent
from tests.fakes.certificates import certificate_for
from tests.fakes.push_crypto import Receiver
from tests.fakes.push_service import DRIP, HANG, RESET, Answer, Behaviour, PushService, Raw
from tests.server.reminders.story import NOON, PAYLOAD, SUBJECT, SetClock, keys, play, send

ANSWERS: dict[str, tuple[Behaviour, Receipt]] = {
    "200 taken": (Answer(200), Receipt(Sent.DONE)),
    "201 created": (Answer(201, {"Location": "/message/1"}), Receipt(Sent.DONE)),
    "202 accepted": (Answer(202), Receipt(Sent.DONE)),
    "204 no content": (Answer(204), Receipt(Sent.DONE)),
    "404 not found": (Answer(404), Receipt(Sent.GONE)),
    "410 gone": (Answer(410), Receipt(Sent.GONE)),
    "410 with Retry-After": (Answer(410, {"Retry-After": "9"}), Receipt(Sent.GONE)),
    "400 bad request": (Answer(400), Receipt(Sent.REFUSED)),
    "401 unauthorized": (Answer(401), Receipt(Sent.DENIED)),
    "403 forbidden": (Answer(403), Receipt(Sent.DENIED)),
    "413 too large": (Answer(413), Receipt(Sent.REFUSED)),
    "407 proxy": (Answer(407), Receipt(Sent.REFUSED)),
    "418 teapot": (Answer(418), Receipt(Sent.REFUSED)),
    "408 timeout": (Answer(408), Receipt(Sent.LATER)),
    "429": (Answer(429), Receipt(Sent.LATER)),
    "429 in seconds": (Answer(429, {"Retry-After": "120"}), Receipt(Sent.LATER, 120.0)),
    "429 in no time": (Answer(429, {"Retry-After": "0"}), Receipt(Sent.LATER, 0.0)),
    "429 by date": (
        Answer(429, {"Retry-After": formatdate(NOON + 90, usegmt=True)}),
        Receipt(Sent.LATER, 90.0),
    ),
    "429 by a date that is over": (
        Answer(429, {"Retry-After": formatdate(NOON - 90, usegmt=True)}),
        Receipt(Sent.LATER, 0.0),
    ),
    "429 in words": (Answer(429, {"Retry-After": "soon"}), Receipt(Sent.LATER)),
    "429 below zero": (Answer(429, {"Retry-After": "-5"}), Receipt(Sent.LATER)),
    "429 with a fraction": (Answer(429, {"Retry-After": "1.5"}), Receipt(Sent.LATER)),
    "429 with a million digits": (
        Answer(429, {"Retry-After": "9" * 6_000}),
        Receipt(Sent.LATER),
    ),
    "429 by an impossible date": (
        Answer(429, {"Retry-After": "Fri, 99 Feb 99999 25:61:61 GMT"}),
        Receipt(Sent.LATER),
    ),
    "500": (Answer(500), Receipt(Sent.LATER)),
    "500 with a page": (Answer(500, body=b"x" * 3_000_000), Receipt(Sent.LATER)),
    "503 in seconds": (Answer(503, {"Retry-After": "60"}), Receipt(Sent.LATER, 60.0)),
    "reset": (RESET, Receipt(Sent.LATER)),
    "closed without a word": (Raw(b""), Receipt(Sent.LATER)),
    "cut in the head": (Raw(b"HTTP/1.1 201 Crea"), Receipt(Sent.LATER)),
    "not HTTP": (Raw(b"\x16\x03\x01\x00\x00 hello"), Receipt(Sent.LATER)),
    "a head without end": (
        Raw(b"HTTP/1.1 201 Created\r\nX: " + b"x" * 100_000),
        Receipt(Sent.LATER),
    ),
    "a status that is no number": (Raw(b"HTTP/1.1 two Created\r\n\r\n"), Receipt(Sent.LATER)),
    "two lengths": (
        Raw(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n"),
        Receipt(Sent.LATER),
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_receipt_says_what_becomes_of_the_reminder(name: str) -> None:
    behaviour, expected = ANSWERS[name]

    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        service.behaviour = behaviour
        receipt = await send(door, subscription)
        assert receipt == expected
        assert len(service.deliveries) == 1

    play(story)


@pytest.mark.parametrize("behaviour", [HANG, DRIP])
def test_a_service_that_never_ends_its_reply_is_tried_later(behaviour: str) -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        service.behaviour = behaviour
        started = time.monotonic()
        receipt = await send(door, subscription)
        assert receipt == Receipt(Sent.LATER)
        assert time.monotonic() - started < 5

    play(story, timeout=0.5)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        service.behaviour = Answer(status, {"Location": f"{service.origin}/internal"})
        receipt = await send(door, subscription)
        assert receipt == Receipt(Sent.REFUSED)
        assert service.strays == []

    play(story)


def test_a_port_where_nobody_listens_is_tried_later() -> None:
    async def main() -> None:
        async with PushService(SetClock()) as service:
            subscription = service.subscribe()
            host = service.host
        async with PushDoor(keys(), SUBJECT, PAYLOAD, frozenset({host}), SetClock()) as door:
            receipt = await send(door, subscription)
            assert receipt == Receipt(Sent.LATER)

    asyncio.run(main())


def test_a_service_whose_certificate_nobody_vouches_for_gets_nothing() -> None:
    async def main() -> None:
        certificate = certificate_for("127.0.0.1")
        async with PushService(SetClock(), certificate.server_context()) as service:
            subscription = service.subscribe()
            hosts = frozenset({service.host})
            plain = PushDoor(keys(), SUBJECT, PAYLOAD, hosts, SetClock())
            async with plain as door:
                assert await send(door, subscription) == Receipt(Sent.LATER)
            async with plain.by_way_of(None, certificate.client_context()) as door:
                assert await send(door, subscription) == Receipt(Sent.DONE)
            assert len(service.deliveries) == 1

    asyncio.run(main())


def test_an_address_that_is_no_longer_allowed_is_not_even_opened() -> None:
    async def main() -> None:
        async with (
            PushService(SetClock()) as service,
            PushDoor(keys(), SUBJECT, PAYLOAD, frozenset(), SetClock()) as door,
        ):
            subscription = service.subscribe()
            receipt = await send(door, subscription)
            assert receipt == Receipt(Sent.REFUSED)
            assert service.deliveries == []
            assert service.strays == []

    asyncio.run(main())


def test_keys_that_nothing_can_be_encrypted_to_are_refused() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        receipt = await door.send(subscription.endpoint, b"\x04" + bytes(64), subscription.auth)
        assert receipt == Receipt(Sent.REFUSED)
        assert service.deliveries == []

    play(story)


def test_sending_before_the_door_is_open_is_a_mistake_of_the_caller() -> None:
    receiver = Receiver.fresh()
    door = PushDoor(keys(), SUBJECT, PAYLOAD, frozenset(), SetClock())
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(door.send("https://fcm.googleapis.com/x", receiver.p256dh, receiver.auth))


def test_the_path_and_query_arrive_as_the_browser_gave_them() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        receiver = Receiver.fresh()
        path = "/a/../b//c/%2e%2F?token=A%2bB%3d&x=%c3%a9~!$'()*;:@"
        await door.send(service.origin + path, receiver.p256dh, receiver.auth)
        assert service.strays == [f"POST {service.origin}{path}"]

    play(story)


def test_cookies_of_a_push_service_are_not_kept() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        service.behaviour = Answer(201, {"Set-Cookie": "phone=1; Path=/"})
        for _ in range(2):
            subscription = service.subscribe()
            await send(door, subscription)
        assert "Cookie" not in service.deliveries[1].headers

    play(story)


def test_a_send_leaves_nothing_for_the_next_one_to_inherit() -> None:
    """Whatever went before, the request to one phone differs in nothing but its encryption."""

    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        phone = service.subscribe()
        other = service.subscribe()
        before: list[Behaviour] = [Answer(), Answer(410), Answer(429), Answer(302), RESET]
        for behaviour in before:
            service.behaviours[other.endpoint] = behaviour
            await send(door, other)
            receipt = await send(door, phone)
            assert receipt == Receipt(Sent.DONE)
        to_phone = [d for d in service.deliveries if d.endpoint == phone.endpoint]
        assert len(to_phone) == len(before)
        assert len({(tuple(d.headers.items()), d.plaintext, len(d.body)) for d in to_phone}) == 1

    play(story)


def test_many_reminders_share_few_connections() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscriptions = [service.subscribe() for _ in range(20)]
        for subscription in subscriptions:
            await send(door, subscription)
        assert len({delivery.peer for delivery in service.deliveries}) == 1

    play(story)


def test_a_hanging_service_does_not_delay_another() -> None:
    async def main() -> None:
        clock = SetClock()
        async with PushService(clock) as slow, PushService(clock) as quick:
            slow.behaviour = HANG
            hosts = frozenset({slow.host, quick.host})
            async with PushDoor(keys(), SUBJECT, PAYLOAD, hosts, clock) as door:
                stuck = [
                    asyncio.create_task(send(door, s))
                    for s in (slow.subscribe() for _ in range(150))
                ]
                for _ in range(5):
                    s = quick.subscribe()
                    async with asyncio.timeout(5):
                        assert (await send(door, s)).result is Sent.DONE
                assert not any(task.done() for task in stuck)
                for task in stuck:
                    task.cancel()
                await asyncio.gather(*stuck, return_exceptions=True)

    asyncio.run(main())


def test_a_cancelled_send_leaves_the_door_usable() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        service.behaviour = HANG
        task = asyncio.create_task(send(door, subscription))
        async with service.arrived:
            await service.arrived.wait_for(lambda: len(service.deliveries) == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        service.behaviour = Answer()
        receipt = await send(door, subscription)
        assert receipt == Receipt(Sent.DONE)

    play(story)


def test_nothing_about_a_send_is_logged_or_printed(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        for behaviour in (Answer(), Answer(403, body=b"why"), RESET, Raw(b"?")):
            service.behaviour = behaviour
            subscription = service.subscribe()
            with caplog.at_level(logging.DEBUG):
                await send(door, subscription)

    play(story)
    told = caplog.text + "".join(capfd.readouterr())
    assert "/push/" not in told
    assert "vapid" not in told
