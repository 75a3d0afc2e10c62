"""The ids of rows that seal something: each row is named by its own columns.

No hash covers when a leaf was sealed or when a checkpoint was made. Whoever changes only that leaves a row whose name
no longer fits it.
"""

from hashlib import sha256
from uuid import UUID

from songda.evidence.merkle import Tile


def row_id(*columns: object) -> UUID:
    """A UUIDv8 (RFC 9562) over a row's columns."""
    value = int.from_bytes(sha256("\n".join(map(str, columns)).encode()).digest()[:16])
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x8 << 76 | 0x2 << 62)


# Moments below are as `canonical.instant` writes them.


def leaf_id(court_id: object, index: int, fact_id: object, leaf: bytes, sealed_at: str) -> UUID:
    return row_id("leaf", court_id, index, fact_id, leaf.hex(), sealed_at)


def tile_id(court_id: object, tile: Tile) -> UUID:
    return row_id("tile", court_id, tile.level, tile.index, tile.hash.hex())


def checkpoint_id(court_id: object, size: int, made_at: str, note: str) -> UUID:
    return row_id("checkpoint", court_id, size, made_at, note)


def stamp_id(court_id: object, checkpoint_id: object, stamped_at: str, reply: bytes) -> UUID:
    return row_id("stamp", court_id, checkpoint_id, stamped_at, reply.hex())


def erasure_id(court_id: object, sha256: str, fact_id: object) -> UUID:
    return row_id("erasure", court_id, sha256, fact_id)
