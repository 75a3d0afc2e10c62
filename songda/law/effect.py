"""When service takes effect: a table from fact to effect, the rebuttals, and the choice of the earliest.

Whatever the method, the first valid service is the service: for several electronic ways 在线诉讼规则第三十一条 says
so, for Hong Kong and Macao 涉港澳送达规定第十条; for the rest it follows from service being complete once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from . import arriving, handing, notice, returning
from . import articles as a
from .carried import Carried, Effect, TurnedAway
from .course import Course, first_day_at_or_after
from .explanation import Outcome
from .facts import REBUTTAL_GROUNDS
from .situation import Fact, beijing_day

EFFECTS: dict[str, Callable[[Course, Fact], Carried]] = {
    "content.available": arriving.available,
    "content.opened": arriving.opened,
    "recipient.acted": arriving.acted,
    "receipt.signed": handing.signed,
    "receipt.refused": handing.refused,
    "visit.failed": handing.visit_failed,
    "visit.left_in_place": handing.left_in_place,
    "collection.appointed": handing.appointed,
    "call.served": handing.telephoned,
    "mail.accepted": returning.sent_outside,
    "mail.closed": returning.closed,
    "mail.returned": returning.returned,
    "notice.published": notice.published,
}

# What each ground undoes. A presumption falls to proof that the recipient did not read
# (在线诉讼规则第三十一条第二款第二项); a deemed return to proof of no fault (法释〔2004〕13号第十一条第二款);
# arrival at a confirmed address only moves to the day it did arrive (民诉法解释第一百三十五条). Nothing undoes a
# signature, an answer, a lawful refusal or a notice.
REBUTTALS: dict[str, tuple[frozenset[str], a.Article]] = {
    "system_fault": (frozenset({"reading"}), a.OLR_31),
    "not_own_address": (frozenset({"reading"}), a.OLR_31),
    "not_read": (frozenset({"reading"}), a.OLR_31),
    "no_fault": (frozenset({"return"}), a.MAIL_11),
    "other_arrival_time": (frozenset({"arrival"}), a.JI_135),
}
_STRENGTH = ("served", "presumed_served", "deemed_served")
PAYMENT_ORDER_DAYS = 30
ISSUING = (
    "order.accepted",
    "papers.printed",
    "mail.accepted",
    "mail.attempt_failed",
    "mail.returned",
    "message.sent",
    "content.available",
    "visit.failed",
    "visit.left_in_place",
    "receipt.refused",
)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the facts come to: the service if there is one, what was turned away, what a rebuttal undid."""

    service: Effect | None
    turned_away: tuple[TurnedAway, ...]
    undone: tuple[tuple[Fact, Effect], ...]
    in_vain: tuple[Fact, ...]
    lapsed_on: date | None


def reckon(course: Course) -> Reckoning:
    """Weigh every fact; the earliest effect that stands is the service."""
    carried = [c for fact in course.facts if fact.fact in EFFECTS for c in EFFECTS[fact.fact](course, fact)]
    effects, undone, in_vain = _rebutted(course, [c for c in carried if isinstance(c, Effect)])
    away = [c for c in carried if isinstance(c, TurnedAway)]
    lapse = payment_order_lapse(course)
    if lapse:
        late = [e for e in effects if e.day > lapse]
        effects = [e for e in effects if e.day <= lapse]
        away += [TurnedAway(e.fact, e.said, "支付令三十日内未能送达，已经失效", a.JI_430.code) for e in late]
    service = min(effects, key=_precedence, default=None)
    if service and service.basis == "reading":
        service = _confirmed_by_answer(service, effects)
    lapsed = lapse if lapse and service is None and course.today > lapse else None
    return Reckoning(service, tuple(away), tuple(undone), tuple(in_vain), lapsed)


def _precedence(effect: Effect) -> tuple[date, int, str, datetime]:
    return effect.day, _STRENGTH.index(effect.result), effect.method, effect.fact.happened_at


