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
    tiles: Iterable[Tile] = (),
    erased: frozenset[int] = frozenset(),
) -> Frontier:
    """Hash a log from its first leaf; returns its right edge. Raises `AuditError` at the first thing wrong.

    `rows` by index from 0; `checkpoints` of this log, in any order, with those a witness kept among them; `tiles` the
    stored hashes above the leaves; `erased` the places whose fact may be gone, because its deletion is a fact itself.
    """
    frontier = Frontier()
    due = sorted(checkpoints, key=lambda each: each.size)
    kept = {(each.level, each.index): each.hash for each in tiles}
    hashes = _hashes(rows, erased)
    for checkpoint in due:
        _append(frontier, islice(hashes, checkpoint.size - frontier.size), kept)
        if frontier.size < checkpoint.size:
            raise AuditError("log cut short", None, f"{checkpoint.size} leaves", frontier.size)
        if frontier.root() != checkpoint.root:
            raise AuditError(f"root at size {checkpoint.size}", None, checkpoint.root.hex(), frontier.root().hex())
    _append(frontier, hashes, kept)
    if kept:
        level, index = min(kept)
        raise AuditError(f"hash stored at level {level}", index, "no leaves to fill it", kept[level, index].hex())
    return frontier


def _append(frontier: Frontier, hashes: Iterator[bytes], kept: dict[tuple[int, int], bytes]) -> None:
    while batch := list(islice(hashes, _BATCH)):
        for tile in frontier.append(batch):
            stored = kept.pop((tile.level, tile.index), tile.hash)
            if stored != tile.hash:
                raise AuditError(f"hash stored at level {tile.level}", tile.index, tile.hash.hex(), stored.hex())


def _hashes(rows: Iterable[Row], erased: frozenset[int]) -> Iterator[bytes]:
    for place, row in enumerate(rows):
        if row.index != place:
            raise AuditError("order of leaves", place, place, row.index)
        if row.record is not None and row.seed is not None:
            found = canonical.commit(row.record, canonical.record_salt(row.seed))
            if found != row.hash:
                raise AuditError("record against its leaf", place, row.hash.hex(), found.hex())
        elif place not in erased:
            raise AuditError("fact of a leaf", place, "a record, or the fact of its deletion", "none")
        yield row.hash
