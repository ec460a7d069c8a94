"""Blind server, exactly: with chance and clocks fixed, whoever answers the contrary changes nothing
in what the host gets but the bytes of bodies, tags and boxes (`docs/protocol.md`, section 6, 2).
"""

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ajar.reminders.push_keys import load_or_create
from tests.blind.cohort import in_memory
from tests.blind.hearing import Heard, Host, hosting
from tests.blind.lives import Couple, Lives
from tests.blind.phones import Phones, built
from tests.proof import Proof
from tests.server.stores import Dump

SEED = 12  # of few lives that have all of what is asserted below
MASK = "…"
MAY_DIFFER = ("tag", "box")
BODY = re.compile(rb'"body":"[A-Za-z0-9_-]{86}"')


class Chance:
    """In the place of what the server draws: the same each time it is asked in the same order."""

    def __init__(self) -> None:
        self.asked = 0

    def token_bytes(self, size: int | None = None) -> bytes:
        self.asked += 1
        return hashlib.shake_256(b"server %d" % self.asked).digest(32 if size is None else size)

    def randbits(self, bits: int) -> int:
        return int.from_bytes(self.token_bytes(16)) >> (128 - bits)


@pytest.fixture
def chance() -> Iterator[Chance]:
    chance = Chance()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secrets.token_bytes", chance.token_bytes)
        patch.setattr("secrets.randbits", chance.randbits)
        yield chance


def masked(heard: Heard) -> Any:
    """A request with all that came of it, without what may differ and without fine clocks."""
    headers = [head for head in heard.headers if head[0] != b"host"]  # a free port each time
    stored = {index: masked_row(row) for index, row in heard.stored.items()}
    body = BODY.sub(b"", heard.body)
    length = len(heard.body)
    return replace(heard, headers=headers, body=body, stored=stored, arrived=0, lasted=0), length


def masked_row(row: dict[str, Any]) -> dict[str, Any]:
    sizes = {name: (MASK, len(row[name])) for name in MAY_DIFFER if name in row}
    return row | sizes


def masked_dump(dump: Dump) -> Any:
    """The stores' rows but those that say when a schema was made."""
    return {
        table: [masked_row(dict(row)) for row in rows]
        for table, rows in dump.items()
        if not table.endswith("migrations")
    }


def play(
    page: Path, push_key: Path, chance: Chance, couples: int, *, flip: bool
) -> tuple[Host, list[Couple]]:
    chance.asked = 0
    with in_memory() as place:
        (place / "data").mkdir()
        shutil.copy2(push_key, place / "data")  # is not of `secrets`, and shown to phones
        with hosting(place / "data") as (server, host), Phones(page, server.url, "seed") as phones:
            lives = Lives(server, host, phones, SEED, flip=flip).play(couples, 4)
            host.look()
            for couple in lives:
                for names in couple.phones.values():
                    phones.visit(names[0], server.clock.now())
    return host, lives


@pytest.mark.proof
def test_who_answers_the_contrary_changes_bodies_tags_and_boxes_alone(
    tmp_path: Path, chance: Chance, proof: Proof
) -> None:
    couples = proof.many(4, 60)
    page = built(tmp_path / "app")
    push_key = tmp_path / "push-key.pem"
    load_or_create(push_key)
    (host, lives), (flipped_host, flipped_lives) = (
        play(page, push_key, chance, couples, flip=flip) for flip in (False, True)
    )
    for one, another in zip(host.heard, flipped_host.heard, strict=True):
        assert masked(one) == masked(another)
    for (at, dump), (flipped_at, flipped_dump) in zip(host.found, flipped_host.found, strict=True):
        assert at == flipped_at
        assert masked_dump(dump) == masked_dump(flipped_dump)

    # The rest of a run, answers sent again after a lost reply and second phones are among them.
    uploads = [each for each in host.heard if each.is_upload]
    assert any(len(each.content["answers"]) > 1 for each in uploads)
    assert len({(each.device, each.content["n"]) for each in uploads}) < len(uploads)
    devices = {each.device for each in uploads if each.device}
    assert len(devices) > len({(device.pair_id, device.side) for device in devices})

    # And they do differ: every answer of the side that was flipped, and no other one.
    flipped = kept = 0
    for couple, flipped_couple in zip(lives, flipped_lives, strict=True):
        for index, truth in couple.played():
            for side, uploads in truth.uploads.items():
                pairs = zip(uploads, flipped_couple.rounds[index].uploads[side], strict=True)
                for one, another in pairs:
                    differ = side == truth.watched
                    assert (one.answer(index) != another.answer(index)) == differ
                    assert (one.stored[index] != another.stored[index]) == differ
                    flipped += differ
                    kept += not differ
    assert flipped > kept > 0
    proof.says(
        "Blind server",
        f"{flipped} answers flipped, chance and clocks fixed: {len(host.heard)} requests with their"
        f" log, rows and file sizes equal but for the bytes of bodies, tags and boxes",
    )
