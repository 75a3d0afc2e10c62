"""操作: what a person asks for. An act may be refused with a reason; what it did is a fact with the person on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from songda.courts.models import Person, Role
from songda.courts.queries import roles_of
from songda.engine import actions
from songda.engine.calls import calling, ends
from songda.engine.effects import EFFECTS, SKIPPABLE
from songda.engine.hands import may
from songda.engine.models import Correction, WorkItem
from songda.engine.performing import open_work
from songda.engine.reading import locked
from songda.engine.saying import ActRefused as ActRefused
from songda.engine.saying import require, said
from songda.engine.work import WORK, Field, Outcome
from songda.evidence.actions import Told
from songda.evidence.models import Fact, Speaker
from songda.filing.models import Service
from songda.finding.models import Answer, ContactPoint
from songda.law.facts import FACTS
from songda.lib import clock
from songda.methods import field
from songda.methods.actions import keep_exhibit
from songda.methods.models import Exhibit, Visit


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that comes with an act: a photograph, a scan, a recording."""

    content: bytes
    media_type: str
    kind: str = "photo"


# ---- work items ------------------------------------------------------------------------------------------------


def complete(
    item: WorkItem, person: Person, outcome: str, inputs: Mapping[str, Any], shown: tuple[Shown, ...] = ()
) -> None:
    """End an item with one of its outcomes; raises ActRefused for a wrong input, then nothing is changed."""
    may(item, person)
    _may_decide(item, person)
    locked(item.service_id)
    item = WorkItem.objects.select_for_update(of=("self",)).select_related("service").get(id=item.id)
    if item.done_at is not None:
        raise ActRefused("该待办已经办结")
    calling.in_nobody_elses_hands(item, person)
    kind = WORK[item.kind]
    if outcome not in kind.outcomes:
        raise ActRefused("未知的办理结果", "outcome")
    chosen = kind.outcomes[outcome]
    values = {**ends.planned(item, chosen), **_clean(chosen, inputs)}
    exhibits = [_keep(item.service, one) for one in shown]
    item.done_at, item.done_by, item.outcome = clock.now(), person, outcome
    item.save(update_fields=["done_at", "done_by", "outcome"])
    told = [*EFFECTS[chosen.effect](item, person, values), *_facts(item, person, chosen, values, exhibits)]
    done = {"kind": item.kind, "outcome": outcome, "item": str(item.id)}
    record = ends.write_record(item, person, chosen, values, exhibits) if item.kind == "call" else None
    if record is not None:
        # The ledger seals what the record says.
        done["record"] = record.sha256
    told.append(said(person, "work.done", done, _private(chosen, values), key=f"work:{item.id}"))
    if item.kind == "visit":
        _write_record(item, person, chosen, values, exhibits)
    actions.record(item.service_id, told)
    ends.keep_record(item, record)


def _may_decide(item: WorkItem, person: Person) -> None:
    """Who looks after judges may hand their items over, and decides none of them."""
    if item.role == Role.JUDGE and Role.JUDGE not in roles_of(person).get(item.court_id, frozenset()):
        raise ActRefused("该事项须由法官决定，您可以转交其他法官")


def _write_record(
    item: WorkItem, person: Person, outcome: Outcome, values: Mapping[str, Any], exhibits: list[Exhibit]
) -> None:
    """What the courier told becomes the record that goes into the file."""
    visit = Visit.objects.select_related("contact_point", "service__case", "service__party", "service__court").get(
        id=str((item.detail or {})["visit"])
    )
    account = [f"上门结果：{outcome.label}。"]
    if witnesses := values.get("witnesses"):
        account.append(f"到场见证人{witnesses}人。")
    if values.get("recorded"):
        account.append("送达过程已拍照、录像。")
    if values.get("remark"):
        account.append(str(values["remark"]))
    now = clock.now()
    told = field.Doorstep(
        courier=person.name,
        account=tuple(account),
        began_at=now,
        ended_at=now,
        refused_by=str(values.get("refused_by", "")),
    )
    field.write_record(visit, told, exhibits)


def _keep(service: Service, one: Shown) -> Exhibit:
    if one.kind == "recording":
        return ends.keep_recording(service, one.content)
    return keep_exhibit(service, kind=one.kind, content=one.content, media_type=one.media_type)


# What is agreed for later lies no further ahead.
_FAR_AHEAD = timedelta(days=14)
_READERS: dict[str, Callable[[Any], Any]] = {
    "text": lambda given: str(given).strip(),
    "long_text": lambda given: str(given).strip(),
    "choice": str,
    "yes_no": lambda given: given in {True, "true", "on", "yes", "1"},
    "count": int,
    "date": lambda given: datetime.fromisoformat(str(given)).date().isoformat(),
    "moment": lambda given: _aware(datetime.fromisoformat(str(given))),
    "moment_ahead": lambda given: _aware(datetime.fromisoformat(str(given))).isoformat(),
}


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.BEIJING)


