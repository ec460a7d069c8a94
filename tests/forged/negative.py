"""What must not work: the vectors of `tests/vectors/negative.json`, each with one thing wrong.

Made by the formulas of `tests/protocol.py` and by `cryptography` alone, never by the code that they
try. `python -m tests.forged.negative` writes the file; `test_negative_vectors.py` and the app's
`negative.proof.test.ts` read it. Each scenario has a valid twin, so that refusing everything fails.
"""

import json
from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256, shake_256
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ajar.protocol import Side, hkdf, hmac_sha256, label, other_side, u32
from tests.protocol import RoundKeys, join_secret_of, pair_id_of, schedule_of

FILE: Final = Path(__file__).parents[1] / "vectors" / "negative.json"
SIDES: Final[tuple[Side, Side]] = ("a", "b")
ROUND: Final = 2
Case = dict[str, Any]


def chance(name: str, size: int = 32) -> bytes:
    """Bytes that are noise to everybody, and the same every time."""
    return shake_256(f"ajar/1 negative {name}".encode()).digest(size)


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


LINK: Final = chance("link", 16)
OTHER_LINK: Final = chance("another pair's link", 16)
CLOSES: Final = [1_797_000_000 + index * 604_800 for index in range(5)]
KEYS: Final = RoundKeys.of(LINK, CLOSES, ROUND)
NEXT: Final = RoundKeys.of(LINK, CLOSES, ROUND + 1)
BEFORE: Final = RoundKeys.of(LINK, CLOSES, ROUND - 1)
STRANGE: Final = RoundKeys.of(OTHER_LINK, CLOSES, ROUND)
ALTERED: Final = RoundKeys.of(LINK, [*CLOSES[:-1], CLOSES[-1] + 1], ROUND)
SHORTER: Final = RoundKeys.of(LINK, CLOSES[:-1], ROUND)
TURNED: Final = RoundKeys.of(LINK, CLOSES[::-1], ROUND)


def case(kind: str, scenario: str, result: str, why: str, **given: Any) -> Case:
    plain = {name: x.hex() if isinstance(x, bytes) else x for name, x in given.items()}
    return {"kind": kind, "scenario": scenario, "result": result, "why": why, **plain}


def texts() -> list[Case]:
    data = b"\xfb\xef\xff" * 10 + b"\xfb\xff"  # every kind of character, and stray bits at the end
    right = base64url(data)
    wrong = {
        "padded": (right + "=", "a second spelling of the same bytes"),
        "standard alphabet": (b64encode(data).decode().rstrip("="), "+ and / are not of base64url"),
        "standard alphabet, padded": (b64encode(data).decode(), "another encoding"),
        "stray bits": (right[:-1] + chr(ord(right[-1]) + 1), "bits beyond the last byte are set"),
        "a byte short": (base64url(data[:-1]), "31 bytes"),
        "a byte long": (base64url(data + b"\0"), "33 bytes"),
        "a character short": (right[:-1], "ends within a byte"),
        "a character long": (right + "A", "43 characters and one that makes no byte"),
        "a line break behind": (right + "\n", "a `$` in a pattern would let it pass"),
        "a space before": (" " + right, "white space is no part of it"),
        "a character of another script": ("А" + right[1:], "a Cyrillic A is not an A"),
        "full-width digits": (right[:-1] + "４", "digits, but not those of the alphabet"),
        "hex": (data.hex(), "the vectors' own writing"),
        "empty": ("", "no bytes"),
        "a zero byte inside": (right[:8] + "\0" + right[9:], "cut there by C, not by us"),
    }
    made = [case("text", "canonical", "valid", "the one spelling", text=right, bytes=data)]
    made += [case("text", name, "refused", why, text=text) for name, (text, why) in wrong.items()]
    return [each | {"size": 32} for each in made]


