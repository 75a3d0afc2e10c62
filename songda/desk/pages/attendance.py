"""One person at the counter: checked in, signing on the tablet, refusing, confirming where they can be reached."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songda.desk import course as courses
from songda.desk import words
from songda.desk.access import DeskRequest, at_desk
from songda.desk.addresses import read_address
from songda.desk.forms.counter import AddressForm, CameForm, NoAddressForm, RefusalForm, SignForm
from songda.desk.pages.counter import COUNTER_ROLES
from songda.desk.people import shown_name
from songda.engine.acts import ActRefused
from songda.engine.counter import attending, handing
from songda.engine.counter.attending import Choice
from songda.engine.reading import course
from songda.engine.recipient import confirmation_of
from songda.engine.standing import Course, struck
from songda.evidence.models import Fact
from songda.filing.models import Party, Service
from songda.law.carried import Effect
from songda.law.facts import SIGNERS
from songda.lib import masking
from songda.methods.counter import CONSEQUENCES, REFUSED_ADDRESS, said_code
from songda.methods.models import Attendance, Collection, Paper


@dataclass(frozen=True, slots=True)
class Waiting:
    """A service on the person's page: what is in it, whether it can be handed over, and since when it waits."""

    service: Service
    titles: tuple[str, ...]
    why_not: str
    collection: Collection | None

    @property
    def code(self) -> str:
        return said_code(self.collection.code) if self.collection else ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A capacity over all the papers: barred for all of them, or for some."""

    code: str
    label: str
    shown_by: str
    why: str
    not_for: tuple[str, ...]


# ---- who came ---------------------------------------------------------------------------------------------------


def _party(party_id: UUID) -> Party:
    """The party, for whom something was to be served; who was never to be served is not found here."""
    served = Party.objects.select_related("case", "court").filter(Exists(Service.objects.filter(party=OuterRef("pk"))))
    return get_object_or_404(served, pk=party_id)


@require_http_methods(["GET", "POST"])
@at_desk(*COUNTER_ROLES)
def person(request: DeskRequest, party_id: UUID) -> HttpResponse:
    """This person's papers and no other's, and the form in which the officer says who stands there."""
    party = _party(party_id)
    knowns = [course(one) for one in attending.services_of(party)]
    rows = [_waiting(known) for known in knowns]
    open_to = [known for known, row in zip(knowns, rows, strict=True) if not row.why_not]
    offered = _offered(open_to)
    form = _came_form(request, [known.service for known in open_to], offered)
    if form.is_bound and form.is_valid() and (made := _checked_in(request, party, form)):
        return redirect("desk:attendance", made.pk)
    shown = {
        "party": party,
        "name": shown_name(party),
        "first": knowns[0].service,
        "rows": rows,
        "can_collect": bool(open_to),
        "offered": offered,
        "agents": [(one.get_kind_display(), masking.name(one.name)) for one in party.agents.all()],
        "form": form,
        "before": list(party.attendances.select_related("officer").order_by("-came_at")[:5]),
    }
    return render(request, "desk/counter/person.html", shown, status=422 if form.errors else 200)


def _came_form(request: DeskRequest, services: list[Service], offered: list[Offered]) -> CameForm:
    open_choices = [Choice(one.code, one.label, one.shown_by, None) for one in offered if not one.why]
    if request.method == "POST":
        return CameForm(services, open_choices, request.POST, request.FILES)
    first = open_choices[0].code if len(open_choices) == 1 else "self"
    return CameForm(services, open_choices, initial={"services": [str(one.id) for one in services], "signer": first})


def _checked_in(request: DeskRequest, party: Party, form: CameForm) -> Attendance | None:
    try:
        with transaction.atomic():
            return attending.check_in(party, request.seat.person, form.came())
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None


def _waiting(known: Course) -> Waiting:
    service = known.service
    titles = tuple(line.document.title for line in service.lines.all())
    kept = Collection.objects.filter(service=service).order_by("-made_at").first()
    return Waiting(service, titles, _why_not(known), kept if service.step == "collecting" else None)


def _why_not(known: Course) -> str:
    if known.service.step == "stopped":
        return "送达已经停止"
    if attending.handed_over(known) is not None:
        return "已在窗口领取"
    return ""


def _offered(knowns: list[Course]) -> list[Offered]:
    """Each capacity once, with why it is barred: for all the papers, or for which."""
    by_code: dict[str, list[tuple[str, Choice]]] = {}
    for known in knowns:
        for one in attending.choices(known):
            by_code.setdefault(one.code, []).append((known.service.case.number, one))
    offered = []
    for code, rows in by_code.items():
        bars = [(number, one.bar) for number, one in rows if one.bar]
        first = rows[0][1]
        why = f"{bars[0][1].why}（{bars[0][1].article}）" if len(bars) == len(rows) else ""
        not_for = tuple(f"{number}：{bar.why}（{bar.article}）" for number, bar in bars) if bars and not why else ()
        offered.append(Offered(code, first.label, first.shown_by, why, not_for))
    return offered


# ---- one attendance ---------------------------------------------------------------------------------------------


def find(attendance_id: UUID) -> Attendance:
    rows = Attendance.objects.select_related("party__case", "officer", "court")
    return get_object_or_404(rows, pk=attendance_id)


@dataclass(frozen=True, slots=True)
class Line:
    """A service on the counter, and the result in law where it has one."""

    service: Service
    titles: tuple[str, ...]
    outcome: courses.Result | None
    periods: list[courses.Period]
    done: bool


def _lines(found: Attendance) -> list[Line]:
    rows = found.lines.select_related("service__case", "service__party").order_by("service__number")
    return [_line(row.service, row.fact) for row in rows]


def _line(service: Service, fact: UUID | None) -> Line:
    known = course(service)
    out = struck(known.facts)
    return Line(
        service,
        tuple(line.document.title for line in service.lines.all()),
        courses.result(service, known.facts, out),
        courses.periods(service),
        fact is not None,
    )


def _context(found: Attendance) -> dict[str, Any]:
    return {
        "attendance": found,
        "party": found.party,
        "name": shown_name(found.party),
        "capacity": SIGNERS[found.signer],
        "who": masking.name(found.name),
        "id_shown": masking.id_number(found.id_number),
        "lines": _lines(found),
    }


@require_GET
@at_desk(*COUNTER_ROLES)
def attendance(request: DeskRequest, attendance_id: UUID) -> HttpResponse:
    found = find(attendance_id)
    lines = found.lines.values("service_id")
    papers = Paper.objects.filter(service__in=lines, kind="confirmation", superseded_by=None)
    shown = {
        **_context(found),
        "confirmations": list(papers.order_by("-made_at")),
        "prints": Fact.objects.filter(about__in=lines, name="slip.printed").count(),
        "may_confirm": found.signer in handing.CONFIRM,
    }
    return render(request, "desk/counter/attendance.html", shown)


@require_http_methods(["GET", "POST"])
@at_desk(*COUNTER_ROLES)
def sign(request: DeskRequest, attendance_id: UUID) -> HttpResponse:
    """The tablet in the person's hands: what they receive, in large type, and the field to sign in."""
    found = find(attendance_id)
    form = SignForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                handing.collect(found, request.seat.person, form.cleaned_data["signature"], form.photos_shown())
        except ActRefused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("desk:attendance_sign", found.pk)
    shown = {**_context(found), "signer_name": found.name, "form": form, "aloud": _aloud(found)}
    return render(request, "desk/counter/sign.html", shown, status=422 if form.errors else 200)


