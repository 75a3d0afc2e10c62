"""What a person may do at a way to reach the recipient, as a table: who may, at what, what it asks, which act it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from songda.courts.models import Role
from songda.desk.access import Seat
from songda.desk.forms.acts import ReasonForm
from songda.engine import acts, contacts
from songda.filing import accounts
from songda.filing.models import Service
from songda.finding.addresses import gate, parse
from songda.finding.models import ContactKind, ContactPoint, Rank

COURT_OR_POST = frozenset({Role.CLERK, Role.JUDGE, Role.ELECTRONIC, Role.WINDOW, Role.MAIL})
_MAIL = frozenset({Role.CLERK, Role.JUDGE, Role.MAIL})


class AddForm(ReasonForm):
    """A way to reach the recipient that somebody knows of."""

    kind = forms.ChoiceField(label="类别", choices=ContactKind.choices)
    platform = forms.ChoiceField(
        label="账号的平台", choices=[("", "不是账号"), *accounts.CHOICES], required=False, help_text="补充账号时选择"
    )
    value = forms.CharField(label="号码、邮箱、账号或者地址", max_length=300)
    rank = forms.ChoiceField(
        label="来源",
        choices=Rank.choices,
        initial=Rank.FILED,
        help_text="决定退回的法律后果，以及账号能否用于送达，请如实选择",
    )
    field_order = ("kind", "platform", "value", "rank", "reason")


class WithdrawForm(ReasonForm):
    """Why nobody is to use it any more."""

    because = forms.ChoiceField(label="原因", choices=[("", "请选择"), *contacts.WITHDRAWN_BECAUSE.items()])
    field_order = ("because", "reason")


class AddressForm(ReasonForm):
    """The address written rightly."""

    address = forms.CharField(label="正确的地址", max_length=300)
    field_order = ("address", "reason")


class DivisionForm(ReasonForm):
    """In which county or town an address lies."""

    division = forms.RegexField(
        r"^\d{6}(\d{3})?$",
        label="区县或者乡镇街道代码",
        help_text="6位区县代码，或者9位乡镇街道代码；决定打印点和投递区域",
        error_messages={"invalid": "应为6位或者9位数字"},
    )
    field_order = ("division", "reason")


Perform = Callable[[Service, Seat, UUID, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class ContactAct:
    """One act at one way. `when` says at which it makes sense."""

    code: str
    label: str
    question: str
    form: type[forms.Form]
    perform: Perform
    roles: frozenset[str] = COURT_OR_POST
    when: Callable[[ContactPoint], bool] = lambda _: True
    grave: bool = False


def _is_address(point: ContactPoint) -> bool:
    return point.kind == ContactKind.ADDRESS


def _is_doubtful(point: ContactPoint) -> bool:
    return _is_address(point) and not gate(parse(point.value), point.division_code).passes


CONTACT_ACTS: tuple[ContactAct, ...] = (
    ContactAct(
        "retry",
        "说明理由再次投递",
        "同一地址不再投递，除非有人说明理由：例如受送达人已经返回该处居住。",
        ReasonForm,
        lambda service, seat, contact, said: acts.try_again(service, seat.person, contact, said["reason"]),
        roles=_MAIL,
        when=_is_address,
    ),
    ContactAct(
        "correct",
        "更正地址",
        "改用写法正确的地址，来源等级不变；原来的写法停用，仍可查。",
        AddressForm,
        lambda service, seat, contact, said: contacts.correct_address(
            service, seat.person, contact, said["address"], said["reason"]
        ),
        roles=_MAIL,
        when=_is_address,
    ),
    ContactAct(
        "place",
        "确定行政区划",
        "行政区划决定由哪个打印点打印、由谁投递；不改变地址本身。",
        DivisionForm,
        lambda service, seat, contact, said: contacts.place(
            service, seat.person, contact, said["division"], said["reason"]
        ),
        roles=_MAIL,
        when=_is_address,
    ),
    ContactAct(
        "pass",
        "核实后放行打印",
        "该地址不完整或者有歧义，打印前被拦下。确认能够投递的，说明如何核实后放行。",
        ReasonForm,
        lambda service, seat, contact, said: contacts.pass_gate(service, seat.person, contact, said["reason"]),
        roles=_MAIL,
        when=_is_doubtful,
    ),
    ContactAct(
        "withdraw",
        "停用",
        "停用后不再使用，记录保留。不是本人的，已经发出的链接立即失效，本院其他案件中的同一联系方式一并停用。",
        WithdrawForm,
        lambda service, seat, contact, said: contacts.withdraw(
            service, seat.person, contact, said["because"], said["reason"]
        ),
        grave=True,
    ),
)
BY_CODE = {act.code: act for act in CONTACT_ACTS}


def acts_at(seat: Seat, point: ContactPoint) -> list[ContactAct]:
    """What this person may do at this way now; nothing at one that is out of use."""
    if point.withdrawn_at is not None or point.emptied_at is not None:
        return []
    return [act for act in CONTACT_ACTS if seat.holds(*act.roles) and act.when(point)]