def seals() -> list[Case]:
    made = []
    for side in SIDES:
        other = other_side(side)
        theirs, own = KEYS.seal(other), KEYS.seal(side)
        unsided = hmac_sha256(KEYS.key, label("seal", u32(ROUND)))
        unnumbered = hmac_sha256(KEYS.key, label("seal", other.encode()))
        numbered = hmac_sha256(KEYS.key, label("seal", other.encode(), u32(ROUND + 1)))
        unlabelled = hmac_sha256(KEYS.key, other.encode() + u32(ROUND))
        wrong: dict[str, tuple[bytes, str]] = {
            "wrong side": (own, "its own seal, reflected"),
            "round before": (BEFORE.seal(other), "a replay of the last round's"),
            "round after": (NEXT.seal(other), "a later round's"),
            "wrong number": (numbered, "this round's key, another round's number"),
            "no number": (unnumbered, "the number left out"),
            "no side": (unsided, "the side left out: both would have the same"),
            "no domain": (unlabelled, "no label before it"),
            "another pair": (STRANGE.seal(other), "the same schedule, another link"),
            "altered schedule": (ALTERED.seal(other), "the last close a second later"),
            "schedule a round shorter": (SHORTER.seal(other), "the last close left out"),
            "schedule turned round": (TURNED.seal(other), "the same closes in another order"),
            "chain key for round key": (
                hmac_sha256(KEYS.chain, label("seal", other.encode(), u32(ROUND))),
                "a key of one purpose used for another",
            ),
            "truncated": (theirs[:31], "31 bytes of the true one"),
            "empty": (b"", "equal as far as it goes"),
            "trailing byte": (theirs + b"\0", "the true one and a byte"),
            "leading byte": (b"\0" + theirs, "a byte and the true one"),
            "trailing byte, cut to length": ((theirs + b"\0")[1:], "32 bytes, one off"),
            "twice": (theirs * 2, "the true one, twice"),
            "first bit turned": (bytes([theirs[0] ^ 128]) + theirs[1:], "one bit"),
            "last bit turned": (theirs[:-1] + bytes([theirs[-1] ^ 1]), "one bit"),
            "reversed": (theirs[::-1], "the other byte order"),
            "token": (KEYS.token, "what both sides send, and so no proof of either"),
            "zeros": (bytes(32), "what an empty row would be"),
            "decoy": (chance("decoy"), "noise"),
            "sum of both seals": (
                bytes(one ^ two for one, two in zip(own, theirs, strict=True)),
                "made of true seals",
            ),
        }
        made.append(case("seal", f"true, to {side}", "both open", "the seal", seal=theirs))
        made += [
            case("seal", f"{name}, to {side}", "quiet", why, seal=seal)
            for name, (seal, why) in wrong.items()
        ]
        for each in made[-len(wrong) - 1 :]:
            each |= {"side": side, "link": LINK.hex(), "closes": CLOSES, "round": ROUND}
    return made


def answers() -> list[Case]:
    """One side forges; the other is honest and open, and must be shown nothing."""
    made = [
        case("answers", "both open", "valid", "both bodies true", forger="a",
             a=KEYS.open_answer("a"), b=KEYS.open_answer("b"))
    ]  # fmt: skip
    for forger in SIDES:
        honest = other_side(forger)
        own, theirs, token = KEYS.seal(forger), KEYS.seal(honest), KEYS.token
        a, b, number = KEYS.seal_a, KEYS.seal_b, u32(ROUND)
        own_twice = sha256(label("open", own, own, number)).digest()
        wrong: dict[str, tuple[bytes, str]] = {
            "closed": (KEYS.closed_answer(chance("side key")), "what an honest no is"),
            "token and noise": (token + chance("noise"), "a right token alone"),
            "token and nothing": (token + bytes(32), "a right token alone"),
            "token and the other's seal": (token + theirs, "the other's answer, copied"),
            "token twice": (token * 2, "the token for a seal"),
            "seal before token": (own + token, "the halves swapped"),
            "own seal twice": (own * 2, "no token"),
            "noise and seal": (chance("noise") + own, "a right seal alone"),
            "token of seals swapped": (
                sha256(label("open", b, a, number)).digest() + own,
                "b before a",
            ),
            "token of own seal twice": (own_twice + own, "made without the other's seal"),
            "token without label": (
                sha256(a + b + number).digest() + own,
                "no domain, no lengths",
            ),
            "token without number": (sha256(label("open", a, b)).digest() + own, "no round"),
            "token of another number": (
                sha256(label("open", a, b, u32(ROUND + 1))).digest() + own,
                "this round's seals under the next number",
            ),
            "token of another round": (NEXT.token + own, "the next round's token"),
            "answer of another round": (NEXT.open_answer(forger), "early, or replayed"),
            "answer of the round before": (BEFORE.open_answer(forger), "replayed"),
            "answer of another pair": (STRANGE.open_answer(forger), "another link"),
            "answer of an altered schedule": (ALTERED.open_answer(forger), "a second off"),
            "seal of another schedule": (token + ALTERED.seal(forger), "a second off"),
            "seal with a bit turned": (token + own[:-1] + bytes([own[-1] ^ 1]), "one bit"),
            "token with a bit turned": (bytes([token[0] ^ 1]) + token[1:] + own, "one bit"),
        }
        for name, (body, why) in wrong.items():
            bodies = {forger: body, honest: KEYS.open_answer(honest)}
            made.append(
                case("answers", f"{name}, from {forger}", "no match", why, forger=forger, **bodies)
            )
    keys = {"link": LINK.hex(), "closes": CLOSES, "round": ROUND}
    return [each | keys | {"answer_key": chance("answer key").hex()} for each in made]