def _aloud(found: Attendance) -> str:
    """The list as it is read to somebody who cannot read it."""
    rows = found.lines.select_related("service__case").order_by("service__number")
    said = [f"{found.court.name}请您签收下列文书。"]
    for row in rows:
        titles = [line.document.title for line in row.service.lines.select_related("document")]
        said.append(f"{row.service.case.number}案件，共{len(titles)}份：{'，'.join(titles)}。")
    said.append("签名表示您收到了这些文书，不表示您同意文书的内容。")
    return "".join(said)


@require_http_methods(["GET", "POST"])
@at_desk(*COUNTER_ROLES)
def refuse(request: DeskRequest, attendance_id: UUID) -> HttpResponse:
    """What the person was told and said; whether this refusal is service is said beforehand, with the article."""
    found = find(attendance_id)
    form = RefusalForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid() and _did(form, lambda: handing.refuse(found, request.seat.person, form.how())):
        messages.success(request, "已记录拒签经过。")
        return redirect("desk:attendance", found.pk)
    verdicts = [(line.service.case.number, *_verdict(line.service, found.signer)) for line in _lines(found)]
    shown = {
        **_context(found),
        "form": form,
        "verdicts": verdicts,
        "notes_itself": request.seat.holds(*handing.NOTES_REFUSALS),
    }
    return render(request, "desk/counter/refuse.html", shown, status=422 if form.errors else 200)


def _verdict(service: Service, signer: str) -> tuple[bool, str]:
    found = attending.refusal_serves(course(service), signer)
    if isinstance(found, Effect):
        return True, f"{words.RESULTS[found.result][1]}（{'；'.join(one.code for one in found.articles)}）"
    return False, f"不视为送达：{found.why}（{found.article}）" if found else "不视为送达"


