"""What else an outcome of a work item brings about, by the name that `engine.work` gives it."""

from collections.abc import Callable, Mapping
from typing import Any

from songda.courts.models import Person
from songda.courts.queries import policy_of
from songda.engine import errands, inbound
from songda.engine.calls import numbers
from songda.engine.inquiries import searching
from songda.engine.mail import mailing
from songda.engine.models import Correction, WorkItem
from songda.engine.reading import locked
from songda.engine.saying import ActRefused, said
from songda.evidence.actions import Told
from songda.evidence.models import Fact
from songda.filing.identity import NotValid, identify
from songda.filing.models import Procedure, Service
from songda.finding import actions as finding
from songda.finding.actions import Reach
from songda.finding.models import ContactPoint, Inquiry, Status
from songda.gateways.models import Dispatch
from songda.lib import clock
from songda.methods import field, notice, postal
from songda.methods.models import PublicNotice, Visit, Waybill

# The rungs of the ladder that a person may leave out.
SKIPPABLE = frozenset({"electronic", "find", "postal", "field"})

Effect = Callable[[WorkItem, Person, Mapping[str, Any]], list[Told]]


def _point(item: WorkItem) -> ContactPoint | None:
    contact = (item.detail or {}).get("contact")
    return ContactPoint.objects.filter(id=contact).first() if contact else None


def _withdraw(item: WorkItem, person: Person, _: Mapping[str, Any]) -> list[Told]:
    point = _point(item)
    if point is None:
        return []
    inbound.wrong_person(point)
    return [said(person, "contact.withdrawn", {"contact": str(point.id)})]


def _end_visit(item: WorkItem, _person: Person, _: Mapping[str, Any]) -> list[Told]:
    visit = Visit.objects.filter(id=str((item.detail or {}).get("visit"))).first()
    if visit is not None:
        field.end(visit, clock.now())
    return []


def _visit_again(item: WorkItem, _person: Person, _: Mapping[str, Any]) -> list[Told]:
    """A visit that was broken off is made tomorrow, by whoever the plan or the desk sends."""
    visit = Visit.objects.filter(id=str((item.detail or {}).get("visit")), ended_at=None).first()
    if visit is not None:
        field.put_off(visit)
    return []


def _approve(item: WorkItem, person: Person, values: Mapping[str, Any]) -> list[Told]:
    made = PublicNotice.objects.select_related("service__case", "service__party", "service__court").get(
        service=item.service, withdrawn_at=None
    )
    notice.tell_gist(made, str(values.get("gist") or ""))
    return [notice.approved(made, str(person.id))]


def _accept_result(item: WorkItem, person: Person, _: Mapping[str, Any]) -> list[Told]:
    """The court looked at what is missing and lets this one result stand; another result is another question."""
    return [said(person, "conformity.accepted", {"outcome": (item.detail or {}).get("outcome", "")})]


def _skip_rung(item: WorkItem, person: Person, _: Mapping[str, Any]) -> list[Told]:
    rung = str((item.detail or {}).get("rung", ""))
    if rung not in SKIPPABLE:
        raise ActRefused("该环节不能跳过", "outcome")
    return [said(person, "rung.skipped", {"rung": rung})]


def _grant_inquiry(item: WorkItem, person: Person, values: Mapping[str, Any]) -> list[Told]:
    """The named sources may be asked about this party; they are, at once, with a time of their own."""
    about = item.detail or {}
    service = locked(item.service_id)
    granted = finding.authorise(
        service.party,
        person.id,
        sources=about["sources"],
        asks=about["asks"],
        reason=str(values["reason"]),
        days=policy_of(service.court).authorisation_valid_days,
    )
    detail = {"authorisation": str(granted.id), "sources": granted.sources, "until": granted.expires_at.isoformat()}
    told = said(person, "inquiry.authorised", detail, key=f"authorised:{item.id}")
    return [told, *searching.open_authorised(service, granted, f"inquiry:authorised:{granted.id}")]


