"""Many pairs that close at the same instants, put into a database at once, and what came of them.

What is put there is what the server itself would have stored: real tags and boxes under the
instants' real answer keys. An audit inside the database counts what no process would tell.
"""

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ajar.auth import Token
from ajar.protocol import Side, other_side
from ajar.rounds.boxes import Boxer
from ajar.wire import to_base64url
from tests.protocol import RoundKeys, pair_id_of
from tests.server.stores import FILES

SIDES: Final[tuple[Side, Side]] = ("a", "b")
ERASE_AFTER: Final = 14 * 24 * 3600

AUDIT: Final = """
CREATE TABLE audit (pair_id, round, what);
CREATE TRIGGER audit_closes AFTER UPDATE OF closed ON rounds WHEN NEW.closed
    BEGIN INSERT INTO audit VALUES (NEW.pair_id, NEW.round, 'closed'); END;
CREATE TRIGGER audit_seals AFTER UPDATE OF for_a, for_b ON rounds
    BEGIN INSERT INTO audit VALUES (NEW.pair_id, NEW.round, 'handed'); END;
CREATE TRIGGER audit_late AFTER INSERT ON answers WHEN EXISTS (SELECT 1 FROM rounds r
    WHERE r.pair_id = NEW.pair_id AND r.round = NEW.round AND r.closed)
    BEGIN INSERT INTO audit VALUES (NEW.pair_id, NEW.round, 'late'); END;
"""

# States that no commit may leave: an outcome for one side, an answer that outlived its round, an
# end that leaves a round open, an end that does not come.
NEVER: Final = """
SELECT 'one side' FROM rounds WHERE (for_a IS NULL) <> (for_b IS NULL)
UNION ALL SELECT 'not erased' FROM answers a JOIN rounds r
    ON r.pair_id = a.pair_id AND r.round = a.round WHERE r.closed
UNION ALL SELECT 'open after the end' FROM pairs p JOIN rounds r ON r.pair_id = p.pair_id
    WHERE p.ended IS NOT NULL AND NOT r.closed
UNION ALL SELECT 'matched and not ended' FROM pairs p JOIN rounds r ON r.pair_id = p.pair_id
    WHERE p.ended IS NULL AND r.for_a IS NOT NULL
"""


@dataclass(frozen=True)
class Seeded:
    """One pair, and for each side one letter a round: `o` open, `c` closed, `-` no answer.

    There are letters for the rounds that will be closed; the run goes on after them.
    """

    link: bytes
    closes: Sequence[int]
    answers: Mapping[Side, str]

    @property
    def pair_id(self) -> bytes:
        return pair_id_of(self.link)

    def token(self, side: Side) -> Token:
        return Token(self.pair_id, hashlib.sha256(self.link + side.encode()).digest())

    @property
    def match(self) -> int | None:
        """The round in which both are open first."""
        both = zip(self.answers["a"], self.answers["b"], strict=True)
        return next((index for index, each in enumerate(both) if each == ("o", "o")), None)

    @property
    def rounds_that_close(self) -> range:
        return range(len(self.answers["a"]) if self.match is None else self.match + 1)

    def is_right(self, side: Side, seals: Sequence[str | None]) -> bool:
        """Whether these are the seals that this side must see once all is over."""
        closed = len(self.rounds_that_close)
        if [seal is not None for seal in seals] != [n < closed for n in range(len(self.closes))]:
            return False
        true = [
            to_base64url(RoundKeys.of(self.link, list(self.closes), n).seal(other_side(side)))
            for n in range(closed)
        ]
        matched = [seal == true[n] for n, seal in enumerate(seals[:closed])]
        return matched == [n == self.match for n in range(closed)]


def answers_of(number: int, rounds: int) -> dict[Side, str]:
    """One in ten matches in the first round, one in the second, one in the third; the others
    meet in every other way, and never.
    """
    meetings = ("oc", "co", "cc", "o-", "-o", "c-", "--")
    each = [meetings[(number + 3 * index) % len(meetings)] for index in range(rounds)]
    if number % 10 < rounds:
        each[number % 10] = "oo"
    return {"a": "".join(x[0] for x in each), "b": "".join(x[1] for x in each)}


