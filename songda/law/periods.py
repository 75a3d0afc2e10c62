"""Periods that start with service: rows by procedure and paper; the first day is not counted, a last day off moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from . import articles as a
from .articles import Article
from .course import OUTSIDE_MAINLAND, Calendar, Course, first_day_at_or_after
from .explanation import Outcome, Period

_FIRST_INSTANCE = frozenset({"ordinary", "summary"})
_CIVIL_TRIAL = frozenset({"ordinary", "summary", "appeal"})
_INSIDE = frozenset({"person", "organisation", "soldier", "prisoner"})
_EVERYBODY = _INSIDE | OUTSIDE_MAINLAND


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """Served with this paper in these procedures, recipients of these kinds have so many days."""

    paper: str
    procedures: frozenset[str]
    kinds: frozenset[str]
    name: str
    days: int
    articles: tuple[Article, ...]


PERIOD_ROWS: tuple[PeriodRow, ...] = (
    PeriodRow("complaint", frozenset({"ordinary"}), _INSIDE, "answer", 15, (a.CPL_128,)),
    PeriodRow("complaint", frozenset({"summary"}), _INSIDE, "answer", 15, (a.CPL_128, a.JI_266)),
    PeriodRow("complaint", frozenset({"appeal"}), _INSIDE, "answer", 15, (a.CPL_174,)),
    PeriodRow("complaint", _FIRST_INSTANCE, OUTSIDE_MAINLAND, "answer", 30, (a.CPL_285,)),
    PeriodRow("complaint", frozenset({"appeal"}), OUTSIDE_MAINLAND, "answer", 30, (a.CPL_286,)),
    PeriodRow("complaint", frozenset({"administrative"}), _EVERYBODY, "answer", 15, (a.ADMIN_67,)),
    PeriodRow("judgment", _FIRST_INSTANCE, _INSIDE, "appeal", 15, (a.CPL_171, a.JI_244)),
    PeriodRow("judgment", _FIRST_INSTANCE, OUTSIDE_MAINLAND, "appeal", 30, (a.CPL_286, a.JI_536)),
    PeriodRow("ruling", _FIRST_INSTANCE, _INSIDE, "appeal", 10, (a.CPL_171, a.JI_244)),
    PeriodRow("ruling", _FIRST_INSTANCE, OUTSIDE_MAINLAND, "appeal", 30, (a.CPL_286, a.JI_536)),
    PeriodRow("judgment", frozenset({"criminal"}), _EVERYBODY, "appeal", 10, (a.CRIM_230,)),
    PeriodRow("ruling", frozenset({"criminal"}), _EVERYBODY, "appeal", 5, (a.CRIM_230,)),
    PeriodRow("judgment", frozenset({"administrative"}), _EVERYBODY, "appeal", 15, (a.ADMIN_85,)),
    PeriodRow("ruling", frozenset({"administrative"}), _EVERYBODY, "appeal", 10, (a.ADMIN_85,)),
    PeriodRow("payment_order", _CIVIL_TRIAL | {"payment_order"}, _EVERYBODY, "objection", 15, (a.CPL_227,)),
)
# A judgment of second instance is final as it is served; nothing runs.
FINAL_ON_SERVICE: frozenset[str] = frozenset({"judgment", "ruling"})
PERIOD_NAMES: dict[str, str] = {"answer": "答辩", "appeal": "上诉", "objection": "异议", "final": "生效"}


def counting(procedure: str, calendar: Calendar, first: date, days: int) -> tuple[date, tuple[Article, ...]]:
    """The last day of a period: the day it starts from is not counted, a last day off moves to the next day on."""
    last = first + timedelta(days=days)
    ends = first_day_at_or_after(last, calendar)
    return ends, ((a.CRIM_105 if procedure == "criminal" else a.CPL_85,) if ends != last else ())


def periods(course: Course, outcome: Outcome | None, *, last_to_appeal: bool = False) -> tuple[Period, ...]:
    """The periods the service started, one for each paper that starts one.

    `last_to_appeal` supposes that no other party's appeal period ends later: then a first-instance judgment becomes
    final as this one's runs out, and `final` says when.
    """
    if outcome is None or outcome.result == "not_served":
        return ()
    rows = [row for row in PERIOD_ROWS if _applies(course, row)]
    found = [_period(course, row, outcome.effective_on) for row in rows]
    if course.procedure == "appeal" and not course.documents.isdisjoint(FINAL_ON_SERVICE):
        found.append(Period("final", outcome.effective_on, (a.CPL_182.code,)))
    if last_to_appeal:
        both = zip(rows, tuple(found), strict=False)
        found += [_final(course, appeal) for row, appeal in both if (row.paper, row.name) == ("judgment", "appeal")]
    return tuple(found)


def _final(course: Course, appeal: Period) -> Period:
    run_out = (a.JI_536.code,) if course.procedure in _FIRST_INSTANCE else ()
    return Period("final", appeal.last_day, tuple(dict.fromkeys((*appeal.articles, *run_out))))


def _applies(course: Course, row: PeriodRow) -> bool:
    return row.paper in course.documents and course.procedure in row.procedures and course.kind in row.kinds


def _period(course: Course, row: PeriodRow, first: date) -> Period:
    last, moved = counting(course.procedure, course.calendar, first, row.days)
    reference = (a.JI_549,) if course.kind in ("hk_macao", "taiwan") and row.days == 30 else ()
    return Period(row.name, last, tuple(x.code for x in (*row.articles, *reference, *moved)))


def final_on(appeal_last_days: Iterable[date | None]) -> date | None:
    """The day a first-instance judgment becomes final unless appealed: when every party's appeal period has run out.

    One entry for each party; None for a party not yet served, whose period has not begun (民诉法解释第二百四十四条).
    """
    days = list(appeal_last_days)
    if not days or None in days:
        return None
    return max(day for day in days if day)
