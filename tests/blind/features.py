"""All that a host has of a round, as numbers: one row for each answer that it would like to guess.

Nothing here is chosen for being promising. Names begin with where a number comes from; `raw` is
the bytes themselves, which a guesser may take or leave.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from ajar.protocol import Side, other_side
from tests.blind.hearing import Heard, Host
from tests.blind.lives import Couple

Features = dict[str, float]
ABSENT = -1.0
_BODY = re.compile(rb'"body":"[^"]*"')
_FIRST_UPLOADS = 3


def distance(one: bytes, another: bytes) -> int:
    """Hamming distance, in bits."""
    return (int.from_bytes(one) ^ int.from_bytes(another)).bit_count()


class Files:
    """What a host has of all couples together: by couple, and by the moment before each close."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.of_pair: dict[bytes, list[Heard]] = {}
        for heard in host.heard:
            if heard.device:
                self.of_pair.setdefault(heard.device.pair_id, []).append(heard)
        self._rows: dict[tuple[int, bytes], Counter[str]] = {}
        for at, dump in host.found:
            for table, rows in dump.items():
                for row in rows:
                    held = dict(row)
                    if "pair_id" in held:
                        of_pair = self._rows.setdefault((int(at), held["pair_id"]), Counter())
                        of_pair[f"{table} {held.get('side', '')}"] += 1

    def rows(self, before: int, pair_id: bytes) -> Counter[str]:
        """How many rows of each table the pair had just before a close."""
        return self._rows[before - 1, pair_id]


def features(files: Files, couple: Couple, index: int) -> Features:
    """One answer: that of the watched side, in a round of a couple."""
    truth = couple.rounds[index]
    side, theirs = truth.watched, other_side(truth.watched)
    begin = couple.closes[index - 1] if index else 0
    end = couple.closes[index]
    heard = [each for each in files.of_pair[couple.pair_id] if begin <= each.at < end]
    own = [each for each in heard if each.device and each.device.side == side]
    others = [each for each in heard if each.device and each.device.side == theirs]
    uploads = {"own": truth.uploads[side], "their": truth.uploads[theirs]}
    elsewhere = [
        (stored["tag"], body)
        for number, each in couple.played()
        for upload in (*each.uploads["a"], *each.uploads["b"])
        if number != index
        and (body := upload.answer(number))
        and (stored := upload.stored.get(number))
    ]
    last = uploads["own"][-1]
    return {
        **dict(_counted(own, others, uploads, files.rows(end, couple.pair_id), side)),
        **dict(_one(files, "first", uploads["own"][0], index, end)),
        **dict(_one(files, "last", last, index, end)),
        **dict(_compared("own", uploads["own"], index)),
        **dict(_compared("their", uploads["their"], index)),
        **dict(_across(uploads["own"], uploads["their"], index)),
        **dict(_beside(last, index, elsewhere)),
        **dict(_looks(last, index, [body for _, body in elsewhere])),
        **dict(_raw(last, index)),
    }


def _counted(
    own: Sequence[Heard],
    others: Sequence[Heard],
    uploads: dict[str, list[Heard]],
    rows: Counter[str],
    side: Side,
) -> Iterator[tuple[str, float]]:
    for who, requests in (("own", own), ("their", others)):
        asked = Counter((each.method, each.path.split("/")[2]) for each in requests)
        for method, what in (
            ("GET", "pair"),
            ("GET", "config"),
            ("PUT", "answers"),
            ("PUT", "reminders"),
            ("PUT", "subscription"),
        ):
            yield f"count {who} {method} {what}", asked[method, what]
        yield f"count {who} requests", len(requests)
        yield f"count {who} devices", len({each.device for each in requests})
        yield f"count {who} refused", sum(each.status >= 400 for each in requests)
        yield f"count {who} uploads", len(uploads[who])
        yield f"count {who} resent", len(uploads[who]) - len(_numbers(uploads[who]))
        yield f"time {who} last request", requests[-1].at if requests else ABSENT
    for table in ("answers", "devices", "reminders"):
        for which in ("own", "their"):
            of = side if which == "own" else other_side(side)
            held = f"pairs.{table} {'' if table == 'reminders' else of}"
            yield f"rows {which} {table}", rows[held]
    both = sorted((*uploads["own"], *uploads["their"]), key=lambda each: each.place)
    yield "order first is own", float(both[0] in uploads["own"])
    yield "order last is own", float(both[-1] in uploads["own"])
    yield (
        "order alternations",
        sum(
            (one in uploads["own"]) != (next_one in uploads["own"])
            for one, next_one in pairwise(both)
        ),
    )


