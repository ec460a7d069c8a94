"""The little of Google's MCS that Chromium needs to be handed a push message.

MCS is protocol buffers behind a tag and a length, over TLS. A message is written here as a list
of (field number, value): int for a varint, Fixed64, or bytes. A `Device` is one browser's end.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

VERSION: Final = 41
HEARTBEAT_PING: Final = 0
HEARTBEAT_ACK: Final = 1
LOGIN_REQUEST: Final = 2
LOGIN_RESPONSE: Final = 3
DATA_MESSAGE: Final = 8


class Fixed64(int):
    """An integer that is written in eight bytes."""


Value = int | Fixed64 | bytes
Message = Sequence[tuple[int, Value]]
Fields = dict[int, list[Value]]


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def encode(message: Message) -> bytes:
    out = b""
    for number, value in message:
        if isinstance(value, Fixed64):
            out += varint(number << 3 | 1) + value.to_bytes(8, "little")
        elif isinstance(value, int):
            out += varint(number << 3 | 0) + varint(value)
        else:
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def decode(data: bytes) -> Fields:
    """Every value of each field. ValueError on a wire type that Chromium does not send."""
    fields: Fields = {}
    at = 0

    def number() -> int:
        nonlocal at
        result = shift = 0
        while True:
            byte = data[at]
            at += 1
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    while at < len(data):
        key = number()
        kind = key & 7
        if kind == 0:
            fields.setdefault(key >> 3, []).append(number())
            continue
        if kind not in (1, 2, 5):
            raise ValueError(f"wire type {kind}")
        size = {1: 8, 5: 4}.get(kind) or number()
        raw = data[at : at + size]
        at += size
        value = raw if kind == 2 else Fixed64(int.from_bytes(raw, "little"))
        fields.setdefault(key >> 3, []).append(value)
    return fields


def frame(tag: int, message: Message) -> bytes:
    body = encode(message)
    return bytes([tag]) + varint(len(body)) + body


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, Fields]:
    """The next tag and message. IncompleteReadError when the other end has gone."""
    tag = (await reader.readexactly(1))[0]
    size = shift = 0
    while True:
        byte = (await reader.readexactly(1))[0]
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return tag, decode(await reader.readexactly(size))


def number_of(value: Value) -> int:
    """Chromium writes its ids as numbers in one message and as digits in another."""
    return value if isinstance(value, int) else int(value.decode())


@dataclass(eq=False)
class Device:
    """A browser's profile that has checked in, and its open connection if there is one.

    `messages` by their persistent id, as frames: those it has not said to have received.
    """

    android_id: int
    security_token: int
    connection: asyncio.StreamWriter | None = None
    messages: dict[bytes, bytes] = field(default_factory=dict)

    def log_in(self, said: Fields, connection: asyncio.StreamWriter, now: int) -> None:
        """Answers a LoginRequest and sends what is waiting; `now` in ms. ConnectionError if the
        request is not by this device."""
        if number_of(said[5][0]) != self.security_token:
            raise ConnectionError("a browser logs in with a token that is not its own")
        reply = frame(LOGIN_RESPONSE, [(1, b"chromium"), (8, now)])
        connection.write(bytes([VERSION]) + reply)
        self.connection = connection
        received = {value for value in said.get(10, []) if isinstance(value, bytes)}
        for persistent_id in received & self.messages.keys():
            del self.messages[persistent_id]
        for message in self.messages.values():
            connection.write(message)

    def deliver(self, app: str, subtype: str, sender: str, body: bytes, ttl: int, now: int) -> None:
        """Hands over an encrypted push message, now or when the browser has connected."""

        def told(key: bytes, value: bytes) -> tuple[int, bytes]:
            return (7, encode([(1, key), (2, value)]))

        persistent_id = secrets.token_hex(6).encode()
        message: Message = [
            (2, secrets.token_hex(6).encode()),  # id
            (3, sender.encode()),  # from
            (5, app.encode()),  # category
            told(b"content-encoding", b"aes128gcm"),
            told(b"subtype", subtype.encode()),
            (9, persistent_id),
            (17, ttl),
            (18, now),  # sent
            (21, body),  # raw_data
        ]
        self.messages[persistent_id] = frame(DATA_MESSAGE, message)
        if self.connection is not None:
            self.connection.write(self.messages[persistent_id])

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.transport.abort()
            self.connection = None