def row(
    side: Side,
    *,
    key: bytes | None = None,
    bound: bytes | None = None,
    tagged: bytes | None = None,
    seal: bytes | None = None,
    token: bytes = KEYS.token,
    tag: bytes | None = None,
) -> dict[str, str]:
    """A stored answer by `docs/protocol.md`, section 4, but for what is given."""
    key = key or chance("answer key")
    pair_id = pair_id_of(LINK)
    nonce = chance(f"nonce {side}", 12)
    tagged = tagged if tagged is not None else label("tag", pair_id, u32(ROUND), token)
    bound = bound if bound is not None else pair_id + side.encode() + u32(ROUND)
    box = AESGCM(hkdf(key, b"", label("box key"))).encrypt(nonce, seal or KEYS.seal(side), bound)
    tag = tag if tag is not None else hmac_sha256(hkdf(key, b"", label("tag key")), tagged)
    return {"tag": tag.hex(), "nonce": nonce.hex(), "box": box.hex()}


def stored() -> list[Case]:
    pair_id, other_id, number = pair_id_of(LINK), pair_id_of(OTHER_LINK), u32(ROUND)
    fresh, token = chance("another answer key"), KEYS.token
    made = [case("stored", "as written", "valid", "both rows true", a=row("a"), b=row("b"))]
    both: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
        "tags under another key": (
            row("a", tag=bytes.fromhex(row("a", key=fresh)["tag"])),
            row("b", tag=bytes.fromhex(row("b", key=fresh)["tag"])),
            "equal to one another, not to the token's",
        ),
        "both under a lost key": (row("a", key=fresh), row("b", key=fresh), "the key was lost"),
        "tags without the round": (
            row("a", tagged=label("tag", pair_id, token)),
            row("b", tagged=label("tag", pair_id, token)),
            "equal, and the same in every round",
        ),
        "tags of another round": (
            row("a", tagged=label("tag", pair_id, u32(ROUND + 1), token)),
            row("b", tagged=label("tag", pair_id, u32(ROUND + 1), token)),
            "moved from the next round",
        ),
        "tags of another pair": (
            row("a", tagged=label("tag", other_id, number, token)),
            row("b", tagged=label("tag", other_id, number, token)),
            "moved from another pair",
        ),
        "tags without a label": (
            row("a", tagged=pair_id + number + token),
            row("b", tagged=pair_id + number + token),
            "no domain",
        ),
        "tags of another token": (
            row("a", token=NEXT.token),
            row("b", token=NEXT.token),
            "the seals of this round, the token of the next",
        ),
        "rows swapped": (row("b"), row("a"), "each in the other's place"),
        "empty tags": (row("a", tag=b""), row("b", tag=b""), "equal, and nothing"),
    }
    for side in SIDES:
        other = other_side(side)
        one: dict[str, tuple[dict[str, str], str]] = {
            "box bound to the other side": (
                row(side, bound=pair_id + other.encode() + number),
                "the right seal, written for the other side",
            ),
            "box bound to no side": (row(side, bound=pair_id + number), "the side left out"),
            "box bound to another round": (
                row(side, bound=pair_id + side.encode() + u32(ROUND + 1)),
                "moved from the next round",
            ),
            "box bound to another pair": (
                row(side, bound=other_id + side.encode() + number),
                "moved from another pair",
            ),
            "box bound to nothing": (row(side, bound=b""), "no associated data"),
            "box under another key": (
                row(side, key=fresh) | {"tag": row(side)["tag"]},
                "the answer key of another instant",
            ),
            "box with the other's seal": (row(side, seal=KEYS.seal(other)), "the wrong content"),
            "box with a seal of 31 bytes": (row(side, seal=KEYS.seal(side)[:31]), "truncated"),
            "box with a trailing byte": (row(side, seal=KEYS.seal(side) + b"\0"), "33 bytes"),
            "box cut": (row(side) | {"box": row(side)["box"][:-2]}, "its last byte gone"),
            "box with a bit turned": (
                row(side)
                | {"box": f"{int(row(side)['box'][:2], 16) ^ 1:02x}" + row(side)["box"][2:]},
                "one bit",
            ),
            "nonce of the other's box": (row(side) | {"nonce": row(other)["nonce"]}, "swapped"),
            "tag of another key": (
                row(side) | {"tag": row(side, key=fresh)["tag"]},
                "the tags differ",
            ),
            "tag with a bit turned": (
                row(side)
                | {"tag": f"{int(row(side)['tag'][:2], 16) ^ 1:02x}" + row(side)["tag"][2:]},
                "the tags differ",
            ),
        }
        for name, (wrong, why) in one.items():
            rows = {side: wrong, other: row(other)}
            made.append(case("stored", f"{name}, of {side}", "no match", why, **rows))
    for name, (a, b, why) in both.items():
        made.append(case("stored", name, "no match", why, a=a, b=b))
    given = {"answer_key": chance("answer key").hex(), "pair_id": pair_id.hex(), "round": ROUND}
    seals_ = {"seal_a": KEYS.seal_a.hex(), "seal_b": KEYS.seal_b.hex()}
    return [each | given | (seals_ if each["result"] == "valid" else {}) for each in made]


