"""外送: the day's visits on a list without a map, by area or by courier, assigned and in their planned order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import Person, Role
from songda.desk.access import DeskRequest, at_desk
from songda.engine.models import WorkItem
from songda.engine.saying import ActRefused
from songda.engine.visits import rounds
from songda.finding.addresses import parse
from songda.lib import clock
from songda.methods import planning
from songda.methods.models import Visit
from songda.methods.plausible import CHECKS
from songda.methods.rounds import Round, VisitReport
from songda.methods.whereabouts import BASIS

VIEWS = {"area": "按区域", "courier": "按投递员"}
_ALARMS = ("safety", "courier_silent", "visit_review")
_DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One visit of the day."""

    visit: Visit
    item: WorkItem | None
    area: planning.Area
    opens: datetime
    shuts: datetime

    @property
    def is_late(self) -> bool:
        return self.visit.arrives_at is not None and self.visit.arrives_at < clock.now() - timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Group:
    """A district with its quarters, or a courier with their stops."""

    title: str
    note: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Load:
    """What one courier has to do, and how they are heard of."""

    courier: Person
    stops: int
    last_at: datetime | None
    reported: int
    heard_at: datetime | None
    on_the_way: bool


def asked_day(query: QueryDict) -> date:
    """The day a page is about: today where none, or none that can be planned, is asked for."""
    today = clock.today()
    try:
        day = date.fromisoformat(query.get("day", ""))
    except ValueError:
        return today
    return day if today <= day <= today + timedelta(days=_DAYS_AHEAD) else today


@require_GET
@at_desk(Role.FIELD, Role.COURIER)
def visits(request: DeskRequest) -> HttpResponse:
    """The day: who goes where and when, what is not given to anybody yet, and what needs a look."""
    day, view = asked_day(request.GET), request.GET.get("view", "")
    view = view if view in VIEWS else "area"
    rows = _rows(day)
    couriers = planning.couriers_of(request.seat.court)
    shown = {
        "day": day,
        "days": _days(),
        "view": view,
        "views": VIEWS,
        "groups": _by_courier(rows) if view == "courier" else _by_area(rows),
        "count": len(rows),
        "unassigned": sum(row.visit.courier_id is None for row in rows),
        "unplanned": sum(row.visit.arrives_at is None for row in rows),
        "loads": _loads(couriers, rows),
        "couriers": couriers,
        "alarms": _alarms(),
        "reports": _reports(),
        "basis": BASIS,
        "may_plan": request.seat.holds(Role.FIELD),
        "is_courier": request.seat.holds(Role.COURIER),
    }
    return render(request, "desk/visits.html", shown)


def _days() -> list[tuple[date, int]]:
    """Today and the days ahead that have visits, with how many."""
    today = clock.today()
    days = [today + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD + 1)]
    counted = [(day, planning.to_make(day).count()) for day in days]
    return [(day, count) for day, count in counted if count or day == today]


def _rows(day: date) -> list[Row]:
    found = list(planning.to_make(day))
    items = WorkItem.objects.filter(kind="visit", done_at=None, service__in=[one.service_id for one in found])
    by_service = {item.service_id: item for item in items}
    rows = [
        Row(
            visit,
            by_service.get(visit.service_id),
            planning.area_of(parse(visit.contact_point.value)),
            *planning.window(visit, day),
        )
        for visit in found
    ]
    return sorted(rows, key=_when)


def _when(row: Row) -> tuple[bool, datetime, UUID]:
    return (row.visit.arrives_at is None, row.visit.arrives_at or row.visit.planned_for, row.visit.id)


def _by_area(rows: Iterable[Row]) -> list[Group]:
    groups: dict[tuple[str, str], Group] = {}
    for row in rows:
        key = (row.area.district, row.area.quarter)
        groups.setdefault(key, Group(row.area.district, row.area.quarter)).rows.append(row)
    return [groups[key] for key in sorted(groups)]


def _by_courier(rows: Iterable[Row]) -> list[Group]:
    groups: dict[str, Group] = {}
    for row in rows:
        name = row.visit.courier.name if row.visit.courier else ""
        groups.setdefault(name, Group(name or "尚未指派", "按计划顺序")).rows.append(row)
    return [groups[name] for name in sorted(groups, key=lambda name: (name == "", name))]


def _loads(couriers: Sequence[Person], rows: Sequence[Row]) -> list[Load]:
    today = clock.today()
    ids = [one.id for one in couriers]
    told = VisitReport.objects.filter(round__courier__in=ids, round__day=today)
    heard = {
        row["round__courier"]: row
        for row in told.values("round__courier").annotate(count=Count("id"), last=Max("received_at"))
    }
    out = set(Round.objects.filter(courier__in=ids, day=today, closed_at=None).values_list("courier_id", flat=True))
    return [_load(one, rows, heard.get(one.id), one.id in out) for one in couriers]


