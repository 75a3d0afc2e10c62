"""Reading a whole log again: every record hashed, every checkpoint met on the way, the first thing wrong named.

Pure: it is given rows in order and knows nothing of where they are kept. A million rows take well under a minute.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from songda.evidence import canonical
from songda.evidence.canonical import Record
from songda.evidence.checkpoint import Checkpoint
from songda.evidence.merkle import Frontier, Tile

_BATCH = 4096


class AuditError(Exception):
    """The first thing in a log that is not as it has to be. `index` is its place, None where no one leaf is meant."""

    def __init__(self, what: str, index: int | None, expected: object, actual: object) -> None:
        place = "" if index is None else f" at leaf {index}"
        super().__init__(f"{what}{place}: expected {expected}, got {actual}")
        self.what, self.index, self.expected, self.actual = what, index, str(expected), str(actual)

    def __reduce__(self) -> tuple[type["AuditError"], tuple[object, ...]]:
        # It comes home from another process.
        return AuditError, (self.what, self.index, self.expected, self.actual)


@dataclass(frozen=True, slots=True)
class Row:
    """A leaf as stored, with the record and seed of its fact; both None where retention law had them deleted."""

    index: int
    hash: bytes
    record: Record | None
    seed: bytes | None


def read_again(
    rows: Iterable[Row],
    checkpoints: Sequence[Checkpoint] = (),
    *,
    tiles: Iterable[Tile] | None = None,
    erased: frozenset[int] = frozenset(),
) -> Frontier:
    """Hash a log from its first leaf; returns its right edge. Raises `AuditError` at the first thing wrong.

    `rows` by index from 0; `erased` the places whose fact may be gone, because its deletion is a fact itself; the
    others as in `climb`.
    """
    return climb(hashes(rows, erased=erased), checkpoints, tiles=tiles)


def climb(
    leaves: Iterable[bytes], checkpoints: Sequence[Checkpoint] = (), *, tiles: Iterable[Tile] | None = None
) -> Frontier:
    """The right edge over all leaf hashes. Raises `AuditError`.

    `checkpoints` of this log, in any order, with those a witness kept among them; `tiles` all the stored hashes above
    the leaves, or None where they are not looked at.
    """
    frontier, leaves = Frontier(), iter(leaves)
    kept = None if tiles is None else {(each.level, each.index): each.hash for each in tiles}
    for checkpoint in sorted(checkpoints, key=lambda each: each.size):
        _append(frontier, islice(leaves, checkpoint.size - frontier.size), kept)
        if frontier.size < checkpoint.size:
            raise AuditError("log cut short", None, f"{checkpoint.size} leaves", frontier.size)
        if frontier.root() != checkpoint.root:
            raise AuditError(f"root at size {checkpoint.size}", None, checkpoint.root.hex(), frontier.root().hex())
    _append(frontier, leaves, kept)
    if kept:
        level, index = min(kept)
        raise AuditError(f"hash stored at level {level}", index, "no leaves to fill it", kept[level, index].hex())
    return frontier


def _append(frontier: Frontier, leaves: Iterator[bytes], kept: dict[tuple[int, int], bytes] | None) -> None:
    while batch := list(islice(leaves, _BATCH)):
        for tile in frontier.append(batch):
            stored = tile.hash if kept is None else kept.pop((tile.level, tile.index), None)
            if stored != tile.hash:
                found = stored.hex() if stored else "none"
                raise AuditError(f"hash stored at level {tile.level}", tile.index, tile.hash.hex(), found)


def hashes(rows: Iterable[Row], *, first: int = 0, erased: frozenset[int] = frozenset()) -> Iterator[bytes]:
    """The leaf hash of each row, from the place `first` on, its record hashed again. Raises `AuditError`."""
    for place, row in enumerate(rows, start=first):
        if row.index != place:
            raise AuditError("order of leaves", place, place, row.index)
        if row.record is not None and row.seed is not None:
            found = canonical.commit(row.record, canonical.record_salt(row.seed))
            if found != row.hash:
                raise AuditError("record against its leaf", place, row.hash.hex(), found.hex())
        elif place not in erased:
            raise AuditError("fact of a leaf", place, "a record, or the fact of its deletion", "none")
        yield row.hash
