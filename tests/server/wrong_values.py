"""For each kind of field, every way in which its value can be wrong."""

from base64 import b64encode
from collections.abc import Iterator
from string import ascii_letters, digits
from typing import Any

from ajar.wire import to_base64url
from tests.server.catalogue import Bytes, Kind, Many, Shape, Truth, Whole, Words

ALPHABET = ascii_letters[26:] + ascii_letters[:26] + digits + "-_"
Steps = tuple[str | int, ...]


def wrong_values(kind: Kind) -> Iterator[tuple[str, Any]]:
    """What is wrong about each, and the value itself."""
    yield "null", None
    if not isinstance(kind, Shape):
        yield "an object", {}
    if not isinstance(kind, Many):
        yield "a list", []
    if not isinstance(kind, Whole):
        yield "a number", 1
    if not isinstance(kind, Words | Bytes):
        yield "a text", "1"
    if not isinstance(kind, Truth):
        yield "a truth", True
    match kind:
        case Bytes(size):
            yield from _wrong_bytes(size)
        case Whole(low, high):
            yield from {
                "one too low": low - 1,
                "one too high": high + 1,
                "a fraction": low + 0.5,
                "a whole number with a point": float(low),
                "64 bits": 2**63,
                "65 bits": 2**64,
                "a thousand digits": 10**1000,
            }.items()
        case Words(choices=()):
            yield "too long", "x" * (kind.high + 1)
            if kind.low:
                yield "too short", "x" * (kind.low - 1)
        case Words(choices):
            yield from {
                "an unknown word": "friendship",
                "capitals": choices[0].upper(),
                "a space": choices[0] + " ",
                "no word": "",
            }.items()
        case Many(low=1):
            yield "an empty list", []
        case Truth():
            yield from {"one": 1, "zero": 0, "yes": "yes"}.items()


def _wrong_bytes(size: int) -> Iterator[tuple[str, Any]]:
    right = to_base64url((b"\xfb\xef\xff" * size)[:size])
    spare = ALPHABET.index(right[-1])
    yield from {
        "none": "",
        "one byte short": to_base64url(bytes(size - 1)),
        "one byte long": to_base64url(bytes(size + 1)),
        "a character short": right[:-1],
        "a character long": right + "A",
        "padded": b64encode(bytes(size)).decode(),
        "bits beyond the last byte": right[:-1] + ALPHABET[spare | 1],
        "the standard alphabet": right.replace("-", "+").replace("_", "/"),
        "a space at its end": right + " ",
        "a line break at its end": right + "\n",
        "a letter that is none": "é" + right[1:],
        "hex": "ab" * size,
        "a list of numbers": [0] * size,
    }.items()


def wrong_places(kind: Kind, at: Steps = ()) -> Iterator[tuple[str, Steps, Any]]:
    """Every field of a body, lists entered through their first item, with each wrong value."""
    where = ".".join(map(str, at))
    if at:
        for what, value in wrong_values(kind):
            yield f"{where}: {what}", at, value
    if isinstance(kind, Shape):
        for name, field in kind.fields.items():
            for what, place, value in wrong_places(field, (*at, name)):
                if value is not None or name not in kind.optional:
                    yield what, place, value
    if isinstance(kind, Many):
        yield from wrong_places(kind.of, (*at, 0))


def replaced(body: Any, at: Steps, value: Any) -> Any:
    """A copy of `body` with `value` at that place."""
    if not at:
        return value
    first, *rest = at
    copy = body.copy()
    copy[first] = replaced(body[first], tuple(rest), value)
    return copy
