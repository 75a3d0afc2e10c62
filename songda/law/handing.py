"""Effects of a person at the other end: signing, refusing, papers left, papers not collected, a recorded call."""

from datetime import date

from . import articles as a
from .articles import Article
from .carried import Carried, Effect, turned_away
from .course import CIVIL, Course, first_day_at_or_after
from .explanation import Bar
from .facts import SIGNERS
from .methods import direct_failed, postal_failed, voiding_bar
from .signers import LEAVING, REFUSING_IN_PERSON, row_for, why_not_sign
from .situation import Fact

Articles = tuple[Article, ...]

VIA_METHODS: dict[str, tuple[str, str, Articles]] = {
    "visit": ("direct", "在送达回证上", (a.CPL_87, a.CPL_88)),
    "window": ("direct", "到法院窗口", (a.CPL_87, a.CPL_88, a.JI_131)),
    "mail": ("postal", "在邮件回执上", (a.CPL_91, a.MAIL_9)),
    "entrusted": ("entrusted", "经受托法院送达", (a.CPL_91, a.JI_134)),
    "forwarded": ("forwarded", "经转交单位转交", (a.CPL_94,)),
    "electronic": ("electronic", "在线", (a.CPL_90, a.OLR_31)),
}
_DIRECT_OUTSIDE: dict[str, Article] = {"abroad": a.CPL_283, "hk_macao": a.HKM_3, "taiwan": a.TW_3}
PLACE_ARTICLES: dict[str, dict[str, Article]] = {
    "visit": _DIRECT_OUTSIDE,
    "window": _DIRECT_OUTSIDE,
    "mail": {"abroad": a.JI_534, "hk_macao": a.HKM_7, "taiwan": a.TW_5},
    "entrusted": {"abroad": a.CPL_283, "hk_macao": a.HKM_6, "taiwan": a.TW_3},
    "forwarded": {"soldier": a.CPL_92, "prisoner": a.CPL_93, "person": a.CPL_93},
    "electronic": {"abroad": a.CPL_283, "hk_macao": a.HKM_8, "taiwan": a.TW_6},
}
_PAPERS_ARTICLES: dict[str, Article] = {"mediation": a.JI_133, "payment_order": a.JI_429}
RULINGS = frozenset({"judgment", "ruling"})


def _signature_articles(course: Course, via: str) -> Articles:
    if course.is_criminal and via != "electronic":
        return (a.CRIM_107,)
    place = PLACE_ARTICLES[via].get(course.kind)
    own = () if via == "entrusted" and place else VIA_METHODS[via][2]
    organisation = course.kind == "organisation" and VIA_METHODS[via][0] == "direct"
    papers = tuple(article for kind, article in _PAPERS_ARTICLES.items() if kind in course.documents)
    return (*own, *([place] if place else []), *([a.JI_130] if organisation else []), *papers)


# Whoever is served with the complaint defends; those who defend beside him are not against him.
_DEFENDING = frozenset({"defendant", "被告", "被上诉人", "respondent", "appellee", "被申请人"})


def is_opposing(course: Course, fact: Fact) -> bool:
    """Whether the hand that took or refused the papers is named, and is another party not on his own side."""
    name = fact.detail.get("name")
    hand = fact.detail.get("signer") or fact.detail.get("by") or fact.detail.get("refused_by")
    if hand not in ("co_resident_adult", "mail_staff", "other"):
        return False
    roles = [party.role for party in course.case.parties if party.name == name]
    beside_him = "complaint" in course.documents and roles and set(roles) <= _DEFENDING
    return bool(roles) and not beside_him


def _opposing(course: Course) -> Bar:
    article = a.SUM_11 if course.kind == "organisation" else a.MAIL_7
    return Bar("代收人是同一案件的另一方当事人，不得代收", article.code)