@contextmanager
def opened(data: Path, store: str = "pairs") -> Iterator[sqlite3.Connection]:
    file = sqlite3.connect(data / FILES[store], timeout=60, isolation_level=None)
    try:
        yield file
    finally:
        file.close()


def seed(data: Path, closes: Sequence[int], due: int, count: int) -> list[Seeded]:
    """Pairs with answers for the first `due` rounds; a transaction a store, the keys first."""
    with opened(data, "answer_keys") as file:
        file.executemany(
            "INSERT OR IGNORE INTO answer_keys VALUES (?, ?)",
            [(instant, secrets.token_bytes(32)) for instant in closes],
        )
        keys = dict(file.execute("SELECT closes_at, key FROM answer_keys"))
    boxers = [Boxer(keys[instant]) for instant in closes[:due]]
    pairs = [
        Seeded(secrets.token_bytes(16), closes, answers_of(number, due)) for number in range(count)
    ]
    with opened(data) as file:
        file.executescript(AUDIT)
        rows = [_rows_of(pair, boxers) for pair in pairs]
        file.execute("BEGIN IMMEDIATE")
        for place, (table, columns) in enumerate(
            {
                "pairs": "pair_id, wording, closes, join_hash, join_claim, invitation_until,"
                " decoy_key, erase_at",
                "rounds": "pair_id, round, closes_at",
                "devices": "pair_id, device_id, side, token_hash, claim_hash",
                "answers": "pair_id, round, side, tag, nonce, box",
            }.items()
        ):
            marks = ", ".join("?" for _ in columns.split(","))
            file.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",
                [row for of_pair in rows for row in of_pair[place]],
            )
        file.execute("COMMIT")
    return pairs


def _rows_of(pair: Seeded, boxers: Sequence[Boxer]) -> tuple[list[tuple[object, ...]], ...]:
    """What the four tables hold of one pair."""
    pair_id, closes = pair.pair_id, list(pair.closes)
    schedule = ",".join(map(str, closes))
    noise = hashlib.sha256(pair.link).digest()
    answers: list[tuple[object, ...]] = []
    for index, boxer in enumerate(boxers):
        keys = RoundKeys.of(pair.link, closes, index)
        for side in SIDES:
            choice = pair.answers[side][index]
            body = keys.open_answer(side) if choice == "o" else keys.closed_answer(side.encode())
            if choice != "-":
                boxed = boxer.put(body, pair_id, side, index)
                answers.append((pair_id, index, side, boxed.tag, boxed.nonce, boxed.box))
    erase_at = closes[-1] + ERASE_AFTER
    return (
        [(pair_id, "marriage", schedule, noise, noise, closes[-1], noise, erase_at)],
        [(pair_id, index, instant) for index, instant in enumerate(closes)],
        [(pair_id, side, side, pair.token(side).hash, noise) for side in SIDES],
        answers,
    )


def audited(data: Path, pairs: Sequence[Seeded]) -> tuple[int, int]:
    """How many rounds closed, each once, and in how many transactions. AssertionError if a round
    closed twice, changed its outcome, or took an answer after its close.
    """
    with opened(data) as file:
        counted = file.execute("SELECT pair_id, round, what, COUNT(*) FROM audit GROUP BY 1, 2, 3")
        times = {(pair_id, index, what): many for pair_id, index, what, many in counted}
        batches = file.execute("SELECT COUNT(DISTINCT batch) FROM rounds").fetchone()[0]
    assert set(times.values()) == {1}
    assert not [each for each in times if each[2] == "late"]
    closed = {(pair_id, index) for pair_id, index, what in times if what == "closed"}
    handed = {(pair_id, index) for pair_id, index, what in times if what == "handed"}
    for pair in pairs:
        assert {(pair.pair_id, index) in closed for index in pair.rounds_that_close} == {True}
        assert {index for index in range(len(pair.closes)) if (pair.pair_id, index) in handed} == (
            set() if pair.match is None else {pair.match}
        )
    return len(closed), batches
