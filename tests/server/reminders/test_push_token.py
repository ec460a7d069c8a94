"""The token that tells a push service who sends: one per origin, kept for hours, not for days."""

import asyncio

import pytest

from ajar.reminders.webpush import TOKEN_LIFETIME, TOKEN_RENEWED_BEFORE, PushDoor, Sent
from tests.fakes.push_crypto import Receiver, base64url
from tests.fakes.push_service import PushService
from tests.server.reminders.story import NOON, PAYLOAD, SUBJECT, SetClock, keys, play, send


def test_the_token_names_server_contact_and_the_origin_with_its_port() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        await send(door, subscription)
        token = service.deliveries[0].token
        assert token.audience == f"http://127.0.0.1:{service.port}"
        assert token.expires == NOON + TOKEN_LIFETIME
        assert token.subject == SUBJECT
        assert base64url(token.key) == keys().public_b64url

    play(story)


def test_a_token_is_kept_until_an_hour_before_its_end() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()

        async def header() -> str:
            await send(door, subscription)
            return service.deliveries[-1].headers["Authorization"]

        first = await header()
        clock.now = NOON + TOKEN_LIFETIME - TOKEN_RENEWED_BEFORE - 1
        assert await header() == first
        clock.now += 1
        second = await header()
        assert second != first
        assert service.deliveries[-1].token.expires == clock.now + TOKEN_LIFETIME
        assert service.refused == []

    play(story)


def test_a_clock_that_is_set_back_does_not_leave_a_token_of_more_than_a_day() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        for clock.now in (NOON, NOON - 20 * 3600):
            await send(door, subscription)
        assert [delivery.token.expires for delivery in service.deliveries] == [
            NOON + TOKEN_LIFETIME,
            NOON - 20 * 3600 + TOKEN_LIFETIME,
        ]

    play(story)


def test_each_origin_gets_a_token_of_its_own() -> None:
    async def main() -> None:
        clock = SetClock()
        async with PushService(clock) as one, PushService(clock) as other:
            hosts = frozenset({one.host, other.host})
            async with PushDoor(keys(), SUBJECT, PAYLOAD, hosts, clock) as door:
                for service in (one, other, one, other):
                    subscription = service.subscribe()
                    receipt = await send(door, subscription)
                    assert receipt.result is Sent.DONE
            for service in (one, other):
                assert {d.token.audience for d in service.deliveries} == {service.origin}
                assert len({d.headers["Authorization"] for d in service.deliveries}) == 1

    asyncio.run(main())


def test_tokens_do_not_pile_up_for_origins_that_somebody_makes_up() -> None:
    door = PushDoor(keys(), SUBJECT, PAYLOAD, frozenset(), SetClock())
    receiver = Receiver.fresh()
    for number in range(1_100):
        door._message(f"https://n{number}.notify.windows.com", receiver.p256dh, receiver.auth)
    assert len(door._webpush.vapid._kept) <= 1_000


@pytest.mark.parametrize("subject", ["", "host@example.org", "http://example.org", "tel:112"])
def test_a_subject_that_push_services_refuse_stops_the_start(subject: str) -> None:
    with pytest.raises(ValueError, match="mailto: or https:"):
        PushDoor(keys(), subject, PAYLOAD, frozenset(), SetClock())
