"""What can be wrong with a service, how grave it is, who answers on each side and by when: one table."""

from dataclasses import dataclass
from datetime import timedelta

from songda.courts.models import Role
from songda.liaison.models import Side


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of irregularity. `answer_within` is for one that is not grave; `roles` says who answers on each side."""

    label: str
    hint: str
    answer_within: timedelta
    roles: dict[Side, Role]


def _kind(label: str, hint: str, hours: int, court: Role, post: Role) -> Kind:
    return Kind(label, hint, timedelta(hours=hours), {Side.COURT: court, Side.POST: post})


KINDS: dict[str, Kind] = {
    "papers": _kind("文书有误", "缺页、错装、与清单不符、看不清", 4, Role.CLERK, Role.MAIL),
    "address": _kind("地址有误", "写错、拆迁、查无此处", 8, Role.CLERK, Role.MAIL),
    "parcel": _kind("邮件破损", "封皮破损、浸水、被拆封", 4, Role.COURT_LIAISON, Role.MAIL),
    "complaint": _kind("受送达人投诉", "对送达方式、态度、时间不满", 24, Role.COURT_LIAISON, Role.POST_LIAISON),
    "safety": _kind("人身安全", "受威胁、犬只、道路危险", 1, Role.MANAGER, Role.POST_MANAGER),
    "system": _kind("系统问题", "打不开、发不出、显示不对", 8, Role.COURT_LIAISON, Role.POST_LIAISON),
    "other": _kind("其他", "以上都不是", 24, Role.COURT_LIAISON, Role.POST_LIAISON),
}


@dataclass(frozen=True, slots=True)
class Severity:
    """How grave: its words, the tone of its badge, and what part of the time for an answer is left."""

    label: str
    tone: str
    part: float


SEVERITIES: dict[str, Severity] = {
    "normal": Severity("一般", "info", 1.0),
    "grave": Severity("较重", "warn", 0.5),
    "urgent": Severity("紧急", "danger", 0.25),
}

# How the other side answered.
RESULTS = {"resolved": "已处理", "unfounded": "不属于异常", "impossible": "无法处理"}


def answer_within(kind: str, severity: str) -> timedelta:
    """How long the other side has for its answer."""
    return KINDS[kind].answer_within * SEVERITIES[severity].part