def _numbers(uploads: Iterable[Heard]) -> set[int]:
    return {each.content["n"] for each in uploads}


def _one(
    files: Files, name: str, upload: Heard, index: int, end: int
) -> Iterator[tuple[str, float]]:
    """One upload from outside: everything but its 64 bytes."""
    before = files.host.heard[upload.place - 1]
    same_device = [
        each
        for each in files.of_pair[upload.device.pair_id if upload.device else b""]
        if each.device == upload.device and each.place < upload.place
    ]
    after = files.host.heard[upload.place + 1 : upload.place + 2]
    skeleton = _BODY.sub(b'"body":""', re.sub(rb'"n":\d+', b'"n":0', upload.body))
    hidden = {b"cookie", b"host"}
    heads = b"\n".join(b": ".join(head) for head in upload.headers if head[0] not in hidden)
    yield f"shape {name} body", len(upload.body)
    yield f"shape {name} skeleton", zlib.crc32(skeleton)
    yield f"shape {name} headers", zlib.crc32(heads)
    yield f"shape {name} header bytes", sum(len(key) + len(value) for key, value in upload.headers)
    yield f"shape {name} header count", len(upload.headers)
    yield f"shape {name} reply", len(upload.reply)
    yield f"shape {name} reply header bytes", sum(map(len, dict(upload.reply_headers).values()))
    yield f"shape {name} status", upload.status
    yield f"shape {name} answers", len(upload.content["answers"])
    yield f"log {name} lines", len(upload.log)
    yield f"log {name} characters", sum(map(len, upload.log))
    for file, size in upload.files.items():
        yield f"size {name} {file}", size
        yield f"size {name} {file} grown", size - before.files.get(file, size)
    yield f"time {name} to the close", end - upload.at
    yield f"time {name} of day", upload.at % 86_400
    yield f"time {name} served", upload.lasted
    yield f"time {name} since anything", upload.arrived - before.arrived - before.lasted
    yield f"time {name} until anything", after[0].arrived - upload.arrived if after else ABSENT
    gap = upload.arrived - same_device[-1].arrived if same_device else ABSENT
    yield f"time {name} since own", gap
    yield f"time {name} since own served", gap - (same_device[-1].lasted if same_device else 0)
    follows = same_device[-1] if same_device else upload
    yield f"order {name} after an upload", float(follows.is_upload and follows is not upload)
    yield (
        f"order {name} after another upload",
        float(follows.is_upload and follows.content["n"] != upload.content["n"]),
    )
    yield f"n {name} ahead", upload.content["n"] - int(upload.at) * 1000
    yield f"n {name} within", upload.content["n"] % 1000
    yield f"n {name} stored", upload.last_n - upload.content["n"]
    yield f"rows {name} id", upload.stored[index]["row_id"]
    ids = [row["row_id"] for row in upload.stored.values()]
    yield f"rows {name} id above the lowest", upload.stored[index]["row_id"] - min(ids)


