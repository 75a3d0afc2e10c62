"""重发: sending a message again because a person asks for it, with a reason and within limits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from songda.courts.models import Person
from songda.courts.policy import Policy
from songda.courts.queries import policy_of, roles_of
from songda.engine import actions
from songda.engine.reading import course, locked
from songda.engine.recipient import consent_of
from songda.engine.saying import ActRefused, require, said
from songda.filing.models import Service
from songda.finding import repair
from songda.finding.models import ContactPoint
from songda.law.electronic import account_bar
from songda.lib import clock
from songda.methods import electronic, entering, wording
from songda.methods.messages import Notification
from songda.methods.models import Access

ROLES = ("electronic", "window", "clerk", "manager")
# Why a message can never arrive where it went, in words.
_HOPELESS = {
    "opted_out": "收件人在拒收名单，不能再发；请改用其他联系方式",
    "no_such_number": "号码是空号，请先修复号码",
    "no_such_address": "邮箱不存在，请先修复",
    "no_such_account": "平台没有这个账号，或者账号没有关注法院",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A message that may be sent now, or why it may not."""

    stage: str
    label: str
    refused: str = ""


def choices(service: Service, point: ContactPoint) -> list[Choice]:
    """Each kind of message with what stands against sending it to this contact point now."""
    policy = policy_of(service.court)
    before = list(Notification.objects.filter(service=service, contact_point=point).order_by("-planned_at"))
    refused = _consent_refused(service)
    return [
        Choice(stage, about.label, _why_not(stage, service, point, before, policy, refused=refused))
        for stage, about in wording.STAGES.items()
    ]


def _consent_refused(service: Service) -> bool:
    return consent_of(course(service)) is False


def _why_not(
    stage: str,
    service: Service,
    point: ContactPoint,
    before: list[Notification],
    policy: Policy,
    *,
    refused: bool,
) -> str:
    """Why this message may not be sent; empty where it may."""
    last = before[0] if before else None
    if point.kind not in electronic.CHANNEL_OF:
        return "这里收不到通知"
    if point.kind == "phone" and not repair.is_mobile(point.value):
        return "不是可用的手机号码，请先修复号码"
    if point.kind == "account" and (bar := account_bar(point.rank)):
        return f"{bar.why}（{bar.article}）"
    if last is not None and last.failed_at and last.failed_why in _HOPELESS:
        return _HOPELESS[last.failed_why]
    return (
        _out_of_place(stage, service, point, before, refused=refused)
        or _too_many(stage, before, policy)
        or _too_soon(before, policy)
    )


def _out_of_place(
    stage: str, service: Service, point: ContactPoint, before: list[Notification], *, refused: bool
) -> str:
    """What the course of the service says against it."""
    carried = [one for one in before if electronic.carries_link(one.stage)]
    if stage == "withdrawn":
        return "" if point.withdrawn_at and carried else "只在号码停用、且此前发过链接时使用"
    if point.withdrawn_at is not None:
        return "该联系方式已经停用"
    if stage == "proof":
        return "" if any(one.signed_at for one in carried) else "还没有签收"
    if service.closed_at is not None:
        return "该送达任务已经办结"
    if refused:
        return "受送达人不同意电子送达"
    if stage == "code":
        needs = Access.objects.filter(service=service, contact_point=point, withdrawn_at=None).exclude(level="link")
        return "" if needs.exists() else "这个链接不用验证码，或者还没有链接"
    if stage == "reminder":
        waits = any(one.reached_at and not one.opened_at for one in carried)
        return "" if waits else "没有已到达而未查阅的通知"
    return "" if carried else "还没有发过首次通知，平台会按方案发出"


def _too_many(stage: str, before: list[Notification], policy: Policy) -> str:
    asked = sum(one.asked_by_id is not None and one.stage == stage for one in before)
    return f"已重发{asked}次，达到本院上限" if asked >= policy.resends else ""


def _too_soon(before: list[Notification], policy: Policy) -> str:
    last: datetime | None = max((one.planned_at for one in before), default=None)
    free = last + policy.hours("resend_gap_minutes") if last else None
    if free is None or free <= clock.now():
        return ""
    local = free.astimezone(clock.BEIJING)
    return f"刚发过，{local.month}月{local.day}日{local:%H:%M}以后才能再发"


def resend(service_id: UUID, contact: UUID, person: Person, stage: str, reason: str) -> Notification:
    """Send this kind of message again to a contact point. Raises ActRefused with the reason and changes nothing where
    it may not be sent."""
    require(reason, "重发须说明理由")
    service = locked(service_id)
    if not set(ROLES) & roles_of(person).get(service.court_id, frozenset()):
        raise ActRefused("您的角色不能重发通知")
    point = ContactPoint.objects.filter(id=contact, party=service.party_id).first()
    chosen = {one.stage: one for one in choices(service, point)} if point else {}
    if point is None or stage not in chosen:
        raise ActRefused("没有这样的通知", "stage")
    if chosen[stage].refused:
        raise ActRefused(chosen[stage].refused, "stage")
    policy, turn = policy_of(service.court), _turn(service, point)
    entering.renew(service, point, policy)
    key = f"again:{point.id}:{turn}"
    row = electronic.send_message(service, point, policy, key, stage=stage, turn=turn, asked_by=person)
    detail = {"contact": str(point.id), "stage": stage, "turn": turn, "message": row.key}
    told = said(person, "message.asked_again", detail, {"reason": reason}, key=f"asked:{key}")
    actions.record(service.id, told)
    return Notification.objects.get(key=row.key)


def _turn(service: Service, point: ContactPoint) -> int:
    last = Notification.objects.filter(service=service, contact_point=point).aggregate(last=Max("turn"))["last"]
    return (last or 0) + 1
