"""What was handed over: the list with its search, and one order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from songda.courts.models import Person
from songda.desk import words
from songda.desk.access import DeskRequest, Seat, at_desk
from songda.desk.listing import Column, Listing, Nothing
from songda.desk.nav import FINDING_ROLES
from songda.desk.people import shown_name
from songda.desk.search import PART_OF_NUMBER, orders_about
from songda.engine.proving import dossier
from songda.filing.models import Order, Service
from songda.filing.queries import finality_of
from songda.lib import clock


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    label: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    label: str


TABS = (
    Tab("", "全部"),
    Tab("open", "进行中"),
    Tab("late", "已超期"),
    Tab("trouble", "未能送达"),
    Tab("done", "已办结"),
    Tab("unfiled", "待入卷"),
)


def _services(**conditions: Any) -> Exists:
    return Exists(Service.objects.filter(order=OuterRef("pk"), **conditions))


def _narrow(orders: QuerySet[Order], tab: str) -> QuerySet[Order]:
    """The orders under one tab."""
    is_open = _services(closed_at=None)
    conditions: dict[str, Any] = {
        "open": Q(is_open),
        "late": Q(_services(closed_at=None, due_at__lt=clock.now())),
        "trouble": Q(_services(result="not_served")),
        "done": ~Q(is_open),
        "unfiled": Exists(dossier.waiting(Service.objects.filter(order=OuterRef("pk")))),
    }
    return orders.filter(conditions[tab]) if tab in conditions else orders


def _recipients(order: Order) -> tuple[str, str]:
    names = [shown_name(service.party) for service in _of(order)]
    return "、".join(names[:3]) + ("等" if len(names) > 3 else ""), f"{len(names)} 人"


def _of(order: Order) -> Sequence[Service]:
    return list(order.services.all())


def _steps(order: Order) -> list[tuple[str, int]]:
    return Counter(service.step for service in _of(order)).most_common()


def _next_due(order: Order) -> Any:
    times = [service.due_at for service in _of(order) if service.closed_at is None and service.due_at]
    return min(times, default=None)


COLUMNS = (
    Column(
        "案号",
        lambda order: Link(reverse("desk:order", args=[order.pk]), order.case.number, order.case.cause),
        "parts/cells/link.html",
        sort="case__number",
        plain=lambda order: order.case.number,
    ),
    Column("受送达人", _recipients, "parts/cells/lines.html", plain=lambda order: "、".join(_recipients(order))),
    Column(
        "所处环节",
        _steps,
        "parts/cells/steps.html",
        plain=lambda order: "；".join(f"{words.step(code).label}×{count}" for code, count in _steps(order)),
    ),
    Column("最近期限", _next_due, "parts/cells/due.html"),
    Column("开庭", lambda order: order.case.hearing_at, "parts/cells/moment.html", sort="case__hearing_at"),
    Column(
        "移交",
        lambda order: order.handed_over_at,
        "parts/cells/moment.html",
        sort="handed_over_at",
    ),
    Column("移交人", lambda order: order.handed_over_by.name),
)


def visible(seat: Seat, *, mine: bool) -> QuerySet[Order]:
    """Orders of the court with what a list shows of them: three queries however many rows."""
    orders = Order.objects.select_related("case", "handed_over_by").prefetch_related(
        Prefetch("services", Service.objects.select_related("party").order_by("number"))
    )
    return orders.filter(handed_over_by=seat.person) if mine else orders


@require_GET
@at_desk()
def orders(request: DeskRequest) -> HttpResponse:
    asked, tab = request.GET.get("q", "").strip(), request.GET.get("tab", "")
    mine = request.GET.get("mine") == "1"
    rows = _narrow(visible(request.seat, mine=mine), tab)
    if asked:
        rows = orders_about(rows, asked)
    listing = Listing(
        request, rows, title="送达委托", columns=COLUMNS, order="-handed_over_at", nothing=_nothing(asked)
    )
    if request.GET.get("export") == "xlsx":
        return listing.workbook("orders")
    return render(
        request,
        "desk/orders.html",
        {"listing": listing, "asked": asked, "tab": tab, "tabs": TABS, "mine": mine},
    )


def _nothing(asked: str) -> Nothing:
    if asked:
        how = f"姓名、电话、邮件号要写全；{PART_OF_NUMBER}。"
        return Nothing("没有找到", how, reverse("desk:orders"), "看全部委托")
    return Nothing("这里还没有委托", "把案件材料拖进来，核对后一键移交。", reverse("desk:hand_over"), "移交委托")


@require_GET
@at_desk()
def order(request: DeskRequest, order_id: UUID) -> HttpResponse:
    found = get_object_or_404(visible(request.seat, mine=False), pk=order_id)
    services = list(found.services.all())
    documents = found.case.documents.filter(services__order=found).distinct().order_by("created_at")
    return render(
        request,
        "desk/order.html",
        {
            "order": found,
            "services": services,
            "documents": documents,
            "finality": finality_of(found.case),
            "may_see_contacts": request.seat.holds(*FINDING_ROLES),
            "ready": dossier.ready(services),
            "filed": _filed(services),
        },
    )


def _filed(services: list[Service]) -> list[tuple[Service, datetime, str]]:
    """Which services lie in the case's file, since when, and who put them there."""
    known = dossier.filed(services)
    people = dict(Person.objects.filter(id__in={one.person_id for one in known.values()}).values_list("id", "name"))
    return [
        (service, one.at, people.get(UUID(one.person_id), ""))
        for service in services
        if (one := known.get(str(service.id)))
    ]