def _grant_number(item: WorkItem, person: Person, values: Mapping[str, Any]) -> list[Told]:
    """The sources that wanted the ID number of this party may have it; they are asked again, at once, with it."""
    service, inquiry = locked(item.service_id), _inquiry(item)
    wanting = _wanting_number(inquiry)
    granted = finding.authorise(
        service.party,
        person.id,
        sources=wanting,
        asks=inquiry.asks,
        reason=str(values["reason"]),
        days=policy_of(service.court).authorisation_valid_days,
        number=True,
    )
    detail = {"authorisation": str(granted.id), "sources": wanting, "until": granted.expires_at.isoformat()}
    told = said(person, "inquiry.number_allowed", detail, key=f"number:{item.id}")
    return [told, *searching.open_authorised(service, granted, f"inquiry:number:{granted.id}")]


def _give_id_number(item: WorkItem, person: Person, values: Mapping[str, Any]) -> list[Told]:
    """The number that sources need has been found out: they are asked again, by its keyed hash first."""
    service, inquiry = locked(item.service_id), _inquiry(item)
    try:
        found = identify(str(values["id_number"]), service.party.kind)
    except NotValid as wrong:
        raise ActRefused(str(wrong), "id_number") from wrong
    finding.identify(service.party, found.number)
    again = searching.open_again(service, _wanting_number(inquiry), inquiry.asks, f"inquiry:identified:{item.id}")
    return [said(person, "recipient.identified", {"inquiry": str(inquiry.id)}), *again]


def _inquiry(item: WorkItem) -> Inquiry:
    return Inquiry.objects.get(id=(item.detail or {})["inquiry"])


def _wanting_number(inquiry: Inquiry) -> list[str]:
    wanting = inquiry.answers.filter(status=Status.NEEDS_NUMBER).order_by("source")
    return list(wanting.values_list("source", flat=True))


def _uphold_notice(item: WorkItem, _person: Person, _: Mapping[str, Any]) -> list[Told]:
    """What turned up is no way to serve: it is set aside, so that the ladder does not follow it."""
    for point in ContactPoint.objects.filter(id__in=(item.detail or {}).get("contacts", []), withdrawn_at=None):
        finding.withdraw(point, "set_aside")
    return []


def _stop_notice(item: WorkItem, _person: Person, _: Mapping[str, Any]) -> list[Told]:
    notice.withdraw(item.service)
    return []


def _add(kind: str) -> Effect:
    def effect(item: WorkItem, person: Person, values: Mapping[str, Any]) -> list[Told]:
        return [add_contact_fact(item.service, person, kind, str(values[kind]), "filed")]

    return effect


def add_contact_fact(service: Service, person: Person, kind: str, value: str, rank: str, *, platform: str = "") -> Told:
    """A way to reach the recipient that a person gives; an account with its platform."""
    [point] = finding.learn(service.party, [Reach(kind, value, "person", rank, platform=platform)])
    return said(person, "contact.added", {"contact": str(point.id), "kind": kind, "rank": rank})


def _convert(item: WorkItem, person: Person, _: Mapping[str, Any]) -> list[Told]:
    """A summary case has become an ordinary one, so a public notice is open (民诉法解释 140)."""
    case = item.service.case
    case.procedure = Procedure.ORDINARY
    case.save(update_fields=["procedure"])
    return [said(person, "procedure.converted", {"to": "ordinary"})]


def _send_again(item: WorkItem, _person: Person, _: Mapping[str, Any]) -> list[Told]:
    row = Dispatch.objects.filter(id=str((item.detail or {}).get("dispatch"))).first()
    if row is not None:
        Dispatch.objects.filter(id=row.id).update(state=Dispatch.State.PLANNED, planned_at=clock.now(), tries=0)
    return []


def _plan_again(item: WorkItem, _person: Person, _: Mapping[str, Any]) -> list[Told]:
    errands.plan_again(item.detail or {})
    return []


def _print_again(item: WorkItem, person: Person, values: Mapping[str, Any]) -> list[Told]:
    """Another job for the same piece. Where nothing could be printed at all, the ladder asks for the print anew."""
    about = item.detail or {}
    row = Dispatch.objects.filter(id=about["dispatch"]).first() if about.get("dispatch") else None
    piece = _piece(item) if row is None else postal.waybill_of(row)
    if piece is None:
        Service.objects.filter(id=item.service_id).update(action_key="", action_since=None)
        return []
    return mailing.discarded(piece, person, str(values.get("reason") or values.get("remark") or item.reason))


