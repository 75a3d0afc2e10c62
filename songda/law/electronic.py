"""Consent to electronic service through time, and the three moments at which papers sent so are served.

Consent must stand before papers can be served by it. Papers that arrived before the consent lie in the
recipient's system when it comes, so they are served then and not before. A refusal ends consent from its own
time; what was served before it stays served.
"""

from collections.abc import Iterator
from datetime import datetime

from . import articles as a
from .course import OUTSIDE_MAINLAND, Course
from .explanation import Bar
from .situation import Fact

_ACCEPTING = ("recipient.acted", "receipt.signed")


def content_before(course: Course, moment: datetime) -> bool:
    return bool(course.before(moment, "content.available") or course.before(moment, "content.opened"))


def _accepts(course: Course, fact: Fact) -> bool:
    """Whether the fact shows the recipient accepting electronic service already made (在线诉讼规则第二十九条第四项)."""
    if fact.fact == "receipt.signed":
        return fact.detail.get("via") == "electronic" and fact.detail.get("signer") == "self"
    return content_before(course, fact.happened_at)


def _standing_consent(course: Course) -> bool | None:
    """Consent apart from the course of events: noted at intake, or agreed before the litigation began."""
    stated = course.recipient.electronic_consent
    if stated is None and course.has("consent.given", how="agreed_before"):
        return True
    return stated


def _changes(course: Course) -> Iterator[tuple[datetime | None, bool | None]]:
    """Consent from the beginning (a moment of None), and every moment it changed, in order; None is not known."""
    state = _standing_consent(course)
    yield None, state
    for fact in course.facts:
        before = state
        if fact.fact == "consent.given":
            state = True
        elif fact.fact == "consent.refused":
            state = False
        elif fact.fact in _ACCEPTING and _accepts(course, fact):
            # An express refusal is not undone by conduct (第四项「并且未明确表示不同意」), but a signature on the
            # electronic receipt is itself an express statement.
            state = True if state is None or fact.fact == "receipt.signed" else state
        if state != before:
            yield fact.happened_at, state


def consent_at(course: Course, moment: datetime) -> bool | None:
    """True given, False refused, None not known, at that moment."""
    return [state for at, state in _changes(course) if at is None or at <= moment][-1]


def consent_now(course: Course) -> bool | None:
    return consent_at(course, course.situation.as_of)


def from_consent(course: Course, moment: datetime) -> datetime | None:
    """The first moment, not before the given one, at which consent stands; None where it never does.

    Outside the mainland the law asks not for consent but that receipt can be confirmed; a refusal still stops it.
    """
    open_states: tuple[bool | None, ...] = (True, None) if course.kind in OUTSIDE_MAINLAND else (True,)
    if consent_at(course, moment) in open_states:
        return moment
    later = (at for at, state in _changes(course) if at and at > moment and state in open_states)
    return next(later, None)


def address_of(course: Course, fact: Fact) -> str:
    """Whether the address a fact speaks of was confirmed by the recipient or found by us."""
    stated = fact.detail.get("address")
    if stated:
        return str(stated)
    channel = fact.detail.get("channel")
    sent = [f for f in course.before(fact.happened_at, "content.available") if f.detail.get("address")]
    same = [f for f in sent if channel is None or f.detail.get("channel") == channel]
    if same:
        return str(same[-1].detail["address"])
    return "confirmed" if course.recipient.electronic_address == "confirmed" else "found"


# An account confirmed, agreed before the litigation, or given in the recipient's own papers (在线诉讼规则第二十九条第二
# 款、第三十条). What others say of an account shows nobody that it is the recipient's own.
_OWN_ACCOUNT = frozenset({"confirmed", "agreed", "filed"})


def account_bar(rank: str) -> Bar | None:
    """Why no papers may be sent to an account of this rank; None where they may.

    A number rings and somebody answers; an account is only a name, and what is sent to a stranger's is disclosed."""
    if rank in _OWN_ACCOUNT:
        return None
    return Bar("账号不是受送达人提供、约定或者确认的，不能确认为其本人使用", a.OLR_31.code)


def has_address(course: Course) -> bool:
    return course.recipient.electronic_address != "none" or course.has("content.available")


def is_open(course: Course) -> bool:
    """Whether electronic service can still be tried: consent stands and there is an address that works."""
    return consent_now(course) is True and has_address(course) and not course.has("message.failed")
