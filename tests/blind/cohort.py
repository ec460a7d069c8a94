"""Many lives on one server, and what the host makes of them: by guessing, and by mere equality."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ajar.protocol import other_side
from tests.blind.features import Files, features
from tests.blind.guessing import Case
from tests.blind.hearing import Heard, Host, hosting
from tests.blind.lives import Couple, Kind, Lives
from tests.blind.phones import Phones
from tests.phone import Choice

IN_MEMORY = Path("/dev/shm")


@dataclass
class Cohort:
    """What was played, counted, and the answers to be guessed."""

    rounds: Counter[Kind] = field(default_factory=Counter)
    uploads: int = 0
    requests: int = 0
    names: list[str] = field(default_factory=list)
    """Of the features of each case."""
    cases: dict[Kind, list[Case]] = field(default_factory=dict)
    by_equality: dict[Kind, Counter[str]] = field(default_factory=dict)
    """How often equality alone tells the answer: `right`, `wrong` or `silent`."""

    def add(self, another: "Cohort") -> None:
        self.rounds += another.rounds
        self.uploads += another.uploads
        self.requests += another.requests
        self.names = self.names or another.names
        assert self.names == another.names
        for kind, cases in another.cases.items():
            self.cases.setdefault(kind, []).extend(cases)
        for kind, counted in another.by_equality.items():
            self.by_equality.setdefault(kind, Counter()).update(counted)


def told_by_equality(own: list[Heard], their: list[Heard], index: int) -> Choice | None:
    """What a host concludes for certain from which answers of a round are equal, if anything.

    Equal across the sides: that one is open. And whoever sent two different ones sent an open one
    among them: if the other side's equals neither, it is closed.
    """
    mine = [upload.stored[index]["tag"] for upload in own]
    theirs = {upload.stored[index]["tag"] for upload in their}
    if common := theirs & set(mine):
        return "open" if mine[-1] in common else "closed"
    return "closed" if len(theirs) > 1 else None


def told(host: Host, couples: list[Couple], first_pair: int = 0) -> Cohort:
    cohort = Cohort(uploads=sum(each.is_upload for each in host.heard), requests=len(host.heard))
    files = Files(host)
    for number, couple in enumerate(couples, first_pair):
        for index, truth in couple.played():
            cohort.rounds[truth.kind] += 1
            if truth.kind in ("both open", "answered before"):
                continue
            own, their = truth.uploads[truth.watched], truth.uploads[other_side(truth.watched)]
            concluded = told_by_equality(own, their, index)
            verdict = "right" if concluded == truth.label else "wrong" if concluded else "silent"
            cohort.by_equality.setdefault(truth.kind, Counter())[verdict] += 1
            found = features(files, couple, index)
            cohort.names = cohort.names or list(found)
            assert cohort.names == list(found)
            case = Case(number, np.array(list(found.values())), truth.label == "open")
            cohort.cases.setdefault(truth.kind, []).append(case)
    return cohort


@contextmanager
def in_memory() -> Iterator[Path]:
    """A directory that need not wait for a disk, where the system has such; gone afterwards."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as place:
        yield Path(place)


def played(page: Path, seed: int, couples: int, *, often: bool = False) -> Cohort:
    """One cohort on a server of its own.

    `often`: people who answer three times each, and nobody's partner is open; to show a leak soon.
    """
    with in_memory() as place:
        with hosting(place / "data") as (server, host), Phones(page, server.url) as phones:
            flip = False if often else None
            lives = Lives(server, host, phones, seed, often=often, flip=flip).play(couples)
        return told(host, lives, first_pair=seed * 1_000_000)
