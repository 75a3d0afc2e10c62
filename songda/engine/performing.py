"""What the ladder's decisions set going: a table from the action's name to the method that begins it.

Each begins its action once: the row it makes carries the decision's key. What it returns are facts that are true at
once; most actions tell nothing until somebody outside answers.
"""

from collections.abc import Callable
from datetime import timedelta

from songda.engine import checklist, ladder
from songda.engine.models import WorkItem
from songda.engine.standing import Course, Standing
from songda.engine.work import WORK
from songda.evidence.actions import Told
from songda.filing.models import Service
from songda.finding import actions as finding
from songda.finding.addresses import gate, parse
from songda.finding.models import ContactPoint
from songda.gateways import dispatch
from songda.lib import clock
from songda.methods import electronic, entrusted, field, notice, postal

Decision = ladder.Do | ladder.Wait
Action = Callable[[Course, Decision, Standing], list[Told]]


def open_work(
    service: Service,
    kind: str,
    key: str,
    *,
    reason: str = "",
    detail: dict[str, object] | None = None,
    patience: timedelta | None = None,
) -> WorkItem:
    """Something a person must do; the same key is the same item."""
    now = clock.now()
    item, _ = WorkItem.objects.get_or_create(
        court_id=service.court_id,
        service=service,
        key=key,
        defaults={
            "kind": kind,
            "role": WORK[kind].role,
            "reason": reason[:300],
            "detail": detail,
            "opened_at": now,
            "due_at": now + (patience or WORK[kind].patience),
        },
    )
    return item


def _point(course: Course, decision: Decision) -> ContactPoint:
    assert isinstance(decision, ladder.Do)
    return next(point for point in course.contacts if str(point.id) == decision.contact)


def _seek_consent(course: Course, decision: Decision, _: Standing) -> list[Told]:
    point = _point(course, decision)
    if course.policy.consent_by == "robot":
        electronic.seek_consent(course.service, point, decision.key)
    else:
        patience = course.policy.hours("contact_within_minutes")
        open_work(course.service, "call", decision.key, detail={"contact": str(point.id)}, patience=patience)
    return []


def _send_message(course: Course, decision: Decision, _: Standing) -> list[Told]:
    electronic.send_message(course.service, _point(course, decision), course.policy, decision.key)
    return []


def _open_inquiry(course: Course, decision: Decision, _: Standing) -> list[Told]:
    """Ask every source at once that the court's policy lets us ask; each is one dispatch with its own retries."""
    service, policy = course.service, course.policy
    asks = [kind for kind in ("phone", "address") if kind in policy.standing_approval]
    inquiry = finding.open_inquiry(
        service,
        ground="民事诉讼法第九十五条：查明受送达人下落",
        authority=f"{service.court.name}集约送达协查授权",
        asks=asks,
        closes_at=clock.now() + policy.hours("inquiry_minutes"),
    )
    for source in policy.inquiry_sources:
        answer = finding.note_asked(inquiry, source)
        dispatch.plan(
            service.court_id,
            key=f"{inquiry.id}:{source}",
            counterparty="people",
            about=service.id,
            request={
                "inquiry": str(inquiry.id),
                "answer": str(answer.id),
                "source": source,
                "ground": inquiry.ground,
                "authority": inquiry.authority,
                "asks": asks,
                "subject": {
                    "name": service.party.name,
                    "kind": "organisation" if service.party.kind == "organisation" else "person",
                    "id_number": service.party.id_number,
                },
            },
        )
    detail = {"inquiry": str(inquiry.id), "sources": list(policy.inquiry_sources)}
    return [Told("inquiry.opened", clock.now(), detail=detail, key=decision.key)]


def _close_inquiry(course: Course, decision: Decision, _: Standing) -> list[Told]:
    """Ten minutes are over, or everybody answered: go on with what is there."""
    told = []
    for inquiry in course.service.inquiries.filter(closed_at=None):
        finding.close(inquiry.id)
        answers = list(inquiry.answers.all())
        found = sorted(answer.source for answer in answers if answer.status == "found")
        silent = sorted(answer.source for answer in answers if answer.status in {"asked", "failed"})
        detail = {"inquiry": str(inquiry.id), "found": found, "silent": silent}
        told.append(Told("inquiry.closed", clock.now(), detail=detail, key=f"{decision.key}:closed"))
        if silent:
            told.append(Told("inquiry.expired", clock.now(), detail=detail, key=f"{decision.key}:expired"))
    return told


