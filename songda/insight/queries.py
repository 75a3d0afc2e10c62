"""What boards ask. Each answer costs the same however many services there have been: counters by day, the index of
what is open, and the newest facts of each court.

All of it is asked inside a scope; `courts` are courts of that scope.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from songda.evidence.models import Fact
from songda.filing.models import Order
from songda.insight.indicators import Part, Tally
from songda.insight.measures import MEASURES, Measure
from songda.insight.models import Counter, ServiceFigure, Snapshot
from songda.lib import clock

# Counting what is late stops here: a board that says "999 and more" has said enough.
MOST = 999
LISTED = 8
STREAM = 24
AT_RISK = timedelta(days=10)
# Facts about looking, keeping and counting, not about serving.
_ASIDE = ("private.revealed", "work.done", "file.kept", "indicators.sealed", "report.made", "report.downloaded")


@dataclass(frozen=True, slots=True)
class Span:
    """Days in Beijing, both ends counted."""

    first: date
    last: date

    @classmethod
    def days_until_today(cls, days: int) -> "Span":
        today = clock.today()
        return cls(today - timedelta(days=days - 1), today)

    @classmethod
    def month(cls, of: date) -> "Span":
        first = of.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def tallies(courts: Sequence[UUID], span: Span) -> dict[UUID, dict[str, dict[str, int]]]:
    """Counters of these days, and gauges of the present, by court, measure and class."""
    with connection.cursor() as cursor:
        cursor.execute(_TALLIES, [list(courts), span.first, span.last])
        rows = cursor.fetchall()
    found: dict[UUID, dict[str, dict[str, int]]] = {}
    for court, measure, label, n in rows:
        if n:
            found.setdefault(court, {}).setdefault(measure, {})[label] = n
    return found


# One stretch of an index a court, and the few gauges beside it.
_TALLIES = """
SELECT courts.id, own.measure, own.label, own.n FROM unnest(%s::uuid[]) AS courts(id) CROSS JOIN LATERAL (
  SELECT measure, label, sum(n) AS n FROM songda_counter
  WHERE court_id = courts.id AND day BETWEEN %s AND %s GROUP BY measure, label
  UNION ALL
  SELECT measure, label, n FROM songda_counter WHERE court_id = courts.id AND day IS NULL
) AS own
"""


def together(found: Iterable[Tally]) -> dict[str, dict[str, int]]:
    """Several courts' counters as one court's would be."""
    total: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for own in found:
        for measure, labels in own.items():
            for label, n in labels.items():
                total[measure][label] += n
    return {measure: dict(labels) for measure, labels in total.items()}


def tally(courts: Sequence[UUID], span: Span) -> dict[str, dict[str, int]]:
    """The same over all these courts."""
    return together(tallies(courts, span).values())


def by_day(courts: Sequence[UUID], span: Span, *measures: str) -> dict[str, list[int]]:
    """Each measure's daily counts, a number for every day of the span."""
    days = [span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1)]
    rows = (
        Counter.objects.filter(court_id__in=courts, day__gte=span.first, day__lte=span.last, measure__in=measures)
        .order_by()
        .values_list("measure", "day")
        .annotate(n=Sum("n"))
    )
    counts = {(measure, day): n for measure, day, n in rows}
    return {measure: [counts.get((measure, day), 0) for day in days] for measure in measures}


def orders_by_hour(courts: Sequence[UUID]) -> list[int]:
    """Today's orders, a number for each hour of the day in Beijing."""
    begin = datetime.combine(clock.today(), time(), clock.BEIJING)
    hours = [0] * 24
    for (at,) in Order.objects.filter(court_id__in=courts, handed_over_at__gte=begin).values_list("handed_over_at"):
        hours[at.astimezone(clock.BEIJING).hour] += 1
    return hours


# ---- what is open ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clocks:
    """How many open services are past their time, or will be within an hour or a day; and those that come first."""

    late: int
    within_hour: int
    within_day: int
    next: list[ServiceFigure]


