"""The lists behind a board's numbers of the present: today's orders, what is due, each zone's work, each queue, what
calls for somebody."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from songda.courts.models import Role
from songda.desk import alarms, queues, words
from songda.desk.access import DeskRequest, at_desk
from songda.desk.boards import Ground
from songda.desk.listing import Column, Listing, Nothing
from songda.desk.pages.boards import COURT, SERVICE, mark_here, on_board
from songda.desk.pages.orders import Link
from songda.engine.models import WorkItem
from songda.engine.work import WORK
from songda.evidence.models import Fact, Unsealed
from songda.filing.models import Order, Service
from songda.insight.classes import ZONES
from songda.insight.models import ServiceFigure
from songda.lib import clock

_NONE = Nothing("没有一件", "这里现在是空的。")
# A list: its title, its rows, its columns, its order.
Made = tuple[str, QuerySet[Any], tuple[Column, ...], str]


def _order_link(order: Any) -> Link:
    href = reverse("desk:order", args=[order.pk]) if order.here else ""
    return Link(href, order.case.number, order.case.cause)


_ORDERS = (
    Column("案号", _order_link, "parts/cells/link.html", plain=lambda order: order.case.number),
    COURT,
    Column("移交", lambda order: order.handed_over_at, "parts/cells/moment.html", sort="handed_over_at"),
    Column("任务", lambda order: order.many, number=True),
    Column("已生效", lambda order: order.effective, number=True),
)


def _orders(request: DeskRequest, ground: Ground) -> Made:
    """Today's, or of one hour of today."""
    begin = datetime.combine(clock.today(), time(), clock.BEIJING)
    asked, end = request.GET.get("hour", ""), begin + timedelta(days=1)
    title = "今日委托"
    if asked.isdecimal() and int(asked) < 24:
        begin += timedelta(hours=int(asked))
        end, title = begin + timedelta(hours=1), f"今日{asked}时的委托"
    rows = Order.objects.filter(court_id__in=ground.ids, handed_over_at__gte=begin, handed_over_at__lt=end)
    counted = rows.annotate(
        many=Count("services"), effective=Count("services", filter=Q(services__effective_on__isnull=False))
    )
    return title, counted.select_related("case", "court"), _ORDERS, "-handed_over_at"


_DUE = (
    SERVICE,
    COURT,
    Column(
        "环节", lambda one: one.step, "parts/cells/step.html", plain=lambda one: words.step(one.step).label, sort="step"
    ),
    Column("期限", lambda one: one.due_at, "parts/cells/due.html", sort="due_at"),
    Column("开庭", lambda one: one.hearing_at, "parts/cells/moment.html", sort="hearing_at"),
)


def _late() -> tuple[str, Q]:
    return "已超期的任务", Q(due_at__lt=clock.now())


def _within_hour() -> tuple[str, Q]:
    return "1小时内到期的任务", Q(due_at__gte=clock.now(), due_at__lt=clock.now() + timedelta(hours=1))


_WITHIN: Mapping[str, Callable[[], tuple[str, Q]]] = {"late": _late, "hour": _within_hour}


def _due(request: DeskRequest, ground: Ground) -> Made:
    title, condition = _WITHIN.get(request.GET.get("within", ""), _late)()
    rows = ServiceFigure.objects.filter(condition, court_id__in=ground.ids, is_open=True)
    return title, rows.select_related("service__case", "court"), _DUE, "due_at"


def _kind(item: WorkItem) -> str:
    return WORK[item.kind].label if item.kind in WORK else "待办"


def _item_link(item: Any) -> Link:
    return Link(reverse("desk:item", args=[item.pk]) if item.here else "", _kind(item), item.reason)


_WORK = (
    Column("待办", _item_link, "parts/cells/link.html", plain=_kind),
    SERVICE,
    COURT,
    Column("岗位", lambda item: Role(item.role).label),
    Column("办理人", lambda item: item.owner.name if item.owner else "未认领"),
    Column("产生", lambda item: item.opened_at, "parts/cells/moment.html", sort="opened_at"),
    Column("期限", lambda item: item.due_at, "parts/cells/due.html", sort="due_at"),
)


