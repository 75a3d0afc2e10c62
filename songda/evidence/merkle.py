"""The Merkle tree of RFC 6962 and RFC 9162: its hashes, its proofs and their checking, as pure functions.

Making and checking share no logic. Making asks for "the root of leaves start to end" and does not care where it comes
from (a list in memory, or the stored tiles of a long log); checking sees only hashes, and returns nothing or raises
`ProofError` with what was expected and what was found.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

# A tile holds the hashes of 2**TILE_HEIGHT nodes side by side; only every eighth level of the tree is stored.
TILE_HEIGHT = 8

Subtree = Callable[[int, int], bytes]
"""The root of the leaves `start` (included) to `end` (excluded): MTH(D[start:end]) of RFC 6962 section 2.1."""


class ProofError(Exception):
    """A proof that does not hold: what it should have led to, and what it led to."""

    def __init__(self, what: str, expected: object, actual: object) -> None:
        super().__init__(f"{what}: expected {expected}, got {actual}")
        self.what, self.expected, self.actual = what, expected, actual


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: 0x00 before the data, so that a leaf is never taken for a node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: 0x01 before its two children."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than `size`: where the tree of that many leaves parts (size >= 2)."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, level by level; an odd node at the end goes up as it is."""
    level: Sequence[bytes] = leaves
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        if len(level) & 1:
            above.append(level[-1])
        level = above
    return level[0]


def subtree_of(leaves: Sequence[bytes]) -> Subtree:
    """The subtree roots of a list of leaf hashes held in memory."""
    return lambda start, end: root(leaves[start:end])


@dataclass(frozen=True, slots=True)
class Tile:
    """A full tile's root: node `index` at stored level `level`, over the 2**(8*level) leaves below it."""

    level: int
    index: int
    hash: bytes


class Frontier:
    """The right edge of a growing tree: all that is needed to append, in a few hashes however long the log is.

    `stack` holds the roots of the perfect subtrees that make up the first `size` leaves, largest first, one for each
    bit set in `size`. Keep both to go on later.
    """

    __slots__ = ("size", "stack")

    def __init__(self, size: int = 0, stack: Iterable[bytes] = ()) -> None:
        self.size, self.stack = size, list(stack)
        if len(self.stack) != size.bit_count():
            raise ProofError("hashes on the right edge", size.bit_count(), len(self.stack))

    def append(self, leaves: Iterable[bytes]) -> list[Tile]:
        """Append leaf hashes in order; returns the tile roots they completed, to be stored beside the leaves."""
        stack, size, tiles = self.stack, self.size, []
        for hash_ in leaves:
            height, rest = 0, size
            while rest & 1:
                hash_ = sha256(b"\x01" + stack.pop() + hash_).digest()  # noqa: PLW2901  the node grows as it climbs
                height, rest = height + 1, rest >> 1
                if height % TILE_HEIGHT == 0:
                    tiles.append(Tile(height // TILE_HEIGHT, rest, hash_))
            stack.append(hash_)
            size += 1
        self.size = size
        return tiles

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self.stack:
            return EMPTY_ROOT
        top = self.stack[-1]
        for left in reversed(self.stack[:-1]):
            top = node_hash(left, top)
        return top


Tiles = Callable[[int, int, int], Sequence[bytes]]
"""Stored hashes of a level, from `start` to `end`: level 0 is the leaves, level n the tile roots of `Tile.level` n."""


def subtree_from(tiles: Tiles) -> Subtree:
    """The subtree roots of a stored log; each costs at most one read of 128 hashes a perfect subtree."""

    def perfect(start: int, height: int) -> bytes:
        level = height // TILE_HEIGHT
        shift = level * TILE_HEIGHT
        first, count = start >> shift, 1 << (height - shift)
        hashes = tiles(level, first, first + count)
        if len(hashes) != count:
            raise ProofError(f"stored hashes at level {level} from {first}", count, len(hashes))
        return root(hashes)

    def subtree(start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0 and size:
            return perfect(start, size.bit_length() - 1)
        if not size:
            return EMPTY_ROOT
        middle = start + split(size)
        return node_hash(subtree(start, middle), subtree(middle, end))

    return subtree


def prove_inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves, nearest neighbour first (RFC 6962 2.1.1)."""
    if not 0 <= index < size:
        raise ProofError("leaf index", f"below {size}", index)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def prove_consistency(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Proof that the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962 2.1.2)."""
    if not 0 <= old <= new:
        raise ProofError("size of the older tree", f"at most {new}", old)
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old < end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root an audit path leads to (RFC 9162 2.1.3.2). Raises `ProofError` where the path has the wrong length."""
    if not 0 <= index < size:
        raise ProofError("leaf index", f"below {size}", index)
    here, last, hash_ = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofError("length of the inclusion proof", "shorter", len(path))
        if here & 1 or here == last:
            hash_ = node_hash(sibling, hash_)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise ProofError("length of the inclusion proof", "longer", len(path))
    return hash_


def verify_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], tree_root: bytes) -> None:
    """Check that the leaf hash stands at `index` under the root of a tree of `size` leaves."""
    found = root_from_inclusion(index, size, leaf, path)
    if found != tree_root:
        raise ProofError(f"root of the tree from leaf {index}", tree_root.hex(), found.hex())


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Check that a tree of `new` leaves only appended to one of `old` leaves (RFC 9162 2.1.4.2)."""
    if not 0 <= old <= new:
        raise ProofError("size of the older tree", f"at most {new}", old)
    if old in (0, new):
        _verify_trivial_consistency(old, old_root, new_root, path)
        return
    found_old, found_new = _roots_from_consistency(old, new, old_root, path)
    if found_old != old_root:
        raise ProofError(f"root at size {old}", old_root.hex(), found_old.hex())
    if found_new != new_root:
        raise ProofError(f"root at size {new}", new_root.hex(), found_new.hex())


def _verify_trivial_consistency(old: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    if path:
        raise ProofError("length of the consistency proof", 0, len(path))
    expected = new_root if old else EMPTY_ROOT
    if old_root != expected:
        raise ProofError(f"root at size {old}", expected.hex(), old_root.hex())


def _roots_from_consistency(old: int, new: int, old_root: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The two roots a consistency proof leads to; the older root itself begins the path where it is perfect."""
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        raise ProofError("length of the consistency proof", "longer", 0)
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    found_old = found_new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            raise ProofError("length of the consistency proof", "shorter", len(path))
        if here & 1 or here == last:
            found_old, found_new = node_hash(sibling, found_old), node_hash(sibling, found_new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise ProofError("length of the consistency proof", "longer", len(path))
    return found_old, found_new
