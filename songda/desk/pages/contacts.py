"""How one person can be reached, in one place: each way with its source, rank, worth, history, and the acts at it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from songda.courts.queries import policy_of
from songda.desk import words
from songda.desk.access import DeskRequest, Seat, at_desk
from songda.desk.forms.contacts import BY_CODE, COURT_OR_POST, AddForm, ContactAct, acts_at
from songda.desk.nav import FINDING_ROLES
from songda.desk.pages.services import find
from songda.desk.people import shown_name
from songda.engine import contacts as engine
from songda.engine.acts import ActRefused
from songda.filing.models import Service
from songda.finding import contacts
from songda.finding.addresses import divisions, gate, parse
from songda.finding.models import ContactKind, ContactPoint
from songda.finding.sources import name_of
from songda.law.electronic import account_bar
from songda.lib import masking

_CONSENT = {"given": "同意电子送达", "refused": "不同意电子送达"}
_WHY: Mapping[str, str] = {
    **engine.WITHDRAWN_BECAUSE,
    "incomplete": "地址不完整，已另行更正",
    "corrected": "已更正为另一写法",
    "set_aside": "法官认为不可用",
    "expired": "保存期限届满，内容已清空",
}
_GATES = {"complete": "完整", "ambiguous": "有歧义", "incomplete": "不完整", "impossible": "无法投递"}


@dataclass(frozen=True, slots=True)
class Tried:
    """A line of a way's history."""

    title: str
    at: datetime
    more: str