def _clean(outcome: Outcome, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        one.name: value
        for one in outcome.fields
        if one.kind not in {"files", "recording"} and (value := _read(one, inputs.get(one.name))) is not None
    }


def _read(wanted: Field, given: Any) -> Any:
    if given is None or given == "":
        if wanted.required and wanted.kind != "yes_no":
            raise ActRefused(f"请填写{wanted.label}", wanted.name)
        return False if wanted.kind == "yes_no" else None
    try:
        value = _READERS[wanted.kind](given)
    except ValueError as error:
        raise ActRefused(f"{wanted.label}填写有误", wanted.name) from error
    if wanted.kind == "choice" and value not in wanted.choices:
        raise ActRefused(f"{wanted.label}不在可选范围内", wanted.name)
    if isinstance(value, datetime) and value > clock.now():
        raise ActRefused(f"{wanted.label}不能晚于现在", wanted.name)
    if wanted.kind == "moment_ahead" and not clock.now() < datetime.fromisoformat(value) <= clock.now() + _FAR_AHEAD:
        raise ActRefused(f"{wanted.label}须在今后{_FAR_AHEAD.days}天之内", wanted.name)
    return value


def _private(outcome: Outcome, values: Mapping[str, Any]) -> dict[str, Any] | None:
    kept = {one.name: values[one.name] for one in outcome.fields if one.private and values.get(one.name)}
    return kept or None


def _facts(
    item: WorkItem, person: Person, outcome: Outcome, values: Mapping[str, Any], exhibits: list[Exhibit]
) -> list[Told]:
    happened_at = values.get("happened_at") or clock.now()
    about = item.detail or {}
    common = {name: about[name] for name in ("contact", "irregularity") if about.get(name)}
    if waybill := _waybill(item):
        common["waybill"] = waybill
    told = []
    for place, fact in enumerate(outcome.facts):
        copied = {name: values[name] for name in fact.copied if name in values}
        detail = {**common, **fact.fixed, **copied, "exhibits": [one.sha256 for one in exhibits]}
        told.append(
            Told(
                fact.name,
                happened_at,
                Speaker.PERSON,
                str(person.id),
                detail,
                _private(outcome, values),
                key=f"work:{item.id}:{place}",
            )
        )
    return told


def _waybill(item: WorkItem) -> str:
    """The number of the piece an item of the mail zone is about: its key names the contact point."""
    if item.kind not in {"result_incomplete", "carrier_silent"}:
        return ""
    contact = item.key.split(":")[1]
    piece = item.service.waybills.filter(contact_point_id=UUID(contact)).order_by("-turn").first()
    return piece.number if piece else ""


# ---- acts on a service -----------------------------------------------------------------------------------------


def stop(service: Service, person: Person, reason: str) -> None:
    """Stop serving: nothing more is begun; what is under way is still told."""
    require(reason, "停止送达须说明理由")
    if service.step == "stopped":
        raise ActRefused("该送达任务已经停止")
    actions.record(service.id, said(person, "service.stopped", {}, {"reason": reason}))


def reopen(service: Service, person: Person, reason: str) -> None:
    """Go on with a stopped service, from where its facts stand."""
    require(reason, "恢复送达须说明理由")
    if service.step != "stopped":
        raise ActRefused("只有已停止的送达任务可以恢复")
    actions.record(service.id, said(person, "service.reopened", {}, {"reason": reason}))


# What cannot be wrong about a service: that it was asked for, what people did about it, and corrections themselves.
NOT_CORRECTED = frozenset({"service.corrected", "work.done", "order.accepted"})


def ask_correction(service: Service, person: Person, fact_id: UUID, reason: str) -> Correction:
    """Ask that a fact be taken out of the reckoning; a second person decides, and the fact stays in the ledger."""
    require(reason, "申请更正须说明理由")
    fact = Fact.objects.filter(id=fact_id, about=service.id).first()
    if fact is None or fact.name in NOT_CORRECTED:
        raise ActRefused("该记录不能申请更正", "fact")
    if Correction.objects.filter(service=service, fact_id=fact_id, answered_at=None).exists():
        raise ActRefused("该记录已有待审批的更正申请", "fact")
    asked = Correction.objects.create(
        court_id=service.court_id,
        service=service,
        fact_id=fact_id,
        reason=reason,
        asked_by=person,
        asked_at=clock.now(),
    )
    detail: dict[str, object] = {"correction": str(asked.id), "fact": fact.name}
    open_work(service, "correction", f"correction:{asked.id}", reason=reason, detail=detail)
    return asked


