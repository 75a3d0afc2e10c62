"""异常: raised by one side, answered by the other, opened again by who raised it. Each turn is a work item and a fact.

An irregularity is open as long as its work item is, so nothing can say that it is closed while somebody still owes
an answer. How long an answer took is read off the work items.
"""

from collections.abc import Mapping
from typing import Any

from songda.courts.models import Person, Role
from songda.courts.queries import roles_of
from songda.engine import actions as engine
from songda.engine import acts
from songda.engine.acts import Shown
from songda.engine.models import WorkItem
from songda.engine.performing import open_work
from songda.engine.reading import locked
from songda.engine.saying import ActRefused, require, said
from songda.engine.work import WORK
from songda.liaison.actions import checked, opened, put
from songda.liaison.kinds import KINDS, SEVERITIES, answer_within
from songda.liaison.models import Irregularity, Note, Side
from songda.liaison.queries import Subject, side_of
from songda.lib import clock
from songda.lib.ids import uuid7

Event = Note.Event
WORK_KIND = "irregularity"


def raise_one(subject: Subject, person: Person, kind: str, severity: str, words: str) -> Irregularity:
    """Say that something is wrong with a service, or with one of its parcels. Opens a work item for the other side, due
    as the kind and its gravity say. Raises ActRefused for an unknown kind, for no words, for an order as such."""
    service = subject.service
    if service is None:
        raise ActRefused("请选择是哪一件送达任务", "service")
    if kind not in KINDS or severity not in SEVERITIES:
        raise ActRefused("请选择异常的种类和程度", "kind")
    words = checked(words)
    require(words, "请写明发生了什么")
    if not roles_of(person).get(service.court_id, frozenset()) - {Role.AUDITOR}:
        raise ActRefused("您在该院没有办理业务的角色")
    locked(service.id)
    side, made_id = side_of(person), uuid7()
    owner = Side.POST if side == Side.COURT else Side.COURT
    made = Irregularity(
        id=made_id,
        court_id=service.court_id,
        service=service,
        waybill=subject.waybill,
        kind=kind,
        severity=severity,
        owner=owner,
        words=words,
        raised_by=person,
        raised_at=clock.now(),
    )
    made.item = _ask(made, 1 + Irregularity.objects.filter(service=service).count())
    made.save()
    _tell(made, person, "irregularity.raised", words)
    put(opened(subject), person, words, event=Event.RAISED, irregularity=made)
    return made


def _ask(one: Irregularity, number: int) -> WorkItem:
    """The work item of this turn, for the role that answers for this kind on the other side. `number` counts the
    service's irregularities, so that what is played again from a seed has the same keys."""
    side = Side.POST if one.owner == Side.COURT else Side.COURT
    kind, severity = KINDS[one.kind], SEVERITIES[one.severity]
    return open_work(
        one.service,
        WORK_KIND,
        f"{WORK_KIND}:{number}:{one.turn}",
        reason=f"{side.label}提出：{kind.label}（{severity.label}）" + ("，重新提出" if one.turn else ""),
        detail={"irregularity": str(one.id), "raised_by": str(side)},
        patience=answer_within(one.kind, one.severity),
        role=kind.roles[Side(one.owner)],
    )


def _tell(one: Irregularity, person: Person, name: str, words: str) -> None:
    """What was raised is a fact of the service; its words are kept apart from what the law reads."""
    detail: dict[str, Any] = {
        "irregularity": str(one.id),
        "kind": one.kind,
        "severity": one.severity,
        "owner": str(one.owner),
    }
    if one.waybill is not None and one.waybill.number:
        detail["piece"] = one.waybill.number
    key = f"{name}:{one.id}:{one.turn}"
    engine.record(one.service_id, said(person, name, detail, {"words": words}, key=key))


def answer(
    item: WorkItem, person: Person, outcome: str, inputs: Mapping[str, Any], shown: tuple[Shown, ...] = ()
) -> None:
    """End a work item; what answers an irregularity is said in its conversation too. Raises ActRefused as the engine
    does: the other side answers, never who raised it."""
    acts.complete(item, person, outcome, inputs, shown)
    one = Irregularity.objects.filter(item=item.id).first()
    if one is None:
        return
    label = WORK[WORK_KIND].outcomes[outcome].label
    thread = opened(_subject(one))
    put(thread, person, f"{label}：{inputs['answer']}", event=Event.ANSWERED, irregularity=one)


def _subject(one: Irregularity) -> Subject:
    """Where it was raised."""
    about = "parcel" if one.waybill is not None else "service"
    return Subject(about, one.service.order, one.service, one.waybill)


def reopen(one: Irregularity, person: Person, reason: str) -> Irregularity:
    """The raising side is not content with the answer: another turn, for the same role, with a time of its own."""
    require(reason, "请说明为什么不认可答复")
    if side_of(person) == Side(one.owner):
        raise ActRefused("只有提出异常的一方可以重新提出")
    if not roles_of(person).get(one.court_id, frozenset()) - {Role.AUDITOR}:
        raise ActRefused("您在该院没有办理业务的角色")
    locked(one.service_id)
    one = Irregularity.objects.select_related("service__order", "waybill", "item").get(id=one.id)
    if one.item.done_at is None:
        raise ActRefused("该异常尚未答复")
    one.turn += 1
    one.item = _ask(one, int(one.item.key.split(":")[1]))
    one.save(update_fields=["turn", "item"])
    _tell(one, person, "irregularity.reopened", reason.strip())
    put(opened(_subject(one)), person, reason.strip(), event=Event.REOPENED, irregularity=one)
    return one
