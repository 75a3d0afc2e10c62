"""Acts at a person's ways to be reached: adding one, taking one out of use, mending an address. Each is a fact."""

import re
from collections.abc import Mapping
from uuid import UUID

from songda.courts.models import Person
from songda.engine import actions, inbound
from songda.engine.effects import add_contact_fact
from songda.engine.models import WorkItem
from songda.engine.saying import ActRefused, require, said
from songda.filing import accounts, identity
from songda.filing.models import Service
from songda.finding import actions as finding
from songda.finding.addresses import divisions, gate, parse
from songda.finding.models import ContactKind, ContactPoint, Rank
from songda.lib import clock

# Why a way is taken out of use. Only a stranger's is shut in every case at once.
WITHDRAWN_BECAUSE: Mapping[str, str] = {
    "wrong_person": "不是本人",
    "out_of_service": "停机、空号，邮箱或者账号失效",
    "moved": "已搬离",
    "other": "其他原因",
}
_NOT_DIALLED = re.compile(r"[\s-]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def find(service: Service, contact: UUID) -> ContactPoint:
    """The recipient's contact point that is still in use. Raises ActRefused."""
    point = ContactPoint.objects.filter(id=contact, party=service.party_id).first()
    if point is None or point.withdrawn_at is not None:
        raise ActRefused("该联系方式不存在或者已经停用", "contact")
    return point


def add(service: Service, person: Person, kind: str, value: str, rank: str, reason: str, *, platform: str = "") -> None:
    """A way to reach the recipient that somebody knows of, with its rank in law and how they know; an account with its
    platform."""
    require(reason, "请说明来源")
    if kind not in ContactKind.values or rank not in Rank.values:
        raise ActRefused("类别或者来源不正确", "kind")
    platform = platform if kind == ContactKind.ACCOUNT else ""
    value = _account(platform, value) if kind == ContactKind.ACCOUNT else _checked(kind, value)
    told = add_contact_fact(service, person, kind, value, rank, platform=platform)
    actions.record(service.id, said(person, told.name, told.detail, {"reason": reason}))


def _account(platform: str, value: str) -> str:
    try:
        return accounts.account(platform, value)
    except identity.NotValid as wrong:
        raise ActRefused(wrong.message, "platform" if wrong.field == "account_platform" else "value") from wrong


def _checked(kind: str, value: str) -> str:
    if kind == ContactKind.PHONE:
        try:
            return _NOT_DIALLED.sub("", identity.phone(value).national)
        except identity.NotValid as wrong:
            raise ActRefused(str(wrong), "value") from wrong
    if kind == ContactKind.EMAIL and not _EMAIL.fullmatch(value.strip()):
        raise ActRefused("电子邮箱格式不对", "value")
    if kind == ContactKind.ADDRESS and gate(value).verdict == "impossible":
        raise ActRefused("；".join(gate(value).reasons), "value")
    return value.strip()


def withdraw(service: Service, person: Person, contact: UUID, because: str, reason: str) -> None:
    """Nobody uses this way any more. A stranger's opens nothing from now on, in whichever case it was the same
    person's."""
    require(reason, "请说明理由")
    if because not in WITHDRAWN_BECAUSE:
        raise ActRefused("请选择停用的原因", "because")
    point = find(service, contact)
    if because == "wrong_person":
        inbound.wrong_person(point)
    else:
        finding.withdraw(point, because)
    detail = {"contact": str(point.id), "because": because}
    actions.record(service.id, said(person, "contact.withdrawn", detail, {"reason": reason}))


def correct_address(service: Service, person: Person, contact: UUID, address: str, reason: str) -> None:
    """The address written rightly, of the same rank; the wrong writing is out of use and stays to be read."""
    require(reason, "请说明更正的依据")
    point = _address(service, contact)
    if address.strip() == point.value:
        raise ActRefused("与原地址相同", "address")
    right = _checked(ContactKind.ADDRESS, address)
    finding.withdraw(point, "corrected")
    told = add_contact_fact(service, person, ContactKind.ADDRESS, right, point.rank)
    detail = {**told.detail, "instead_of": str(point.id)}
    _done_with_gate(service, person, point, "corrected")
    actions.record(service.id, said(person, told.name, detail, {"reason": reason}))


def place(service: Service, person: Person, contact: UUID, code: str, reason: str) -> None:
    """Say in which division an address lies: that decides who prints and who carries. Raises ActRefused for a code
    that is no county's or town's, or one that the address itself contradicts."""
    require(reason, "请说明依据")
    point = _address(service, contact)
    if len(code) < 6 or not divisions.name_of(code[:6]):
        raise ActRefused("没有这个区县代码", "division")
    own = parse(point.value).code
    if own and not code.startswith(own):
        raise ActRefused("与地址所写的省、市、区县不符；地址写错的，请更正地址", "division")
    point.division_code = code
    point.save(update_fields=["division_code"])
    detail = {"contact": str(point.id), "division": code}
    actions.record(service.id, said(person, "address.placed", detail, {"reason": reason}))


def pass_gate(service: Service, person: Person, contact: UUID, reason: str) -> None:
    """Print to this address although it is doubtful: somebody has made sure, and says how."""
    require(reason, "请说明如何核实")
    point = _address(service, contact)
    if gate(parse(point.value), point.division_code).passes:
        raise ActRefused("该地址完整，无须放行", "contact")
    _done_with_gate(service, person, point, "override")
    detail = {"contact": str(point.id), "passed": True, "overridden": True}
    actions.record(service.id, said(person, "address.checked", detail, {"reason": reason}))


def _address(service: Service, contact: UUID) -> ContactPoint:
    point = find(service, contact)
    if point.kind != ContactKind.ADDRESS:
        raise ActRefused("不是地址", "contact")
    return point


def _done_with_gate(service: Service, person: Person, point: ContactPoint, outcome: str) -> None:
    """The item that waited for this is done; and the print is asked for again: the decision's key is given back."""
    waiting = WorkItem.objects.filter(service=service, key=f"gate:{point.id}", done_at=None)
    waiting.update(done_at=clock.now(), done_by=person, outcome=outcome)
    Service.objects.filter(id=service.id).update(action_key="", action_since=None)
