"""Effects of papers sent electronically: arrival at a confirmed address, reading at a found one, an answer.

Hong Kong, Macao and Taiwan ask for confirmed receipt (涉港澳送达规定第八条, 涉台送达规定第六条): there arrival alone
serves nobody, whoever gave the address.
"""

from datetime import date

from . import articles as a
from .articles import Article
from .carried import Carried, Effect, turned_away
from .course import Course
from .electronic import address_of, consent_at, content_before, from_consent
from .explanation import Bar
from .facts import ACTS
from .methods import voiding_bar
from .situation import Fact, beijing_day

_OUTSIDE: dict[str, tuple[Article, ...]] = {
    "abroad": (a.CPL_283, a.OLR_31),
    "hk_macao": (a.HKM_8, a.OLR_31),
    "taiwan": (a.TW_6, a.OLR_31),
}
_CONFIRMED_RECEIPT_ONLY = frozenset({"hk_macao", "taiwan"})
_NO_CONSENT = Bar("受送达人没有同意电子送达", a.CPL_90.code)


def _articles(course: Course, *own: Article) -> tuple[Article, ...]:
    return _OUTSIDE.get(course.kind, (a.CPL_90, *own, a.OLR_29, a.OLR_31))


def _start(course: Course, fact: Fact) -> date | Bar:
    """The day from which the fact can serve: its own, or that of the consent where it came later; or why never."""
    bar = voiding_bar(course, "electronic", fact.day)
    if bar:
        return bar
    moment = from_consent(course, fact.happened_at)
    return beijing_day(moment) if moment else _NO_CONSENT


def _waits_for_receipt(course: Course, fact: Fact) -> bool:
    return address_of(course, fact) != "confirmed" or course.kind in _CONFIRMED_RECEIPT_ONLY


def available(course: Course, fact: Fact) -> Carried:
    """Arrival at an address the recipient gave or confirmed is service; at a found one it is not yet."""
    said = "文书到达受送达人确认的电子地址所在系统"
    if _waits_for_receipt(course, fact):
        return
    start = _start(course, fact)
    if isinstance(start, Bar):
        yield turned_away(fact, said, start)
    else:
        yield Effect("served", "electronic", start, fact, _articles(course, a.JI_135), said, "arrival")


def opened(course: Course, fact: Fact) -> Carried:
    """Reading at a found address is presumed service; at a confirmed one it shows the papers had arrived."""
    start, presumed = _start(course, fact), _waits_for_receipt(course, fact)
    said = "系统反馈受送达人已查阅文书"
    if isinstance(start, Bar):
        yield turned_away(fact, said, start)
    elif presumed and not a.OLR_31.holds_on(fact.day):
        yield turned_away(fact, said, Bar("2021年8月1日以前没有推定送达的规定", a.OLR_31.code))
    elif presumed:
        yield Effect("presumed_served", "electronic", start, fact, _articles(course), said, "reading", rebuttable=True)
    else:
        yield Effect("served", "electronic", start, fact, _articles(course, a.JI_135), said, "reading_confirmed")


def acted(course: Course, fact: Fact) -> Carried:
    """Answering, or acting on the papers, completes electronic service already made; without any it serves nobody."""
    said = f"受送达人{ACTS.get(str(fact.detail.get('how')), '回复或者作出相应诉讼行为')}"
    if not content_before(course, fact.happened_at) and not _says_they_came(course, fact):
        return
    bar = voiding_bar(course, "electronic", fact.day)
    if bar is None and consent_at(course, fact.happened_at) is False:
        bar = Bar("受送达人已明确表示不同意电子送达", a.OLR_29.code)
    if bar:
        yield turned_away(fact, said, bar)
    else:
        yield Effect("served", "electronic", fact.day, fact, _articles(course), said, "answer")


def _says_they_came(course: Course, fact: Fact) -> bool:
    """回复已收悉 from one who agreed and has an electronic address shows the sending; an act may have other causes."""
    replied = fact.detail.get("how") == "reply" and course.recipient.electronic_address != "none"
    return replied and consent_at(course, fact.happened_at) is True
