"""What a reminder looks like on its way: the same for everybody, and as the RFCs have it."""

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import webpush  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from ajar.reminders.webpush import PAYLOAD_SIZE, TTL, PushDoor, Receipt, Sent, payload
from tests.fakes.push_crypto import (
    NotAccepted,
    Receiver,
    base64url,
    check_authorization,
    from_base64url,
)
from tests.fakes.push_service import PushService
from tests.server.reminders.story import PAYLOAD, SUBJECT, SetClock, keys, play, send

LONGEST_BODY = 4096  # bytes that every push service must take (RFC 8030, section 7.2)


def test_the_payload_is_the_declarative_format_in_neutral_words() -> None:
    assert json.loads(PAYLOAD) == {
        "web_push": 8030,
        "notification": {
            "title": "Reminder",
            "body": "You asked to be reminded.",
            "navigate": "https://ajar.example.org/",
        },
    }


@settings(deadline=None)
@given(st.from_regex(r"https://[a-z]{1,60}\.example(:[0-9]{1,5})?/?", fullmatch=True))
def test_the_payload_has_one_size_for_every_server(public_url: str) -> None:
    assert len(payload(public_url)) == PAYLOAD_SIZE
    assert json.loads(payload(public_url))["notification"]["navigate"].endswith("/")


def test_a_public_url_that_does_not_fit_stops_the_start() -> None:
    with pytest.raises(ValueError, match="Shorten it"):
        payload("https://" + "a" * PAYLOAD_SIZE)


def test_any_subscription_receives_the_same_bytes_in_the_same_size() -> None:
    seen: set[tuple[int, bytes, str]] = set()

    @settings(max_examples=30, deadline=None)
    @given(st.integers(1, 2**256 - 2**225), st.binary(min_size=16, max_size=16))
    def deliver(private: int, auth: bytes) -> None:
        receiver = Receiver(ec.derive_private_key(private, ec.SECP256R1()), auth)

        async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
            subscription = service.subscribe(receiver)
            receipt = await send(door, subscription)
            assert receipt == Receipt(Sent.DONE)
            [delivery] = service.deliveries
            headers = {k: v for k, v in delivery.headers.items() if k != "Authorization"}
            headers["Host"] = "the push service's"
            seen.add((len(delivery.body), delivery.plaintext, json.dumps(headers)))

        play(story)

    deliver()
    assert len(seen) == 1
    [(size, plaintext, _)] = seen
    assert plaintext == PAYLOAD
    assert size <= LONGEST_BODY


def test_two_messages_to_one_phone_share_nothing_but_their_size() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        for _ in range(2):
            await send(door, subscription)
        first, second = (delivery.body for delivery in service.deliveries)
        assert len(first) == len(second)
        assert first[:16] != second[:16]
        assert first[21:86] != second[21:86]

    play(story)


def test_the_headers_are_those_of_a_reminder() -> None:
    async def story(service: PushService, door: PushDoor, clock: SetClock) -> None:
        subscription = service.subscribe()
        await send(door, subscription)
        headers = service.deliveries[0].headers
        assert headers["TTL"] == str(TTL) == "43200"
        assert headers["Urgency"] == "normal"
        assert headers["Topic"] == "reminder"
        assert headers["Content-Encoding"] == "aes128gcm"
        assert headers["Content-Type"] == "application/octet-stream"
        assert "Cookie" not in headers

    play(story)


RFC8291 = SimpleNamespace(
    plaintext=b"When I grow up, I want to be a watermelon",
    as_private="yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    ua_private="q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
    ua_public=(
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    ),
    auth="BTBZMqHH6r4Tts7J_aSIgg",
    salt="DGv6ra1nlYgDCS1FRnbzlw",
    body=(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    ),
)
RFC8292 = SimpleNamespace(
    header=(
        "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQ"
        "iLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFO"
        "epC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, "
        "k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
    ),
    audience="https://push.example.net",
    expires=1453523768,
    subject="mailto:push@example.com",
)


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(from_base64url(text), "big")
    return ec.derive_private_key(number, ec.SECP256R1())


def test_the_receiver_of_these_tests_reads_the_example_of_rfc_8291() -> None:
    receiver = Receiver(_private(RFC8291.ua_private), from_base64url(RFC8291.auth))
    assert base64url(receiver.p256dh) == RFC8291.ua_public
    assert receiver.decrypt(from_base64url(RFC8291.body)) == RFC8291.plaintext


def test_the_package_that_encrypts_writes_the_example_of_rfc_8291(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the example's own salt and sender key in the place of its randomness."""
    sender = _private(RFC8291.as_private)
    monkeypatch.setattr(
        webpush, "os", SimpleNamespace(urandom=lambda size: from_base64url(RFC8291.salt))
    )
    monkeypatch.setattr(
        webpush,
        "ec",
        SimpleNamespace(
            generate_private_key=lambda *_: sender,
            EllipticCurvePublicKey=ec.EllipticCurvePublicKey,
            ECDH=ec.ECDH,
            SECP256R1=ec.SECP256R1,
        ),
    )
    door = PushDoor(keys(), SUBJECT, RFC8291.plaintext, frozenset(), SetClock())
    message = door._message(
        "https://push.example.net", from_base64url(RFC8291.ua_public), from_base64url(RFC8291.auth)
    )
    assert base64url(message.encrypted) == RFC8291.body


def test_the_push_service_of_these_tests_accepts_the_example_of_rfc_8292() -> None:
    token = check_authorization(RFC8292.header, RFC8292.audience, RFC8292.expires - 60)
    assert (token.audience, token.expires, token.subject) == (
        RFC8292.audience,
        RFC8292.expires,
        RFC8292.subject,
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda e: (e.header, "https://push.example.com", e.expires - 60), "the token is for"),
        (lambda e: (e.header, e.audience, e.expires), "over"),
        (lambda e: (e.header, e.audience, e.expires - 86_401), "longer than a day"),
        (lambda e: (e.header.replace(".i3", ".i4"), e.audience, e.expires - 60), "signature"),
        (lambda e: (e.header.partition(", ")[0], e.audience, e.expires - 60), "not a vapid"),
    ],
)
def test_the_push_service_of_these_tests_refuses_a_changed_token(
    change: Callable[[SimpleNamespace], tuple[str, str, float]], reason: str
) -> None:
    with pytest.raises(NotAccepted, match=reason):
        check_authorization(*change(RFC8292))
