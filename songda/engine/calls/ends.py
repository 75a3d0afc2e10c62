"""A call's end: when to call again, the record for the file, the recording, and the turn given up."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from songda.courts.models import Person
from songda.courts.queries import policy_of
from songda.engine import actions
from songda.engine.calls.contacting import DEAD
from songda.engine.models import WorkItem
from songda.engine.reading import locked
from songda.engine.saying import ActRefused, said
from songda.engine.work import IDENTITY, WORK, Outcome
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding import answering
from songda.finding.answering import Tried
from songda.finding.models import ContactPoint
from songda.lib import clock
from songda.lib.clock import BEIJING
from songda.methods import recordings, telephone
from songda.methods.actions import keep_exhibit
from songda.methods.calls import Call, CallTurn
from songda.methods.models import Exhibit, Paper


def planned(item: WorkItem, outcome: Outcome) -> dict[str, str]:
    """What the platform itself adds to an outcome: of a call nobody answered, when to call again."""
    unanswered = any("again_at" in one.copied and not one.fixed["answered"] for one in outcome.facts)
    if not unanswered or any(one.fixed.get("outcome") in DEAD for one in outcome.facts):
        return {}
    point = _point(item)
    return {"again_at": next_call(point).isoformat()} if point else {}


def next_call(point: ContactPoint) -> datetime:
    """When somebody most likely answers at this number, counting the call that is being told."""
    now = clock.now()
    tried = [*telephone.tried(point), Tried(now, answered=False)]
    return answering.plan_next(point, policy_of(point.court), tried, now)


def _point(item: WorkItem) -> ContactPoint | None:
    contact = (item.detail or {}).get("contact")
    return ContactPoint.objects.select_related("court", "party").filter(id=contact).first() if contact else None


def write_record(
    item: WorkItem, person: Person, outcome: Outcome, values: Mapping[str, Any], exhibits: list[Exhibit]
) -> Paper | None:
    """电话联系记录 of a call in which somebody spoke; None of any other."""
    point = _point(item)
    if point is None or not any(fact.fixed.get("answered") for fact in outcome.facts):
        return None
    talk = telephone.Talk(
        at=clock.now(),
        caller=person.name,
        phone=point.value,
        account=tuple(_account(outcome, values)),
        identity=IDENTITY.get(str(values.get("identity", "")), ""),
    )
    recording = next((one for one in exhibits if one.kind == "recording"), None)
    return telephone.write_record(item.service, talk, f"call:{item.id}", recording)


def _account(outcome: Outcome, values: Mapping[str, Any]) -> Iterable[str]:
    yield f"说明来意，告知电子送达的适用范围、效力和变更方式。联系结果：{outcome.label}。"
    if values.get("recorded"):
        yield "通话全程录音。"
    if values.get("address_confirmed"):
        yield "受送达人确认用本号码接收电子送达。"
    if values.get("again_at"):
        at = datetime.fromisoformat(str(values["again_at"])).astimezone(BEIJING)
        yield f"约定{at.month}月{at.day}日{at:%H:%M}再次联系。"
    if values.get("phone"):
        yield f"另报号码：{values['phone']}。"
    if values.get("email"):
        yield f"另报电子邮箱：{values['email']}。"
    if values.get("account"):
        yield f"另报账号：{values['account']}。"
    if values.get("remark"):
        yield str(values["remark"])


def keep_record(item: WorkItem, paper: Paper | None) -> None:
    """Let the call know its record, once its fact has made the call, and end its turn."""
    CallTurn.objects.filter(item=item, ended_at=None).update(ended_at=clock.now())
    if paper is not None:
        Call.objects.filter(item_id=item.id).update(record=paper)


def keep_recording(service: Service, content: bytes) -> Exhibit:
    """A recording by what is in the file, whatever it is called; raises ActRefused for anything else."""
    try:
        sound = recordings.read(content)
    except recordings.NotARecording as why:
        raise ActRefused(str(why), "recording") from why
    note = {"seconds": sound.seconds} if sound.seconds else None
    return keep_exhibit(service, kind="recording", content=content, media_type=sound.media_type, note=note)


def add_recording(call: Call, person: Person, content: bytes) -> Exhibit:
    """A recording that comes after its call: kept, set on a new record, and told as a fact with both digests. Raises
    ActRefused where the call has one, or the file is none."""
    service = locked(call.service_id)
    call = Call.objects.select_related("contact_point", "person").select_for_update(of=("self",)).get(id=call.id)
    if call.recording_id is not None:
        raise ActRefused("这通电话已有录音；录错了的，请申请更正", "recording")
    exhibit = keep_recording(service, content)
    item = WorkItem.objects.filter(id=call.item_id).first() if call.item_id else None
    paper = _written_anew(call, item, service, exhibit) if item is not None and call.record_id is not None else None
    Call.objects.filter(id=call.id).update(recording=exhibit, record=paper)
    detail: dict[str, Any] = {"call": str(call.id), "contact": str(call.contact_point_id), "exhibits": [exhibit.sha256]}
    if paper is not None:
        detail["record"] = paper.sha256
    actions.record(service.id, said(person, "recording.added", detail, key=f"recording:{call.id}"))
    return exhibit


def _written_anew(call: Call, item: WorkItem, service: Service, recording: Exhibit) -> Paper:
    """The record again, now with the digest of its recording; what it says is what the call's facts say."""
    values: dict[str, Any] = {}
    for fact in Fact.objects.filter(about=service.id, source_key__startswith=f"work:{item.id}").order_by("id"):
        values |= {**fact.detail, **(fact.private or {})}
    talk = telephone.Talk(
        at=call.at,
        caller=telephone.name_of(call.person),
        phone=call.contact_point.value,
        account=tuple(_account(WORK["call"].outcomes[item.outcome], values)),
        identity=IDENTITY.get(str(values.get("identity", "")), ""),
    )
    return telephone.write_record(service, talk, f"call:{item.id}", recording)


def write_served(
    service: Service, person: Person, at: datetime, private: Mapping[str, Any], shown: list[Exhibit]
) -> Paper:
    """电话送达记录 of papers told on the telephone (法发〔2017〕19号第十四条)."""
    point = telephone.phone_in_use(service)
    talk = telephone.Talk(
        at=at,
        caller=person.name,
        phone=point.value if point else "未登记",
        account=("告知文书内容，通话全程录音。", *(str(one) for one in private.values() if one)),
        reason="直接送达、邮寄送达均未能送达，或者适用简易程序的简便方式",
        serves=True,
    )
    recording = next((one for one in shown if one.kind == "recording"), None)
    return telephone.write_record(service, talk, f"served:{at:%Y%m%d%H%M%S}", recording)
