"""What a person may do to a service, as a table: who may, when it makes sense, what it asks, which act it is.

An act that makes no sense now is not offered, and is refused when it is sent all the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from songda.courts.models import Role
from songda.desk.access import Seat
from songda.desk.forms.acts import CorrectionForm, FactForm, ReasonForm, RouteForm, SkipForm
from songda.engine import acts as engine
from songda.evidence.queries import course_of
from songda.filing.models import Service

Perform = Callable[[Service, Seat, forms.Form], object]
MakeForm = Callable[["Act", Service, Any], forms.Form]

_DECIDES = frozenset({Role.CLERK, Role.JUDGE, Role.MANAGER})


def _is_open(service: Service) -> bool:
    return service.closed_at is None


def _is_stopped(service: Service) -> bool:
    return service.step == "stopped"


def _is_rebuttable(service: Service) -> bool:
    outcome = (service.outcome or {}).get("outcome")
    return bool(outcome and outcome["rebuttable"])


def _always(_: Service) -> bool:
    return True


def _stop(service: Service, seat: Seat, form: forms.Form) -> None:
    engine.stop(service, seat.person, form.cleaned_data["reason"])


def _reopen(service: Service, seat: Seat, form: forms.Form) -> None:
    engine.reopen(service, seat.person, form.cleaned_data["reason"])


def _skip(service: Service, seat: Seat, form: forms.Form) -> None:
    engine.skip(service, seat.person, form.cleaned_data["rung"], form.cleaned_data["reason"])


def _route(service: Service, seat: Seat, form: forms.Form) -> None:
    engine.choose_route(service, seat.person, form.cleaned_data["route"], form.cleaned_data["reason"])


def _correct(service: Service, seat: Seat, form: forms.Form) -> None:
    engine.ask_correction(service, seat.person, form.cleaned_data["fact"], form.cleaned_data["reason"])


def _tell(service: Service, seat: Seat, form: forms.Form) -> None:
    assert isinstance(form, FactForm)
    note = form.cleaned_data["note"]
    engine.record_by_hand(
        service,
        seat.person,
        form.fact,
        happened_at=form.cleaned_data["happened_at"],
        detail=form.detail(),
        private={"note": note} if note else None,
        shown=form.shown(),
    )


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `fact`, `fixed` and `asked` describe a fact told by hand; its roles are the engine's."""

    code: str
    label: str
    question: str
    roles: frozenset[str] = _DECIDES
    when: Callable[[Service], bool] = _is_open
    form: MakeForm = lambda _act, _service, data: ReasonForm(*(data or ()))
    perform: Perform = _stop
    fact: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    grave: bool = False
    # Shown as a button of its own; the others stand together under 登记事实.
    first: bool = False


def _fact_form(act: Act, _: Service, data: Any) -> forms.Form:
    return FactForm(act.fact, act.fixed, act.asked, *(data or ()))


def _correction_form(_act: Act, service: Service, data: Any) -> forms.Form:
    return CorrectionForm(course_of(service.pk), *(data or ()))


def _told(code: str, label: str, fact: str, question: str, *asked: str, **more: Any) -> Act:
    """A fact told by hand, for the roles that the engine lets tell it."""
    return Act(
        code,
        label,
        question,
        frozenset(engine.BY_HAND[fact]),
        form=_fact_form,
        perform=_tell,
        fact=fact,
        asked=asked,
        # A fact is never refused for coming late; only what it says is weighed.
        **{"when": _always, **more},
    )


ACTS: tuple[Act, ...] = (
    Act(
        "stop",
        "停止送达",
        "停止后平台不再联系受送达人、不再邮寄或者上门；已有的经过都保留，可以重新开启。",
        grave=True,
        first=True,
    ),
    Act("reopen", "重新开启", "平台从已有的事实接着办理。", when=_is_stopped, perform=_reopen, first=True),
    Act(
        "correct",
        "申请更正",
        "选出记错的一条并说明理由，由另一人审批。原记录保留可查，只是不再计算。",
        when=_always,
        form=_correction_form,
        perform=_correct,
        first=True,
    ),
    Act(
        "skip",
        "跳过一种方式",
        "这件送达不再用这种方式；法律的限制不变。",
        form=lambda _a, _s, data: SkipForm(*(data or ())),
        perform=_skip,
    ),
    Act(
        "route",
        "改为委托或者转交",
        "离开通常的方案，委托其他法院送达，或者由有关单位转交。",
        form=lambda _a, _s, data: RouteForm(*(data or ())),
        perform=_route,
    ),
    _told(
        "collected",
        "窗口签收",
        "receipt.signed",
        "受送达人或者依法可以代收的人到法院窗口领取并签收。",
        "signer",
        "id_number_given",
        fixed={"via": "window"},
    ),
    _told(
        "refused_at_window",
        "到院拒签",
        "receipt.refused",
        "到法院后拒绝签署送达回证的，视为送达；应当在送达回证上注明情况。",
        "by",
        "recorded",
        fixed={"via": "window"},
    ),
    _told(
        "refusal_noted",
        "注明拒签情况",
        "refusal.noted",
        "当事人到院拒签的，审判人员、书记员在送达回证上注明送达情况并签名。",
    ),
    _told("appointed", "通知到庭领取", "collection.appointed", "当庭宣判后告知领取文书的时间和地点。", "last_day"),
    _told(
        "told_by_phone",
        "电话告知",
        "call.served",
        "电话接通而直接、邮寄都无法送达的，可以电话送达；判决书、裁定书、调解书除外，并应录音。",
        "recorded",
    ),
    _told("consented", "同意电子送达", "consent.given", "受送达人明确同意，或者以法定方式表示同意。", "how"),
    _told("not_consented", "不同意电子送达", "consent.refused", "受送达人不同意电子送达，平台转下一种方式。"),
    _told(
        "acted", "受送达人有回应", "recipient.acted", "受送达人回复已收悉，或者根据文书内容作出相应诉讼行为。", "how"
    ),
    _told("published", "公告已发布", "notice.published", "在公告栏、住所地、报纸或者信息网络发布公告。", "in"),
    _told(
        "rebutted",
        "推翻推定送达",
        "service.rebutted",
        "受送达人证明系统错误、地址不是本人的、不是本人阅知，或者没有过错的。",
        "ground",
        "arrived_at",
        when=_is_rebuttable,
        grave=True,
    ),
)
BY_CODE = {act.code: act for act in ACTS}


def may(seat: Seat, act: Act, service: Service) -> bool:
    return seat.holds(*act.roles) and act.when(service)


def acts_for(seat: Seat, service: Service) -> tuple[list[Act], list[Act]]:
    """What this person may do to the service now: the main acts, and the facts they may tell."""
    open_to = [act for act in ACTS if may(seat, act, service)]
    return [act for act in open_to if act.first], [act for act in open_to if not act.first]
