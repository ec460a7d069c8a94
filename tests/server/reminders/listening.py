"""A push service that a running server can reach, for as long as a test module lasts."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ajar.wire import to_base64url
from tests.fakes.push_service import Answer, PushService, Subscription
from tests.phone import Phone


@contextmanager
def listening(clock: Callable[[], float]) -> Iterator[PushService]:
    """The service in a thread and a loop of its own. Set its behaviour and read its deliveries
    while the server's worker is not at work.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    service = PushService(clock)
    try:
        asyncio.run_coroutine_threadsafe(service.__aenter__(), loop).result(30)
        try:
            yield service
        finally:
            asyncio.run_coroutine_threadsafe(service.__aexit__(), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


def forget(service: PushService) -> None:
    """As if nothing had come and it had never been told how to behave."""
    service.behaviour = Answer()
    service.behaviours.clear()
    service.keys_of.clear()
    service.deliveries.clear()
    service.refused.clear()
    service.refusing = 403
    service.strays.clear()


def subscribe(phone: Phone, service: PushService) -> Subscription:
    """What a phone does once its owner has allowed reminders."""
    subscription = service.subscribe()
    reply = phone.request("PUT", "/api/subscription", body_of(subscription))
    assert reply.status_code == 204, reply.text
    return subscription


def body_of(subscription: Subscription) -> dict[str, str]:
    return {
        "endpoint": subscription.endpoint,
        "p256dh": to_base64url(subscription.p256dh),
        "auth": to_base64url(subscription.auth),
    }


def remind(phone: Phone, *instants: int) -> None:
    """The phone's list of reminders is now this one."""
    reply = phone.request("PUT", "/api/reminders", {"at": list(instants)})
    assert reply.status_code == 204, reply.text
