"""窗口: looking up who came, what waits to be collected, the counter's day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songda.courts.models import Role
from songda.desk.access import DeskRequest, at_desk
from songda.desk.callers import MOST_PEOPLE, Person, people
from songda.desk.forms.counter import AppointForm, LookForm
from songda.desk.listing import Column, Listing, Nothing
from songda.desk.pages.services import find as find_service
from songda.desk.people import shown_name
from songda.engine.acts import ActRefused
from songda.engine.counter import handing
from songda.filing.models import Service
from songda.law.facts import SIGNERS
from songda.lib import clock, masking
from songda.methods.counter import said_code
from songda.methods.models import Attendance, Collection

COUNTER_ROLES = (Role.WINDOW, Role.CLERK)


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    label: str
    small: str = ""


# ---- looking up -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@at_desk(*COUNTER_ROLES)
def look(request: DeskRequest) -> HttpResponse:
    """The box, and under it whom it found; who is found alone is opened at once."""
    form = LookForm(request.POST, request.FILES) if request.method == "POST" else LookForm()
    found: list[Person] | None = None
    if form.is_bound and form.is_valid():
        found = _found(form.words())
        if len(found) == 1:
            return redirect("desk:counter_person", found[0].party.pk)
    shown = {"form": form, "found": found, "most": MOST_PEOPLE, "waiting": _waiting(request), "here": "look"}
    return render(request, "desk/counter/look.html", shown, status=422 if form.errors else 200)


def _found(words: list[str]) -> list[Person]:
    """Whom these words point at, each person once; the first word that finds somebody decides."""
    return next((found for word in words if (found := people(word))), [])


def _latest(one: Service) -> Collection | None:
    return max(one.collections.all(), key=lambda kept: kept.made_at, default=None)


def _code(one: Service) -> str:
    made = _latest(one)
    return said_code(made.code) if made else "—"


def _made_at(one: Service) -> datetime | None:
    made = _latest(one)
    return made.made_at if made else None


_WAITING = (
    Column(
        "受送达人",
        lambda one: Link(reverse("desk:counter_person", args=[one.party_id]), shown_name(one.party), one.case.number),
        "parts/cells/link.html",
        plain=lambda one: f"{shown_name(one.party)} {one.case.number}",
    ),
    Column("领取码", _code),
    Column("领取期限", lambda one: one.due_at, "parts/cells/due.html", sort="due_at"),
    Column("约定", _made_at, "parts/cells/moment.html"),
    Column("文书", lambda one: "、".join(line.document.title for line in one.lines.all())),
)


def _waiting(request: DeskRequest) -> Listing:
    """Papers that wait now, the nearest limit first."""
    rows = Service.objects.filter(step="collecting").select_related("party", "case")
    return Listing(
        request,
        rows.prefetch_related("collections", "lines__document"),
        title="等待领取的文书",
        columns=_WAITING,
        order="due_at",
        nothing=Nothing(
            "没有约定领取的文书", "受送达人答应来窗口领取的，查到后点“约定领取”，平台在期限内不再邮寄、上门。"
        ),
    )


@require_http_methods(["GET", "POST"])
@at_desk(*COUNTER_ROLES, Role.JUDGE)
def appoint(request: DeskRequest, service_id: UUID) -> HttpResponse:
    """Until when the papers wait, and the slip with the code."""
    service = find_service(service_id)
    of_court = request.seat.holds(Role.CLERK, Role.JUDGE)
    form = AppointForm(request.POST or None, of_court=of_court, first=handing.keep_until(service))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = handing.appoint(
                service, request.seat.person, given["last_day"], pronounced=given.get("pronounced", False)
            )
        except ActRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"已约定领取，领取码 {said_code(made.code)}。")
            return redirect("desk:counter_person", service.party_id)
    shown = {"service": service, "name": shown_name(service.party), "form": form}
    return render(request, "desk/counter/appoint.html", shown, status=422 if form.errors else 200)


@require_POST
@at_desk(*COUNTER_ROLES, Role.JUDGE)
def notice_slip(request: DeskRequest, collection_id: UUID) -> HttpResponse:
    """领取通知单, printed the first time or again."""
    found = get_object_or_404(
        Collection.objects.select_related("service__court", "service__case", "service__party"), pk=collection_id
    )
    return redirect("desk:paper", handing.print_notice(found, request.seat.person).pk)


# ---- the day ----------------------------------------------------------------------------------------------------


def _who(one: Attendance) -> tuple[str, str]:
    return masking.name(one.name), SIGNERS[one.signer]


def _cases(one: Attendance) -> str:
    return "、".join(sorted({line.service.case.number for line in one.lines.all()}))


def _papers(one: Attendance) -> int:
    return sum(len(line.service.lines.all()) for line in one.lines.all() if line.fact)


_DAY = (
    Column(
        "到访",
        lambda one: Link(reverse("desk:attendance", args=[one.pk]), f"{one.came_at.astimezone(clock.BEIJING):%H:%M}"),
        "parts/cells/link.html",
        sort="came_at",
        plain=lambda one: one.came_at,
    ),
    Column("案号", _cases),
    Column("受送达人", lambda one: shown_name(one.party)),
    Column("来人", _who, "parts/cells/lines.html", plain=lambda one: "，".join(_who(one))),
    Column("证件", lambda one: one.get_id_check_display()),
    Column("结果", lambda one: Attendance.Ended(one.ended).label, sort="ended"),
    Column("交付文书", _papers, number=True),
    Column("经办", lambda one: one.officer.name),
)


@require_GET
@at_desk(*COUNTER_ROLES, Role.MANAGER)
def day(request: DeskRequest) -> HttpResponse:
    """Who came on a day, in which capacity, and what came of it; as a list and as CSV."""
    on = _asked_day(request.GET.get("day", ""))
    first = datetime.combine(on, time(0), clock.BEIJING)
    rows = Attendance.objects.filter(came_at__gte=first, came_at__lt=first + timedelta(days=1))
    kept = rows.select_related("party", "officer").prefetch_related("lines__service__case", "lines__service__lines")
    listing = Listing(
        request,
        kept,
        title="窗口到访",
        columns=_DAY,
        order="came_at",
        nothing=Nothing(
            "这一天没有人到窗口", "查到来人并核对证件后，到访就记在这里。", reverse("desk:counter"), "查找来人"
        ),
    )
    if request.GET.get("export") == "csv":
        return listing.csv("counter")
    return render(
        request, "desk/counter/day.html", {"listing": listing, "on": on, "figures": _figures(rows), "here": "day"}
    )


def _figures(rows: Any) -> list[tuple[str, int]]:
    ended = list(rows.values_list("ended", flat=True))
    kinds = (Attendance.Ended.COLLECTED, Attendance.Ended.REFUSED, Attendance.Ended.LEFT, Attendance.Ended.OPEN)
    return [("到访", len(ended)), *((str(kind.label), ended.count(kind.value)) for kind in kinds)]


def _asked_day(said: str) -> date:
    try:
        return min(date.fromisoformat(said), clock.today())
    except ValueError:
        return clock.today()
