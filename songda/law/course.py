"""The course of one service as it is known at a moment: facts in order, and the questions the tables ask of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Protocol

from .facts import FACTS
from .reading import read_detail
from .situation import Fact, Situation, beijing_day

OUTSIDE_MAINLAND = frozenset({"abroad", "hk_macao", "taiwan"})
FORWARDED_ONLY = frozenset({"soldier", "prisoner"})
CIVIL = frozenset({"ordinary", "summary", "payment_order", "appeal", "enforcement"})

# Ranks of an address the recipient gave himself: confirmed here, agreed in a contract, written in his own papers,
# or given by him in other proceedings. Only for these can a wrong or changed address be laid at his door
# (法释〔2004〕13号第十一条「自己提供或者确认的送达地址」). An address others use for him, or a register's, needs
# first that he was asked for one and refused.
GIVEN_BY_RECIPIENT = frozenset({"confirmed", "agreed", "filed", "other_proceedings"})


class Calendar(Protocol):
    """Holidays come from outside: the law knows that a period cannot end on a day off, not which days are."""

    def is_day_off(self, day: date) -> bool: ...


def first_day_at_or_after(day: date, calendar: Calendar) -> date:
    """The day itself, or the first day after the days off it falls on (民事诉讼法第八十五条)."""
    while calendar.is_day_off(day):
        day += timedelta(days=1)
    return day


def months_after(day: date, months: int) -> date:
    """The corresponding day some months on, or the last day of that month where it has none."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


# Facts whose detail the law cannot do without, or counts days from: a caller may bring it as it was stored.
_TYPED = frozenset(
    name for name, kind in FACTS.items() if any(k.required or k.kind in ("date", "time") for k in kind.keys.values())
)


def _typed(fact: Fact) -> Fact:
    """The fact with its days and times as such. Raises BadInput where it lacks what the law needs of it."""
    if fact.fact not in _TYPED:
        return fact
    detail = read_detail(fact.fact, fact.detail)
    return fact if detail == fact.detail else replace(fact, detail=detail)


def _order(fact: Fact) -> tuple[datetime, datetime, str, str, str]:
    detail = json.dumps(dict(fact.detail), sort_keys=True, default=str) if fact.detail else ""
    return fact.happened_at, fact.learnt_at, fact.fact, fact.by, detail


class Course:
    """A situation with its facts sorted by when they happened; unknown, future and voided facts are left out."""

    def __init__(self, situation: Situation, calendar: Calendar) -> None:
        self.situation = situation
        self.calendar = calendar
        self.case = situation.case
        self.recipient = situation.recipient
        self.today = beijing_day(situation.as_of)
        self.documents = frozenset(document.kind for document in situation.documents)
        known = [_typed(f) for f in situation.facts if max(f.happened_at, f.learnt_at) <= situation.as_of]
        self.facts: tuple[Fact, ...] = _without_voided(sorted(known, key=_order))
        self._named: dict[str, list[Fact]] = {}
        for fact in self.facts:
            self._named.setdefault(fact.fact, []).append(fact)

    def named(self, *names: str) -> Iterator[Fact]:
        """The facts of these names, each name's in the order they happened."""
        for name in names:
            yield from self._named.get(name, ())

    def has(self, name: str, **detail: object) -> bool:
        return any(_matches(fact, detail) for fact in self.named(name))

    def before(self, moment: datetime, name: str, **detail: object) -> list[Fact]:
        """The facts of that name not later than the moment."""
        return [f for f in self.named(name) if f.happened_at <= moment and _matches(f, detail)]

    @property
    def kind(self) -> str:
        return self.recipient.kind

    @property
    def procedure(self) -> str:
        return self.case.procedure

    @property
    def is_criminal(self) -> bool:
        return self.procedure == "criminal"

    @property
    def is_incapable(self) -> bool:
        """A natural person without full capacity: whoever acts for him is his 法定代理人."""
        return self.recipient.capacity != "full" and self.kind != "organisation"

    @cached_property
    def address_is_his_own(self) -> bool:
        """Whether a wrong address can be laid at the recipient's door: he gave it, or refused to give one."""
        return self.recipient.address_rank in GIVEN_BY_RECIPIENT or self.has("address.checked", refused_to_provide=True)


def _matches(fact: Fact, detail: dict[str, object]) -> bool:
    return all(fact.detail.get(key) == value for key, value in detail.items())


def _without_voided(facts: list[Fact]) -> tuple[Fact, ...]:
    """Drop what a later correction voids: facts of the named kind, at the named time where one is given."""
    corrections = [f for f in facts if f.fact == "service.corrected" and f.detail.get("voids")]
    if not corrections:
        return tuple(facts)
    return tuple(f for f in facts if not any(_voids(correction, f) for correction in corrections))


def _voids(correction: Fact, fact: Fact) -> bool:
    if correction.detail["voids"] != fact.fact or fact.learnt_at > correction.learnt_at:
        return False
    at = correction.detail.get("voids_happened_at")
    return at is None or at == fact.happened_at
