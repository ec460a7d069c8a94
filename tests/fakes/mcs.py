"""The little of Google's MCS that Chromium needs to be handed a push message: framing and fields.

MCS is protocol buffers behind a tag and a length, over TLS. A message is written and read here as
a list of (field number, value): int for a varint, Fixed64, or bytes.
"""

import asyncio
from collections.abc import Sequence
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


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def encode(message: Message) -> bytes:
    out = b""
    for field, value in message:
        if isinstance(value, Fixed64):
            out += varint(field << 3 | 1) + value.to_bytes(8, "little")
        elif isinstance(value, int):
            out += varint(field << 3 | 0) + varint(value)
        else:
            out += varint(field << 3 | 2) + varint(len(value)) + value
    return out


def decode(data: bytes) -> dict[int, Value]:
    """The last value of each field. ValueError on a wire type that Chromium does not send."""
    fields: dict[int, Value] = {}
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
            fields[key >> 3] = number()
            continue
        if kind not in (1, 2, 5):
            raise ValueError(f"wire type {kind}")
        size = {1: 8, 5: 4}.get(kind) or number()
        raw = data[at : at + size]
        at += size
        fields[key >> 3] = raw if kind == 2 else Fixed64(int.from_bytes(raw, "little"))
    return fields


def frame(tag: int, message: Message) -> bytes:
    body = encode(message)
    return bytes([tag]) + varint(len(body)) + body


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, dict[int, Value]]:
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