@dataclass(frozen=True, slots=True)
class Card:
    """One way as the page shows it."""

    id: UUID
    kind: str
    masked: str
    rank: str
    article: str
    barred: str
    source: str
    as_of: object
    learnt_at: datetime
    chance: int
    because: str
    steps: tuple[str, ...]
    consent: str
    consent_at: datetime | None
    proved: str
    proved_at: datetime | None
    division: str
    gate: str
    gate_why: str
    suggestions: int
    tries: tuple[Tried, ...]
    withdrawn: str
    withdrawn_at: datetime | None
    may_reveal: bool
    acts: tuple[ContactAct, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """The same person in another case."""

    case: str
    role: str
    service: UUID | None
    ways: tuple[str, ...]


@require_GET
@at_desk(*FINDING_ROLES)
def person(request: DeskRequest, service_id: UUID) -> HttpResponse:
    """All ways of one recipient, those in use first; and the same person elsewhere, as far as the policy lets."""
    service = find(service_id)
    policy = policy_of(request.seat.court)
    cards = [card(way, request.seat) for way in contacts.ways_of(service.party)]
    others = [_other(one) for one in contacts.elsewhere(service.party, policy)]
    shown = {
        "service": service,
        "name": shown_name(service.party),
        "in_use": [one for one in cards if not one.withdrawn_at],
        "withdrawn": [one for one in cards if one.withdrawn_at],
        "others": others,
        "across": policy.recognise_across_cases,
        "may_add": request.seat.holds(*COURT_OR_POST),
    }
    return render(request, "desk/contacts.html", shown)


def card(way: contacts.Way, seat: Seat) -> Card:
    point = way.point
    checked = (
        gate(parse(point.value), point.division_code) if point.kind == ContactKind.ADDRESS and point.value else None
    )
    return Card(
        id=point.id,
        kind=point.called,
        masked=_masked(point),
        rank=point.get_rank_display(),
        article=way.article,
        barred=_barred(point),
        source=name_of(point.source),
        as_of=point.as_of,
        learnt_at=point.learnt_at,
        chance=round(100 * way.estimate.chance),
        because=way.estimate.because,
        steps=way.steps,
        consent=_CONSENT.get(point.consent, ""),
        consent_at=point.consent_at,
        proved={True: "有效", False: "无效", None: ""}[point.proved],
        proved_at=point.proved_at,
        division=_division(point.division_code),
        gate=_GATES[checked.verdict] if checked else "",
        gate_why="；".join(checked.reasons) if checked else "",
        suggestions=len(checked.suggestions) if checked else 0,
        tries=tuple(_tried(one) for one in way.tries),
        withdrawn=_WHY.get(point.withdrawn_why, point.withdrawn_why),
        withdrawn_at=point.withdrawn_at,
        may_reveal=bool(point.value),
        acts=tuple(acts_at(seat, point)),
    )


def _barred(point: ContactPoint) -> str:
    """Why an account is not written to."""
    bar = account_bar(point.rank) if point.kind == ContactKind.ACCOUNT else None
    return f"{bar.why}（{bar.article}）" if bar else ""


def _masked(point: ContactPoint) -> str:
    return masking.BY_KIND[point.kind](point.value) if point.value else "已清空"


def _division(code: str) -> str:
    if not code:
        return ""
    towns = divisions.name_of(code) if len(code) == 9 else ""
    return f"{divisions.name_of(code[:6]) or divisions.name_of(code)}{towns} {code}"


def _tried(one: contacts.Try) -> Tried:
    more = (words.value(key, value) for key, value in one.detail.items() if key in _TOLD)
    return Tried(words.fact(one.name).title, one.at, "，".join(more))


# The details of a try that say how it ended.
_TOLD = frozenset({"reason", "because", "signer", "channel", "how"})


def _other(one: contacts.Elsewhere) -> Other:
    ways = tuple(f"{point.called} {_masked(point)}" for point in one.points)
    return Other(one.party.case.number or "", one.party.role, one.service, ways)


@require_http_methods(["GET", "POST"])
@at_desk(*COURT_OR_POST)
def add(request: DeskRequest, service_id: UUID) -> HttpResponse:
    """The form of a new way, then the way."""
    service = find(service_id)
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data

        def act() -> None:
            engine.add(
                service,
                request.seat.person,
                said["kind"],
                said["value"],
                said["rank"],
                said["reason"],
                platform=said["platform"],
            )

        if _done(form, act):
            messages.success(request, "已补充联系方式。")
            return redirect("desk:contacts", service.pk)
    question = "补充受送达人的电话、邮箱、账号或者地址；说明从何得知，来源等级随之保存。"
    return _form(request, service, form, "补充联系方式", question)


@require_http_methods(["GET", "POST"])
@at_desk(*COURT_OR_POST)
def act(request: DeskRequest, service_id: UUID, contact_id: UUID, code: str) -> HttpResponse:
    """The act's form, then the act at this way; what makes no sense at it is refused with the reason."""
    service, chosen = find(service_id), BY_CODE.get(code)
    point = ContactPoint.objects.filter(id=contact_id, party=service.party_id).first()
    if chosen is None or point is None:
        raise Http404
    if not request.seat.holds(*chosen.roles):
        raise PermissionDenied
    if chosen not in acts_at(request.seat, point):
        messages.error(request, f"该{point.called}现在不能“{chosen.label}”。")
        return redirect("desk:contacts", service.pk)
    form = chosen.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if _done(form, lambda: chosen.perform(service, request.seat, point.id, said)):
            messages.success(request, f"已记录：{chosen.label}。")
            return redirect("desk:contacts", service.pk)
    return _form(request, service, form, chosen.label, chosen.question, point=point, grave=chosen.grave)


def _form(
    request: DeskRequest,
    service: Service,
    form: forms.Form,
    label: str,
    question: str,
    *,
    point: ContactPoint | None = None,
    grave: bool = False,
) -> HttpResponse:
    shown = {
        "service": service,
        "name": shown_name(service.party),
        "form": form,
        "label": label,
        "question": question,
        "grave": grave,
        "kind": point.called if point else "",
        "masked": _masked(point) if point else "",
        "point": point,
    }
    return render(request, "desk/contact_act.html", shown, status=422 if form.errors else 200)


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the engine did it; what it refuses stands in the form, at its field."""
    try:
        with transaction.atomic():
            act()
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True
