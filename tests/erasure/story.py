"""Couples on a real server, and beside them somebody who copies files and notes what was answered.

What is noted (every answer as it was meant, every answer key while it lived) is the test's own
knowledge; the key holder gets the rows and the files.
"""

from dataclasses import dataclass, field

from ajar.database import Connection, Store
from ajar.protocol import Side
from ajar.rounds import answer_keys
from tests.erasure.disk import Disk, Files
from tests.erasure.key_holder import Key, KeyHolder, Row, Traces, blocks, candidates
from tests.phone import DAY, Choice, Phone
from tests.running_server import RunningServer


@dataclass
class Couple:
    alice: Phone
    bob: Phone
    matched: set[int] = field(default_factory=set)

    def side(self, side: Side) -> Phone:
        return self.alice if side == "a" else self.bob

    def key_holder(self, side: Side) -> KeyHolder:
        phone = self.side(side)
        return KeyHolder(phone.link, tuple(phone.closes), side, phone.side_key)

    def unmatched_bodies(self) -> list[bytes]:
        """Blocks of every answer that either could have sent for a round without a match."""
        return [
            block
            for phone in (self.alice, self.bob)
            for index in set(range(len(phone.closes))) - self.matched
            for choice in ("open", "closed")
            for block in blocks(phone.answer_bytes(index, choice))
        ]


