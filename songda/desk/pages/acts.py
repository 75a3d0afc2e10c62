"""Doing something to a service, and looking at what is masked: each leaves a fact with the person on it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from songda.desk import words
from songda.desk.access import DeskRequest, at_desk
from songda.desk.acts import BY_CODE, Act, may
from songda.desk.pages.services import find
from songda.desk.people import shown_name
from songda.engine import acts as engine
from songda.engine.acts import ActRefused
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding.models import ContactPoint


@require_http_methods(["GET", "POST"])
@at_desk()
def act(request: DeskRequest, service_id: UUID, code: str) -> HttpResponse:
    """The act's form, then the act; what is not this person's, or makes no sense now, is refused with the reason."""
    service, chosen = find(service_id), BY_CODE.get(code)
    if chosen is None:
        raise Http404
    if not request.seat.holds(*chosen.roles):
        raise PermissionDenied
    if not may(request.seat, chosen, service):
        messages.error(request, f"现在不能“{chosen.label}”：送达已经走到“{words.step(service.step).label}”。")
        return redirect("desk:service", service.pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else None
    form = chosen.form(chosen, service, sent)
    if sent and form.is_valid() and _done(request, chosen, service, form):
        messages.success(request, f"已记录：{chosen.label}。")
        return redirect("desk:service", service.pk)
    context = {"service": service, "name": shown_name(service.party), "act": chosen, "form": form}
    return render(request, "desk/act.html", context, status=422 if form.errors else 200)


def _done(request: DeskRequest, chosen: Act, service: Service, form: forms.Form) -> bool:
    """Whether the engine did it; what it refuses stands in the form, at its field."""
    try:
        with transaction.atomic():
            chosen.perform(service, request.seat, form)
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


@require_POST
@at_desk()
def reveal(request: DeskRequest, service_id: UUID, what: str) -> HttpResponse:
    """The whole value, once a reason is given; who looked at what and why is kept as a fact before it is shown."""
    service = find(service_id)
    value, label = _value(service, what)
    reason = request.POST.get("reason", "")
    if reason not in words.REVEAL_REASONS:
        raise PermissionDenied
    engine.reveal(service, request.seat.person, what, reason)
    return render(
        request,
        "parts/revealed.html" if request.htmx else "desk/revealed.html",
        {"value": value, "label": label, "service": service, "name": shown_name(service.party)},
    )


def _value(service: Service, what: str) -> tuple[str, str]:
    if what == "name":
        return service.party.name, "姓名"
    if what == "id_number":
        return service.party.id_number, "证件号码"
    try:
        row_id = UUID(what)
    except ValueError as error:
        raise Http404 from error
    if point := ContactPoint.objects.filter(party=service.party_id, pk=row_id).first():
        return point.value, point.get_kind_display()
    fact = get_object_or_404(Fact, about=service.pk, pk=row_id)
    return "；".join(str(value) for value in (fact.private or {}).values()), "记载"
