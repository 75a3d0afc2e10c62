"""Learning how a person can be reached, and from what came of it; opening inquiries and keeping what sources say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from songda.filing.models import Party, Service
from songda.finding import confidence
from songda.finding.addresses import parse, same_place_key
from songda.finding.models import Answer, Authorisation, ContactKind, ContactOutcome, ContactPoint, Inquiry, Rank
from songda.lib import clock, crypto, rows
from songda.lib.ids import uuid7


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach a party, as somebody gives it. `as_of` is the day of the record it stands in; an account has a
    `platform`, nothing else has."""

    kind: str
    value: str
    source: str
    rank: str = Rank.UNKNOWN
    as_of: date | None = None
    answer: UUID | None = None
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What became of one way: its row, and whether nobody knew it, however written, before."""

    point: ContactPoint
    is_new: bool


def learn(party: Party, ways: Iterable[Reach]) -> list[ContactPoint]:
    """Keep the ways to reach the party; a way already known keeps its row and takes the better rank."""
    return [one.point for one in learn_many((party, way) for way in ways)]


def learn_many(ways: Iterable[tuple[Party, Reach]]) -> list[Learnt]:
    """Keep ways to reach many parties in a few statements. An address that is another writing of a known place is kept
    and is not new; neither is what was withdrawn before."""
    said = [(_point(party, way), way) for party, way in ways if way.value.strip()]
    if not said:
        return []
    parties = {point.party_id for point, _ in said}
    before = list(ContactPoint.objects.filter(party_id__in=parties))
    places = {(one.party_id, one.place_index) for one in before if one.place_index}
    known = {_key(one): one for one in before}
    fresh: dict[Any, ContactPoint] = {}
    learnt = []
    for point, way in said:
        there = known.get(_key(point)) or fresh.get(_key(point))
        if there is None:
            fresh[_key(point)] = point
            learnt.append(Learnt(point, (point.party_id, point.place_index) not in places))
            places |= {(point.party_id, point.place_index)} if point.place_index else set()
        else:
            _take_better(there, way)
            learnt.append(Learnt(there, is_new=False))
    confidence.weigh([*{one.point.id: one.point for one in learnt}.values()])
    # Another service of the same party may be learning the same at this moment; then its row stands.
    ContactPoint.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    new = {one.id for one in fresh.values()}
    rows.write([*{one.point.id: one.point for one in learnt if one.point.id not in new}.values()], "confidence")
    return learnt


def _key(point: ContactPoint) -> tuple[UUID, str, str]:
    return point.party_id, point.kind, point.value_index


def _point(party: Party, way: Reach) -> ContactPoint:
    value = way.value.strip()
    place, division = _place(value) if way.kind == ContactKind.ADDRESS else ("", "")
    return ContactPoint(
        id=uuid7(),
        court_id=party.court_id,
        party=party,
        kind=way.kind,
        platform=way.platform,
        value=value,
        value_index=crypto.blind_index(f"{way.platform}:{value}" if way.platform else value, purpose="contact"),
        place_index=place,
        division_code=division,
        source=way.source,
        rank=way.rank,
        as_of=way.as_of,
        answer_id=way.answer,
        learnt_at=clock.now(),
    )


def _take_better(point: ContactPoint, way: Reach) -> None:
    if _better(way.rank, point.rank):
        point.rank, point.source, point.as_of = way.rank, way.source, way.as_of
        point.save(update_fields=["rank", "source", "as_of"])


def _better(rank: str, than: str) -> bool:
    return Rank.values.index(rank) < Rank.values.index(than)


def _place(address: str) -> tuple[str, str]:
    """The index of the place an address means, and the code of its smallest known division."""
    parsed = parse(address)
    codes: Mapping[str, str | None] = parsed.codes
    division = next((code for level in ("town", "county", "city", "province") if (code := codes.get(level))), "")
    key = same_place_key(parsed)
    return crypto.blind_index(key, purpose="place") if key else "", division


def withdraw(point: ContactPoint, why: str) -> None:
    """Nobody uses this contact point any more: wrong person, out of service, moved."""
    point.withdrawn_at, point.withdrawn_why = clock.now(), why
    point.save(update_fields=["withdrawn_at", "withdrawn_why"])


def note_outcome(point: ContactPoint, *, worked: bool, fact: str, happened_at: datetime, key: str) -> None:
    """Learn from what came of a contact point; the same event (`key`) teaches once."""
    _, is_new = ContactOutcome.objects.get_or_create(
        court_id=point.court_id,
        contact_point=point,
        key=key[:160],
        defaults={
            "source": point.source,
            "kind": point.kind,
            "worked": worked,
            "fact": fact,
            "happened_at": happened_at,
        },
    )
    if is_new and (point.proved_at is None or point.proved_at <= happened_at):
        point.proved_at, point.proved = happened_at, worked
        point.save(update_fields=["proved_at", "proved"])
    if is_new:
        confidence.weigh([point])
        point.save(update_fields=["confidence"])


def identify(party: Party, number: str) -> None:
    """The party's ID number or USCC, found out after the order was taken."""
    party.id_number, party.id_index = number, crypto.blind_index(number, purpose="id")
    party.save(update_fields=["id_number", "id_index"])


def note_consent(points: Iterable[ContactPoint], *, given: bool, at: datetime) -> None:
    """The recipient's word on electronic service, kept at the ways it was said of."""
    said = "given" if given else "refused"
    ContactPoint.objects.filter(id__in=[one.id for one in points]).update(consent=said, consent_at=at)


# ---- inquiries -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What an inquiry is opened with."""

    trigger: str
    ground: str
    authority: str
    asks: Sequence[str]
    sources: Sequence[str]
    within: timedelta
    authorisation: Authorisation | None = None
    # Those of the sources that may be told the ID number with the question.
    with_number: Sequence[str] = ()


def open_inquiry(service: Service, asking: Asking) -> Inquiry:
    """One question about the recipient, open until its time, with one answer to come from each source, due at once."""
    now = clock.now()
    inquiry = Inquiry.objects.create(
        court_id=service.court_id,
        service=service,
        party=service.party,
        trigger=asking.trigger,
        ground=asking.ground,
        authority=asking.authority[:100],
        authorisation=asking.authorisation,
        asks=list(asking.asks),
        opened_at=now,
        closes_at=now + asking.within,
    )
    Answer.objects.bulk_create(
        Answer(
            court_id=service.court_id,
            inquiry=inquiry,
            source=source,
            next_at=now,
            with_number=source in asking.with_number,
        )
        for source in asking.sources
    )
    return inquiry


def authorise(
    party: Party,
    by: UUID,
    *,
    sources: Sequence[str],
    asks: Sequence[str],
    reason: str,
    days: int,
    number: bool = False,
) -> Authorisation:
    """A judge or manager lets these sources be asked about the party; with `number`, be told the ID number."""
    now = clock.now()
    return Authorisation.objects.create(
        court_id=party.court_id,
        party=party,
        sources=list(sources),
        asks=list(asks),
        number=number,
        reason=reason,
        granted_by_id=by,
        granted_at=now,
        expires_at=now + timedelta(days=days),
    )
