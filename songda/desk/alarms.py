"""What calls for somebody at this moment, as data: called up, past its limit, in dispute, held back, not sealed.

No silent state: what exceeds its age is counted on the board, and the list behind the number comes from the same rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from songda.courts.models import Court, Role
from songda.engine.models import WorkItem
from songda.engine.work import WORK
from songda.evidence.models import Unsealed
from songda.evidence.queries import SEALED_WITHIN
from songda.filing.models import Service
from songda.insight.queries import MOST
from songda.lib import clock

# So many of them stand on the board by name.
SHOUTED = 6
_HELD_BACK = ("conformity", "result_incomplete", "sealing_late")


@dataclass(frozen=True, slots=True)
class Alarm:
    """`since` is the column by which the longest waiting comes first."""

    code: str
    label: str
    of: type[models.Model]
    where: Callable[[], Q]
    since: str = "due_at"


def _not_sealed() -> Q:
    # The machine's own seconds, whatever clock is played.
    return Q(noted_at__lt=Now() - SEALED_WITHIN)


ALARMS: tuple[Alarm, ...] = (
    Alarm("up", "已上报待办", WorkItem, lambda: Q(done_at=None, escalated_at__isnull=False)),
    Alarm("late", "超期待办", WorkItem, lambda: Q(done_at=None, due_at__lt=clock.now())),
    Alarm("irregular", "异常待答复", WorkItem, lambda: Q(done_at=None, kind="irregularity")),
    Alarm("held_back", "结果待补正", WorkItem, lambda: Q(done_at=None, kind__in=_HELD_BACK[:2])),
    Alarm("unsealed", "封存超时的事实", Unsealed, _not_sealed, "noted_at"),
)
BY_CODE: Mapping[str, Alarm] = {one.code: one for one in ALARMS}


def rows(alarm: Alarm, courts: Sequence[UUID]) -> models.QuerySet[Any]:
    """What raised the alarm at these courts."""
    return alarm.of._default_manager.filter(alarm.where(), court_id__in=courts)


def counts(courts: Sequence[UUID]) -> dict[str, int]:
    """How many of each, counted no further than MOST + 1."""
    return {one.code: rows(one, courts).order_by()[: MOST + 1].count() for one in ALARMS}


@dataclass(frozen=True, slots=True)
class Call:
    """One work item that calls: at which service, what it is, whose turn it is, since when it is over."""

    service: Service
    court: Court
    what: str
    said: str
    whose: str
    due_at: datetime


def first(courts: Sequence[UUID]) -> list[Call]:
    """What has called the longest: called up, in dispute, held back or simply past its limit."""
    calling = Q(escalated_at__isnull=False) | Q(kind__in=("irregularity", *_HELD_BACK)) | Q(due_at__lt=clock.now())
    items = WorkItem.objects.filter(calling, court_id__in=courts, done_at=None).order_by("due_at", "id")
    return [_call(item) for item in items.select_related("service__case", "court")[:SHOUTED]]


def _call(item: WorkItem) -> Call:
    what = WORK[item.kind].label
    said = item.reason if item.kind == "irregularity" else what
    return Call(item.service, item.court, what, said, str(Role(item.escalated_to or item.role).label), item.due_at)
