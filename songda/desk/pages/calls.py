"""电话: the queue of calls by promise and by chance, and the call itself: script, number, one-key outcomes."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import Court, Person, Role
from songda.courts.queries import calendar_of, policy_of
from songda.desk.access import DeskRequest, at_desk
from songda.desk.listing import Column, Listing, Nothing, inert
from songda.desk.pages.orders import Link
from songda.desk.people import shown_name
from songda.engine.acts import ActRefused
from songda.engine.calls import calling
from songda.engine.calls.calling import Candidate
from songda.engine.models import WorkItem
from songda.filing.models import Service
from songda.finding import answering
from songda.finding.audience import AUDIENCES
from songda.lib import clock, masking
from songda.lib.clock import BEIJING
from songda.methods.calls import Call, CallTurn

CALLERS = (Role.ELECTRONIC, Role.CLERK, Role.MANAGER)
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the electronic zone."""

    url: str
    label: str


ZONE = (
    Place("desk:calls", "该打的电话"),
    Place("desk:calls_later", "稍后再打"),
    Place("desk:call_history", "通话记录"),
    Place("desk:call_messages", "通知"),
    Place("desk:call_numbers", "号码修复"),
    Place("desk:call_texts", "通知文本"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands on top of the queue."""

    waiting: int
    promised: int
    made: int
    answered: int
    again: int

    @property
    def rate(self) -> str:
        return f"{self.answered}/{self.made}"


def figures(found: Sequence[Candidate]) -> Figures:
    """Two queries: today's calls of the court, by people and by the robot, and who is called again later."""
    midnight = clock.now().astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    made = Call.objects.filter(at__gte=midnight).aggregate(all=Count("id"), good=Count("id", filter=Q(answered=True)))
    return Figures(
        waiting=len(found),
        promised=sum(bool(one.first) for one in found),
        made=made["all"],
        answered=made["good"],
        again=_later().count(),
    )


@require_GET
@at_desk(*CALLERS)
def queue(request: DeskRequest) -> HttpResponse:
    """The calls worth making now, the one to make first on top; nobody else's are among them."""
    seat = request.seat
    found = calling.queue(seat.court, seat.person)
    asked, audience = request.GET.get("q", "").strip(), request.GET.get("audience", "")
    shown = [one for one in found if _matches(one, asked, audience)]
    if request.GET.get("export") == "csv":
        return _as_csv(shown)
    return render(
        request,
        "desk/calls.html",
        {
            "places": ZONE,
            "rows": shown[:SHOWN],
            "more": max(len(shown) - SHOWN, 0),
            "figures": figures(found),
            "hours": calling.hours_of(seat.court),
            "held": _held(seat.person),
            "asked": asked,
            "audience": audience,
            "audiences": AUDIENCES,
            "rates": _rates(seat.court),
        },
    )


def _matches(one: Candidate, asked: str, audience: str) -> bool:
    """By case number or service number, and by whom the number reaches."""
    service = one.item.service
    said = asked in service.case.number or asked in service.number
    return said and (not audience or AUDIENCES.get(audience) == one.audience)


def _as_csv(found: Sequence[Candidate]) -> HttpResponse:
    """The queue as a sheet: names and numbers as masked as on the page."""
    lines = [
        (
            place,
            one.item.service.case.number,
            shown_name(one.item.service.party),
            one.audience,
            masking.phone(one.point.value),
            f"{one.percent}%",
            len(one.tried),
            f"{one.item.due_at.astimezone(BEIJING):%Y-%m-%d %H:%M}",
            one.first,
        )
        for place, one in enumerate(found, start=1)
    ]
    return csv_of("calls", ("次序", "案号", "受送达人", "类别", "电话", "接通可能", "已拨", "时限", "优先"), lines)


def csv_of(name: str, heads: Sequence[str], lines: Sequence[Sequence[Any]]) -> HttpResponse:
    """Lines as CSV that a spreadsheet opens as they are; what begins like a formula stays text."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y%m%d}.csv"'
    response.write("\ufeff")
    paper = csv.writer(response)
    paper.writerow(heads)
    paper.writerows([inert(one) for one in line] for line in lines)
    return response


def _held(person: Person) -> list[WorkItem]:
    """The calls this person has in hand."""
    turns = CallTurn.objects.filter(person=person, ended_at=None, until__gt=clock.now())
    items = WorkItem.objects.filter(id__in=turns.values("item_id"), done_at=None)
    return list(items.select_related("service__case", "service__party"))


@dataclass(frozen=True, slots=True)
class HourRate:
    """What the court has learnt of one hour, for the table on the page."""

    hour: int
    percent: int
    worked: int
    tried: int
    is_now: bool

    @property
    def tone(self) -> int:
        """1 to 5, the darker the likelier."""
        return min(max(self.percent // 15 + 1, 1), 5)


def _rates(court: Court) -> list[tuple[str, list[HourRate]]]:
    """The learnt hours of the sort of day it is, for each audience, within the hours people may be called."""
    policy, local = policy_of(court), clock.now().astimezone(BEIJING)
    calendar = calendar_of(court)
    rates, day = answering.Rates(calendar), "off" if calendar.is_day_off(local.date()) else "work"
    return [
        (
            label,
            [
                HourRate(hour, round(100 * chance), seen.worked, seen.tried, hour == local.hour)
                for hour, seen, chance in rates.table(audience, day)
                if policy.calls_from_hour <= hour < policy.calls_until_hour
            ],
        )
        for audience, label in AUDIENCES.items()
    ]


# ---- later -------------------------------------------------------------------------------------------------------


def _later() -> Any:
    """Services that wait for their next call."""
    calls = WorkItem.objects.filter(service=OuterRef("pk"), kind="call", done_at=None)
    called = Call.objects.filter(service=OuterRef("pk"))
    waiting = Service.objects.filter(step="seeking_consent", closed_at=None, due_at__gt=clock.now())
    return waiting.filter(~Exists(calls), Exists(called))


LATER = (
    Column(
        "受送达人",
        lambda row: Link(reverse("desk:service", args=[row.pk]), shown_name(row.party), row.case.number),
        "parts/cells/link.html",
        plain=lambda row: shown_name(row.party),
    ),
    Column("案号", lambda row: row.case.number, sort="case__number"),
    Column("下次拨打", lambda row: row.due_at, "parts/cells/moment.html", sort="due_at"),
    Column("为什么", lambda row: row.waiting_for),
)


@require_GET
@at_desk(*CALLERS)
def later(request: DeskRequest) -> HttpResponse:
    """Who is called again, and when: agreed on the telephone, or planned by the hours people answer at."""
    listing = Listing(
        request,
        _later().select_related("case", "party"),
        title="稍后再打",
        columns=LATER,
        order="due_at",
        nothing=Nothing("没有约好或者计划再打的电话", "没有人接的，平台按学到的接通时段安排下一次。"),
    )
    if request.GET.get("export") == "csv":
        return listing.csv("calls-later")
    shown = {"places": ZONE, "listing": listing, "title": "稍后再打", "words": _LATER_WORDS, "exports": True}
    return render(request, "desk/calls_list.html", shown)


_LATER_WORDS = "到时间会自己回到“该打的电话”；约定的时间排在最前。"


# ---- taking a call -----------------------------------------------------------------------------------------------


def find(item_id: UUID) -> WorkItem:
    along = ("court", "service__court", "service__case", "service__party", "owner", "done_by")
    return get_object_or_404(WorkItem.objects.select_related(*along), pk=item_id, kind="call")


@require_POST
@at_desk(*CALLERS)
def take_next(request: DeskRequest) -> HttpResponse:
    """The first call that nobody takes at this moment."""
    taken = calling.take_next(request.seat.court, request.seat.person)
    if taken is None:
        messages.info(request, "现在没有该打的电话。")
        return redirect("desk:calls")
    return redirect("desk:call", taken.pk)


@require_POST
@at_desk(*CALLERS)
def take(request: DeskRequest, item_id: UUID) -> HttpResponse:
    try:
        calling.take(find(item_id), request.seat.person)
    except ActRefused as refused:
        messages.error(request, refused.message)
        return redirect("desk:calls")
    return redirect("desk:call", item_id)


@require_POST
@at_desk(*CALLERS)
def give_back(request: DeskRequest, item_id: UUID) -> HttpResponse:
    calling.give_back(find(item_id), request.seat.person)
    messages.success(request, "已放回，别人可以接手。")
    return redirect("desk:calls")
