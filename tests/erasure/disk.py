"""All files of the directories in which the stores lie: what somebody who copies them gets."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

Files = dict[str, bytes]


@dataclass(frozen=True)
class Disk:
    """Directories in which the stores lie; without the files and the blocks that stood there,
    just so, before the first key was made.
    """

    pairs: tuple[Path, ...]
    keys: tuple[Path, ...]
    born_files: frozenset[tuple[Path, int]] = frozenset()
    born_blocks: frozenset[bytes] = frozenset()
    _BLOCK = 8192

    def of_pairs(self) -> Files:
        return dict(self._read(self.pairs, without="answer-keys"))

    def of_keys(self) -> Files:
        return dict(self._read(self.keys, without="ajar"))

    def all(self) -> Files:
        return dict(self._read((*self.pairs, *self.keys), without=None))

    def as_born(self) -> "Disk":
        """The same directories, from now on without what is in them now."""
        files = frozenset((path, changed) for path, changed in self._files())
        blocks = (part for path, _ in files for part in self._parts(path.read_bytes()))
        return Disk(self.pairs, self.keys, files, frozenset(blocks))

    def _files(self) -> Iterator[tuple[Path, int]]:
        """Each file, and when it was last written to."""
        for path in sorted({path for place in self.pairs + self.keys for path in place.rglob("*")}):
            with suppress(FileNotFoundError):  # PostgreSQL lets go of one now and then
                if path.is_file():
                    yield path, path.stat().st_mtime_ns

    def _read(self, places: tuple[Path, ...], without: str | None) -> Iterator[tuple[str, bytes]]:
        for path, changed in self._files():
            wanted = any(path.is_relative_to(place) for place in places)
            if without and path.name.startswith(without):
                wanted = False
            if wanted and (path, changed) not in self.born_files:
                with suppress(FileNotFoundError):
                    parts = self._parts(path.read_bytes())
                    grown = b"".join(part for part in parts if part not in self.born_blocks)
                    yield str(path), grown

    def _parts(self, content: bytes) -> Iterator[bytes]:
        return (content[at : at + self._BLOCK] for at in range(0, len(content), self._BLOCK))
