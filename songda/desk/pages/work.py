"""待办: what a person must do: what was called up on top, then the nearest limit; nothing is on nobody's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.db.models import Case as Choose
from django.db.models import Count, IntegerField, Q, QuerySet, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from songda.courts.models import Membership, Person, Role
from songda.desk.access import DeskRequest, Seat, at_desk
from songda.desk.forms.work import HandOverForm
from songda.desk.shell import is_mine
from songda.engine import hands
from songda.engine.acts import ActRefused
from songda.engine.models import WorkItem
from songda.engine.work import WORK
from songda.filing.models import Case, Service
from songda.liaison.queries import ZONES
from songda.lib import clock

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    label: str


TABS = (
    Tab("", "归我办的"),
    Tab("held", "我已认领"),
    Tab("late", "已超期"),
    Tab("up", "已上报"),
    Tab("court", "全院"),
    Tab("done", "我办结的"),
)
# How long an item has been there, at the least.
AGES = {"1": "超过1天", "3": "超过3天", "7": "超过7天", "30": "超过30天"}
KINDS = {code: kind.label for code, kind in WORK.items()}


@dataclass(frozen=True, slots=True)
class Figures:
    """Three numbers on top of the day."""

    open: int
    late: int
    effective: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of items is asked for: whose, which zone, how old, of which kind."""

    tab: str
    zone: str
    age: str
    kind: str

    @classmethod
    def of(cls, request: DeskRequest) -> "Asked":
        return cls(*(request.GET.get(name, "") for name in ("tab", "zone", "age", "kind")))


def _narrow(seat: Seat, asked: Asked) -> QuerySet[WorkItem]:
    items = WorkItem.objects.all()
    conditions = {
        "held": Q(owner=seat.person, done_at=None),
        "late": Q(done_at=None, due_at__lt=clock.now()),
        "up": Q(done_at=None, escalated_at__isnull=False),
        "court": Q(done_at=None),
        "done": Q(done_by=seat.person, done_at__isnull=False),
    }
    items = items.filter(conditions.get(asked.tab, is_mine(seat) & Q(done_at=None)))
    if asked.zone in ZONES:
        items = items.filter(role__in=ZONES[asked.zone][1])
    if asked.age in AGES:
        items = items.filter(opened_at__lt=clock.now() - timedelta(days=int(asked.age)))
    return items.filter(kind=asked.kind) if asked.kind in KINDS else items


def _in_order(items: QuerySet[WorkItem], tab: str) -> QuerySet[WorkItem]:
    """What was called up first, then by its limit."""
    if tab == "done":
        return items.order_by("-done_at", "id")
    up = Choose(When(escalated_at__isnull=False, then=0), default=1, output_field=IntegerField())
    return items.order_by(up, "due_at", "id")


def _first(items: QuerySet[WorkItem], many: int) -> list[WorkItem]:
    """The first of these with what a list shows of them. They are chosen before anything is joined: of all that
    somebody ever did only the latest are read, along their index."""
    chosen = list(items.values_list("id", flat=True)[:many])
    found = WorkItem.objects.select_related("service__case", "service__party", "owner").in_bulk(chosen)
    return [found[one] for one in chosen if one in found]


def hearings_at_risk(days: int = 10) -> Sequence[Case]:
    """Cases heard within these days of which a service is still open, the soonest first."""
    now = clock.now()
    soon = Q(hearing_at__gte=now, hearing_at__lt=now + timedelta(days=days))
    still_open = Service.objects.filter(closed_at=None).values("case_id")
    return list(Case.objects.filter(soon, id__in=still_open).order_by("hearing_at")[:8])


def figures() -> Figures:
    """Open services, those past their limit, and those that took effect this week: two queries, each along an index
    that holds nothing older."""
    late = Count("id", filter=Q(due_at__lt=clock.now()))
    found = Service.objects.filter(closed_at=None).aggregate(open=Count("id"), late=late)
    week = clock.today() - timedelta(days=clock.today().weekday())
    return Figures(**found, effective=Service.objects.filter(effective_on__gte=week).count())


@require_GET
@at_desk()
def work(request: DeskRequest) -> HttpResponse:
    asked = Asked.of(request)
    items = _first(_in_order(_narrow(request.seat, asked), asked.tab), SHOWN + 1)
    shown = {
        "items": items[:SHOWN],
        "more": len(items) > SHOWN,
        "asked": asked,
        "tab": asked.tab,
        "tabs": TABS,
        "zones": ZONES,
        "ages": AGES,
        "kinds": KINDS,
        "figures": figures(),
        "hearings": hearings_at_risk(),
    }
    return render(request, "desk/work.html", shown)


# ---- everything somebody has -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@at_desk()
def hand_over_work(request: DeskRequest) -> HttpResponse:
    """Everything a colleague has goes to another, or back to its roles: leave, sickness, another post."""
    seat = request.seat
    form = HandOverForm(_holders(seat), _takers(seat), request.POST if request.method == "POST" else None)
    if form.is_valid() and _handed_over(request, form):
        return redirect("desk:work")
    return render(request, "desk/hand_over_work.html", {"form": form}, status=422 if form.errors else 200)


def _holders(seat: Seat) -> dict[str, str]:
    """Whose items this person may hand over: one's own; of the others, whom one looks after."""
    held = WorkItem.objects.filter(done_at=None, owner__isnull=False)
    counts = held.values("owner", "owner__name").annotate(many=Count("id")).order_by("owner__name")
    looks_after = seat.holds(Role.MANAGER, Role.POST_MANAGER)
    return {
        str(row["owner"]): f"{row['owner__name']}（{row['many']}件）"
        for row in counts
        if looks_after or row["owner"] == seat.person.pk
    }


def _takers(seat: Seat) -> dict[str, str]:
    held = Membership.objects.filter(court=seat.court, person__is_active=True).exclude(role=Role.AUDITOR)
    people: dict[str, tuple[str, list[str]]] = {}
    for one in held.exclude(person__organisation="machine").select_related("person").order_by("person__name", "role"):
        people.setdefault(str(one.person_id), (one.person.name, []))[1].append(str(Role(one.role).label))
    return {person: f"{name}（{'、'.join(roles)}）" for person, (name, roles) in people.items()}


def _handed_over(request: DeskRequest, form: HandOverForm) -> bool:
    given, seat = form.cleaned_data, request.seat
    people = Person.objects.in_bulk([one for one in (given["of"], given["to"]) if one])
    of, to = (next((each for key, each in people.items() if str(key) == given[name]), None) for name in ("of", "to"))
    assert of is not None, "the form offers people only"
    try:
        with transaction.atomic():
            done = hands.hand_over(seat.court.id, seat.person, of, to, given["reason"])
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    said = f"{of.name}的待办：{done.passed} 件移交{to.name if to else ''}" if to else f"{of.name}的待办"
    messages.success(request, f"{said}，{done.returned} 件退回本岗位。")
    return True
