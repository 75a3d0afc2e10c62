"""What lies in each zone of the centre at this moment, as data: papers at the counter, calls, pieces of mail, visits.

Each queue is read from what its desk keeps; a number and its list come from the same rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from songda.engine.models import WorkItem
from songda.lib import clock
from songda.methods.models import Collection, PieceState, Visit, Waybill


@dataclass(frozen=True, slots=True)
class Queue:
    """`since` is the column that says how long something has lain there."""

    code: str
    zone: str
    label: str
    of: type[models.Model]
    where: Callable[[], Q]
    since: str


def _items(*kinds: str) -> Callable[[], Q]:
    return lambda: Q(done_at=None, kind__in=kinds)


def _pieces(*states: PieceState) -> Callable[[], Q]:
    return lambda: Q(state__in=states, service__closed_at=None)


def _waiting_at_the_counter() -> Q:
    return Q(last_day__gte=clock.today(), service__step="collecting")


def _visits_of_today() -> Q:
    tomorrow = datetime.combine(clock.today() + timedelta(days=1), time(), clock.BEIJING)
    return Q(ended_at=None, planned_for__lt=tomorrow, service__closed_at=None)


QUEUES: tuple[Queue, ...] = (
    Queue("counter", "窗口", "文书待领取", Collection, _waiting_at_the_counter, "made_at"),
    Queue("calls", "电子", "电话待拨", WorkItem, _items("call"), "opened_at"),
    Queue("numbers", "电子", "号码待修复、发送待重办", WorkItem, _items("number_repair", "not_sent"), "opened_at"),
    Queue("printing", "邮寄", "待打印", Waybill, _pieces(PieceState.ORDERED, PieceState.PRINTING), "made_at"),
    Queue("sealing", "邮寄", "待核页、封装", Waybill, _pieces(PieceState.PRINTED, PieceState.COUNTED), "made_at"),
    Queue("handing_over", "邮寄", "待交接收寄", Waybill, _pieces(PieceState.SEALED, PieceState.HANDED_OVER), "made_at"),
    Queue("receipts", "邮寄", "待回执", Waybill, _pieces(PieceState.DELIVERED), "made_at"),
    Queue("visits", "外送", "今日应上门", Visit, _visits_of_today, "planned_for"),
    Queue("irregularities", "联络", "异常待答复", WorkItem, _items("irregularity"), "opened_at"),
)
BY_CODE: Mapping[str, Queue] = {one.code: one for one in QUEUES}


def rows(queue: Queue, courts: Sequence[UUID]) -> models.QuerySet[Any]:
    """What lies in the queue at these courts."""
    return queue.of._default_manager.filter(queue.where(), court_id__in=courts)


def counts(courts: Sequence[UUID]) -> dict[str, int]:
    """How much lies in each queue. One small query a queue, each along an index of what is open."""
    return {one.code: rows(one, courts).order_by().count() for one in QUEUES}
