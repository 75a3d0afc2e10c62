"""The eight methods, and the rows that bar them: from the top, the first row that applies to a method bars it.

A method is barred for good, or barred for now (暂不能使用): until consent is known, until somebody refused, until
the other methods are exhausted. Both are bars. `voids` says whether what was done in spite of the bar serves
nobody: a notice in summary procedure does not; a letter signed by its addressee does, whatever barred the letter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from . import articles as a
from . import electronic
from .articles import Article
from .course import FORWARDED_ONLY, OUTSIDE_MAINLAND, Course, months_after
from .explanation import Bar, MethodVerdict
from .situation import RECIPIENT_KINDS

METHODS: dict[str, tuple[str, Article]] = {
    "direct": ("直接送达", a.CPL_88),
    "left_in_place": ("留置送达", a.CPL_89),
    "electronic": ("电子送达", a.CPL_90),
    "postal": ("法院专递邮寄送达", a.CPL_91),
    "entrusted": ("委托送达", a.CPL_91),
    "forwarded": ("转交送达", a.CPL_92),
    "notice": ("公告送达", a.CPL_95),
    "telephone": ("电话送达", a.OP17_14),
}
ALL_BUT_FORWARDED = frozenset(METHODS) - {"forwarded"}
_NOT_BY_TELEPHONE = frozenset({"judgment", "ruling", "mediation"})
_PILOT_COURTS = (
    "京", "沪", "苏01", "苏05", "浙01", "浙02", "皖01", "闽01", "闽02", "鲁01",
    "豫01", "豫03", "鄂01", "粤01", "粤03", "川01", "黔01", "云01", "陕01", "宁01",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BarRow:
    methods: frozenset[str]
    applies: Callable[[Course], bool]
    when: str
    why: str
    article: Article
    voids: bool = True


def _kind(*kinds: str) -> Callable[[Course], bool]:
    return lambda course: course.kind in kinds


def _forwarded_only(kind: str) -> Callable[[Course], bool]:
    """The civil rule; criminal papers have a row of their own."""
    return lambda course: course.kind == kind and not course.is_criminal


def _not_exhausted(*kinds: str) -> Callable[[Course], bool]:
    return lambda course: course.kind in kinds and not exhausted(course)


def _papers(*kinds: str) -> Callable[[Course], bool]:
    return lambda course: not course.documents.isdisjoint(kinds)


def postal_failed(course: Course, by: datetime | None = None) -> bool:
    """Whether court mail had come back by that moment."""
    return bool(course.before(by or course.situation.as_of, "mail.returned"))


def direct_failed(course: Course, by: datetime | None = None) -> bool:
    """Whether a visit had failed by that moment, or somebody had refused at one."""
    moment = by or course.situation.as_of
    refused = course.before(moment, "receipt.refused", via="visit")
    return bool(refused or course.before(moment, "visit.failed"))


def untraceable(course: Course) -> bool:
    """Whether the post found the recipient's whereabouts unknown, and no inquiry has answered since."""
    returns = list(course.named("mail.returned"))
    lost = [f.happened_at for f in returns if f.detail["because"] == "untraceable"]
    found = [f.happened_at for f in course.named("inquiry.answered") if f.detail.get("found") is True]
    return bool(lost) and (not found or found[-1] < lost[-1])


_TRIED_AT_AN_ADDRESS = ("mail.accepted", "mail.attempt_failed", "mail.returned", "visit.failed", "receipt.refused")


def nowhere_to_go(course: Course) -> bool:
    """Whether no address is known, every inquiry answered that it found none, and so nothing was posted or visited.

    An inquiry that only ran out of time shows nothing.
    """
    found = [f.detail.get("found") for f in course.named("inquiry.answered")]
    tried = any(course.has(name) for name in _TRIED_AT_AN_ADDRESS)
    return course.recipient.address_rank == "unknown" and bool(found) and set(found) == {False} and not tried


def _mail_unanswered_three_months(course: Course) -> bool:
    return any(months_after(f.day, 3) <= course.today for f in course.named("mail.accepted"))


def exhausted(course: Course) -> bool:
    """Whereabouts unknown or no other method can serve, by the facts, or by the judge's finding in approving."""
    if untraceable(course) or course.has("notice.approved"):
        return True
    if course.kind in OUTSIDE_MAINLAND:
        return course.has("mail.returned") or _mail_unanswered_three_months(course)
    if electronic.is_open(course):
        return False
    return nowhere_to_go(course) or (postal_failed(course) and direct_failed(course))