def _confirmed_by_answer(reading: Effect, effects: list[Effect]) -> Effect:
    """A reading the recipient later answered, acted on or signed for is no longer a presumption.

    The day stays that of the reading, the earliest: an answer must not set running periods back. Where the reading
    is rebutted, the answer's own day is the day of service.
    """
    proofs = [e for e in effects if e.method == "electronic" and e.basis in ("answer", "signature")]
    if not proofs:
        return reading
    said = f"{reading.said}，其后{_on(proofs[0].fact.day)}{proofs[0].said}"
    return replace(reading, result="served", rebuttable=False, basis="answer", said=said)


def _rebutted(course: Course, effects: list[Effect]) -> tuple[list[Effect], list[tuple[Fact, Effect]], list[Fact]]:
    """The effects that stand, what each rebuttal undid, and the rebuttals that changed nothing."""
    undone: list[tuple[Fact, Effect]] = []
    in_vain: list[Fact] = []
    for fact in course.named("service.rebutted"):
        ground = fact.detail["ground"]
        bases, _article = REBUTTALS[ground]
        hit = [e for e in effects if e.basis in bases and e.fact.happened_at <= fact.happened_at]
        standing = _moved(course, fact, effects, hit) if ground == "other_arrival_time" else effects
        if ground != "other_arrival_time":
            standing = [e for e in effects if e not in hit]
            undone += [(fact, effect) for effect in hit]
        if standing == effects:
            in_vain.append(fact)
        effects = standing
    return effects, undone, in_vain


def _moved(course: Course, fact: Fact, effects: list[Effect], hit: list[Effect]) -> list[Effect]:
    """The arrival moves to the day the recipient proved: that of the channel named, or else the earliest."""
    arrived, channel = fact.detail.get("arrived_at"), fact.detail.get("channel")
    hit = [e for e in hit if channel is None or e.fact.detail.get("channel") == channel]
    target = min(hit, key=_precedence, default=None)
    if target is None or not isinstance(arrived, datetime) or arrived > course.situation.as_of:
        return effects
    said = f"{target.said}，受送达人{_on(fact.day)}证明实际到达日期为{_on(beijing_day(arrived))}"
    moved = replace(target, day=beijing_day(arrived), said=said, basis="arrival_proved")
    return [moved if e is target else e for e in effects]


def payment_order_lapse(course: Course) -> date | None:
    """The last day on which a payment order can be served: 30 days after it was issued.

    The court issues it no later than it hands it over or anything of it is sent; `issued_on` of the acceptance
    says so exactly. The period is one for acting in, so a last day off moves (民事诉讼法第八十五条).
    """
    if "payment_order" not in course.documents:
        return None
    issued = [f.detail.get("issued_on") or f.day for f in course.named(*ISSUING)]
    if not issued:
        return None
    return first_day_at_or_after(min(issued) + timedelta(days=PAYMENT_ORDER_DAYS), course.calendar)


def outcome_of(course: Course, reckoning: Reckoning) -> Outcome | None:
    """The result in the law's terms, or None where the facts do not yet amount to one."""
    service = reckoning.service
    if service:
        codes = tuple(dict.fromkeys(article.code for article in articles_of(course, service)))
        return Outcome(service.result, service.method, service.day, codes, service.rebuttable)
    if reckoning.lapsed_on:
        return Outcome("not_served", None, reckoning.lapsed_on, (a.JI_430.code, a.PAY_6.code), False)
    return None


def articles_of(course: Course, service: Effect) -> tuple[a.Article, ...]:
    """The articles of an effect in force on its day; an administrative case uses civil procedure's by reference."""
    by_reference = (a.ADMIN_101,) if course.procedure == "administrative" else ()
    in_force = tuple(article for article in service.articles if article.holds_on(service.day))
    return (*(in_force or service.articles), *by_reference)


def ineffective_rebuttals(reckoning: Reckoning) -> tuple[TurnedAway, ...]:
    """Rebuttals that undo nothing, with the article that keeps them from it."""
    return tuple(
        TurnedAway(fact, f"受送达人主张{REBUTTAL_GROUNDS[ground]}", "不能推翻该送达", REBUTTALS[ground][1].code)
        for fact in reckoning.in_vain
        for ground in (fact.detail["ground"],)
    )


def _on(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