# What may be recorded by hand on a service, and by whom.
BY_HAND: dict[str, tuple[str, ...]] = {
    "receipt.signed": ("window", "clerk", "judge"),
    "receipt.refused": ("window", "clerk", "judge"),
    "refusal.noted": ("clerk", "judge"),
    "collection.appointed": ("clerk", "judge"),
    "call.served": ("electronic", "clerk"),
    "recipient.acted": ("clerk", "judge"),
    "service.rebutted": ("judge",),
    "consent.given": ("clerk", "window", "electronic"),
    "consent.refused": ("clerk", "window", "electronic"),
    "notice.published": ("clerk",),
    "mail.returned": ("mail",),
}


def record_by_hand(
    service: Service,
    person: Person,
    name: str,
    *,
    happened_at: datetime,
    detail: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
    shown: tuple[Shown, ...] = (),
) -> None:
    """Tell what happened at the window, in the court room, on the telephone. Raises ActRefused for what cannot be:
    an unknown fact, a role that may not tell it, a time to come, a wrong detail."""
    if name not in BY_HAND:
        raise ActRefused("该事实不能人工登记", "fact")
    held = roles_of(person).get(service.court_id, frozenset())
    if not held & set(BY_HAND[name]):
        raise ActRefused("您的角色不能登记该事实", "fact")
    if happened_at > clock.now():
        raise ActRefused("发生时间不能晚于现在", "happened_at")
    exhibits = [_keep(service, one) for one in shown]
    checked = {**_lawful(name, detail), "exhibits": [one.sha256 for one in exhibits]}
    if name == "call.served":
        checked["record"] = ends.write_served(service, person, happened_at, private or {}, exhibits).sha256
    told = [Told(name, happened_at, Speaker.PERSON, str(person.id), checked, private)]
    if name == "receipt.refused" and held & set(BY_HAND["refusal.noted"]):
        # Who notes it is the clerk or judge before whom it happened (民诉法解释第一百三十一条).
        told.append(Told("refusal.noted", happened_at, Speaker.PERSON, str(person.id), {}, private))
    actions.record(service.id, told)


def _lawful(name: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    """The details the law knows for this fact, each of a kind it can read."""
    keys = FACTS[name].keys
    for key, wanted in keys.items():
        if wanted.required and detail.get(key) in (None, ""):
            raise ActRefused("缺少必填的要素", key)
        if wanted.codes and detail.get(key) not in (None, "", *wanted.codes):
            raise ActRefused("要素取值不正确", key)
    return {key: value for key, value in detail.items() if key in keys and value not in (None, "")}


def choose_route(service: Service, person: Person, route: str, reason: str) -> None:
    """Take the service out of the ordinary ladder: entrust another court, or forward."""
    require(reason, "请说明理由")
    if route not in {"entrusted", "forwarded"}:
        raise ActRefused("未知的送达途径", "route")
    actions.record(service.id, said(person, "route.chosen", {"route": route}, {"reason": reason}))


def skip(service: Service, person: Person, rung: str, reason: str) -> None:
    """Leave out a rung of the ladder for this service, with a reason; the law's own bars stay."""
    require(reason, "请说明理由")
    if rung not in SKIPPABLE:
        raise ActRefused("该环节不能跳过", "rung")
    actions.record(service.id, said(person, "rung.skipped", {"rung": rung}, {"reason": reason}))


def try_again(service: Service, person: Person, contact: UUID, reason: str) -> None:
    """Have court mail sent to an address again that was tried before, under whatever writing: with a reason only."""
    require(reason, "再次投递同一地址须说明理由")
    point = ContactPoint.objects.filter(id=contact, party=service.party_id, kind="address").first()
    if point is None or point.withdrawn_at is not None:
        raise ActRefused("该地址不可用", "contact")
    told = said(person, "address.retried", {"contact": str(point.id)}, {"reason": reason})
    actions.record(service.id, told)


def look_at_answer(service: Service, person: Person, answer_id: UUID, reason: str) -> list[Mapping[str, Any]]:
    """What a source said, for a reason that is kept with the person as a fact before anything is shown. Raises
    ActRefused without a reason, or once the answer has been emptied."""
    answer = Answer.objects.filter(id=answer_id, inquiry__service=service).first()
    if answer is None or answer.values is None:
        raise ActRefused("该答复没有内容，或者保存期限已满", "answer")
    reveal(service, person, f"answer:{str(answer_id)[-12:]}", reason)
    return list(answer.values)


def reveal(service: Service, person: Person, what: str, reason: str) -> None:
    """Somebody looks at personal data; that is a fact with the person and the reason on it."""
    require(reason, "查看个人信息须说明用途")
    actions.record(service.id, said(person, "private.revealed", {"what": what[:40]}, {"reason": reason}))