def clocks(courts: Sequence[UUID]) -> Clocks:
    now = clock.now()
    open_ = ServiceFigure.objects.filter(court_id__in=courts, is_open=True)

    def many(**due: Any) -> int:
        return open_.filter(**due).order_by()[: MOST + 1].count()

    return Clocks(
        many(due_at__lt=now),
        many(due_at__gte=now, due_at__lt=now + timedelta(hours=1)),
        many(due_at__gte=now, due_at__lt=now + timedelta(days=1)),
        _first_of_each(courts, "due_at IS NOT NULL", "due_at", (), lambda figure: figure.due_at),
    )


def hearings_at_risk(courts: Sequence[UUID]) -> list[ServiceFigure]:
    """Open services of cases heard within ten days, the soonest first."""
    now = clock.now()
    soon = (now, now + AT_RISK)
    return _first_of_each(
        courts, "hearing_at >= %s AND hearing_at < %s", "hearing_at", soon, lambda figure: figure.hearing_at
    )


def _first_of_each(
    courts: Sequence[UUID], where: str, order: str, said: Sequence[Any], key: Callable[[ServiceFigure], Any]
) -> list[ServiceFigure]:
    """The first few of each court by its own index, then the first few of those."""
    ids = _ids_of_each("songda_servicefigure", courts, f"is_open AND {where}", order, LISTED, said)
    found = ServiceFigure.objects.filter(id__in=ids).select_related("service", "case", "court")
    return sorted(found, key=key)[:LISTED]


def _ids_of_each(
    table: str, courts: Sequence[UUID], where: str, order: str, many: int, said: Sequence[Any] = ()
) -> list[UUID]:
    """The first ids over these courts: one look into an index a court, whatever the length of the table."""
    column, *turn = order.split()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT first.id FROM unnest(%s::uuid[]) AS courts(id) CROSS JOIN LATERAL"
            f" (SELECT id, {column} AS place FROM {table} WHERE court_id = courts.id AND {where}"
            f" ORDER BY {order} LIMIT {many}) AS first ORDER BY first.place {' '.join(turn)} LIMIT {many}",
            [list(courts), *said],
        )
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class News:
    """A fact as a wall may show it: nothing of any person."""

    name: str
    learnt_at: datetime
    court: str
    number: str


def stream(courts: Sequence[UUID], names: dict[UUID, str]) -> list[News]:
    """The newest facts of these courts. `names` gives a court's short name."""
    ids = _ids_of_each("songda_fact", courts, "name <> ALL(%s)", "learnt_at DESC", STREAM, [list(_ASIDE)])
    rows = Fact.objects.filter(id__in=ids).values_list("name", "learnt_at", "court_id", "about", "id")
    newest = sorted(rows, key=lambda row: (row[1], row[4]), reverse=True)[:STREAM]
    numbers = dict(
        ServiceFigure.objects.filter(service__in=[row[3] for row in newest]).values_list(
            "service_id", "service__number"
        )
    )
    return [News(name, at, names[court], numbers.get(about, "")) for name, at, court, about, _ in newest]


# ---- the list behind a number ----------------------------------------------------------------------------------


def behind(part: Part, courts: Sequence[UUID], span: Span) -> QuerySet[Any]:
    """The figures that a part of an indicator counts: as many as its number says."""
    measure: Measure = MEASURES[part.measure]
    rows = measure.of._default_manager.filter(court_id__in=courts, **measure.conditions())
    if measure.day:
        rows = rows.filter(**{f"{measure.day}__gte": span.first, f"{measure.day}__lte": span.last})
    if part.only:
        rows = rows.filter(**{f"{measure.by}__in": list(part.only)})
    if part.but:
        rows = rows.exclude(**{f"{measure.by}__in": list(part.but)})
    return rows


def snapshots(courts: Sequence[UUID]) -> list[Snapshot]:
    """Sealed months, the newest first."""
    return list(Snapshot.objects.filter(court_id__in=courts).select_related("court").order_by("-month", "court__code"))
