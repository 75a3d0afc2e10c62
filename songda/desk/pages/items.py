"""One work item: what it asks, all it can end in, in whose hands it is and was."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import Membership, Person, Role
from songda.desk.access import DeskRequest, Seat, at_desk
from songda.desk.course import timeline
from songda.desk.forms.work import EscalateForm, OutcomeForm, PassOnForm, outcome_forms
from songda.desk.pages.services import points_of
from songda.desk.people import colleagues
from songda.engine import hands
from songda.engine.acts import ActRefused
from songda.engine.checklist import exhaustion
from songda.engine.models import Correction, WorkItem
from songda.engine.reading import course
from songda.engine.standing import stand
from songda.engine.work import WORK
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.liaison import irregularities, masks, queries
from songda.lib import clock
from songda.methods.models import PublicNotice


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
        "escalate": EscalateForm(),
        "above": _above(request.seat, found),
        "moves": found.moves.select_related("by", "to").order_by("at", "id"),
        "done_label": _done_label(found),
        "points": points_of(found.service) if found.service else [],
    }
    if found.service is not None and found.role == Role.JUDGE:
        context |= _grounds(found.service)
    if found.kind == "notice_approval":
        context["notice"] = PublicNotice.objects.filter(service=found.service).order_by("-made_at").first()
    if found.kind == "correction":
        context |= _correction(request.seat, found)
    if found.kind == irregularities.WORK_KIND and found.service is not None:
        names = queries.names_in(found.service.case_id)
        context["told"] = masks.masked(queries.asked_by(found), names)
    return render(request, "desk/item.html", context | shown, status=422 if shown else 200)


def _above(seat: Seat, found: WorkItem) -> str:
    """Who may be called; nobody where it would be the reader, whose item it is already."""
    head = hands.head_of(found.court_id, found.role)
    return "" if head == found.role and seat.holds(head) else str(head.label)


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
    }


def _correction(seat: Seat, found: WorkItem) -> dict[str, Any]:
    """What is asked, and the fact it is asked about as the service's page shows it."""
    corrections = Correction.objects.select_related("asked_by")
    about = (found.detail or {}).get("correction")
    asked = corrections.filter(pk=about).first() if about else None
    facts = list(Fact.objects.filter(pk=asked.fact_id)) if asked else []
    return {
        "correction": asked,
        "wrong": timeline(facts, set(), colleagues(facts), {}),
        "must_be_another": bool(asked and asked.asked_by_id == seat.person.pk),
    }


def _others(seat: Seat, found: WorkItem) -> dict[str, str]:
    """Colleagues of this court who may do the item, by their id."""
    held = Membership.objects.filter(court=seat.court, role=found.role, person__is_active=True)
    others = held.exclude(person=seat.person).select_related("person").order_by("person__name")
    return {str(one.person_id): one.person.name for one in others}


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
    now = find(item_id)
    if now.done_at is not None:
        by = f"由{now.done_by.name}" if now.done_by else ""
        messages.warning(request, f"这件待办已{by}办结，这次没有重复办理。")
        return redirect("desk:item", item_id)
    return _show(request, found, forms=forms)


def _done(request: DeskRequest, found: WorkItem, form: OutcomeForm) -> bool:
    try:
        with transaction.atomic():
            irregularities.answer(found, request.seat.person, form.code, form.inputs(), form.shown())
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
    to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
    person = Person.objects.get(pk=to) if to else None
    return _moved(request, item_id, "已移交。", lambda item: hands.pass_on(item, request.seat.person, person, reason))


@require_POST
@at_desk()
def escalate(request: DeskRequest, item_id: UUID) -> HttpResponse:
    """Up to who looks after the item's role, with a reason: it stands on top of their list from now on."""
    found, form = find(item_id), EscalateForm(request.POST)
    if not form.is_valid():
        return _show(request, found, escalate=form)
    reason = form.cleaned_data["reason"]
    return _moved(request, item_id, "已上报。", lambda item: hands.escalate(item, request.seat.person, reason))


def _moved(request: DeskRequest, item_id: UUID, said: str, move: Callable[[WorkItem], object]) -> HttpResponse:
    """Change who holds the item, and say what came of it."""
    found = find(item_id)
    try:
        with transaction.atomic():
            move(found)
    except ActRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("desk:item", found.pk)
