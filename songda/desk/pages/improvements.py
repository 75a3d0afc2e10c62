"""改进建议: what could be better, who does it by when, who wants it too, and what of it may leave the court."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songda.courts.models import Court, Membership, Person, Role
from songda.desk.access import DeskRequest, Seat, at_desk
from songda.desk.forms.liaison import ImprovementForm, ReleaseForm, StepForm
from songda.engine.acts import ActRefused
from songda.liaison import improving, masks
from songda.liaison.mentions import colleagues
from songda.liaison.models import Improvement
from songda.lib import clock
from songda.lib.tenancy import acting_for

# Who sees, over all courts they serve, what was let go.
OVER_COURTS = frozenset({Role.POST_MANAGER, Role.POST_LIAISON})
TONES = {
    "submitted": "info",
    "accepted": "info",
    "declined": "calm",
    "in_work": "warn",
    "done": "ok",
    "verified": "ok",
}
_SHOWN = 100


@require_http_methods(["GET", "POST"])
@at_desk()
def improvements(request: DeskRequest) -> HttpResponse:
    """All requests of the court by status, and the form for another."""
    form = ImprovementForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _submitted(request, form):
        messages.success(request, "已提出，联络人会答复是否采纳。")
        return redirect("desk:improvements")
    status = request.GET.get("status", "")
    found = list(improving.improvements(status)[:_SHOWN])
    mine = set(Improvement.objects.filter(votes__person=request.seat.person).values_list("id", flat=True))
    shown = {
        "rows": found,
        "form": form,
        "status": status,
        "statuses": Improvement.Status.choices,
        "mine": mine,
        "over_courts": request.seat.holds(*OVER_COURTS),
    }
    return render(request, "desk/liaison/improvements.html", shown, status=422 if form.errors else 200)


def _submitted(request: DeskRequest, form: ImprovementForm) -> bool:
    given, seat = form.cleaned_data, request.seat
    return _did(form, lambda: improving.submit(seat.court.id, seat.person, given["title"], given["text"]))


def _did(form: Any, act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


def _find(improvement_id: UUID) -> Improvement:
    return get_object_or_404(improving.improvements(), pk=improvement_id)


@require_GET
@at_desk()
def improvement(request: DeskRequest, improvement_id: UUID) -> HttpResponse:
    return _page(request, _find(improvement_id))


def _page(request: DeskRequest, one: Improvement, **forms: Any) -> HttpResponse:
    """The request, its history, the steps this person may take, and what was let go."""
    person = request.seat.person
    steps = improving.steps_for(one, person)
    staff = _staff(request.seat)
    shown: dict[str, Any] = {
        "one": one,
        "tone": TONES[one.status],
        "moves": one.moves.select_related("by").order_by("at", "id"),
        "steps": [StepForm(code, step, staff) for code, step in steps.items()],
        "voted": one.votes.filter(person=person).exists(),
        "may_vote": one.asked_by_id != person.pk,
        "release": ReleaseForm(initial={"text": one.released_text or masks.stripped(one.text)}),
        "may_release": request.seat.holds(*improving.DECIDERS) or one.asked_by_id == person.pk,
        "is_late": one.due_on is not None and one.due_on < clock.today() and one.status in _UNDER_WAY,
    }
    return render(request, "desk/liaison/improvement.html", shown | forms, status=422 if forms else 200)


_UNDER_WAY = frozenset({"accepted", "in_work"})


def _staff(seat: Seat) -> dict[str, str]:
    return {str(person): name for name, person in sorted(colleagues(seat.court.id).items())}


@require_POST
@at_desk()
def move(request: DeskRequest, improvement_id: UUID, step: str) -> HttpResponse:
    """Take a step; what is missing comes back in that step's form."""
    one, person = _find(improvement_id), request.seat.person
    steps = improving.steps_for(one, person)
    if step not in improving.STEPS:
        raise Http404("step")
    if step not in steps:
        messages.error(request, "现在不能这样办理，或者这一步不归您。")
        return redirect("desk:improvement", one.pk)
    staff = _staff(request.seat)
    form = StepForm(step, steps[step], staff, request.POST)
    if form.is_valid() and _did(form, lambda: _take(one, person, step, form.cleaned_data)):
        messages.success(request, f"已记录：{steps[step].label}。")
        return redirect("desk:improvement", one.pk)
    others = [form if code == step else StepForm(code, each, staff) for code, each in steps.items()]
    return _page(request, one, steps=others)


def _take(one: Improvement, person: Person, step: str, given: dict[str, Any]) -> Improvement:
    owner = Person.objects.filter(pk=given["owner"]).first() if given.get("owner") else None
    return improving.move(one, person, step, given["words"], owner=owner, due_on=given.get("due_on"))


@require_POST
@at_desk()
def vote(request: DeskRequest, improvement_id: UUID) -> HttpResponse:
    one = _find(improvement_id)
    try:
        counted = improving.vote(one, request.seat.person)
    except ActRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已附议。" if counted else "已取消附议。")
    return redirect("desk:improvement", one.pk)


@require_POST
@at_desk()
def release(request: DeskRequest, improvement_id: UUID) -> HttpResponse:
    """Let words go to the post's managers; what names a case is refused, with where it stands."""
    one, form = _find(improvement_id), ReleaseForm(request.POST)
    person = request.seat.person
    if form.is_valid() and _did(form, lambda: improving.release(one, person, form.cleaned_data["text"])):
        messages.success(request, "已共享给邮政管理人员；他们只看得到这段文字。")
        return redirect("desk:improvement", one.pk)
    return _page(request, one, release=form)


@require_GET
@at_desk(*OVER_COURTS)
def shared(request: DeskRequest) -> HttpResponse:
    """Over all courts whose post this person looks after: the words let go and how far each is, nothing else."""
    held = Membership.objects.filter(person=request.seat.person, role__in=OVER_COURTS).values("court")
    courts = list(Court.objects.filter(id__in=held).values_list("id", flat=True))
    with acting_for(*courts):
        rows = improving.released()
    return render(request, "desk/liaison/shared.html", {"rows": rows})