def signed(course: Course, fact: Fact) -> Carried:
    """Service on the day of a lawful signature, by whatever way it was given."""
    signer, via = fact.detail["signer"], fact.detail["via"]
    method, way, _ = VIA_METHODS[via]
    said = f"{SIGNERS[signer]}{way}签收"
    bar = _opposing(course) if is_opposing(course, fact) else why_not_sign(course, signer, via)
    bar = voiding_bar(course, method, fact.day) or bar
    if bar:
        yield turned_away(fact, said, bar)
    else:
        yield Effect("served", method, fact.day, fact, _signature_articles(course, via), said, "signature")


def refused(course: Course, fact: Fact) -> Carried:
    """Refusing to sign at court, or elsewhere on record, serves a party in person; no other refusal does by itself."""
    by, via = fact.detail["by"], fact.detail["via"]
    said = f"{SIGNERS[by]}{_WAYS_OF_REFUSING[via]}拒绝签收"
    bar = _why_refusal_does_not_serve(course, fact)
    if bar:
        yield turned_away(fact, said, bar)
        return
    pronounced = via == "window" and not course.documents.isdisjoint(RULINGS)
    articles = (a.JI_131, a.JI_141) if pronounced else (a.JI_131,)
    yield Effect("deemed_served", "direct", fact.day, fact, articles, said, "refusal")


_WAYS_OF_REFUSING = {
    "window": "到法院后",
    "visit": "在上门送达时",
    "mail": "在邮件投递时",
    "electronic": "在线",
    "entrusted": "在受托法院送达时",
    "forwarded": "在转交时",
}
# What a refusal by each way waits for before it can serve.
_REFUSAL_WAITS: dict[str, Bar] = {
    "mail": Bar("须待邮件退回之日", a.MAIL_11.code),
    "entrusted": Bar("须由受托法院依法留置", a.CPL_89.code),
    "forwarded": Bar("转交送达以本人签收为准", a.CPL_94.code),
    "electronic": Bar("拒绝在线签收不等于签收", a.CPL_90.code),
}


def _why_refusal_does_not_serve(course: Course, fact: Fact) -> Bar | None:
    by, via = fact.detail["by"], fact.detail["via"]
    if "mediation" in course.documents:
        return Bar("调解书须本人签收，拒收不视为送达", a.JI_133.code)
    bar = voiding_bar(course, "direct", fact.day)
    if bar:
        return bar
    if course.is_criminal:
        return Bar("须有见证人在场并把文件留在住处", a.CRIM_107.code)
    if by == "opposing_party" or is_opposing(course, fact):
        return _opposing(course)
    if via in _REFUSAL_WAITS:
        return _REFUSAL_WAITS[via]
    if via == "visit" and fact.detail.get("recorded") is not True:
        return Bar("须留置，或者以拍照、录像等方式记录送达过程", a.CPL_89.code)
    if by not in row_for(REFUSING_IN_PERSON, course).signers:
        return Bar("拒绝签收的不是当事人本人", a.JI_131.code)
    return None


def left_in_place(course: Course, fact: Fact) -> Carried:
    """Papers left after a lawful refusal, before witnesses or on record (criminal cases know only witnesses)."""
    by = _who_refused(course, fact)
    said = f"{SIGNERS.get(by, '')}拒收后留置送达"
    bar = _why_leaving_does_not_serve(course, fact)
    if bar:
        yield turned_away(fact, said, bar)
        return
    row = row_for(LEAVING, course)
    place = {"hk_macao": (a.HKM_11,), "taiwan": (a.TW_4,)}.get(course.kind, ())
    own = () if course.is_criminal else (a.CPL_89,)
    receiver = (a.JI_132,) if by == "named_receiver" else ()
    articles = tuple(dict.fromkeys((*own, *place, *row.articles, *receiver)))
    yield Effect("deemed_served", "left_in_place", fact.day, fact, articles, said, "left")


def _who_refused(course: Course, fact: Fact) -> str:
    """Who the visitor says refused; where he does not say, who last refused a visitor."""
    refusals = course.before(fact.happened_at, "receipt.refused", via="visit")
    return str(fact.detail.get("refused_by") or (refusals[-1].detail["by"] if refusals else ""))


