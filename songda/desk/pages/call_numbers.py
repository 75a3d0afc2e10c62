"""号码修复: numbers that lead nowhere, with what they may have been meant to be; a mended one is tried afresh."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.work import OutcomeForm, outcome_forms
from songda.desk.listing import Column, Listing, Nothing
from songda.desk.pages.calls import CALLERS, ZONE
from songda.desk.pages.orders import Link
from songda.desk.people import shown_name
from songda.engine import acts
from songda.engine.acts import ActRefused
from songda.engine.models import WorkItem
from songda.engine.work import WORK
from songda.finding import repair, sameness
from songda.finding.models import ContactPoint
from songda.finding.repair import Proposal
from songda.finding.sources import name_of
from songda.lib import masking
from songda.methods.calls import Call
from songda.methods.messages import Notification

KINDS = ("number_repair", "not_sent")


def _point(item: WorkItem) -> ContactPoint | None:
    contact = (item.detail or {}).get("contact")
    along = ContactPoint.objects.select_related("party")
    return along.filter(id=contact).first() if contact else None


COLUMNS = (
    Column(
        "受送达人",
        lambda item: Link(_page(item), shown_name(item.service.party), item.service.case.number),
        "parts/cells/link.html",
        plain=lambda item: shown_name(item.service.party),
    ),
    Column("案号", lambda item: item.service.case.number, sort="service__case__number"),
    Column("问题", lambda item: item.reason or WORK[item.kind].label),
    Column("产生", lambda item: item.opened_at, "parts/cells/moment.html", sort="opened_at"),
    Column("最迟", lambda item: item.due_at, "parts/cells/due.html", sort="due_at"),
    Column("归谁", lambda item: item.owner.name if item.owner else "尚无人认领"),
)


def _page(item: WorkItem) -> str:
    """Numbers are mended here; what could not be sent for another cause is decided on its own page."""
    return reverse("desk:call_number" if item.kind == "number_repair" else "desk:item", args=[item.pk])


@require_GET
@at_desk(*CALLERS)
def numbers(request: DeskRequest) -> HttpResponse:
    """Numbers that nobody can be reached at, the oldest first."""
    items = WorkItem.objects.filter(kind__in=KINDS, done_at=None)
    listing = Listing(
        request,
        items.select_related("service__case", "service__party", "owner"),
        title="号码修复",
        columns=COLUMNS,
        order="due_at",
        nothing=Nothing("没有待修复的号码", "空号、停机和发不出的通知会出现在这里。"),
    )
    if request.GET.get("export") == "csv":
        return listing.csv("numbers")
    words = "改正后的号码作为新的联系方式重新尝试；原号码和已有的经过都保留。"
    shown = {"places": ZONE, "listing": listing, "title": "号码修复", "words": words, "exports": True}
    return render(request, "desk/calls_list.html", shown)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposal as the page shows it: masked but for the digits that differ."""

    value: str
    shown: str
    because: str


def _find(item_id: UUID) -> WorkItem:
    along = ("court", "service__court", "service__case", "service__party", "owner", "done_by")
    return get_object_or_404(WorkItem.objects.select_related(*along), pk=item_id, kind="number_repair")


@require_GET
@at_desk(*CALLERS)
def number(request: DeskRequest, item_id: UUID) -> HttpResponse:
    return _show(request, _find(item_id), outcome_forms(WORK["number_repair"]))


def _show(request: DeskRequest, item: WorkItem, forms: Sequence[OutcomeForm], status: int = 200) -> HttpResponse:
    point = _point(item)
    context = {
        "item": item,
        "service": item.service,
        "name": shown_name(item.service.party),
        "point": point,
        "masked": masking.phone(point.value) if point else "",
        "source": name_of(point.source) if point else "",
        "wrong": repair.wrong_with(point.value) if point else "",
        "suggestions": _suggestions(point) if point and item.done_at is None else [],
        "forms": forms,
        "calls": list(Call.objects.filter(contact_point=point).select_related("person").order_by("-at")[:5]),
        "sent": list(Notification.objects.filter(contact_point=point).order_by("-planned_at")[:5]),
        "done_label": _done_label(item),
    }
    return render(request, "desk/call_number.html", context, status=status)


def _done_label(item: WorkItem) -> str:
    outcome = WORK["number_repair"].outcomes.get(item.outcome)
    return outcome.label if outcome else "已不需要办理"


def _suggestions(point: ContactPoint) -> list[Suggestion]:
    return [Suggestion(one.value, hint(point.value, one.value), one.because) for one in _proposals(point)]


def _proposals(point: ContactPoint) -> list[Proposal]:
    """From the person's other numbers, in this case and, where they are the same person's, in the court's others."""
    parties = [point.party_id, *sameness.same_person(point.party).values_list("id", flat=True)[:20]]
    known = ContactPoint.objects.filter(party__in=parties, kind="phone", withdrawn_at=None, emptied_at=None)
    others = {one.value for one in known.exclude(id=point.id)}
    return repair.proposals(point.value, sorted(others))


def hint(old: str, new: str) -> str:
    """The new number with stars, but for the digits in which it differs from the old one and the last two."""
    old, new = repair.compact(old), repair.compact(new)
    kept = [place >= len(new) - 2 or place >= len(old) or old[place] != digit for place, digit in enumerate(new)]
    return "".join(digit if keep else "*" for digit, keep in zip(new, kept, strict=True))


@require_POST
@at_desk(*CALLERS)
def settle(request: DeskRequest, item_id: UUID) -> HttpResponse:
    """Mend the number, let it be, or set it aside. A proposal that is taken is sent as its place in the list."""
    item, chosen = _find(item_id), request.POST.get("outcome", "")
    data = request.POST.copy()
    point = _point(item)
    if point is not None and (place := request.POST.get("proposal", "")).isdecimal():
        offered = _proposals(point)
        if int(place) >= len(offered):
            raise Http404
        data["repaired-phone"] = offered[int(place)].value
    forms = outcome_forms(WORK["number_repair"], chosen, data, request.FILES)
    form = next((one for one in forms if one.code == chosen), None)
    if form is None:
        raise Http404
    if form.is_valid() and _done(request, item, form):
        messages.success(request, f"已办结：{form.outcome.label}。")
        return redirect("desk:call_numbers")
    return _show(request, item, forms, status=422)


def _done(request: DeskRequest, item: WorkItem, form: OutcomeForm) -> bool:
    try:
        with transaction.atomic():
            acts.complete(item, request.seat.person, form.code, form.inputs(), form.shown())
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True
