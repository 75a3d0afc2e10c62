"""One call: who is who, the script, the number for whoever has it in hand, and one-key outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from songda.desk import call_script
from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.work import OutcomeForm, outcome_forms
from songda.desk.pages.calls import CALLERS, find
from songda.desk.people import shown_name
from songda.engine import acts
from songda.engine.acts import ActRefused
from songda.engine.calls import calling
from songda.engine.calls.calling import Candidate
from songda.engine.models import WorkItem
from songda.engine.reading import course
from songda.engine.standing import stand
from songda.engine.work import WORK
from songda.evidence.models import Fact
from songda.filing.models import DocumentKind, Service
from songda.finding.audience import AUDIENCES, audience_of
from songda.lib import clock
from songda.lib.clock import BEIJING
from songda.methods import telephone
from songda.methods.calls import Call, CallTurn

# What is told with one key: nothing but that nobody spoke. Everything else is looked at once more before it is told.
AT_ONCE = frozenset({"no_answer", "busy"})
# What the other side of the line must be certain of before it is told.
GRAVE = frozenset({"refused", "dead_number", "wrong_person"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome as the page offers it: its key, and whether it is told at once."""

    key: int
    form: OutcomeForm
    at_once: bool
    grave: bool


@require_GET
@at_desk(*CALLERS)
def call(request: DeskRequest, item_id: UUID) -> HttpResponse:
    return _show(request, find(item_id), outcome_forms(WORK["call"]))


def _show(request: DeskRequest, item: WorkItem, forms: Sequence[OutcomeForm], status: int = 200) -> HttpResponse:
    found = calling.candidates(request.seat.court, [item])
    turn = calling.turn_of(item)
    mine = bool(turn and turn.person_id == request.seat.person.pk) and item.done_at is None
    one = found[0] if found else None
    seen = mine and _has_looked(request, item, turn)
    context: dict[str, Any] = {
        "item": item,
        "service": item.service,
        "one": one,
        "turn": turn,
        "mine": mine,
        "seen": seen,
        "hours": calling.hours_of(request.seat.court),
        "outcomes": [
            Outcome(key, form, form.code in AT_ONCE, form.code in GRAVE) for key, form in enumerate(forms, start=1)
        ],
        "documents": [line.document for line in item.service.lines.select_related("document")],
        "history": list(
            Call.objects.filter(service__party=item.service.party_id)
            .select_related("person", "contact_point")
            .order_by("-at")[:8]
        ),
        "names": telephone.OUTCOMES,
        "telephone": _telephone(item.service),
        "label_done": _done_label(item),
    }
    context |= _script(item.service, one, seen=seen)
    return render(request, "desk/call.html", context, status=status)


def _done_label(item: WorkItem) -> str:
    outcome = WORK["call"].outcomes.get(item.outcome)
    return outcome.label if outcome else "已不需要打"


def _what(item: WorkItem) -> str:
    """How the reading of a call's number is named in its fact."""
    return f"call:{str(item.pk)[-12:]}"


def _has_looked(request: DeskRequest, item: WorkItem, turn: CallTurn | None) -> bool:
    """Whether this person has looked at name and number within this turn: a fact says so."""
    since = turn.taken_at if turn else clock.now()
    looked = Fact.objects.filter(about=item.service_id, name="private.revealed", happened_at__gte=since)
    return any(
        one.speaker_ref == str(request.seat.person.pk) and one.detail.get("what") == _what(item) for one in looked
    )


def _telephone(service: Service) -> tuple[bool, str]:
    """Whether these papers may be served by telephone now, and the law's reason where not."""
    verdicts = stand(course(service), clock.now()).explanation.allowed_methods
    bar = next((one.barred for one in verdicts if one.method == "telephone"), None)
    return bar is None, f"{bar.why}（{bar.article}）" if bar else ""


def _script(service: Service, one: Candidate | None, *, seen: bool) -> dict[str, Any]:
    """The lines for this situation; the name stands in them once it has been looked at for this call."""
    documents = [line.document for line in service.lines.all()]
    rulings = [DocumentKind(one.kind).label for one in documents if one.kind in call_script.RULINGS]
    situation = call_script.Situation(
        audience=audience_of(service.party, one.point.value if one else ""),
        kinds=frozenset(document.kind for document in documents),
        knows_id_number=bool(service.party.id_number),
        capacity=service.party.capacity,
        calls_before=len(one.tried) if one else 0,
        is_divorce="离婚" in service.case.cause,
    )
    values = {
        "court": service.court.name,
        "addressee": service.party.name if seen else shown_name(service.party),
        "case": service.case.number,
        "count": str(len(documents)),
        "papers": "、".join(f"《{document.title}》" for document in documents),
        "rulings": "、".join(dict.fromkeys(rulings)),
        "phone": service.court.phone or "12368",
        "calls_before": str(situation.calls_before),
    }
    return {
        "parts": call_script.lines(situation, values),
        "silence": call_script.silence(situation, values),
        "audience": AUDIENCES[situation.audience],
    }


@require_POST
@at_desk(*CALLERS)
def number(request: DeskRequest, item_id: UUID) -> HttpResponse:
    """Name and number, for whoever has the call in hand: the reading is kept as a fact with its reason first."""
    item = find(item_id)
    turn = calling.turn_of(item)
    if turn is None or turn.person_id != request.seat.person.pk:
        messages.error(request, "先接手这通电话，再看号码。")
    else:
        acts.reveal(item.service, request.seat.person, _what(item), "电话联系受送达人")
    return redirect(f"{reverse('desk:call', args=[item_id])}#number")


@require_POST
@at_desk(*CALLERS)
def tell(request: DeskRequest, item_id: UUID) -> HttpResponse:
    """What the call came to. What is wrong comes back in that outcome's form, everything typed still in it."""
    item, chosen = find(item_id), request.POST.get("outcome", "")
    forms = outcome_forms(WORK["call"], chosen, request.POST, request.FILES)
    form = next((one for one in forms if one.code == chosen), None)
    if form is None:
        raise Http404
    if form.is_valid() and _told(request, item, form):
        return _after(request, item, form)
    return _show(request, item, forms, status=422)


def _told(request: DeskRequest, item: WorkItem, form: OutcomeForm) -> bool:
    try:
        with transaction.atomic():
            acts.complete(item, request.seat.person, form.code, form.inputs(), form.shown())
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


def _after(request: HttpRequest, item: WorkItem, form: OutcomeForm) -> HttpResponse:
    made = Call.objects.filter(item_id=item.pk).first()
    again = f"，{_moment(made.again_at)}再打" if made and made.again_at else ""
    messages.success(request, f"已登记：{form.outcome.label}{again}。记错了，可以在送达页申请更正。")
    return redirect("desk:calls")


def _moment(at: datetime) -> str:
    local = at.astimezone(BEIJING)
    day = {clock.today(): "今天", clock.today() + timedelta(days=1): "明天"}.get(local.date())
    return f"{day or f'{local.month}月{local.day}日'} {local:%H:%M}"