class Story:
    def __init__(self, server: RunningServer, disk: Disk) -> None:
        self.server = server
        self.disk = disk
        self.couples: list[Couple] = []
        self.meant: dict[Row, Choice] = {}
        self.under: dict[Row, bytes] = {}
        self.noted: dict[bytes, int] = {}  # every answer key there ever was, and its instant
        self.copies: set[tuple[str, bytes]] = set()  # of the pairs' files
        # Whether to copy after every request and to try every window: of whole clusters, that
        # takes minutes. Pieces of keys and answers are looked for in any case.
        self.thorough = True
        self.tried = 0

    # What happens

    def couple(self, closes: list[int], link: bytes) -> Couple:
        couple = Couple(
            Phone(self.server, "a", link, closes), Phone(self.server, "b", link, closes)
        )
        assert couple.alice.create().status_code == 201
        assert couple.bob.join().status_code == 201
        self.couples.append(couple)
        self.note_keys()
        return couple

    def answer(self, couple: Couple, side: Side, index: int, choice: Choice) -> bool:
        """Whether it was taken. A copy is made right after it."""
        phone = couple.side(side)
        if phone.answer(index, choice).status_code != 204:
            return False
        living = {instant: key for key, instant in self.note_keys().items()}
        for row in self.rows():
            if row not in self.meant:
                self.meant[row] = choice
                self.under[row] = living[phone.closes[row.round]]
        if self.thorough:
            self.copy()
        return True

    def leave(self, couple: Couple, side: Side, *, telling: bool) -> None:
        couple.side(side).request("POST", "/api/leave", {"tell_partner": telling})
        if self.thorough:
            self.copy()

    def lose_all_keys(self) -> None:
        """As `ajar restored` does it; the worker then mends."""
        lost = self.note_keys()
        self.server.call(answer_keys.destroy_all(self.server.state.database))
        self.server.work()
        assert not lost.keys() & self.note_keys().keys()

    def close(self, instant: int) -> None:
        self.copy()
        self.no_copy_says_anything()
        self.server.close_round_at(instant)
        assert all(each > instant for each in self.note_keys().values()), "a spent key lives on"
        for couple in self.couples:
            for index in range(len(couple.alice.closes)):
                if couple.alice.closes[index] == instant and self._is_match(couple, index):
                    couple.matched.add(index)

    def erase(self) -> None:
        last = max(instant for couple in self.couples for instant in couple.alice.closes)
        self.server.close_round_at(last)
        self.server.clock.move_to(last + 14 * DAY)
        self.server.work()

    # What somebody has of it

    def note_keys(self) -> dict[bytes, int]:
        """The answer keys that are alive, noted for ever."""

        async def look(connection: Connection) -> dict[bytes, int]:
            rows = await connection.rows("SELECT closes_at, key FROM answer_keys")
            return {bytes(row["key"]): row["closes_at"] for row in rows}

        living = self.server.call(self.server.state.database.read(look, store="answer_keys"))
        self.noted |= living
        return living

    def rows(self) -> list[Row]:
        """The answers as the database holds them now."""

        async def look(connection: Connection) -> list[Row]:
            return [
                Row(
                    bytes(row["pair_id"]),
                    row["round"],
                    row["side"],
                    bytes(row["tag"]),
                    bytes(row["nonce"]),
                    bytes(row["box"]),
                )
                for row in await connection.rows("SELECT * FROM answers")
            ]

        return self.server.call(self.server.state.database.read(look))

    def count(self, table: str, store: Store = "pairs", where: str = "TRUE") -> int:
        async def look(connection: Connection) -> int:
            return len(await connection.rows(f"SELECT 1 FROM {table} WHERE {where}"))

        return self.server.call(self.server.state.database.read(look, store=store))

    def copy(self) -> None:
        """Of the pairs' database as it lies there, journals and all."""
        self.copies.update(self.disk.of_pairs().items())

    # What must hold

    def has_teeth(self) -> None:
        """With the key store at hand the same key holder reads every answer as it was meant."""
        for couple in self.couples:
            for row in self._rows_of(couple):
                for side in ("a", "b"):
                    key = Key(self.under[row])
                    assert couple.key_holder(side).works_out(row, key) == self.meant[row]

    def finds_living_keys(self) -> None:
        """And the search for keys finds them in the files, while they are there."""
        if self.thorough:
            living = self.note_keys()
            rows = [row for row in self.meant if self.under[row] in living]
            found = self._keys_that_open(rows, self.disk.of_keys())
            assert {self.under[row] for row in rows} <= found

    def nothing_is_left(self) -> None:
        """No file gives away a destroyed key, and no 32 bytes of any file open a closed answer."""
        gone = self.noted.keys() - self.note_keys()
        now = self.disk.all()
        traces = Traces(gone)
        left = [name for name, content in now.items() if traces.in_(content)]
        assert left == []
        if self.thorough:
            rows = [row for row in self.meant if self.under[row] in gone]
            assert self._keys_that_open(rows, now) == set()

    def no_copy_says_anything(self) -> None:
        """No file that was copied since the last look, or lies there now, holds a piece of an
        answer as it was sent; none of the pairs' files that of a key.
        """
        bodies = Traces(body for couple in self.couples for body in couple.unmatched_bodies())
        for name, content in (*self.copies, *self.disk.all().items()):
            assert bodies.in_(content) == set(), name
        keys = Traces(self.noted)
        for name, content in self.copies:
            assert keys.in_(content) == set(), name
        self.copies.clear()

    def _keys_that_open(self, rows: list[Row], files: Files) -> set[bytes]:
        """Every window of every file, tried as the key of these rows: against the tag and the box
        of one answer for each key that there was (all answers of an instant stand under one), by
        whoever sent it and so knows what its tag was made from.
        """
        one_each = {self.under[row]: row for row in rows}.values()
        locks = [(row, self._first_half(row)) for row in one_each]
        found = candidates(files.values()) if locks else set()
        self.tried += len(found)
        return {candidate for candidate in found if _fits(Key(candidate), locks)}

    def _first_half(self, row: Row) -> bytes:
        holders = (couple.key_holder(row.side) for couple in self.couples)
        (holder,) = (each for each in holders if each.pair_id == row.pair_id)
        return holder.first_half(row.round, self.meant[row])

    def _rows_of(self, couple: Couple) -> list[Row]:
        holder = couple.key_holder("a")
        return [row for row in self.meant if row.pair_id == holder.pair_id]

    def _is_match(self, couple: Couple, index: int) -> bool:
        """As the phones see it; whoever has left sees nothing any more."""
        return any(
            phone.request("GET", "/api/pair").status_code == 200
            and phone.outcome(index) == "both open"
            for phone in (couple.alice, couple.bob)
        )


def _fits(key: Key, locks: list[tuple[Row, bytes]]) -> bool:
    return any(key.makes(row, half) or key.opens(row) for row, half in locks)