# The open work of a zone by its limit: what the title adds, and which items.
_DUE_OF: Mapping[str, tuple[str, Callable[[datetime], Q]]] = {
    "late": ("：已超期", lambda now: Q(due_at__lt=now)),
    "in_time": ("：期限内", lambda now: Q(due_at__gte=now)),
}


def _work(request: DeskRequest, ground: Ground) -> Made:
    """The open work items of a zone: all, those in time, or those past their limit."""
    zone, now = request.GET.get("zone", ""), clock.now()
    if zone not in ZONES:
        raise Http404("zone")
    label, due = _DUE_OF.get(request.GET.get("late", ""), ("", lambda _: Q()))
    rows = WorkItem.objects.filter(due(now), court_id__in=ground.ids, done_at=None, role__in=ZONES[zone])
    return f"{zone}的待办{label}", rows.select_related("service__case", "court", "owner"), _WORK, "due_at"


def _queue(request: DeskRequest, ground: Ground) -> Made:
    queue = queues.BY_CODE.get(request.GET.get("code", ""))
    if queue is None:
        raise Http404("queue")
    since = Column("自", lambda one: getattr(one, queue.since), "parts/cells/moment.html", sort=queue.since)
    step = Column(
        "环节",
        lambda one: one.service.step,
        "parts/cells/step.html",
        plain=lambda one: words.step(one.service.step).label,
    )
    due = Column("任务期限", lambda one: one.service.due_at, "parts/cells/due.html")
    rows = queues.rows(queue, ground.ids).select_related("service__case", "court")
    return f"{queue.zone}：{queue.label}", rows, (SERVICE, COURT, step, since, due), queue.since


_FACTS = (
    Column("事实", lambda one: words.fact(one.fact).title),
    Column("任务", lambda one: one.number or "—"),
    COURT,
    Column("自", lambda one: one.noted_at, "parts/cells/moment.html", sort="noted_at"),
)


def _alarm(request: DeskRequest, ground: Ground) -> Made:
    """What raised one of the board's alarms: work items, or facts that wait for their seal."""
    alarm = alarms.BY_CODE.get(request.GET.get("code", ""))
    if alarm is None:
        raise Http404("alarm")
    rows = alarms.rows(alarm, ground.ids)
    if alarm.of is Unsealed:
        return alarm.label, rows.select_related("court"), _FACTS, alarm.since
    return alarm.label, rows.select_related("service__case", "court", "owner"), _WORK, alarm.since


def _name_facts(rows: list[Any]) -> None:
    """What waits for its seal is known by the fact it stands for, and by the number of the service it is about."""
    facts = {one.id: one for one in Fact.objects.filter(id__in=[row.id for row in rows])}
    numbers = dict(Service.objects.filter(id__in=[one.about for one in facts.values()]).values_list("id", "number"))
    for row in rows:
        row.fact, row.number = facts[row.id].name, numbers.get(facts[row.id].about, "")


_LISTS: Mapping[str, Callable[[DeskRequest, Ground], Made]] = {
    "orders": _orders,
    "due": _due,
    "work": _work,
    "queue": _queue,
    "alarm": _alarm,
}


@require_GET
@at_desk()
@on_board
def board_list(request: DeskRequest, ground: Ground, code: str) -> HttpResponse:
    """One of these lists, on the page or as an Excel file."""
    if code not in _LISTS:
        raise Http404("list")
    title, rows, columns, order = _LISTS[code](request, ground)
    dress = _name_facts if rows.model is Unsealed else mark_here(request.seat)
    listing = Listing(request, rows, title=title, columns=columns, order=order, nothing=_NONE, dress=dress)
    if request.GET.get("export") == "xlsx":
        return listing.workbook(f"board-{code}")
    return render(
        request,
        "desk/boards/present.html",
        {"view": ground.view, "title": title, "listing": listing, "now": clock.now()},
    )