def _collecting(course: Course) -> bool:
    """He is to collect at court within a period still running (法释〔2004〕13号第一条第一项)."""
    return any(
        isinstance(fact.detail.get("last_day"), date) and course.today <= fact.detail["last_day"]
        for fact in course.named("collection.appointed")
    )


def _refused_to_a_visitor(course: Course) -> bool:
    return course.has("receipt.refused") or course.has("visit.left_in_place")


def too_early_for_electronic_rulings(course: Course, day: date) -> bool:
    """Judgments, rulings and mediation papers go electronically since 2022; in the pilot courts since 2020."""
    if day >= date(2022, 1, 1) or course.documents.isdisjoint(_NOT_BY_TELEPHONE):
        return False
    court = (course.case.number or "").partition("）")[2]
    return not (a.PILOT_25.holds_on(day) and court.startswith(_PILOT_COURTS))


_TOO_EARLY = "2022年1月1日以前判决书、裁定书、调解书不能电子送达"
BARS: tuple[BarRow, ...] = (
    BarRow(
        ALL_BUT_FORWARDED,
        _forwarded_only("soldier"),
        "军人",
        "受送达人是军人，只能通过其所在部队团以上单位的政治机关转交",
        a.CPL_92,
    ),
    BarRow(
        ALL_BUT_FORWARDED, _forwarded_only("prisoner"), "被监禁", "受送达人被监禁，只能通过其所在监所转交", a.CPL_93
    ),
    BarRow(
        frozenset({"forwarded"}),
        lambda c: c.kind not in FORWARDED_ONLY,
        "不是军人或者被监禁的人",
        "受送达人不是军人或者被监禁的人，没有转交单位",
        a.CPL_92,
        # One under compulsory education (第九十三条第二款) is a person here; forwarded and signed, he is served.
        voids=False,
    ),
    BarRow(
        frozenset({"direct"}),
        _kind("abroad"),
        "在我国领域内没有住所",
        "受送达人在我国领域内没有住所，应当依照民事诉讼法第二百八十三条列举的方式送达",
        a.CPL_283,
        voids=False,
    ),
    BarRow(
        frozenset({"left_in_place", "telephone"}),
        _kind("abroad"),
        "在我国领域内没有住所",
        "受送达人在我国领域内没有住所，应当依照民事诉讼法第二百八十三条列举的方式送达",
        a.CPL_283,
    ),
    BarRow(
        frozenset({"postal"}),
        _kind("abroad"),
        "在我国领域内没有住所",
        "受送达人所在国法律是否允许邮寄送达尚未查明",
        a.CPL_283,
        voids=False,
    ),
    BarRow(
        frozenset({"direct", "left_in_place"}),
        _kind("hk_macao"),
        "住所地在港澳",
        "受送达人住所地在港澳，本人、负责人、代理人或者代表机构不在内地的不能直接送达",
        a.HKM_3,
        voids=False,
    ),
    BarRow(
        frozenset({"telephone"}),
        _kind("hk_macao"),
        "住所地在港澳",
        "受送达人住所地在港澳，本人、负责人、代理人或者代表机构不在内地的不能直接送达",
        a.HKM_3,
    ),
    BarRow(
        frozenset({"direct", "left_in_place"}),
        _kind("taiwan"),
        "住所地在台湾地区",
        "受送达人住所地在台湾地区，本人、代理人或者代收人不在大陆的不能直接送达",
        a.TW_3,
        voids=False,
    ),
    BarRow(
        frozenset({"telephone"}),
        _kind("taiwan"),
        "住所地在台湾地区",
        "受送达人住所地在台湾地区，本人、代理人或者代收人不在大陆的不能直接送达",
        a.TW_3,
    ),
    BarRow(
        frozenset({"left_in_place"}),
        _papers("mediation"),
        "调解书",
        "调解书应当直接送达当事人本人，不适用留置送达",
        a.JI_133,
    ),
    BarRow(
        frozenset({"notice"}), _papers("mediation"), "调解书", "调解书应当直接送达当事人本人，不能公告送达", a.JI_133
    ),
    BarRow(
        frozenset({"notice"}),
        _papers("payment_order"),
        "支付令",
        "支付令应当送达债务人本人，三十日内无法送达的自行失效，不能公告送达",
        a.JI_430,
    ),
    BarRow(frozenset({"notice"}), lambda c: c.is_criminal, "刑事案件", "刑事诉讼法没有规定公告送达", a.CRIM_107),
    BarRow(
        frozenset({"notice"}),
        lambda c: c.procedure == "summary",
        "简易程序",
        "适用简易程序的案件不适用公告送达，可以转入普通程序（简易程序若干规定第八条）",
        a.JI_140,
    ),
    BarRow(
        frozenset({"telephone"}),
        lambda c: c.is_criminal,
        "刑事案件",
        "刑事诉讼文书应当交给收件人本人，不适用电话送达",
        a.CRIM_107,
    ),
    BarRow(
        ALL_BUT_FORWARDED,
        lambda c: c.is_criminal and c.kind in FORWARDED_ONLY,
        "刑事案件的军人、被监禁的人",
        "收件人在部队或者监所，文书应当通过其所在部队、监所交给本人",
        a.CRIM_107,
        # 应当交给收件人本人: put into his own hand by another way, he has been served all the same.
        voids=False,
    ),
    BarRow(
        frozenset({"telephone"}),
        _papers(*_NOT_BY_TELEPHONE),
        "判决书、裁定书、调解书",
        "判决书、裁定书、调解书不能电话送达",
        a.OP17_14,
    ),
    BarRow(
        frozenset({"telephone"}),
        lambda c: c.procedure != "summary" and not (direct_failed(c) and postal_failed(c)),
        "尚未直接送达、邮寄送达不成",
        "暂不能使用：须直接送达、邮寄送达均不成",
        a.OP17_14,
        voids=False,
    ),
    BarRow(
        frozenset({"electronic"}),
        lambda c: too_early_for_electronic_rulings(c, c.today),
        "2022年以前的判决书、裁定书、调解书",
        _TOO_EARLY,
        a.CPL_90,
        voids=False,
    ),
    BarRow(
        frozenset({"electronic"}),
        lambda c: electronic.consent_now(c) is False,
        "不同意电子送达",
        "受送达人不同意电子送达",
        a.CPL_90,
        voids=False,
    ),
    BarRow(
        frozenset({"electronic"}),
        lambda c: electronic.consent_now(c) is None and c.kind not in OUTSIDE_MAINLAND,
        "是否同意尚不清楚",
        "暂不能使用：受送达人是否同意电子送达尚不清楚",
        a.CPL_90,
        voids=False,
    ),
    BarRow(
        frozenset({"electronic"}),
        lambda c: not electronic.has_address(c),
        "没有电子地址",
        "暂不能使用：没有受送达人确认的或者能够确认为其本人的电子地址",
        a.OLR_31,
        voids=False,
    ),
    BarRow(
        frozenset({"postal"}),
        untraceable,
        "下落不明",
        "受送达人下落不明，不能邮寄送达",
        a.MAIL_1,
        voids=False,
    ),
    BarRow(
        frozenset({"postal"}),
        _collecting,
        "在指定期间到法院领取",
        "受送达人在指定的期间内到人民法院接受送达，期间届满前不邮寄",
        a.MAIL_1,
        voids=False,
    ),
    BarRow(
        frozenset({"left_in_place"}),
        lambda c: not _refused_to_a_visitor(c),
        "尚无人拒收",
        "暂不能使用：受送达人或者依法可以签收的人尚未拒绝接收",
        a.CPL_89,
        voids=False,
    ),
    *(
        BarRow(
            frozenset({"notice"}),
            _not_exhausted(kind),
            f"{RECIPIENT_KINDS[kind]}，其他方式尚未用尽",
            "暂不能使用：其他送达方式尚未用尽",
            article,
            voids=False,
        )
        for kind, article in (("abroad", a.CPL_283), ("hk_macao", a.HKM_9), ("taiwan", a.TW_3))
    ),
    BarRow(
        frozenset({"notice"}),
        _not_exhausted(*RECIPIENT_KINDS),
        "其他方式尚未用尽",
        "暂不能使用：尚不能认定受送达人下落不明，其他方式也尚未用尽",
        a.CPL_95,
        voids=False,
    ),
)


def bar_row(method: str, course: Course) -> BarRow | None:
    """The row that bars the method here, if one does."""
    return next((row for row in BARS if method in row.methods and row.applies(course)), None)


def voiding_bar(course: Course, method: str, day: date) -> Bar | None:
    """Why what was done by this method on that day serves nobody, if it serves nobody."""
    if method == "electronic" and too_early_for_electronic_rulings(course, day):
        return Bar(_TOO_EARLY, a.CPL_90.code)
    for row in BARS:
        if row.voids and method in row.methods and row.applies(course):
            return Bar(row.why, row.article.code)
    return None


def verdicts(course: Course) -> tuple[MethodVerdict, ...]:
    """All eight methods, each open or barred with the reason and the article."""
    rows = ((method, bar_row(method, course)) for method in METHODS)
    return tuple(MethodVerdict(m, Bar(row.why, row.article.code) if row else None) for m, row in rows)
