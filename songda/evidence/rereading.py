"""Reading a court's log again from the database: every stored row that seals something, and every fact.

Records are hashed in several processes, each with a connection of its own; one reads the leaves' hashes and climbs the
tree. All of it stands for the log up to its size at the beginning; what is sealed meanwhile is left for the next time.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any, cast
from uuid import UUID

import psycopg
from cryptography import x509
from django.db import connection

from songda.evidence import audit, canonical, checkpoint, documents, founding, heads, sealing, stretch, timestamps
from songda.evidence.audit import AuditError
from songda.evidence.checkpoint import NoteError, PublicKey, SignedCheckpoint
from songda.evidence.merkle import TILE_HEIGHT, Tile
from songda.evidence.models import Checkpoint as CheckpointRow
from songda.evidence.models import Stamp as StampRow
from songda.evidence.models import Tile as TileRow
from songda.evidence.naming import checkpoint_id, stamp_id, tile_id
from songda.lib import clock
from songda.lib.tenancy import acting_for

_STRETCH = 25_000
_AT_ONCE = 50_000
# What psycopg.connect takes of Django's connection; the rest is how Django converts values.
_WHERE = ("dbname", "user", "password", "host", "port", "sslmode")
# Sealing takes a moment; a fact that waits longer has been kept from it.
_GRACE = "60 seconds"


@dataclass(frozen=True, slots=True)
class Found:
    """A log that holds: how many leaves, under how many checkpoints, how many of them stamped."""

    leaves: int
    checkpoints: int
    stamps: int


def verify(court_id: UUID, witnessed: Sequence[SignedCheckpoint] = (), *, processes: int = 1) -> Found:
    """Read a court's log again, with checkpoints of it that somebody else kept. Raises `AuditError` at what is wrong.

    More than one process reads committed rows only.
    """
    with acting_for(court_id):
        size, keys = sealing.size_of(court_id), founding.public_keys(court_id)
        rows = list(CheckpointRow.objects.filter(court_id=court_id).select_related("stamp").order_by("size", "made_at"))
        stamps = _check_stamps(court_id, rows)
        known = [_checked(court_id, row, keys) for row in rows] + [_witnessed(each, keys) for each in witnessed]
        tiles = list(_tiles(court_id, size))
        _read_records(court_id, size, processes)
        audit.climb(_leaves(court_id, size), known, tiles=tiles)
        documents.check_erasures(court_id)
        _find_unsealed(court_id)
    return Found(size, len(rows), stamps)


def _read_records(court_id: UUID, size: int, processes: int) -> None:
    if processes < 2 or size <= _STRETCH:
        wrong = stretch.look(_raw(), str(court_id), 0, size)
    else:
        wrong = _read_together(court_id, size, processes)
    if wrong is not None:
        raise wrong


def _read_together(court_id: UUID, size: int, processes: int) -> AuditError | None:
    given = connection.get_connection_params()
    where = {name: given[name] for name in _WHERE if given.get(name)}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        parts = [
            pool.submit(stretch.read, where, str(court_id), first, min(first + _STRETCH, size))
            for first in range(0, size, _STRETCH)
        ]
        wrong = next((found for part in parts if (found := part.result()) is not None), None)
        pool.shutdown(cancel_futures=True)
    return wrong


def _raw() -> psycopg.Connection[Any]:
    """The driver's own connection under Django's, within the same transaction."""
    return cast("psycopg.Connection[Any]", connection.connection)


def _leaves(court_id: UUID, size: int) -> Iterator[bytes]:
    for first in range(0, size, _AT_ONCE):
        cursor = psycopg.Cursor(_raw())
        cursor.execute(
            "SELECT hash FROM songda_leaf WHERE court_id = %s AND index >= %s AND index < %s ORDER BY index",
            [court_id, first, min(first + _AT_ONCE, size)],
            binary=True,
        )
        for (leaf,) in cursor.fetchall():
            yield leaf


def _tiles(court_id: UUID, size: int) -> Iterator[Tile]:
    rows = TileRow.objects.filter(court_id=court_id).order_by("level", "index")
    for row in rows.iterator(chunk_size=_AT_ONCE):
        tile = Tile(row.level, row.index, bytes(row.hash))
        if row.id != tile_id(court_id, tile):
            raise AuditError(f"name of a row at level {row.level}", row.index, tile_id(court_id, tile), row.id)
        if (row.index + 1) << TILE_HEIGHT * row.level <= size:
            yield tile


def _check_stamps(court_id: UUID, rows: Sequence[CheckpointRow]) -> int:
    roots, stamps = heads.stamp_roots(court_id), [(row, row.stamp) for row in rows if hasattr(row, "stamp")]
    for row, stamp in stamps:
        _check_stamp(row, stamp, roots)
    if (all_of_them := StampRow.objects.filter(court_id=court_id).count()) != len(stamps):
        raise AuditError("time stamps without their checkpoint", None, len(stamps), all_of_them)
    return len(stamps)


def _check_stamp(row: CheckpointRow, stamp: StampRow, roots: Sequence[x509.Certificate]) -> None:
    what, reply = f"time stamp at size {row.size}", bytes(stamp.reply)
    try:
        says = timestamps.verify(reply, row.note.encode(), roots)
    except timestamps.StampError as error:
        raise AuditError(what, None, "a stamp that holds", error) from error
    expected = stamp_id(stamp.court_id, row.id, canonical.instant(says), reply)
    if stamp.stamped_at != says or stamp.id != expected:
        raise AuditError(what, None, f"{expected} {says}", f"{stamp.id} {stamp.stamped_at}")


def _checked(court_id: UUID, row: CheckpointRow, keys: Sequence[PublicKey]) -> checkpoint.Checkpoint:
    """A stored checkpoint as its note says it, every signature that has to be there checked."""
    what = f"checkpoint at size {row.size}"
    expected = checkpoint_id(court_id, row.size, canonical.instant(row.made_at), row.note)
    if row.id != expected:
        raise AuditError(f"name of the row of the {what}", None, expected, row.id)
    try:
        signed = checkpoint.read(row.note)
        checkpoint.verify(signed, keys, at=row.stamp.stamped_at if hasattr(row, "stamp") else row.made_at)
    except NoteError as error:
        raise AuditError(f"{what}: {error.what}", None, error.expected, error.actual) from error
    head = signed.checkpoint
    if (head.origin, head.size) != (keys[0].name, row.size):
        raise AuditError(what, None, f"{keys[0].name} {row.size}", f"{head.origin} {head.size}")
    return head


def _witnessed(signed: SignedCheckpoint, keys: Sequence[PublicKey]) -> checkpoint.Checkpoint:
    """A checkpoint that somebody kept, if keys of this log, whenever they were in force, signed it."""
    ids = {each.key_id for each in signed.signatures}
    ours = [replace(key, since=None, until=None) for key in keys if key.id in ids]
    try:
        checkpoint.verify(signed, ours, at=clock.now())
    except NoteError as error:
        raise AuditError(f"the witness's checkpoint: {error.what}", None, error.expected, error.actual) from error
    return signed.checkpoint


def _find_unsealed(court_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fact.id, fact.name FROM songda_fact fact WHERE fact.court_id = %s"
            " AND NOT EXISTS (SELECT 1 FROM songda_leaf leaf"
            "  WHERE leaf.court_id = fact.court_id AND leaf.fact_id = fact.id)"
            " AND NOT EXISTS (SELECT 1 FROM songda_unsealed waiting"
            "  WHERE waiting.id = fact.id AND waiting.noted_at > clock_timestamp() - %s::interval) LIMIT 1",
            [court_id, _GRACE],
        )
        if found := cursor.fetchone():
            raise AuditError("fact without a leaf", None, "sealed", f"{found[1]} {found[0]}")