def _why_leaving_does_not_serve(course: Course, fact: Fact) -> Bar | None:
    by, row = _who_refused(course, fact), row_for(LEAVING, course)
    bar = voiding_bar(course, "left_in_place", fact.day)
    if bar:
        return bar
    if by == "opposing_party" or is_opposing(course, fact):
        return Bar("拒收人是同一案件的另一方当事人，不适用留置送达", a.SUM_11.code)
    if by == "agent":
        return Bar("诉讼代理人不是指定的代收人，不能对其留置送达", a.JI_132.code)
    if by not in row.signers:
        return Bar("拒收的不是依法可以对其留置的人", row.articles[0].code)
    if int(fact.detail.get("witnesses", 0)) >= 1:
        return None
    if course.is_criminal:
        return Bar("没有见证人在场", a.CRIM_107.code)
    if fact.detail.get("recorded") is not True:
        return Bar("既没有见证人，也没有以拍照、录像等方式记录送达过程", a.CPL_89.code)
    return None


def appointed(course: Course, fact: Fact) -> Carried:
    """A judgment pronounced in court and not collected is served when the period appointed for it ends.

    A day agreed for collecting papers that were not pronounced in court serves nobody when it passes."""
    if fact.detail.get("pronounced") is False:
        return
    last: date = first_day_at_or_after(fact.detail["last_day"], course.calendar)
    said = f"当庭宣判后指定于{_chinese_day(last)}前到法院领取，期满未领取"
    if course.procedure not in CIVIL | {"administrative"} or course.documents.isdisjoint(RULINGS):
        return
    if course.today <= last or "mediation" in course.documents or _appointed_anew(course, fact):
        return
    bar = voiding_bar(course, "direct", fact.day)
    if bar:
        yield turned_away(fact, said, bar)
    else:
        # 期间届满之日即为送达之日: the text does not say 视为.
        yield Effect("served", "direct", last, fact, (a.SUM_28,), said, "uncollected")


def _appointed_anew(course: Course, fact: Fact) -> bool:
    """Whether another period was appointed before this one had ended."""
    last = fact.detail["last_day"]
    later = (f for f in course.named("collection.appointed") if f.detail.get("pronounced") is not False)
    return any(fact.happened_at < f.happened_at and f.day <= last for f in later)


def telephoned(course: Course, fact: Fact) -> Carried:
    """A recorded call serves on its day, after direct and postal service failed (simple means in summary cases)."""
    said = "电话送达"
    bar = voiding_bar(course, "telephone", fact.day)
    if bar:
        yield turned_away(fact, said, bar)
    elif fact.detail.get("recorded") is not True:
        yield turned_away(fact, said, Bar("通话过程没有记录存卷", a.OP17_14.code))
    elif not a.OP17_14.holds_on(fact.day):
        yield turned_away(fact, said, Bar("当时尚无电话送达的规定", a.OP17_14.code))
    elif course.procedure == "summary":
        yield Effect("served", "telephone", fact.day, fact, (a.JI_261, a.OP17_14), said, "call")
    elif direct_failed(course, fact.happened_at) and postal_failed(course, fact.happened_at):
        yield Effect("served", "telephone", fact.day, fact, (a.OP17_14,), said, "call")
    else:
        yield turned_away(fact, said, Bar("当时直接送达、邮寄送达尚未均告不成", a.OP17_14.code))


# In summary proceedings a visit that fails because the address the recipient gave was wrong, or because he would
# give none, serves on the day the server notes it (简易程序若干规定第十条第二项).
_HIS_OWN_FAULT = frozenset({"wrong_address", "moved_unreported", "incomplete_address"})


def visit_failed(course: Course, fact: Fact) -> Carried:
    at_fault = fact.detail.get("because") in _HIS_OWN_FAULT and fact.detail.get("recorded") is True
    if course.procedure != "summary" or not at_fault or not course.address_is_his_own:
        return
    if "mediation" in course.documents or voiding_bar(course, "direct", fact.day):
        return
    said = "按当事人自己提供的地址上门未果并当场记明情况"
    yield Effect("deemed_served", "direct", fact.day, fact, (a.SUM_10,), said, "noted")


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
