"""What must be shown before a result goes back to the court: a list of rules, each met or not, with its article.

The law says what the facts come to; this list says whether the file shows it. A finding that is not met does not
undo a result; it keeps it on the desk until the file is complete.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from . import articles as a
from .articles import Article
from .course import OUTSIDE_MAINLAND, Course, months_after
from .deadlines import ATTEMPT_DAYS, ATTEMPTS
from .explanation import Outcome
from .methods import exhausted
from .signers import why_not_sign
from .situation import RECIPIENT_KINDS, Fact, Situation


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule looked at for one result. `article` is None for house rules of the feedback check."""

    rule: str
    met: bool
    what: str
    article: str | None


Met = Callable[[Course, Outcome], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule for results of these methods and kinds, for recipients of these `kinds` (empty: any), and the test that it
    is met."""

    rule: str
    methods: frozenset[str]
    results: frozenset[str]
    what: str
    article: Article | None
    met: Met
    kinds: frozenset[str] = frozenset()


def _carriers(course: Course, outcome: Outcome, name: str) -> Iterator[Fact]:
    return (fact for fact in course.named(name) if fact.day == outcome.effective_on)


def _signer_lawful(course: Course, outcome: Outcome) -> bool:
    signed = list(_carriers(course, outcome, "receipt.signed"))
    return all(why_not_sign(course, f.detail["signer"], f.detail["via"]) is None for f in signed)


def _id_number(course: Course, outcome: Outcome) -> bool:
    signed = [f for f in _carriers(course, outcome, "receipt.signed") if f.detail["via"] == "mail"]
    return all(f.detail.get("id_number_given") is True for f in signed)


def _imaged_and_closed(course: Course, _outcome: Outcome) -> bool:
    return course.has("mail.receipt_scanned") and course.has("mail.closed")


def _closed(course: Course, _outcome: Outcome) -> bool:
    return course.has("mail.closed")


def _refused(course: Course) -> bool:
    return course.has("mail.returned", because="refused") or course.has("receipt.refused", via="mail")


def _attempts(course: Course, _outcome: Outcome) -> bool:
    """Three tries within five days of one another; a refused letter goes back at once (第八条)."""
    days = [fact.day for fact in course.named("mail.attempt_failed")]
    five = timedelta(days=ATTEMPT_DAYS)
    return _refused(course) or any(sum(d <= x <= d + five for x in days) >= ATTEMPTS for d in days)


def _contact_tried(course: Course, _outcome: Outcome) -> bool:
    return _refused(course) or course.has("call.attempted") or course.has("message.sent")


def _address_shown(course: Course, _outcome: Outcome) -> bool:
    return _refused(course) or course.address_is_his_own


def _posted(course: Course, outcome: Outcome) -> bool:
    """Three months lie between the posting and the effect, and what was posted are the papers of this order."""
    accepted = list(course.named("order.accepted"))
    posted = [f for f in course.named("mail.accepted") if months_after(f.day, 3) == outcome.effective_on]
    return any(not accepted or fact.happened_at >= accepted[0].happened_at for fact in posted)


def _witnessed(course: Course, outcome: Outcome) -> bool:
    left = list(_carriers(course, outcome, "visit.left_in_place"))
    return any(f.detail.get("witnesses", 0) >= 1 or f.detail.get("recorded") is True for f in left)


def _noted(course: Course, outcome: Outcome) -> bool:
    refusals = [f for f in _carriers(course, outcome, "receipt.refused") if f.detail["via"] == "window"]
    return not refusals or course.has("refusal.noted")


def _approved_before(course: Course, _outcome: Outcome) -> bool:
    published = list(course.named("notice.published"))
    approved = list(course.named("notice.approved"))
    return bool(approved and published and approved[0].happened_at <= published[0].happened_at)


def _exhausted(course: Course, _outcome: Outcome) -> bool:
    return exhausted(course)


def _board_and_dwelling(course: Course, _outcome: Outcome) -> bool:
    places = {fact.detail.get("in") for fact in course.named("notice.published")}
    return (
        not places & {"board", "dwelling"} or bool(places & {"newspaper", "network"}) or {"board", "dwelling"} <= places
    )


def _consent_on_file(course: Course, _outcome: Outcome) -> bool:
    return course.recipient.electronic_consent is True or course.has("consent.given") or course.has("recipient.acted")


def _recorded_call(course: Course, outcome: Outcome) -> bool:
    return any(f.detail.get("recorded") is True for f in _carriers(course, outcome, "call.served"))


def _possible_dates(course: Course, outcome: Outcome) -> bool:
    """No fact before the papers were accepted, none learnt before it happened, no result in the future."""
    accepted = [f.happened_at for f in course.named("order.accepted")]
    carried = [f for f in course.facts if f.day == outcome.effective_on]
    after_acceptance = all(f.happened_at >= accepted[0] for f in carried) if accepted else True
    return (
        after_acceptance and all(f.learnt_at >= f.happened_at for f in carried) and outcome.effective_on <= course.today
    )


_ANY: frozenset[str] = frozenset()
_SERVED, _DEEMED = frozenset({"served"}), frozenset({"deemed_served"})
# 法院专递 is the mainland's: who lives outside has ways of his own (法释〔2004〕13号第一条第三项), by which a letter is
# signed for without a number, and serves after three months because nothing came back.
_MAINLAND = frozenset(RECIPIENT_KINDS) - OUTSIDE_MAINLAND
_THREE_MONTHS = "受理后邮寄，自邮寄之日起满三个月没有退回"
RULES: tuple[Rule, ...] = (
    Rule(
        "signer",
        frozenset({"direct", "postal", "entrusted", "forwarded"}),
        _SERVED,
        "签收人依法可以签收",
        a.CPL_88,
        _signer_lawful,
    ),
    Rule(
        "id_number",
        frozenset({"postal"}),
        _SERVED,
        "邮件回执上填写了签收人的有效身份证件号码",
        a.MAIL_8,
        _id_number,
        _MAINLAND,
    ),
    Rule(
        "receipt_image",
        frozenset({"postal"}),
        _SERVED,
        "结果代码、回执影像、邮件结案齐全",
        a.MAIL_6,
        _imaged_and_closed,
    ),
    Rule("mail_closed", frozenset({"postal"}), _DEEMED, "退回的邮件已经结案", a.MAIL_6, _closed, _MAINLAND),
    Rule("attempts", frozenset({"postal"}), _DEEMED, "五日内投送三次以上", a.MAIL_6, _attempts, _MAINLAND),
    Rule(
        "contact",
        frozenset({"postal"}),
        _DEEMED,
        "已通过电话或者其他联系方式告知受送达人",
        a.MAIL_6,
        _contact_tried,
        _MAINLAND,
    ),
    Rule(
        "address",
        frozenset({"postal"}),
        _DEEMED,
        "地址由受送达人提供、确认，或者其拒不提供",
        a.MAIL_11,
        _address_shown,
        _MAINLAND,
    ),
    *(
        Rule("posting", frozenset({"postal"}), _DEEMED, _THREE_MONTHS, article, _posted, frozenset({kind}))
        for kind, article in (("abroad", a.CPL_283), ("hk_macao", a.HKM_7))
    ),
    Rule("witnesses", frozenset({"left_in_place"}), _ANY, "有见证人，或者有拍照、录像记录", a.CPL_89, _witnessed),
    Rule(
        "noted",
        frozenset({"direct"}),
        _DEEMED,
        "审判人员、书记员在送达回证上注明拒签情况并签名",
        a.JI_131,
        _noted,
    ),
    Rule("approval", frozenset({"notice"}), _ANY, "公告经审判人员批准并先于发布", None, _approved_before),
    Rule("exhaustion", frozenset({"notice"}), _ANY, "案卷记明公告的原因和经过", a.CPL_95, _exhausted),
    Rule(
        "board_and_dwelling",
        frozenset({"notice"}),
        _ANY,
        "张贴公告的，公告栏和住所地均已张贴",
        a.JI_138,
        _board_and_dwelling,
    ),
    Rule("consent", frozenset({"electronic"}), _ANY, "受送达人同意电子送达有据可查", a.OLR_29, _consent_on_file),
    Rule("recording", frozenset({"telephone"}), _ANY, "通话过程存卷备查", a.OP17_14, _recorded_call),
    Rule("dates", _ANY, _ANY, "各项时间前后相符", None, _possible_dates),
)


def conformity(situation: Situation, outcome: Outcome) -> tuple[Finding, ...]:
    """Every rule that concerns this outcome, met or not."""
    course = Course(situation, _NoDaysOff())
    return tuple(
        Finding(row.rule, row.met(course, outcome), row.what, row.article.code if row.article else None)
        for row in RULES
        if _concerns(row.methods, outcome.method)
        and _concerns(row.results, outcome.result)
        and _concerns(row.kinds, course.kind)
    )


def _concerns(codes: frozenset[str], code: str | None) -> bool:
    return not codes or code in codes


class _NoDaysOff:
    """No rule here counts a period, so none asks for holidays."""

    def is_day_off(self, day: date) -> bool:
        return day == date.min
