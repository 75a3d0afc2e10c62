"""Clocks of the law that run on a service: when time alone changes what is known about it, or somebody is late."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from . import articles as a
from .course import Calendar, Course, first_day_at_or_after, months_after
from .effect import outcome_of, payment_order_lapse, reckon
from .handing import RULINGS
from .methods import bar_row
from .notice import last_publication, term
from .periods import periods
from .situation import Situation

ENTRUSTED_DAYS = 10
MISMATCH_DAYS = 3
ATTEMPT_DAYS = 5
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock: `last_day` is the Beijing day on which, or after the end of which, it tells; `what` says it in Chinese.

    `after_the_day` is true where the last day must have ended, false where the day itself brings the effect.
    """

    name: str
    last_day: date
    article: str
    what: str
    after_the_day: bool


def deadlines(situation: Situation, calendar: Calendar) -> tuple[Deadline, ...]:
    """Every clock that runs at `as_of` or later, earliest first: of serving while it is not served, then of periods."""
    course = Course(situation, calendar)
    outcome = outcome_of(course, reckon(course))
    if outcome:
        running = [
            Deadline(p.name, p.last_day, p.articles[0], _PERIODS[p.name], True) for p in periods(course, outcome)
        ]
    else:
        running = [deadline for clock in _CLOCKS for deadline in clock(course)]
    return tuple(sorted((d for d in running if d.last_day >= course.today), key=lambda d: (d.last_day, d.name)))


_PERIODS = {"answer": "答辩期届满", "appeal": "上诉期届满", "objection": "支付令异议期届满", "final": "裁判生效"}


def _notice(course: Course) -> Iterator[Deadline]:
    row, fact = bar_row("notice", course), last_publication(course)
    if fact and not (row and row.voids):
        rule = term(course.kind, fact.day)
        yield Deadline("notice", rule.end(fact.day), rule.articles[0].code, "公告期满，视为送达", False)


def _payment_order(course: Course) -> Iterator[Deadline]:
    last = payment_order_lapse(course)
    if last:
        yield Deadline("payment_order", last, a.JI_430.code, "仍无法送达的，支付令自行失效", True)


def _collection(course: Course) -> Iterator[Deadline]:
    for fact in course.named("collection.appointed"):
        last = first_day_at_or_after(fact.detail["last_day"], course.calendar)
        pronounced = fact.detail.get("pronounced") is not False
        served = pronounced and not course.documents.isdisjoint(RULINGS) and "mediation" not in course.documents
        what = "领取期间届满，即为送达" if served else "领取期间届满，改以其他方式送达"
        yield Deadline("collection", last, (a.SUM_28 if served else a.MAIL_1).code, what, True)


def _outside_mail(course: Course) -> Iterator[Deadline]:
    article = {"abroad": a.CPL_283, "hk_macao": a.HKM_7, "taiwan": a.TW_5}.get(course.kind)
    if article and not course.has("mail.returned"):
        for fact in list(course.named("mail.accepted"))[-1:]:
            last = months_after(fact.day, 3)
            yield Deadline("outside_mail", last, article.code, "邮寄满三个月，认定是否已经送达", False)


def _attempts(course: Course) -> Iterator[Deadline]:
    """The post tries three times or more in five days from the first try before it returns the letter."""
    tries = list(course.named("mail.attempt_failed"))
    if tries and not (course.has("mail.returned") or course.has("mail.delivered")):
        last = tries[0].day + timedelta(days=ATTEMPT_DAYS)
        yield Deadline("attempts", last, a.MAIL_6.code, "五日内投送三次以上仍未能送达的，邮件退回", True)


_CLOCKS: tuple[Callable[[Course], Iterator[Deadline]], ...] = (
    _notice,
    _payment_order,
    _collection,
    _outside_mail,
    _attempts,
)


def entrusted_by(received: date, calendar: Calendar) -> Deadline:
    """By when a court asked to serve must have served: ten days from when it received the papers."""
    last = first_day_at_or_after(received + timedelta(days=ENTRUSTED_DAYS), calendar)
    return Deadline("entrusted", last, a.JI_134.code, "受托法院应当完成代为送达", True)


def mismatch_by(received: date, calendar: Calendar) -> Deadline:
    """Until when a recipient may send back what a relative or a mail room took in and does not match the receipt."""
    last = first_day_at_or_after(received + timedelta(days=MISMATCH_DAYS), calendar)
    return Deadline("mismatch", last, a.MAIL_10.code, "邮件内容与回执不符的，应当书面说明并退回法院", True)
