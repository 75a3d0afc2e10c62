"""What each role had to do over a stretch of days: work items that came, that were ended, that were late."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from songda.filing.models import Service
from songda.insight.classes import ZONES
from songda.insight.queries import Span
from songda.lib import clock

KINDS = ("opened", "done", "done_late", "open", "overdue")
# By role, then by kind: how many work items.
Loads = Mapping[str, Mapping[str, int]]


def _moments(span: Span) -> tuple[datetime, datetime]:
    begin = datetime.combine(span.first, time(), clock.BEIJING)
    return begin, datetime.combine(span.last + timedelta(days=1), time(), clock.BEIJING)


def loads(courts: Sequence[UUID], span: Span) -> dict[str, dict[str, int]]:
    """Work items of these courts by role: come and ended within the days (late where past their limit), and what was
    open at their end, of it past its limit. Call in a scope."""
    begin, end = _moments(span)
    came = Q(work_items__opened_at__gte=begin, work_items__opened_at__lt=end)
    ended = Q(work_items__done_at__gte=begin, work_items__done_at__lt=end)
    late = Q(work_items__done_at__gt=F("work_items__due_at"))
    left = Q(work_items__opened_at__lt=end) & (Q(work_items__done_at=None) | Q(work_items__done_at__gte=end))
    rows: Any = (
        Service.objects.filter(came | ended | left, court_id__in=courts)
        .order_by()
        .values("work_items__role")
        .annotate(
            opened=Count("work_items", filter=came),
            done=Count("work_items", filter=ended),
            done_late=Count("work_items", filter=ended & late),
            open=Count("work_items", filter=left),
            overdue=Count("work_items", filter=left & Q(work_items__due_at__lt=end)),
        )
    )
    return {row["work_items__role"]: {kind: row[kind] for kind in KINDS} for row in rows}


def by_zone(found: Loads) -> dict[str, dict[str, int]]:
    """The same by zone."""
    return {
        zone: {kind: sum(found.get(role, {}).get(kind, 0) for role in roles) for kind in KINDS}
        for zone, roles in ZONES.items()
    }