_DELIVERABLE = frozenset({"complete"})


def _print_papers(course: Course, decision: Decision, _: Standing) -> list[Told]:
    point = _point(course, decision)
    passed = any(
        fact.name == "address.checked" and fact.detail.get("contact") == str(point.id) and fact.detail.get("passed")
        for fact in course.facts
    )
    if not passed:
        verdict = gate(parse(point.value))
        detail = {"contact": str(point.id), "verdict": verdict.verdict, "passed": verdict.verdict in _DELIVERABLE}
        if verdict.verdict not in _DELIVERABLE:
            reason = "；".join(verdict.reasons)
            open_work(
                course.service,
                "address_gate",
                f"gate:{point.id}",
                reason=reason,
                detail={"contact": str(point.id), "suggestions": list(verdict.suggestions)},
            )
            return [Told("address.checked", clock.now(), detail=detail, key=f"gate:{point.id}")]
        checked = [Told("address.checked", clock.now(), detail=detail, key=f"gate:{point.id}")]
    else:
        checked = []
    try:
        postal.start_piece(course.service, point, decision.key)
    except postal.NoPrintSite:
        open_work(course.service, "print_failed", f"site:{point.id}", reason="没有开放的打印点")
    return checked


def _plan_visit(course: Course, decision: Decision, _: Standing) -> list[Told]:
    point = _point(course, decision)
    visit = field.plan_visit(course.service, point, int(decision.key.rsplit(":", 1)[1]))
    patience = max(visit.planned_for + timedelta(hours=4) - clock.now(), timedelta(hours=4))
    detail: dict[str, object] = {"contact": str(point.id), "visit": str(visit.id)}
    open_work(course.service, "visit", decision.key, detail=detail, patience=patience)
    return []


def _draft_notice(course: Course, decision: Decision, standing: Standing) -> list[Told]:
    reason = "；".join(why for _, why in standing.passed)
    notice.draft(course.service, _REASON_IN_NOTICE)
    detail: dict[str, object] = {"checklist": checklist.exhaustion(course, standing)}
    patience = course.policy.hours("approval_within_days")
    open_work(course.service, "notice_approval", decision.key, reason=reason, detail=detail, patience=patience)
    return []


_REASON_IN_NOTICE = "因你下落不明，或者用其他方式无法送达"


def _publish_notice(course: Course, _decision: Decision, _: Standing) -> list[Told]:
    return notice.publish(notice.draft(course.service, _REASON_IN_NOTICE), course.policy.notice_in)


def _prepare_letter(course: Course, decision: Decision, _: Standing) -> list[Told]:
    route = decision.key.split(":")[1]
    paper = entrusted.prepare_letter(course.service, route)
    open_work(
        course.service, "letter", decision.key, reason=paper.title, detail={"paper": str(paper.id), "route": route}
    )
    return [
        Told(
            "letter.prepared",
            clock.now(),
            detail={"route": route, "paper": str(paper.id)},
            key=decision.key,
        )
    ]


def _ask(kind: str) -> Action:
    """A person must look: an item of this kind, with the decision's own reason."""

    def act(course: Course, decision: Decision, standing: Standing) -> list[Told]:
        reason = decision.reason if isinstance(decision, ladder.Do) else decision.waiting_for
        detail: dict[str, object] = {"passed": [list(one) for one in standing.passed]}
        open_work(course.service, kind, decision.key, reason=reason, detail=detail)
        return []

    return act


def _nothing(_course: Course, _decision: Decision, _: Standing) -> list[Told]:
    return []


ACTIONS: dict[str, Action] = {
    "seek_consent": _seek_consent,
    "send_message": _send_message,
    "open_inquiry": _open_inquiry,
    "close_inquiry": _close_inquiry,
    "print_papers": _print_papers,
    "plan_visit": _plan_visit,
    "draft_notice": _draft_notice,
    "publish_notice": _publish_notice,
    "prepare_letter": _prepare_letter,
    "ask_judge": _ask("decide"),
    "result_incomplete": _ask("result_incomplete"),
    "carrier_silent": _ask("carrier_silent"),
    "look_again": _nothing,
}
