"""Ways to reach a recipient as people take them down: said on the telephone, mended, set aside."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from songda.courts.models import Person
from songda.engine.models import WorkItem
from songda.engine.saying import ActRefused, said
from songda.evidence.actions import Told
from songda.filing import accounts
from songda.filing.identity import NotValid
from songda.filing.models import Service
from songda.finding import actions as finding
from songda.finding import repair
from songda.finding.actions import Reach
from songda.finding.models import ContactPoint, Rank
from songda.methods import entering


def _point(item: WorkItem) -> ContactPoint | None:
    contact = (item.detail or {}).get("contact")
    return ContactPoint.objects.filter(id=contact).first() if contact else None


def _phone(service: Service, value: str) -> str:
    """The number in its plain form, or as it is written already at this recipient. Raises ActRefused where messages
    cannot be sent to it."""
    number = repair.compact(value)
    if not repair.is_mobile(number):
        raise ActRefused(repair.wrong_with(number) or "不是手机号码，收不到短信", "phone")
    known = ContactPoint.objects.filter(party=service.party_id, kind="phone")
    return next((one.value for one in known if repair.compact(one.value) == number), number)


def _email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise ActRefused("电子邮箱格式不对", "email") from None
    return value


def _account(written: str) -> tuple[str, str]:
    """Platform and account; raises ActRefused."""
    try:
        return accounts.read(written)
    except NotValid as wrong:
        raise ActRefused(wrong.message, "account") from None


def note_ways(item: WorkItem, person: Person, values: Mapping[str, Any]) -> list[Told]:
    """What was given on a call: by the recipient, who agreed with it, or by whoever answered."""
    if values.get("address_confirmed") and not values.get("recorded"):
        raise ActRefused("确认接收号码须全程录音（在线诉讼规则第三十条）", "address_confirmed")
    by_recipient = item.outcome == "consented"
    source, rank = ("recipient", Rank.FILED) if by_recipient else ("person", Rank.UNKNOWN)
    reaches = []
    if values.get("phone"):
        reaches.append(Reach("phone", _phone(item.service, str(values["phone"])), source, rank))
    if values.get("email"):
        reaches.append(Reach("email", _email(str(values["email"])), source, rank))
    if values.get("account"):
        platform, account = _account(str(values["account"]))
        reaches.append(Reach("account", account, source, rank, platform=platform))
    return [_added(item.service, person, reach) for reach in reaches]


def _added(service: Service, person: Person, reach: Reach, **more: str) -> Told:
    [point] = finding.learn(service.party, [reach])
    if point.withdrawn_at is not None:
        raise ActRefused("这个号码此前已经停用", reach.kind)
    detail = {"contact": str(point.id), "kind": reach.kind, "rank": str(reach.rank), "source": reach.source, **more}
    return said(person, "contact.added", detail)


def repair_number(item: WorkItem, person: Person, values: Mapping[str, Any]) -> list[Told]:
    """The right number takes the place of a wrong one and is tried afresh. What was tried at the wrong one stays as it
    was; whoever has that number is a stranger, so its link is shut."""
    old, number = _point(item), _phone(item.service, str(values["phone"]))
    if old is None or old.withdrawn_at is not None:
        raise ActRefused("原号码已经停用", "phone")
    if old.value == number:
        raise ActRefused("这就是原来的号码", "phone")
    finding.withdraw(old, "mistyped")
    entering.withdraw(old)
    withdrawn = said(person, "contact.withdrawn", {"contact": str(old.id), "why": "mistyped"})
    reach = Reach("phone", number, "person", old.rank)
    return [withdrawn, _added(item.service, person, reach, replaces=str(old.id))]


def set_aside(item: WorkItem, person: Person, _: Mapping[str, Any]) -> list[Told]:
    """Nobody calls or writes to this number in this case any more."""
    point = _point(item)
    if point is None or point.withdrawn_at is not None:
        return []
    finding.withdraw(point, "unusable")
    entering.withdraw(point)
    return [said(person, "contact.withdrawn", {"contact": str(point.id), "why": "unusable"})]
