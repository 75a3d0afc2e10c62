"""Learning how a person can be reached, and asking the sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from songda.filing.models import Party, Service
from songda.finding.addresses import parse, same_place_key
from songda.finding.models import Answer, ContactKind, ContactPoint, Inquiry, Rank
from songda.lib import clock, crypto

# How sure one may be of a contact point before anything was tried, by who gave it.
FIRST_CONFIDENCE = {
    "confirmed": 0.95,
    "agreed": 0.8,
    "filed": 0.75,
    "other_proceedings": 0.7,
    "civil_life": 0.6,
    "registered": 0.5,
    "unknown": 0.4,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach a party, as somebody gives it."""

    kind: str
    value: str
    source: str
    rank: str = Rank.UNKNOWN


def learn(party: Party, ways: Iterable[Reach]) -> list[ContactPoint]:
    """Keep the ways to reach the party; a way already known keeps its row and takes the better rank."""
    return [_learn_one(party, way) for way in ways if way.value.strip()]


def _learn_one(party: Party, way: Reach) -> ContactPoint:
    value = way.value.strip()
    place, division = _place(value) if way.kind == ContactKind.ADDRESS else ("", "")
    point, is_new = ContactPoint.objects.get_or_create(
        court_id=party.court_id,
        party=party,
        kind=way.kind,
        value_index=crypto.blind_index(value, purpose="contact"),
        defaults={
            "value": value,
            "place_index": place,
            "division_code": division,
            "source": way.source,
            "rank": way.rank,
            "confidence": FIRST_CONFIDENCE[way.rank],
            "learnt_at": clock.now(),
        },
    )
    if not is_new and _better(way.rank, point.rank):
        point.rank, point.source, point.confidence = way.rank, way.source, FIRST_CONFIDENCE[way.rank]
        point.save(update_fields=["rank", "source", "confidence"])
    return point


def _better(rank: str, than: str) -> bool:
    return Rank.values.index(rank) < Rank.values.index(than)


def _place(address: str) -> tuple[str, str]:
    """The index of the place an address means, and the code of its smallest known division."""
    parsed = parse(address)
    codes: Mapping[str, str | None] = parsed.codes
    division = next((code for level in ("town", "county", "city", "province") if (code := codes.get(level))), "")
    return crypto.blind_index(same_place_key(parsed), purpose="place"), division


def withdraw(point: ContactPoint, why: str) -> None:
    """Nobody uses this contact point any more: wrong person, out of service, moved."""
    point.withdrawn_at, point.withdrawn_why = clock.now(), why
    point.save(update_fields=["withdrawn_at", "withdrawn_why"])


def judge(point: ContactPoint, *, worked: bool) -> None:
    """Learn from an attempt: the confidence moves a third of the way to what happened."""
    point.confidence += ((1.0 if worked else 0.0) - point.confidence) / 3
    point.save(update_fields=["confidence"])


def open_inquiry(service: Service, *, ground: str, authority: str, asks: Iterable[str], closes_at: datetime) -> Inquiry:
    """One question about the recipient, open until its time; asking the sources is the caller's errand."""
    return Inquiry.objects.create(
        court_id=service.court_id,
        service=service,
        party=service.party,
        ground=ground,
        authority=authority,
        asks=list(asks),
        opened_at=clock.now(),
        closes_at=closes_at,
    )


def note_asked(inquiry: Inquiry, source: str) -> Answer:
    answer, _ = Answer.objects.get_or_create(
        court_id=inquiry.court_id, inquiry=inquiry, source=source, defaults={"asked_at": clock.now()}
    )
    return answer


def note_answer(answer: Answer, status: str, values: Mapping[str, Any] | None, problem: str = "") -> list[ContactPoint]:
    """Keep what a source said and the ways to reach the party that it gave."""
    answer.status, answer.values, answer.problem = status, dict(values) if values else None, problem
    answer.answered_at = clock.now()
    answer.save(update_fields=["status", "values", "problem", "answered_at"])
    return learn(answer.inquiry.party, _ways(answer.source, values or {}))


def _ways(source: str, values: Mapping[str, Any]) -> list[Reach]:
    rank = Rank.REGISTERED if source in {"household", "market"} else Rank.CIVIL_LIFE
    return [Reach(kind, str(value), source, rank) for kind in ContactKind.values for value in values.get(kind, [])]


def close(inquiry_id: UUID) -> Inquiry | None:
    """Close an open inquiry with what is there; None when it is closed already."""
    inquiry = Inquiry.objects.select_for_update().filter(id=inquiry_id, closed_at=None).first()
    if inquiry is not None:
        inquiry.closed_at = clock.now()
        inquiry.save(update_fields=["closed_at"])
    return inquiry
