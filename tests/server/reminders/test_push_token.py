"""The token that tells a push service who sends: one per origin, kept for hours, not for days."""

import asyncio

import pytest

from ajar.reminders.push_keys import TOKEN_PERIOD
from ajar.reminders.webpush import PushDoor, Sent
from tests.fakes.push_crypto import Receiver, base64url
from tests.fakes.push_service import PushService
from tests.server.reminders.story import NOON, PAYLOAD, SUBJECT, SetClock, keys, play, send


def test_the_token_names_server_contact_and_the_origin_with_its_port() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        await send(door, subscription)
        token = service.deliveries[0].token
        assert token.audience == f"http://127.0.0.1:{service.port}"
        assert token.expires == NOON // TOKEN_PERIOD * TOKEN_PERIOD + 2 * TOKEN_PERIOD
        assert token.subject == SUBJECT
        assert base64url(token.key) == keys().public_b64url

    play(story)


def test_a_token_is_kept_for_a_period_whoever_needed_it_first() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        begins = NOON // TOKEN_PERIOD * TOKEN_PERIOD
        for clock.now in (begins, begins + TOKEN_PERIOD - 1, begins + TOKEN_PERIOD):
            await send(door, subscription)
        first, again, next_one = [each.headers["Authorization"] for each in service.deliveries]
        assert first == again != next_one
        expires = [each.token.expires for each in service.deliveries]
        assert expires == [begins + 2 * TOKEN_PERIOD] * 2 + [begins + 3 * TOKEN_PERIOD]
        assert service.refused == []

    play(story)


def test_a_clock_that_is_set_back_does_not_leave_a_token_of_more_than_a_day() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        for clock.now in (NOON, NOON - 20 * 3600):
            await send(door, subscription)
            assert 0 < service.deliveries[-1].token.expires - clock.now <= 2 * TOKEN_PERIOD
        assert service.refused == []

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
    assert len(door._signing[keys().name].vapid._kept) <= 1_000


@pytest.mark.parametrize("subject", ["", "host@example.org", "http://example.org", "tel:112"])
def test_a_subject_that_push_services_refuse_stops_the_start(subject: str) -> None:
    with pytest.raises(ValueError, match="mailto: or https:"):
        PushDoor(keys(), subject, PAYLOAD, frozenset(), SetClock())
