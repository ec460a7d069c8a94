"""Where a push service's name leads: only to the Internet at large, and to the very address that
was looked at. The names stay the real ones here; what they are resolved to is the trick.
"""

import asyncio
import socket
from collections.abc import Sequence

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from ajar.reminders.push_hosts import address_is_public
from ajar.reminders.webpush import PushDoor, Receipt, Sent
from tests.fakes.certificates import certificate_for
from tests.fakes.push_crypto import Receiver
from tests.server.reminders.story import PAYLOAD, SUBJECT, SetClock, keys
from tests.server.reminders.test_push_hosts import HOSTILE

NAME = "web.push.apple.com"
ENDPOINT = f"https://{NAME}/x"

NOT_PUBLIC = {
    "this host": "0.0.0.0",  # noqa: S104
    "this network": "0.1.2.3",
    "private, ten": "10.1.2.3",
    "carrier-grade NAT": "100.64.0.1",
    "carrier-grade NAT, its last": "100.127.255.255",
    "loopback": "127.0.0.1",
    "loopback, another": "127.8.8.8",
    "metadata": "169.254.169.254",
    "private, 172.16": "172.16.0.1",
    "private, 172.31": "172.31.255.255",
    "protocol assignments": "192.0.0.8",
    "documentation": "192.0.2.1",
    "6to4 relay": "192.88.99.1",
    "private, 192.168": "192.168.1.1",
    "benchmarks": "198.18.0.1",
    "documentation, two": "198.51.100.1",
    "documentation, three": "203.0.113.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "unspecified in IPv6": "::",
    "loopback in IPv6": "::1",
    "mapped private": "::ffff:10.0.0.1",
    "mapped loopback in hexadecimal": "::ffff:7f00:1",
    "mapped metadata": "::ffff:169.254.169.254",
    "compatible loopback": "::127.0.0.1",
    "translated private": "64:ff9b::10.0.0.1",
    "translated metadata": "64:ff9b::a9fe:a9fe",
    "translated locally": "64:ff9b:1::8.8.8.8",
    "6to4 private": "2002:a00:1::1",
    "6to4 of a public one": "2002:808:808::1",
    "Teredo": "2001:0:a00:1::1",
    "discard": "100::1",
    "documentation in IPv6": "2001:db8::1",
    "documentation in IPv6, two": "3fff::1",
    "unique local": "fc00::1",
    "unique local, metadata": "fd00:ec2::254",
    "link-local": "fe80::1",
    "link-local with a zone": "fe80::1%eth0",
    "public with a zone": "2620:149:208::1%1",
    "site-local": "fec0::1",
    "multicast in IPv6": "ff02::1",
    "no address": "localhost",
    "decimal": "2130706433",
    "octal": "0177.0.0.1",
    "shortened": "127.1",
    "empty": "",
}
PUBLIC = ["17.188.143.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2620:149:208:430c::f"]
PUBLIC += ["2a00:1450:4001:80b::200a", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2001:4860::8888"]


class Names(AbstractResolver):
    """Resolves whatever it is asked to the addresses it was given, in turn; counts."""

    def __init__(self, *answers: Sequence[str], port: int = 443) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(host)
        return [
            ResolveResult(
                hostname=host, host=address, port=self.port, family=family, proto=0, flags=0
            )
            for address in answer
        ]

    async def close(self) -> None:
        pass


class Listener:
    """A socket of this machine that counts who connects, and never speaks."""

    def __init__(self) -> None:
        self.connected = 0

    async def __aenter__(self) -> "Listener":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    def _connected(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected += 1
        writer.close()


def send(
    names: Names,
    endpoint: str = ENDPOINT,
    *,
    times: int = 1,
    further: frozenset[str] = frozenset(),
    timeout: float = 15.0,
) -> list[Receipt]:
    async def main() -> list[Receipt]:
        receiver = Receiver.fresh()
        door = PushDoor(keys(), SUBJECT, PAYLOAD, further, SetClock(), timeout=timeout)
        async with door.by_way_of(names, certificate_for(NAME).client_context()):
            return [await door.send(endpoint, receiver.p256dh, receiver.auth) for _ in range(times)]

    return asyncio.run(main())


@pytest.mark.parametrize("trick", NOT_PUBLIC)
def test_an_address_that_is_nobodys_on_the_internet_is_not_public(trick: str) -> None:
    assert not address_is_public(NOT_PUBLIC[trick])


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert address_is_public(address)


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(address: object) -> None:
    """The standard library's own list, which is another's reading of the registries."""
    found = str(address)
    if getattr(address, "is_private", False) or getattr(address, "is_multicast", False):
        assert not address_is_public(found)


@pytest.mark.parametrize("trick", NOT_PUBLIC)
def test_a_service_whose_name_leads_there_gets_nothing_and_is_not_asked_again(trick: str) -> None:
    names = Names([NOT_PUBLIC[trick]])
    assert send(names) == [Receipt(Sent.REFUSED)]
    assert names.asked == [NAME]


@pytest.mark.parametrize("at", range(3))
def test_one_bad_address_among_good_ones_spoils_them_all(at: int) -> None:
    answer = ["17.188.143.34", "2620:149:208:430c::f"]
    answer.insert(at, "127.0.0.1")
    assert send(Names(answer)) == [Receipt(Sent.REFUSED)]


def test_no_connection_is_opened_to_a_private_address_that_listens() -> None:
    async def main() -> None:
        async with Listener() as listener:
            names = Names(["127.0.0.1"], port=listener.port)
            door = PushDoor(keys(), SUBJECT, PAYLOAD, frozenset(), SetClock())
            receiver = Receiver.fresh()
            async with door.by_way_of(names, certificate_for(NAME).client_context()):
                receipt = await door.send(ENDPOINT, receiver.p256dh, receiver.auth)
            assert receipt == Receipt(Sent.REFUSED)
            assert listener.connected == 0

    asyncio.run(main())


def test_the_address_connected_to_is_the_one_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that answers well once and badly ever after (rebinding) gains nothing: every address
    that a socket is told to connect to was seen, and there is no second look-up between.
    """
    reached: list[str] = []

    async def connect(_: object, __: socket.socket, address: tuple[str, int]) -> None:
        reached.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", connect)
    names = Names(["17.188.143.34"], ["127.0.0.1"])
    first, second = send(names, times=2)
    assert first == Receipt(Sent.LATER)
    assert second in (Receipt(Sent.LATER), Receipt(Sent.REFUSED))
    assert set(reached) == {"17.188.143.34"}


def test_the_operators_own_host_may_be_at_home() -> None:
    async def main() -> None:
        async with Listener() as listener:
            names = Names(["127.0.0.1"], port=listener.port)
            further = frozenset({"push.example.org"})
            door = PushDoor(keys(), SUBJECT, PAYLOAD, further, SetClock())
            receiver = Receiver.fresh()
            async with door.by_way_of(names, certificate_for(NAME).client_context()):
                for host in ("push.example.org", NAME):
                    receipt = await door.send(f"https://{host}/x", receiver.p256dh, receiver.auth)
                    listed = host != NAME
                    assert receipt.result is (Sent.LATER if listed else Sent.REFUSED)
            assert listener.connected > 0

    asyncio.run(main())


def test_a_name_that_leads_nowhere_is_tried_later() -> None:
    assert send(Names([])) == [Receipt(Sent.LATER)]


def test_the_systems_own_resolver_is_looked_at_in_the_same_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As with a hosts file that leads a real service's name to this machine."""

    def by_hosts_file(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", by_hosts_file)

    async def main() -> Receipt:
        receiver = Receiver.fresh()
        async with PushDoor(keys(), SUBJECT, PAYLOAD, frozenset(), SetClock()) as door:
            return await door.send(ENDPOINT, receiver.p256dh, receiver.auth)

    assert asyncio.run(main()) == Receipt(Sent.REFUSED)


@pytest.mark.parametrize("trick", HOSTILE)
def test_a_hostile_endpoint_is_refused_before_any_name_is_asked_for(trick: str) -> None:
    names = Names(["17.188.143.34"])
    assert send(names, HOSTILE[trick], further=frozenset({"push.example.org"})) == [
        Receipt(Sent.REFUSED)
    ]
    assert names.asked == []
