"""Sealing: facts become leaves of their court's log, in batches, behind the hot path.

One sealer at a time holds a court's log, by an advisory lock of the transaction; a batch is sealed whole or not at all.
The tree's right edge is not kept but read from the stored tiles, at most 255 hashes a level: there is no state beside
the log that a crash could leave behind it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from django.db import connection

from songda.evidence import canonical, merkle
from songda.evidence.merkle import TILE_HEIGHT, Frontier, Tiles
from songda.evidence.models import Fact, Leaf, Tile, Unsealed
from songda.evidence.naming import leaf_id, tile_id
from songda.lib import clock
from songda.lib.tenancy import acting_for, for_every_court

log = structlog.get_logger()
BATCH = 1000


def seal(court_id: UUID, limit: int = BATCH) -> int:
    """Seal what waits at a court, up to `limit` facts; returns how many. Nothing where another sealer is at it."""
    with acting_for(court_id):
        return _seal_batch(court_id, limit) if _try_to_hold(court_id) else 0


def seal_everything(court_id: UUID) -> None:
    """Seal all that waits at a court by now, after whoever is at it; a fact that cannot be sealed stays behind."""
    with acting_for(court_id):
        hold(court_id)
        while _seal_batch(court_id, BATCH) == BATCH:
            pass


def courts_in_wait() -> list[UUID]:
    """Courts with facts to seal, the longest waiting first."""
    with for_every_court(), connection.cursor() as cursor:
        cursor.execute("SELECT court_id FROM songda_unsealed GROUP BY court_id ORDER BY min(noted_at)")
        return [court for (court,) in cursor.fetchall()]


def _try_to_hold(court_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"ledger {court_id}"])
        return bool(cursor.fetchone()[0])


def hold(court_id: UUID) -> None:
    """Be the only one at this court's log until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ledger {court_id}"])


def _seal_batch(court_id: UUID, limit: int) -> int:
    waiting = Unsealed.objects.filter(court_id=court_id).order_by("noted_at", "id")
    due = list(waiting.values_list("id", flat=True)[:limit])
    facts = Fact.objects.filter(court_id=court_id, id__in=due, leaf=None).order_by("learnt_at", "id")
    leaves = [(fact.id, leaf) for fact in facts if (leaf := _leaf(fact)) is not None]
    _append(court_id, leaves)
    sealed = Leaf.objects.filter(court_id=court_id, fact_id__in=due).values("fact_id")
    Unsealed.objects.filter(court_id=court_id, id__in=sealed).delete()
    return len(leaves)


def _append(court_id: UUID, leaves: Sequence[tuple[UUID, bytes]]) -> None:
    edge, now = right_edge(court_id), clock.now()
    first, tiles = edge.size, edge.append(leaf for _, leaf in leaves)
    Leaf.objects.bulk_create(
        Leaf(
            id=leaf_id(court_id, place, fact, leaf, canonical.instant(now)),
            court_id=court_id,
            index=place,
            fact_id=fact,
            hash=leaf,
            sealed_at=now,
        )
        for place, (fact, leaf) in enumerate(leaves, start=first)
    )
    Tile.objects.bulk_create(
        Tile(id=tile_id(court_id, tile), court_id=court_id, level=tile.level, index=tile.index, hash=tile.hash)
        for tile in tiles
    )


def record_of(fact: Fact) -> dict[str, Any]:
    """What is sealed of a fact: its whole row. Raises `ValueError` for what canonical JSON cannot carry."""
    return canonical.record(
        id=fact.id,
        court=fact.court_id,
        about=fact.about,
        fact=fact.name,
        happened_at=fact.happened_at,
        learnt_at=fact.learnt_at,
        by=fact.speaker,
        by_ref=fact.speaker_ref,
        key=fact.source_key,
        detail=fact.detail,
        private=fact.private,
        seed=bytes(fact.salt),
    )


def _leaf(fact: Fact) -> bytes | None:
    """The leaf, or None for a fact that cannot be sealed: it keeps waiting, the alarm rings, the others go on."""
    try:
        return canonical.commit(record_of(fact), canonical.record_salt(bytes(fact.salt)))
    except ValueError:
        log.exception("fact cannot be sealed", fact=str(fact.id))
        return None


def stored(court_id: UUID) -> Tiles:
    """The log's stored hashes, read by whole tiles of 256 and remembered: neighbours' proofs share most of them."""

    @cache
    def tile(level: int, number: int) -> tuple[bytes, ...]:
        rows = Tile.objects.filter(level=level) if level else Leaf.objects.all()
        first = number << TILE_HEIGHT
        found = rows.filter(court_id=court_id, index__gte=first, index__lt=first + (1 << TILE_HEIGHT))
        return tuple(bytes(each) for each in found.order_by("index").values_list("hash", flat=True))

    def read(level: int, start: int, end: int) -> Sequence[bytes]:
        number, inside = start >> TILE_HEIGHT, start & (1 << TILE_HEIGHT) - 1
        return tile(level, number)[inside : inside + end - start]

    return read


def size_of(court_id: UUID) -> int:
    """How many leaves the court's log has."""
    last = Leaf.objects.filter(court_id=court_id).order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def right_edge(court_id: UUID) -> Frontier:
    """Where the log goes on."""
    size, subtree = size_of(court_id), merkle.subtree_from(stored(court_id))
    stack, start = [], 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            stack.append(subtree(start, start + (1 << height)))
            start += 1 << height
    return Frontier(size, stack)