def _did(form: forms.Form, act: Any) -> bool:
    """Whether it was done; what is refused stands in the form."""
    try:
        with transaction.atomic():
            act()
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


@require_POST
@at_desk(*COUNTER_ROLES)
def leave(request: DeskRequest, attendance_id: UUID) -> HttpResponse:
    found = find(attendance_id)
    try:
        handing.leave(found)
    except ActRefused as refused:
        messages.error(request, refused.message)
        return redirect("desk:attendance", found.pk)
    messages.success(request, "已结束本次到访，送达照原方案继续。")
    return redirect("desk:counter")


@require_POST
@at_desk(*COUNTER_ROLES)
def slip(request: DeskRequest, attendance_id: UUID) -> HttpResponse:
    """领取凭证, printed the first time or again."""
    found = find(attendance_id)
    try:
        paper = handing.print_slip(found, request.seat.person)
    except ActRefused as refused:
        messages.error(request, refused.message)
        return redirect("desk:attendance", found.pk)
    return redirect("desk:paper", paper.pk)


# ---- where they can be reached ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@at_desk(*COUNTER_ROLES)
def address(request: DeskRequest, attendance_id: UUID) -> HttpResponse:
    """送达地址确认书: filled in with the person; once it reads well the tablet shows it, to be signed."""
    found = find(attendance_id)
    if found.signer not in handing.CONFIRM:
        raise Http404("address")
    form = AddressForm(request.POST) if request.method == "POST" else AddressForm(initial={"ways": ["sms"]})
    if form.is_bound and form.is_valid():
        return _address_tablet(request, found, form, SignForm())
    return _address_page(request, found, form, NoAddressForm())


def _address_page(request: DeskRequest, found: Attendance, form: AddressForm, refusal: NoAddressForm) -> HttpResponse:
    service = found.party.services.order_by("-created_at").first()
    shown = {
        **_context(found),
        "form": form,
        "refusal": refusal,
        "refused_words": REFUSED_ADDRESS,
        "earlier": confirmation_of(service) if service else None,
        "reading": read_address(form.data.get("address", "")) if form.is_bound else None,
    }
    return render(request, "desk/counter/address.html", shown, status=422 if form.errors or refusal.errors else 200)


def _address_tablet(
    request: DeskRequest, found: Attendance, form: AddressForm, drawing: SignForm, status: int = 200
) -> HttpResponse:
    shown = {
        **_context(found),
        "form": form,
        "said": form.said(),
        "drawing": drawing,
        "consequences": CONSEQUENCES,
        "signer_name": found.name,
        "kept": _sent(form),
    }
    return render(request, "desk/counter/address_sign.html", shown, status=status)


def _sent(form: AddressForm) -> list[tuple[str, str]]:
    """Every field as it was typed, to be sent once more with the signature."""
    return [(name, value) for name in form.fields for value in form.data.getlist(name)]  # type: ignore[attr-defined]


@require_POST
@at_desk(*COUNTER_ROLES)
def address_sign(request: DeskRequest, attendance_id: UUID) -> HttpResponse:
    """The confirmation signed on the tablet; what was filled in is checked once more."""
    found = find(attendance_id)
    form, drawing = AddressForm(request.POST), SignForm(request.POST)
    if not form.is_valid():
        return _address_page(request, found, form, NoAddressForm())
    if not drawing.is_valid():
        return _address_tablet(request, found, form, drawing, 422)
    said, hand = form.said(), drawing.cleaned_data["signature"]
    if not _did(form, lambda: handing.confirm_address(found, request.seat.person, said, hand)):
        return _address_page(request, found, form, NoAddressForm())
    messages.success(request, "送达地址确认书已签名入卷，下一步按确认的方式送达。")
    return redirect("desk:attendance", found.pk)


@require_POST
@at_desk(*COUNTER_ROLES)
def no_address(request: DeskRequest, attendance_id: UUID) -> HttpResponse:
    """They give no address after being told what follows."""
    found = find(attendance_id)
    form = NoAddressForm(request.POST)
    reason = str(request.POST.get("reason", ""))
    if form.is_valid() and _did(form, lambda: handing.refuse_address(found, request.seat.person, reason)):
        messages.success(request, "已记明拒不提供送达地址的经过。")
        return redirect("desk:attendance", found.pk)
    return _address_page(request, found, AddressForm(initial={"ways": ["sms"]}), form)


@require_POST
@at_desk(*COUNTER_ROLES)
def reading(request: DeskRequest) -> HttpResponse:
    """How the platform reads an address while it is being typed."""
    shown = {"reading": read_address(request.POST.get("address", "")[:200])}
    return render(request, "desk/counter/reading.html", shown)
