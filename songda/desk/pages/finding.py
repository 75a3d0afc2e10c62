"""Looking for people, live: inquiries with their countdown, each source's state, and the figures behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from songda.desk import words
from songda.desk.access import DeskRequest, at_desk
from songda.desk.nav import FINDING_ROLES
from songda.desk.people import shown_name
from songda.engine import acts as engine
from songda.engine.acts import ActRefused
from songda.finding import confidence, queries
from songda.finding.models import OPEN, Answer, ContactPoint, Inquiry, SourceState, Status
from songda.finding.sources import ASKED, name_of
from songda.lib import clock, masking
from songda.lib.lasting import took

TRIGGERS = {
    "first": "首次协查",
    "returned": "邮件退回后再查",
    "authorised": "逐案授权后查询",
    "before_notice": "公告前复查",
}
# A tone for the badge beside the state's name; an open answer after the closing is late.
TONES: Mapping[str, str] = {
    Status.PLANNED: "plain",
    Status.ASKING: "info",
    Status.TAKEN: "info",
    Status.FOUND: "ok",
    Status.NOT_FOUND: "plain",
    Status.FAILED: "danger",
}
BREAKERS = {"open": "连续失败，暂停询问", "half_open": "正在试探是否恢复"}


@dataclass(frozen=True, slots=True)
class Given:
    """A contact point as an answer gave it: masked, with what it is worth and why."""

    kind: str
    masked: str
    because: str
    chance: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One source in one inquiry, as the page shows it."""

    id: UUID
    name: str
    state: str
    tone: str
    took: str
    note: str
    given: tuple[Given, ...]
    may_look: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """One inquiry in the list."""

    id: UUID
    name: str
    case: str
    trigger: str
    opened_at: datetime
    closes_at: datetime
    is_open: bool
    left: str
    said: int
    found: int
    asked: int


def trigger_words(trigger: str) -> str:
    """Why an inquiry was opened, in words."""
    day = trigger.removeprefix("recheck_")
    return TRIGGERS.get(trigger) or (f"公告第{day}天再查" if day != trigger else "协查")


def countdown(until: datetime, at: datetime) -> str:
    """Minutes and seconds that are left: 9:05; 0:00 when there are none."""
    seconds = max(int((until - at).total_seconds()), 0)
    return f"{seconds // 60}:{seconds % 60:02d}"


def brief(inquiry: Inquiry) -> Brief:
    answers = list(inquiry.answers.all())
    return Brief(
        id=inquiry.id,
        name=shown_name(inquiry.party),
        case=inquiry.service.case.number,
        trigger=trigger_words(inquiry.trigger),
        opened_at=inquiry.opened_at,
        closes_at=inquiry.closes_at,
        is_open=inquiry.closed_at is None,
        left=countdown(inquiry.closes_at, clock.now()),
        said=sum(one.status in {Status.FOUND, Status.NOT_FOUND} for one in answers),
        found=sum(one.status == Status.FOUND for one in answers),
        asked=len(answers),
    )


@require_GET
@at_desk(*FINDING_ROLES)
def inquiries(request: DeskRequest) -> HttpResponse:
    """What is being looked for now, and how well the sources do. Asked again by itself every few seconds."""
    shown = {"figures": queries.figures(), "rows": [brief(one) for one in queries.recent()]}
    return render(request, "desk/finding_list_live.html" if request.htmx else "desk/finding_list.html", shown)


@require_GET
@at_desk(*FINDING_ROLES)
def inquiry(request: DeskRequest, inquiry_id: UUID) -> HttpResponse:
    """One inquiry: ground, authority, what it asks, each source's state, and a countdown while it is open."""
    found = _find(inquiry_id)
    shown = {
        "inquiry": found,
        "brief": brief(found),
        "rows": rows_of(found),
        "asks": "、".join(ASKED.get(kind, kind) for kind in found.asks),
        "silent": _silent(found),
    }
    return render(request, "desk/finding_live.html" if request.htmx else "desk/finding.html", shown)


def _find(inquiry_id: UUID) -> Inquiry:
    found = queries.one(inquiry_id)
    if found is None:
        raise Http404("inquiry")
    return found


def _silent(inquiry: Inquiry) -> str:
    """Which sources had not answered when the inquiry closed; late answers do not change that."""
    if inquiry.closed_at is None:
        return ""
    late = [one for one in inquiry.answers.all() if one.late or one.status not in {Status.FOUND, Status.NOT_FOUND}]
    return "、".join(name_of(one.source) for one in sorted(late, key=lambda one: one.source))


def rows_of(inquiry: Inquiry) -> list[Row]:
    """The sources of an inquiry. Five queries, however many there are."""
    answers = sorted(inquiry.answers.all(), key=lambda one: one.source)
    points = list(ContactPoint.objects.filter(answer__in=answers))
    worth = confidence.explain(points)
    states = {one.code: one for one in SourceState.objects.filter(code__in=[one.source for one in answers])}
    given: dict[UUID, list[Given]] = {}
    for point in points:
        if point.answer_id is not None:
            estimate = worth[point.id]
            given.setdefault(point.answer_id, []).append(_given(point, estimate))
    return [_row(one, states.get(one.source), tuple(given.get(one.id, ()))) for one in answers]


def _given(point: ContactPoint, estimate: confidence.Estimate) -> Given:
    return Given(
        kind=point.get_kind_display(),
        masked=masking.BY_KIND[point.kind](point.value) if point.value else "已清空",
        because=estimate.because,
        chance=round(100 * estimate.chance),
        withdrawn=point.withdrawn_at is not None,
    )


def _row(answer: Answer, state: SourceState | None, given: tuple[Given, ...]) -> Row:
    return Row(
        id=answer.id,
        name=name_of(answer.source),
        state=Status(answer.status).label + ("（逾时答复）" if answer.late else ""),
        tone=TONES[answer.status],
        took=_took(answer),
        note=_note(answer, state),
        given=given,
        may_look=answer.values is not None,
    )


def _took(answer: Answer) -> str:
    if answer.asked_at is None or answer.answered_at is None:
        return ""
    return took(answer.answered_at - answer.asked_at)


def _note(answer: Answer, state: SourceState | None) -> str:
    """What stands in the way, where something does."""
    if answer.emptied_at is not None:
        return "保存期限届满，内容已清空"
    if answer.status not in OPEN:
        return answer.problem
    notes = [BREAKERS.get(state.breaker, "")] if state else []
    if state and state.paused_until and state.paused_until > clock.now():
        notes.append("平台限流，暂缓询问")
    if answer.tries > 1:
        notes.append(f"已询问{answer.tries}次")
    return "；".join(note for note in notes if note)


@require_POST
@at_desk(*FINDING_ROLES)
def look(request: DeskRequest, inquiry_id: UUID, answer_id: UUID) -> HttpResponse:
    """What a source said, whole, once a reason is given; who looked and why is kept before it is shown."""
    found, reason = _find(inquiry_id), request.POST.get("reason", "")
    if reason not in words.REVEAL_REASONS:
        raise PermissionDenied
    try:
        values = engine.look_at_answer(found.service, request.seat.person, answer_id, reason)
    except ActRefused as refused:
        messages.error(request, refused.message)
        return redirect("desk:inquiry", inquiry_id)
    value = "；".join(str(one["value"]) for one in values)
    shown = {"value": value, "label": "协查答复", "service": found.service, "name": shown_name(found.party)}
    return render(request, "parts/revealed.html" if request.htmx else "desk/revealed.html", shown)
