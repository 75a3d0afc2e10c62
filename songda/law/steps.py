"""Where a service stands: rows of (from, fact, to, article), folded over the facts in the order they happened.

A fact with no row for the step it meets moves nothing: a late scan does not call a published notice back. The step
says what is due; that something has been served is never a step's doing but an effect's (see effect.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from . import articles as a
from .articles import Article
from .course import FORWARDED_ONLY, OUTSIDE_MAINLAND, Course
from .methods import bar_row, exhausted
from .situation import Fact

STEPS: dict[str, str] = {
    "to_accept": "待受理",
    "order_refused": "委托已退回，待补正",
    "to_contact": "待联系受送达人并征询电子送达意见",
    "electronic_to_send": "已同意电子送达，待发送文书",
    "electronic_under_way": "电子送达中，待到达、查阅或者回复",
    "to_serve_on_paper": "电子送达不成，待邮寄或者直接送达",
    "finding": "协查找人中",
    "mail_under_way": "法院专递投递中",
    "mail_held": "邮件留局待领",
    "mail_refused": "邮件被拒收，待退回",
    "mail_to_verify": "邮件妥投，待核验回执签收人",
    "to_visit": "邮件退回，待直接送达",
    "to_leave_in_place": "上门被拒收，待留置",
    "visit_failed": "上门未果，待再次上门或者以其他方式送达",
    "collecting": "已指定到法院领取，待领取或者期满",
    "to_forward": "待通过转交单位转交",
    "to_serve_outside": "待按境外、港澳台送达途径办理",
    "notice_to_approve": "其他方式无法送达，待批准公告",
    "notice_to_publish": "公告已批准，待发布",
    "notice_running": "公告期间",
    "to_convert": "简易程序不适用公告，待转入普通程序",
    "mediation_refused": "调解书被拒收，不发生送达效力，待审判人员处理",
    "to_serve_again": "送达被推翻，待重新送达",
    "served": "已送达",
    "presumed_served": "推定送达",
    "deemed_served": "视为送达",
    "not_served": "未能送达",
}
RESULTS = frozenset({"served", "presumed_served", "deemed_served", "not_served"})

_START = frozenset({"to_accept", "to_contact"})
_ELECTRONIC = frozenset({"electronic_to_send", "electronic_under_way", "to_serve_on_paper", "finding"})
_MAIL = frozenset({"mail_under_way", "mail_held", "mail_refused", "mail_to_verify", "to_visit"})
_VISIT = frozenset({"to_leave_in_place", "visit_failed", "collecting", "to_serve_again"})
_BEFORE_NOTICE = _START | _ELECTRONIC | _MAIL | _VISIT
_NOTICE = frozenset({"notice_to_approve", "notice_to_publish", "notice_running", "to_convert"})
_SPECIAL = frozenset({"to_forward", "to_serve_outside"})
_ANY_OPEN = _BEFORE_NOTICE | _NOTICE | _SPECIAL


@dataclass(frozen=True, slots=True)
class StepRow:
    """From any of these steps this fact, where `when` holds, leads to `to`; the article is why."""

    start: frozenset[str]
    fact: str
    to: str
    article: Article
    when: Callable[[Course, Fact], bool] | None = None
    condition: str = ""


def _mediation(course: Course, _fact: Fact) -> bool:
    return "mediation" in course.documents


def _summary(course: Course, _fact: Fact) -> bool:
    return course.procedure == "summary"


def _by_visit(_course: Course, fact: Fact) -> bool:
    return fact.detail.get("via") in ("visit", "entrusted")


def _by_mail(_course: Course, fact: Fact) -> bool:
    return fact.detail.get("via") == "mail"


def _notice_barred_for_good(course: Course) -> bool:
    row = bar_row("notice", course)
    return row is not None and row.voids


def _to_notice(course: Course, _fact: Fact) -> bool:
    return exhausted(course) and not _notice_barred_for_good(course)


def _to_convert(course: Course, _fact: Fact) -> bool:
    return exhausted(course) and course.procedure == "summary"


def _open_notice(course: Course, _fact: Fact) -> bool:
    return not _notice_barred_for_good(course)


ROWS: tuple[StepRow, ...] = (
    StepRow(frozenset({"to_accept"}), "order.accepted", "to_contact", a.CPL_87),
    StepRow(_ANY_OPEN, "order.refused", "order_refused", a.CPL_87),
    StepRow(frozenset({"order_refused"}), "order.accepted", "to_contact", a.CPL_87),
    StepRow(_START | _ELECTRONIC | _VISIT, "consent.given", "electronic_to_send", a.OLR_29),
    StepRow(_START | _ELECTRONIC, "consent.refused", "to_serve_on_paper", a.CPL_90),
    StepRow(_START | _ELECTRONIC | _VISIT, "content.available", "electronic_under_way", a.OLR_31),
    StepRow(_START | _ELECTRONIC, "content.opened", "electronic_under_way", a.OLR_31),
    StepRow(
        _START | frozenset({"electronic_to_send", "electronic_under_way"}),
        "message.failed",
        "to_serve_on_paper",
        a.CPL_91,
    ),
    StepRow(_START | _ELECTRONIC, "inquiry.opened", "finding", a.CPL_88),
    StepRow(_START | _ELECTRONIC, "inquiry.answered", "to_serve_on_paper", a.CPL_88),
    StepRow(_START | _ELECTRONIC, "inquiry.expired", "to_serve_on_paper", a.CPL_88),
    StepRow(_START | _ELECTRONIC | _VISIT, "papers.printed", "mail_under_way", a.CPL_91),
    StepRow(_BEFORE_NOTICE, "mail.accepted", "mail_under_way", a.CPL_91),
    StepRow(_BEFORE_NOTICE, "mail.attempt_failed", "mail_under_way", a.MAIL_6),
    StepRow(_BEFORE_NOTICE, "mail.held", "mail_held", a.MAIL_6),
    StepRow(_BEFORE_NOTICE, "mail.delivered", "mail_to_verify", a.MAIL_8),
    StepRow(_ANY_OPEN, "receipt.refused", "mediation_refused", a.JI_133, _mediation, "调解书"),
    StepRow(_BEFORE_NOTICE, "receipt.refused", "mail_refused", a.MAIL_8, _by_mail, "邮件"),
    StepRow(_BEFORE_NOTICE, "receipt.refused", "to_leave_in_place", a.CPL_89, _by_visit, "上门"),
    StepRow(_ANY_OPEN, "visit.left_in_place", "mediation_refused", a.JI_133, _mediation, "调解书"),
    StepRow(_BEFORE_NOTICE, "visit.left_in_place", "to_leave_in_place", a.CPL_89),
    StepRow(_BEFORE_NOTICE, "receipt.signed", "mail_to_verify", a.MAIL_9, _by_mail, "邮件"),
    StepRow(_BEFORE_NOTICE, "receipt.signed", "visit_failed", a.CPL_88, _by_visit, "上门"),
    StepRow(_BEFORE_NOTICE, "mail.returned", "to_convert", a.SUM_8, _to_convert, "其他方式用尽，简易程序"),
    StepRow(_BEFORE_NOTICE, "mail.returned", "notice_to_approve", a.CPL_95, _to_notice, "其他方式用尽"),
    StepRow(_BEFORE_NOTICE, "mail.returned", "to_visit", a.CPL_88),
    StepRow(_BEFORE_NOTICE, "visit.failed", "to_convert", a.SUM_8, _to_convert, "其他方式用尽，简易程序"),
    StepRow(_BEFORE_NOTICE, "visit.failed", "notice_to_approve", a.CPL_95, _to_notice, "其他方式用尽"),
    StepRow(_BEFORE_NOTICE, "visit.failed", "visit_failed", a.CPL_88),
    StepRow(_BEFORE_NOTICE, "collection.appointed", "collecting", a.JI_131),
    StepRow(_ANY_OPEN, "notice.approved", "to_convert", a.JI_140, _summary, "简易程序"),
    StepRow(_ANY_OPEN, "notice.published", "to_convert", a.JI_140, _summary, "简易程序"),
    StepRow(_ANY_OPEN, "notice.approved", "notice_to_publish", a.CPL_95, _open_notice, "可以公告"),
    StepRow(_ANY_OPEN, "notice.published", "notice_running", a.JI_138, _open_notice, "可以公告"),
    StepRow(_ANY_OPEN, "service.rebutted", "to_serve_again", a.OLR_31),
)


def beginning(course: Course) -> tuple[str, Article]:
    """The step before any fact: soldiers, prisoners and recipients outside the mainland have ways of their own."""
    if course.kind in FORWARDED_ONLY:
        return "to_forward", a.CPL_92 if course.kind == "soldier" else a.CPL_93
    if course.kind in OUTSIDE_MAINLAND:
        return "to_serve_outside", {"abroad": a.CPL_283, "hk_macao": a.HKM_6, "taiwan": a.TW_3}[course.kind]
    return "to_accept", a.CPL_87


def step_after(course: Course) -> tuple[str, Article]:
    """Where the facts lead, and the article of the last row that moved."""
    step, article = beginning(course)
    for fact in course.facts:
        row = next((row for row in ROWS if _fits(row, step, course, fact)), None)
        if row:
            step, article = row.to, row.article
    return step, article


def _fits(row: StepRow, step: str, course: Course, fact: Fact) -> bool:
    return row.fact == fact.fact and step in row.start and (row.when is None or row.when(course, fact))