def _compared(name: str, uploads: Sequence[Heard], index: int) -> Iterator[tuple[str, float]]:
    """What one side sent and what was stored of it, each with the ones before; repeats left out."""
    uploads = list({each.content["n"]: each for each in uploads}.values())
    bodies = [upload.answer(index) or b"" for upload in uploads]
    stored = [upload.stored[index] for upload in uploads]
    yield f"values {name} bodies", len(set(bodies))
    for part in ("tag", "nonce", "box"):
        yield f"values {name} {part}s", len({row[part] for row in stored})
    yield (
        f"values {name} changes",
        sum(one != another for one, another in pairwise(bodies)),
    )
    seen = bodies[-1] in bodies[:-1] if len(bodies) > 1 else None
    yield f"equal {name} last as one before", ABSENT if seen is None else float(seen)
    yield f"equal {name} last as first", float(bodies[-1] == bodies[0]) if bodies else ABSENT
    for one, another in combinations(range(_FIRST_UPLOADS), 2):
        there = another < len(bodies)
        pair = f"{name} {one} and {another}"
        yield f"equal {pair} body", float(bodies[one] == bodies[another]) if there else ABSENT
        for part, (begin, stop) in {"token": (0, 32), "seal": (32, 64)}.items():
            yield (
                f"distance {pair} {part}",
                distance(bodies[one][begin:stop], bodies[another][begin:stop]) if there else ABSENT,
            )
        for part in ("tag", "box"):
            yield (
                f"distance {pair} {part}",
                distance(stored[one][part], stored[another][part]) if there else ABSENT,
            )


def _across(
    own: Sequence[Heard], their: Sequence[Heard], index: int
) -> Iterator[tuple[str, float]]:
    """Both sides of the round."""
    last = own[-1].stored[index]
    body = own[-1].answer(index) or b""
    bodies = [upload.answer(index) or b"" for upload in their]
    tags = [upload.stored[index]["tag"] for upload in their]
    boxes = [upload.stored[index]["box"] for upload in their]
    yield "equal across last tag", float(last["tag"] in tags)
    yield (
        "equal across any tag",
        float(any(upload.stored[index]["tag"] in tags for upload in own)),
    )
    for part, mine, theirs in (
        ("token", body[:32], [each[:32] for each in bodies]),
        ("seal", body[32:], [each[32:] for each in bodies]),
        ("tag", last["tag"], tags),
        ("box", last["box"], boxes),
    ):
        distances = [distance(mine, each) for each in theirs]
        yield f"distance across {part} least", min(distances, default=ABSENT)
        yield f"distance across {part} last", distances[-1] if distances else ABSENT


def _beside(
    last: Heard, index: int, elsewhere: Sequence[tuple[bytes, bytes]]
) -> Iterator[tuple[str, float]]:
    """All other rounds of the couple."""
    body, tag = last.answer(index) or b"", last.stored[index]["tag"]
    for part, distances in (
        ("body", [distance(body, other) for _, other in elsewhere]),
        ("halves", [distance(body[:32], other[32:]) for _, other in elsewhere]),
        ("tag", [distance(tag, other) for other, _ in elsewhere]),
    ):
        yield f"distance beside {part} least", min(distances, default=ABSENT)
        mean = sum(distances) / len(distances) if distances else ABSENT
        yield f"distance beside {part} mean", mean
    yield "equal beside body", float(any(body == other for _, other in elsewhere))


def _looks(last: Heard, index: int, elsewhere: Sequence[bytes]) -> Iterator[tuple[str, float]]:
    """What the bytes look like: how many bits are set, which half bytes, how they shrink."""
    body, stored = last.answer(index) or b"", last.stored[index]
    parts = {"token": body[:32], "seal": body[32:], **{k: stored[k] for k in ("tag", "box")}}
    for name, value in parts.items():
        yield f"bits {name}", int.from_bytes(value).bit_count()
        halves = Counter(value.hex())
        yield f"looks {name} unevenness", sum(count**2 for count in halves.values())
        yield f"looks {name} distinct bytes", len(set(value))
    yield "looks body shrunk", len(zlib.compress(body, 9))
    yield "looks body sent shrunk", len(zlib.compress(last.body, 9))
    together = b"".join((body, *elsewhere))
    yield "looks all shrunk", len(zlib.compress(together, 9)) - len(together)
    halves = Counter(body.hex())
    for half in "0123456789abcdef":
        yield f"looks body {half}", halves[half]


def _raw(last: Heard, index: int) -> Iterator[tuple[str, float]]:
    stored = last.stored[index]
    for name, value in (
        ("body", last.answer(index) or b""),
        *((part, stored[part]) for part in ("tag", "nonce", "box")),
    ):
        for place, byte in enumerate(value):
            yield f"raw {name} {place}", byte
