"""每日简报: the morning's brief of who is at the desk, those of earlier days, and the lists behind its numbers."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from songda.courts.queries import policy_of
from songda.desk import words
from songda.desk.access import DeskRequest, at_desk
from songda.desk.briefs import TITLES, Told
from songda.desk.listing import Column, Listing, Nothing
from songda.desk.pages.orders import Link
from songda.desk.people import shown_name
from songda.filing.models import Service
from songda.insight import briefs as telling
from songda.insight.briefs import READERS
from songda.insight.models import Brief

HISTORY = 60


class AddressForm(forms.Form):
    """Where the brief is sent besides."""

    email = forms.EmailField(label="工作邮箱", required=False, help_text="留空即不发邮件。")


@require_GET
@at_desk(*READERS)
def latest(request: DeskRequest) -> HttpResponse:
    """The newest brief, with those before it."""
    found = _mine(request)[:1]
    return _show(request, found[0] if found else None)


@require_GET
@at_desk(*READERS)
def of_day(request: DeskRequest, day: str) -> HttpResponse:
    return _show(request, _find(request, day))


def _mine(request: DeskRequest) -> Any:
    """Nobody reads another's brief."""
    return Brief.objects.filter(person=request.seat.person, court=request.seat.court).order_by("-day")


def _find(request: DeskRequest, day: str) -> Brief:
    try:
        found: Brief | None = _mine(request).filter(day=date.fromisoformat(day)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404("brief")
    return found


def _show(request: DeskRequest, brief: Brief | None) -> HttpResponse:
    court, person = request.seat.court, request.seat.person
    by_mail = policy_of(court).brief_by_mail
    shown: dict[str, Any] = {
        "brief": brief,
        "told": Told(brief) if brief else None,
        "person": person,
        "next": telling.next_morning(court),
        "days": list(_mine(request)[:HISTORY]),
        "form": AddressForm(initial={"email": person.email}) if by_mail else None,
    }
    return render(request, "desk/brief.html", shown)


@require_POST
@at_desk(*READERS)
def address(request: DeskRequest) -> HttpResponse:
    """A person says where their own brief is sent."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        messages.error(request, "邮箱地址不正确，没有更改。")
        return redirect("desk:briefs")
    person = request.seat.person
    person.email = form.cleaned_data["email"]
    person.save(update_fields=["email"])
    said = "以后的简报会同时发到该邮箱，只含件数和链接。" if person.email else "以后不再发邮件。"
    messages.success(request, said)
    return redirect("desk:briefs")


COLUMNS = (
    Column(
        "任务",
        lambda one: Link(reverse("desk:service", args=[one.pk]), one.case.number, one.number),
        "parts/cells/link.html",
        plain=lambda one: f"{one.case.number} {one.number}",
    ),
    Column("受送达人", lambda one: shown_name(one.party)),
    Column(
        "所处环节",
        lambda one: one.step,
        "parts/cells/step.html",
        plain=lambda one: words.step(one.step).label,
    ),
    Column("生效", lambda one: one.effective_on or "", sort="effective_on"),
    Column("期限", lambda one: one.due_at, "parts/cells/due.html"),
)


@require_GET
@at_desk(*READERS)
def behind(request: DeskRequest, day: str, what: str) -> HttpResponse:
    """The services a number of the brief counts, as they stand now."""
    brief = _find(request, day)
    if what not in brief.said["news"]:
        raise Http404("news")
    rows = Service.objects.filter(id__in=brief.said["news"][what]).select_related("case", "party")
    listing = Listing(
        request,
        rows,
        title=TITLES[what],
        columns=COLUMNS,
        order="number",
        nothing=Nothing("没有一项", "这些任务已经不在本院。"),
    )
    if request.GET.get("export") == "xlsx":
        return listing.workbook(f"brief-{what}")
    return render(request, "desk/brief_behind.html", {"brief": brief, "listing": listing, "title": TITLES[what]})
