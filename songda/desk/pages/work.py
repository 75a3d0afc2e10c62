"""待办: what a person must do; mine first, the nearest limit on top."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import Membership, Person, Role
from songda.desk.access import DeskRequest, Seat, at_desk
from songda.desk.forms.work import OutcomeForm, PassOnForm, outcome_forms
from songda.desk.pages.services import points_of
from songda.desk.shell import is_mine
from songda.engine import acts as engine
from songda.engine import hands
from songda.engine.acts import ActRefused
from songda.engine.checklist import exhaustion
from songda.engine.models import Correction, WorkItem
from songda.engine.reading import course
from songda.engine.standing import stand
from songda.engine.work import WORK
from songda.filing.models import Case, Service
from songda.lib import clock
from songda.methods.models import PublicNotice

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    label: str


TABS = (
    Tab("", "归我办的"),
    Tab("held", "我已认领"),
    Tab("late", "已超期"),
    Tab("court", "全院"),
    Tab("done", "我办结的"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Three numbers on top of the day."""

    open: int
    late: int
    effective: int


def _narrow(seat: Seat, tab: str) -> QuerySet[WorkItem]:
    items = WorkItem.objects.select_related("service__case", "service__party", "owner")
    conditions = {
        "held": Q(owner=seat.person, done_at=None),
        "late": Q(done_at=None, due_at__lt=clock.now()),
        "court": Q(done_at=None),
        "done": Q(done_by=seat.person),
    }
    return items.filter(conditions.get(tab, is_mine(seat) & Q(done_at=None)))


def hearings_at_risk(days: int = 10) -> Sequence[Case]:
    """Cases heard within these days of which a service is still open, the soonest first."""
    now = clock.now()
    soon = Q(hearing_at__gte=now, hearing_at__lt=now + timedelta(days=days))
    still_open = Service.objects.filter(closed_at=None).values("case_id")
    return list(Case.objects.filter(soon, id__in=still_open).order_by("hearing_at")[:8])


def figures() -> Figures:
    """Open services, those past their limit, and those that took effect this week; one query."""
    now = clock.now()
    week = clock.today() - timedelta(days=clock.today().weekday())
    found = Service.objects.aggregate(
        open=Count("id", filter=Q(closed_at=None)),
        late=Count("id", filter=Q(closed_at=None, due_at__lt=now)),
        effective=Count("id", filter=Q(effective_on__gte=week)),
    )
    return Figures(**found)


@require_GET
@at_desk()
def work(request: DeskRequest) -> HttpResponse:
    tab = request.GET.get("tab", "")
    order = "-done_at" if tab == "done" else "due_at"
    items = list(_narrow(request.seat, tab).order_by(order, "id")[: SHOWN + 1])
    return render(
        request,
        "desk/work.html",
        {
            "items": items[:SHOWN],
            "more": len(items) > SHOWN,
            "tab": tab,
            "tabs": TABS,
            "figures": figures(),
            "hearings": hearings_at_risk(),
        },
    )


def find(item_id: UUID) -> WorkItem:
    items = WorkItem.objects.select_related(
        "court", "service__court", "service__case", "service__party", "owner", "done_by"
    )
    return get_object_or_404(items, pk=item_id)


@require_GET
@at_desk()
def item(request: DeskRequest, item_id: UUID) -> HttpResponse:
    return _show(request, find(item_id))


def _show(request: DeskRequest, found: WorkItem, **shown: Any) -> HttpResponse:
    """The item with all it can end in; for a decision, what was tried and the law stand beside it."""
    kind = WORK[found.kind]
    context: dict[str, Any] = {
        "item": found,
        "kind": kind,
        "forms": outcome_forms(kind),
        "only": len(kind.outcomes) == 1,
        "pass_on": PassOnForm(_others(request.seat, found)),
        "done_label": _done_label(found),
        "points": points_of(found.service) if found.service else [],
        "notice": None,
    }
    if found.service is not None and found.role == Role.JUDGE:
        context |= _grounds(found.service)
    if found.kind == "correction":
        context |= _correction(request.seat, found)
    return render(request, "desk/item.html", context | shown, status=422 if shown else 200)


def _done_label(found: WorkItem) -> str:
    outcome = WORK[found.kind].outcomes.get(found.outcome)
    return outcome.label if outcome else "已不需要办理"


def _grounds(service: Service) -> dict[str, Any]:
    """What a judge decides on: each way, whether and when it was tried, why it gave nothing, and the article."""
    known = course(service)
    standing = stand(known, clock.now())
    return {
        "ways": exhaustion(known, standing),
        "verdicts": standing.explanation.allowed_methods,
        "notice": PublicNotice.objects.filter(service=service).order_by("-made_at").first(),
    }


def _correction(seat: Seat, found: WorkItem) -> dict[str, Any]:
    asked = Correction.objects.filter(service=found.service_id, answered_at=None).select_related("asked_by").first()
    return {"correction": asked, "must_be_another": bool(asked and asked.asked_by_id == seat.person.pk)}


def _others(seat: Seat, found: WorkItem) -> dict[str, str]:
    """Colleagues of this court who may do the item, by their id."""
    held = Membership.objects.filter(court=seat.court, role=found.role).exclude(person=seat.person)
    return {str(one.person_id): one.person.name for one in held.select_related("person").order_by("person__name")}


@require_POST
@at_desk()
def complete(request: DeskRequest, item_id: UUID) -> HttpResponse:
    """End the item with one of its outcomes. What is wrong comes back in that outcome's form."""
    found, chosen = find(item_id), request.POST.get("outcome", "")
    forms = outcome_forms(WORK[found.kind], chosen, request.POST, request.FILES)
    form = next((one for one in forms if one.code == chosen), None)
    if form is None:
        raise Http404
    if form.is_valid() and _done(request, found, form):
        messages.success(request, f"已办结：{form.outcome.label}。")
        return redirect("desk:work")
    return _show(request, found, forms=forms)


def _done(request: DeskRequest, found: WorkItem, form: OutcomeForm) -> bool:
    try:
        with transaction.atomic():
            engine.complete(found, request.seat.person, form.code, form.inputs(), form.shown())
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


@require_POST
@at_desk()
def claim(request: DeskRequest, item_id: UUID) -> HttpResponse:
    return _moved(request, item_id, "已认领，归你办理。", lambda found: hands.claim(found, request.seat.person))


@require_POST
@at_desk()
def pass_on(request: DeskRequest, item_id: UUID) -> HttpResponse:
    """To a colleague of this court who holds the item's role, or back to the role."""
    found = find(item_id)
    form = PassOnForm(_others(request.seat, found), request.POST)
    if not form.is_valid():
        return _show(request, found, pass_on=form)
    to = form.cleaned_data["to"]
    person = Person.objects.get(pk=to) if to else None
    return _moved(request, item_id, "已移交。", lambda item: hands.pass_on(item, request.seat.person, person))


def _moved(request: DeskRequest, item_id: UUID, said: str, move: Callable[[WorkItem], None]) -> HttpResponse:
    """Change who holds the item, and say what came of it."""
    found = find(item_id)
    try:
        move(found)
    except ActRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("desk:item", found.pk)