def _load(courier: Person, rows: Sequence[Row], heard: Mapping[str, Any] | None, on_the_way: bool) -> Load:
    own = [row.visit for row in rows if row.visit.courier_id == courier.id]
    return Load(
        courier=courier,
        stops=len(own),
        last_at=max((one.arrives_at for one in own if one.arrives_at), default=None),
        reported=heard["count"] if heard else 0,
        heard_at=heard["last"] if heard else None,
        on_the_way=on_the_way,
    )


def _alarms() -> list[WorkItem]:
    items = WorkItem.objects.filter(kind__in=_ALARMS, done_at=None).select_related(
        "service__case", "service__party", "owner"
    )
    return list(items.order_by("due_at", "id")[:20])


@dataclass(frozen=True, slots=True)
class Heard:
    """A report of today with what does not fit in it."""

    report: VisitReport
    remarks: list[tuple[str, bool]]


def _reports() -> list[Heard]:
    """Today's reports, the latest first."""
    rows = VisitReport.objects.filter(round__day=clock.today()).select_related(
        "round__courier", "visit__service__case", "visit__service__party"
    )
    return [
        Heard(row, [(CHECKS[code].words, CHECKS[code].is_serious) for code in row.remarks if code in CHECKS])
        for row in rows.order_by("-received_at")[:50]
    ]


# ---- what the field desk decides -----------------------------------------------------------------------------


def _back(request: DeskRequest) -> HttpResponse:
    day, view = asked_day(request.POST), request.POST.get("view", "area")
    return redirect(f"{reverse('desk:visits')}?day={day}&view={view if view in VIEWS else 'area'}")


@require_POST
@at_desk(Role.FIELD)
def plan(request: DeskRequest) -> HttpResponse:
    """Plan the day anew; what is fixed stays."""
    made = rounds.plan_day(request.seat.court, asked_day(request.POST))
    if made.left_over:
        messages.warning(
            request, f"已排好 {len(made.legs)} 户；有 {len(made.left_over)} 户当天排不下，列在“尚未指派”。"
        )
    else:
        messages.success(request, f"已排好 {len(made.legs)} 户。")
    return _back(request)


@require_POST
@at_desk(Role.FIELD)
def assign(request: DeskRequest) -> HttpResponse:
    """What is ticked goes to a courier, back to the plan, or is fixed as it stands."""
    chosen = list(planning.to_make(asked_day(request.POST)).filter(id__in=_ids(request.POST)))
    if not chosen:
        messages.error(request, "还没有选中任何一户。")
        return _back(request)
    try:
        said = _decide(request, chosen)
    except ActRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return _back(request)


def _ids(sent: QueryDict) -> list[UUID]:
    ids = []
    for text in sent.getlist("visit"):
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids


def _decide(request: DeskRequest, chosen: Sequence[Visit]) -> str:
    act = request.POST.get("act", "")
    if act in ("fix", "loosen"):
        done = rounds.fix(chosen, fixed=act == "fix")
        return f"已固定 {done} 户，重新排行程时不变。" if act == "fix" else f"已放开 {done} 户，可以重新安排。"
    courier = _courier(request)
    done = rounds.assign(chosen, courier, request.seat.person)
    rounds.plan_day(request.seat.court, asked_day(request.POST))
    return f"已把 {done} 户派给{courier.name}，并重新排了顺序。" if courier else f"已退回 {done} 户，由平台重新建议。"


def _courier(request: DeskRequest) -> Person | None:
    """Whom the visits go to; nobody means that the plan proposes somebody. Raises ActRefused."""
    wanted = request.POST.get("courier", "")
    if not wanted:
        return None
    for one in planning.couriers_of(request.seat.court):
        if str(one.id) == wanted:
            return one
    raise ActRefused("不是本院的投递员", "courier")


@require_GET
@at_desk(Role.FIELD, Role.COURIER)
def sheet(request: DeskRequest) -> HttpResponse:
    """The day on paper, courier by courier, with personal data masked: the phone shows the rest."""
    day = asked_day(request.GET)
    wanted = request.GET.get("courier", "")
    rows = [row for row in _rows(day) if not wanted or str(row.visit.courier_id) == wanted]
    shown = {"day": day, "groups": _by_courier(rows), "basis": BASIS, "printed_at": clock.now()}
    return render(request, "desk/round_sheet.html", shown)
