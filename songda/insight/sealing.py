"""Monthly snapshots: what a month's indicators were when it was over. Later corrections move the counters, never this.

The snapshot's digest is a fact in the court's ledger: a snapshot swapped afterwards is found out by whoever compares.
"""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import rfc8785
from django.db.models import Min

from songda.courts.models import Court
from songda.evidence.actions import Told, append
from songda.insight.indicators import Tally, values
from songda.insight.models import Arrival, Counter, Snapshot
from songda.insight.queries import Span, by_day, tally
from songda.lib import clock
from songda.lib.ids import uuid7
from songda.lib.tenancy import acting_for

# What a month's seal keeps day by day.
TREND = ("started", "effective", "returned")


class TooEarly(ValueError):
    """The month is not over, or what happened in it is not all counted yet."""


def seal(court_id: UUID, month: date) -> Snapshot:
    """Seal a month of a court; the seal that is there, if there is one. Raises TooEarly.

    Call inside a scope that holds the court."""
    span = Span.month(month)
    if sealed := Snapshot.objects.filter(court_id=court_id, month=span.first).first():
        return sealed
    if clock.today() <= span.last or Arrival.objects.filter(court_id=court_id).exists():
        raise TooEarly(f"{span.first:%Y-%m}")
    said = {**_said(tally([court_id], span)), "days": by_day([court_id], span, *TREND)}
    snapshot = Snapshot(id=uuid7(), court_id=court_id, month=span.first, values=said, sha256=digest(said))
    detail = {"month": f"{span.first:%Y-%m}", "snapshot": str(snapshot.id), "sha256": snapshot.sha256}
    key = f"snapshot:{span.first:%Y-%m}"
    fact = append(court_id, court_id, Told("indicators.sealed", clock.now(), detail=detail, key=key))
    assert fact is not None, "the fact stands without its snapshot"
    snapshot.fact_id, snapshot.sealed_at = fact.id, clock.now()
    snapshot.save(force_insert=True)
    return snapshot


def _said(found: Tally) -> dict[str, Any]:
    """The indicators, and the counters of the month they come from; gauges of the present belong to no month."""
    return {
        "indicators": {
            one.indicator.code: {"top": one.top, "bottom": one.bottom, "value": one.value, "shown": one.shown}
            for one in values(found)
        },
        "counters": {measure: dict(labels) for measure, labels in sorted(found.items()) if measure != "standing"},
    }


def digest(said: dict[str, Any]) -> str:
    """SHA-256 over the canonical form (RFC 8785) of what was sealed."""
    return sha256(rfc8785.dumps(said)).hexdigest()


def seal_due() -> int:
    """Seal every month that is over and counted, court by court, the oldest first. Returns how many."""
    return sum(_seal_months(court_id) for court_id in Court.objects.values_list("id", flat=True))


def _seal_months(court_id: UUID) -> int:
    with acting_for(court_id):
        first = Counter.objects.filter(court_id=court_id).aggregate(day=Min("day"))["day"]
        done = set(Snapshot.objects.filter(court_id=court_id).values_list("month", flat=True))
        if first is None or Arrival.objects.filter(court_id=court_id).exists():
            return 0
        due = [month for month in _months(first) if month not in done]
        for month in due:
            seal(court_id, month)
        return len(due)


def _months(first: date) -> list[date]:
    """The months that are over, from the one of this day on."""
    months, month = [], first.replace(day=1)
    while month < clock.today().replace(day=1):
        months.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return months
