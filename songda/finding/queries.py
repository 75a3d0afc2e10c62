"""Reading inquiries: the figures of a court's sources, and where one inquiry stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, Sum

from songda.finding.models import Answer, ContactOutcome, Inquiry, SourceState, Status
from songda.finding.sources import name_of
from songda.lib import clock
from songda.lib.tenancy import current_scope

WINDOW = timedelta(days=90)
PROMISE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Share:
    """A numerator and its denominator, never a bare percentage."""

    good: int
    of: int

    @property
    def percent(self) -> float | None:
        return 100 * self.good / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Speed:
    """How long answers took; None where there were none."""

    p50: timedelta | None
    p95: timedelta | None
    p99: timedelta | None


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One source within the window. `in_time` counts answers within ten minutes of the question; `hits` those that gave
    something; `worked` what came of what it gave; `age` how old its records were."""

    code: str
    name: str
    in_time: Share
    hits: Share
    speed: Speed
    age: timedelta | None
    worked: Share
    fen: int
    state: SourceState | None

    @property
    def yuan(self) -> str:
        """What was paid, as people write it."""
        return f"{self.fen / 100:.2f}元"


@dataclass(frozen=True, slots=True)
class Figures:
    """A court's inquiries within the window. An inquiry is answered when one source said something, found or not."""

    inquiries: int
    answered: Share
    found: Share
    speed: Speed
    sources: tuple[SourceFigures, ...]


_SAID = (Status.FOUND, Status.NOT_FOUND)


def figures(at: datetime | None = None) -> Figures:
    """The figures of the courts in scope, over the last ninety days."""
    since = (at or clock.now()) - WINDOW
    inquiries = Inquiry.objects.filter(opened_at__gte=since)
    of_inquiries = Q(answers__status__in=_SAID, answers__answered_at__lte=F("opened_at") + PROMISE)
    answered = inquiries.filter(of_inquiries).distinct().count()
    found = inquiries.filter(answers__status=Status.FOUND).distinct().count()
    many = inquiries.count()
    return Figures(
        inquiries=many,
        answered=Share(answered, many),
        found=Share(found, many),
        speed=_speeds(since, by_source=False).get("", Speed(None, None, None)),
        sources=tuple(_sources(since)),
    )


def _sources(since: datetime) -> Iterable[SourceFigures]:
    asked = Answer.objects.filter(asked_at__gte=since).values("source").order_by("source")
    rows = asked.annotate(
        many=Count("id"),
        in_time=Count("id", filter=Q(status__in=_SAID, answered_at__lte=F("asked_at") + PROMISE)),
        said=Count("id", filter=Q(status__in=_SAID)),
        found=Count("id", filter=Q(status=Status.FOUND)),
        fen=Sum("price_fen"),
        freshest=Avg(
            ExpressionWrapper(F("answered_at") - F("freshest_on"), output_field=DurationField()),
            filter=Q(freshest_on__isnull=False),
        ),
    )
    speeds, states, worked = _speeds(since, by_source=True), _states(), _worked(since)
    for row in rows:
        code = row["source"]
        yield SourceFigures(
            code=code,
            name=name_of(code),
            in_time=Share(row["in_time"], row["many"]),
            hits=Share(row["found"], row["said"]),
            speed=speeds.get(code, Speed(None, None, None)),
            age=row["freshest"],
            worked=worked.get(code, Share(0, 0)),
            fen=row["fen"] or 0,
            state=states.get(code),
        )


def _states() -> dict[str, SourceState]:
    return {one.code: one for one in SourceState.objects.all()}


def _worked(since: datetime) -> dict[str, Share]:
    outcomes = ContactOutcome.objects.filter(happened_at__gte=since).values("source").order_by("source")
    rows = outcomes.annotate(of=Count("id"), good=Count("id", filter=Q(worked=True)))
    return {row["source"]: Share(row["good"], row["of"]) for row in rows}


_SPEEDS = """
SELECT {key}, percentile_cont(array[0.5, 0.95, 0.99])
         WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - asked_at))
  FROM songda_answer
 WHERE court_id = ANY (%s) AND asked_at >= %s AND status IN ('found', 'not_found') AND asked_at <= answered_at
 GROUP BY 1
"""


def _speeds(since: datetime, *, by_source: bool) -> dict[str, Speed]:
    """How long answers took, by source or all together under ''."""
    scope: Any = current_scope()
    with connection.cursor() as cursor:
        cursor.execute(_SPEEDS.format(key="source" if by_source else "''::text"), [list(scope), since])
        return {code: Speed(*(timedelta(seconds=one) for one in three)) for code, three in cursor.fetchall()}


def recent(limit: int = 50) -> list[Inquiry]:
    """The latest inquiries, the open ones first."""
    rows = Inquiry.objects.select_related("service__case", "party").prefetch_related("answers")
    return list(rows.order_by(F("closed_at").desc(nulls_first=True), "-opened_at")[:limit])


def one(inquiry_id: UUID) -> Inquiry | None:
    """An inquiry with everything its page shows."""
    rows = Inquiry.objects.select_related("service__case", "service__court", "party", "authorisation__granted_by")
    return rows.prefetch_related("answers").filter(id=inquiry_id).first()