def _piece(item: WorkItem) -> Waybill | None:
    number = (item.detail or {}).get("waybill")
    return item.service.waybills.filter(number=number).first() if number else None


def _correct_address(item: WorkItem, person: Person, values: Mapping[str, Any]) -> list[Told]:
    point = _point(item)
    rank = point.rank if point else "filed"
    if point is not None:
        finding.withdraw(point, "incomplete")
    return [add_contact_fact(item.service, person, "address", str(values["address"]), rank)]


def _pass_gate(item: WorkItem, person: Person, _: Mapping[str, Any]) -> list[Told]:
    contact = (item.detail or {}).get("contact", "")
    # The same print is asked for again: the decision's key is given back.
    Service.objects.filter(id=item.service_id).update(action_key="", action_since=None)
    return [said(person, "address.checked", {"contact": contact, "passed": True, "overridden": True})]


def _grant(item: WorkItem, person: Person, _: Mapping[str, Any]) -> list[Told]:
    return _answer(item, person, granted=True)


def _refuse(item: WorkItem, person: Person, _: Mapping[str, Any]) -> list[Told]:
    return _answer(item, person, granted=False)


def _answer(item: WorkItem, person: Person, *, granted: bool) -> list[Told]:
    asked = Correction.objects.select_for_update(of=("self",)).get(id=(item.detail or {})["correction"])
    if asked.asked_by_id == person.id:
        raise ActRefused("更正须由申请人以外的第二人审批")
    asked.answered_by, asked.answered_at, asked.granted = person, clock.now(), granted
    asked.save(update_fields=["answered_by", "answered_at", "granted"])
    name = "service.corrected" if granted else "correction.refused"
    detail = {
        "fact_id": str(asked.fact_id),
        "along_with": _drawn_from(asked) if granted else [],
        "correction": str(asked.id),
        "asked_by": str(asked.asked_by_id),
    }
    return [said(person, name, detail, {"reason": asked.reason}, key=f"correction:{asked.id}")]


def _drawn_from(asked: Correction) -> list[str]:
    """A receipt that was read off a piece of mail falls together with the delivery it was read off."""
    fact = Fact.objects.get(id=asked.fact_id)
    waybill = fact.detail.get("waybill")
    if fact.name not in {"receipt.signed", "mail.delivered"} or not waybill:
        return []
    same = Fact.objects.filter(about=fact.about, name__in=["receipt.signed", "mail.delivered"])
    return [str(one.id) for one in same if one.detail.get("waybill") == waybill and one.id != fact.id]


def _answer_irregularity(item: WorkItem, person: Person, _: Mapping[str, Any]) -> list[Told]:
    """The other side answers: who raised it does not close it themselves."""
    if ("post" if person.organisation == "post" else "court") == (item.detail or {}).get("raised_by"):
        raise ActRefused("异常须由对方答复")
    return []


def _nothing(_item: WorkItem, _person: Person, _: Mapping[str, Any]) -> list[Told]:
    return []


EFFECTS: dict[str, Effect] = {
    "": _nothing,
    "withdraw_contact": _withdraw,
    "end_visit": _end_visit,
    "visit_again": _visit_again,
    "approve_notice": _approve,
    "look_again": _nothing,
    "add_address": _add("address"),
    "add_phone": _add("phone"),
    "convert_procedure": _convert,
    "grant_inquiry": _grant_inquiry,
    "grant_number": _grant_number,
    "give_id_number": _give_id_number,
    "stop_notice": _stop_notice,
    "uphold_notice": _uphold_notice,
    "send_again": _send_again,
    "print_again": _print_again,
    "plan_again": _plan_again,
    "correct_address": _correct_address,
    "pass_gate": _pass_gate,
    "skip_rung": _skip_rung,
    "check_again": _nothing,
    "accept_result": _accept_result,
    "note_ways": numbers.note_ways,
    "repair_number": numbers.repair_number,
    "set_aside": numbers.set_aside,
    "grant_correction": _grant,
    "refuse_correction": _refuse,
    "answer_irregularity": _answer_irregularity,
}
