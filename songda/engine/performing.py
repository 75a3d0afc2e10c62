"""What the ladder's decisions set going: a table from the action's name to the method that begins it.

Each begins its action once: the row it makes carries the decision's key. What it returns are facts that are true at
once; most actions tell nothing until somebody outside answers.
"""

from collections.abc import Callable
from datetime import timedelta

from songda.engine import checklist, errands, ladder
from songda.engine.inquiries import searching
from songda.engine.opening import open_work as open_work
from songda.engine.standing import Course, Standing
from songda.evidence.actions import Told
from songda.finding import sources
from songda.finding.addresses import gate, parse
from songda.finding.models import ContactPoint
from songda.lib import clock
from songda.methods import electronic, entrusted, field, notice, planning, postal

Decision = ladder.Do | ladder.Wait
Action = Callable[[Course, Decision, Standing], list[Told]]


def _point(course: Course, decision: Decision) -> ContactPoint:
    assert isinstance(decision, ladder.Do)
    return next(point for point in course.contacts if str(point.id) == decision.contact)


def _seek_consent(course: Course, decision: Decision, _: Standing) -> list[Told]:
    """A call, by the robot or by a person. What was agreed on the telephone is a person's, whoever spoke before."""
    point = _point(course, decision)
    calls = [fact.detail for fact in course.facts if fact.name == "call.attempted"]
    made = [detail for detail in calls if detail.get("contact") == str(point.id)]
    agreed = bool(made and made[-1].get("answered") and made[-1].get("again_at"))
    by_robot = {"robot": True, "clerk": False, "both": not made}[course.policy.consent_by]
    if by_robot:
        electronic.seek_consent(course.service, point, decision.key)
    else:
        patience = course.policy.hours("contact_within_minutes")
        detail: dict[str, object] = {"contact": str(point.id), "agreed": agreed}
        open_work(course.service, "call", decision.key, detail=detail, patience=patience)
    return []


def _send_message(course: Course, decision: Decision, _: Standing) -> list[Told]:
    electronic.send_message(course.service, _point(course, decision), course.policy, decision.key)
    return []


def _open_inquiry(course: Course, decision: Decision, _: Standing) -> list[Told]:
    """Ask at once whom the court's policy lets us ask; for the others a judge or manager is asked first."""
    assert isinstance(decision, ladder.Do)
    told = searching.open_inquiry(course, decision)
    for one in told:
        if one.name == "inquiry.authority_asked":
            names = "、".join(sources.name_of(code) for code in one.detail["sources"])
            open_work(
                course.service,
                "inquiry_authority",
                f"{decision.key}:authority",
                reason=f"拟向{names}查询{'、'.join(sources.ASKED[kind] for kind in decision.asks)}，须逐案授权",
                detail=dict(one.detail),
                patience=course.policy.hours("approval_within_days"),
            )
    return told


def _pause_notice(course: Course, decision: Decision, _: Standing) -> list[Told]:
    """Another way turned up while the notice runs: it does not count until a judge has said what follows."""
    found = [fact.detail for fact in course.facts if fact.name == "inquiry.answered" and fact.detail.get("new")]
    kinds = sorted({sources.ASKED[kind] for kind in found[-1]["new"] if kind in sources.ASKED})
    reason = f"公告期间由{sources.name_of(found[-1]['source'])}查得新的{'、'.join(kinds)}，请决定是否停止公告"
    detail: dict[str, object] = {"contacts": found[-1]["contacts"], "inquiry": found[-1]["inquiry"]}
    open_work(course.service, "notice_finding", decision.key, reason=reason, detail=detail)
    return [Told("notice.paused", clock.now(), detail={**detail, "key": decision.key}, key=f"paused:{decision.key}")]


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
    turn = sum(fact.name == "address.retried" and fact.detail.get("contact") == str(point.id) for fact in course.facts)
    try:
        postal.start_piece(course.service, point, decision.key, turn)
    except postal.NoPrintSite:
        open_work(course.service, "print_failed", f"site:{point.id}", reason="没有开放的打印点")
    return checked


_PLANNED_AFTER = 20


def _plan_visit(course: Course, decision: Decision, _: Standing) -> list[Told]:
    point = _point(course, decision)
    visit = field.plan_visit(course.service, point, int(decision.key.rsplit(":", 1)[1]))
    patience = max(visit.planned_for + timedelta(hours=4) - clock.now(), timedelta(hours=4))
    detail: dict[str, object] = {"contact": str(point.id), "visit": str(visit.id)}
    open_work(course.service, "visit", decision.key, detail=detail, patience=patience)
    day = planning.day_of(visit.planned_for).isoformat()
    # A little later, so that visits that come together are planned together.
    errands.plan_rounds.configure(schedule_in={"seconds": _PLANNED_AFTER}).defer(
        court_id=str(course.service.court_id), day=day
    )
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
    "pause_notice": _pause_notice,
    "print_papers": _print_papers,
    "plan_visit": _plan_visit,
    "draft_notice": _draft_notice,
    "publish_notice": _publish_notice,
    "prepare_letter": _prepare_letter,
    "ask_judge": _ask("decide"),
    "result_incomplete": _ask("result_incomplete"),
    "carrier_silent": _ask("carrier_silent"),
    "handover_late": _ask("handover_late"),
    "look_again": _nothing,
}
