"""Adding facts to the ledger: the only way a fact comes to be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from songda.evidence.canonical import canonical
from songda.evidence.models import Fact, Speaker
from songda.lib import clock
from songda.lib.ids import uuid7


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as somebody tells it. `key` names the event at its source, so a repetition is recognised."""

    name: str
    happened_at: datetime
    speaker: Speaker = Speaker.PLATFORM
    speaker_ref: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] | None = None
    key: str | None = None


def append(court_id: UUID, about: UUID, told: Told) -> Fact | None:
    """Keep the fact. None when the same source has told the same event before."""
    rows = Fact.objects.bulk_create([_row(court_id, about, told)], ignore_conflicts=told.key is not None)
    if told.key is None:
        return rows[0]
    kept = Fact.objects.get(court_id=court_id, about=about, source_key=told.key)
    return kept if kept.id == rows[0].id else None


def append_many(court_id: UUID, told: Iterable[tuple[UUID, Told]]) -> None:
    """Keep many facts in one statement; those told before by the same source stay as they were."""
    Fact.objects.bulk_create((_row(court_id, about, one) for about, one in told), ignore_conflicts=True)


def _row(court_id: UUID, about: UUID, told: Told) -> Fact:
    """Raises `ValueError` for details that could never be sealed: NaN, integers over 2**53."""
    canonical([told.detail, told.private])
    return Fact(
        id=uuid7(),
        court_id=court_id,
        about=about,
        name=told.name,
        happened_at=told.happened_at,
        learnt_at=clock.now(),
        speaker=told.speaker,
        speaker_ref=told.speaker_ref,
        detail=dict(told.detail),
        private=dict(told.private) if told.private else None,
        source_key=told.key,
    )