def offers() -> list[Case]:
    def offer(side: bytes = b"a", number: bytes = u32(ROUND), tail: bytes = b"") -> bytes:
        keys = KEYS.chain + chance("side key") + schedule_of(CLOSES)
        return pair_id_of(LINK) + join_secret_of(LINK) + side + number + keys + tail

    right = base64url(offer())
    wrong = {
        "side c": (base64url(offer(b"c")), "there are two sides"),
        "side A": (base64url(offer(b"A")), "sides are small letters"),
        "side 0": (base64url(offer(b"\0")), "no letter"),
        "round 12": (base64url(offer(number=u32(12))), "a run has at most twelve, from 0"),
        "round -1": (base64url(offer(number=b"\xff" * 4)), "u32, far beyond"),
        "little-endian round": (base64url(offer(number=u32(ROUND)[::-1])), "2 read as 33554432"),
        "a byte short": (base64url(offer()[:-1]), "the schedule is cut"),
        "a byte long": (base64url(offer(tail=b"\0")), "something behind the schedule"),
        "no side": (base64url(offer(b"")), "everything a byte early"),
        "round of 8 bytes": (base64url(offer(number=bytes(8))), "u64 in place of u32"),
        "padded": (right + "=" * (-len(right) % 4), "a second spelling"),
        "standard alphabet": (b64encode(offer()).decode().rstrip("="), "+ and / for - and _"),
        "stray bits": (right[:-1] + chr(ord(right[-1]) + 1), "bits beyond the last byte"),
        "an invitation": (base64url(LINK), "16 bytes"),
        "with its fragment": ("#phone=" + right, "the name is not part of it"),
        "a line break behind": (right + "\n", "white space"),
        "empty": ("", "nothing"),
    }
    made = [case("offer", "right", "valid", "as encodeOffer makes it", text=right, side="a",
                 round=ROUND, chain=KEYS.chain)]  # fmt: skip
    made.append(case("offer", "last round of a longest run", "valid", "round 11, side b", side="b",
                     text=base64url(offer(b"b", u32(11))), round=11, chain=KEYS.chain))  # fmt: skip
    return made + [case("offer", name, "refused", why, text=t) for name, (t, why) in wrong.items()]


def invitations() -> list[Case]:
    code = base64url(LINK)
    stray = code[:-1] + chr(ord(code[-1]) + 1)
    url = "https://ajar.example/#join="
    right = {"a link": url + code, "the bare code": code, "in a message": f"Hello: {url}{code}, x"}
    wrong = {
        "a byte short": (url + base64url(LINK[:-1]), "15 bytes"),
        "a byte long": (url + base64url(LINK + b"\0"), "17 bytes"),
        "a character short": (url + code[:-1], "21 characters"),
        "a character long": (url + code + "A", "23 characters"),
        "stray bits": (url + stray, "bits beyond the last byte"),
        "stray bits, bare": (stray, "bits beyond the last byte"),
        "padded, bare": (code + "==", "a second spelling"),
        "standard alphabet": (url + "+/" + code[2:], "+ and / for - and _"),
        "a phone's offer": ("https://ajar.example/#phone=" + code, "another name"),
        "in the query": ("https://ajar.example/?join=" + code, "would have reached the server"),
        "hex": (url + LINK.hex(), "32 characters"),
        "a space inside": (url + code[:11] + " " + code[11:], "broken by a mail program"),
        "empty": (url, "no code"),
        "another script": (url + "А" + code[1:], "a Cyrillic A"),
    }
    made = [case("invitation", name, "valid", "the code", text=t, code=code)
            for name, t in right.items()]  # fmt: skip
    return made + [
        case("invitation", name, "refused", why, text=t) for name, (t, why) in wrong.items()
    ]


def cases() -> list[Case]:
    return [*texts(), *seals(), *answers(), *stored(), *offers(), *invitations()]


def text() -> str:
    lines = ",\n".join("  " + json.dumps(each) for each in cases())
    return f'{{\n "protocol": "ajar/1",\n "encoding": "hex",\n "cases": [\n{lines}\n ]\n}}\n'


if __name__ == "__main__":
    FILE.write_text(text())
