"""Public notice: how long it runs, from which publication, in which media."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from . import articles as a
from .articles import Article
from .carried import Carried, Effect, turned_away
from .course import Course, months_after
from .explanation import Bar
from .facts import NOTICE_MEDIA
from .methods import voiding_bar
from .situation import Fact


@dataclass(frozen=True, slots=True)
class NoticeTerm:
    """How long a notice runs for recipients of these kinds, if last published from `valid_from` to `valid_until`.

    `kinds` empty means everybody. `media` empty means any medium of 民诉法解释第一百三十八条.
    """

    kinds: frozenset[str]
    valid_from: date
    valid_until: date | None
    days: int
    months: int
    articles: tuple[Article, ...]
    media: frozenset[str] = frozenset()

    def end(self, published: date) -> date:
        """The last day, on which service takes effect: 9 April and 30 days is 9 May.

        A notice asks nothing of anybody on its last day, so a day off does not move it: 公告期满，即视为送达.
        """
        return months_after(published, self.months) if self.months else published + timedelta(days=self.days)

    def holds(self, kind: str, day: date) -> bool:
        in_time = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        return in_time and (not self.kinds or kind in self.kinds)


_LONG_AGO = date(1991, 4, 9)
NOTICE_TERMS: tuple[NoticeTerm, ...] = (
    NoticeTerm(frozenset({"hk_macao"}), date(2009, 3, 16), None, 0, 3, (a.HKM_9,), frozenset({"newspaper"})),
    NoticeTerm(frozenset({"abroad"}), _LONG_AGO, date(2023, 12, 31), 0, 3, (a.CPL_283, a.JI_138)),
    NoticeTerm(frozenset({"abroad"}), date(2024, 1, 1), None, 60, 0, (a.CPL_283, a.JI_138)),
    # The rules for Taiwan name the media and no term; cases there follow the provisions for parties abroad.
    NoticeTerm(
        frozenset({"taiwan"}),
        date(2008, 4, 23),
        None,
        60,
        0,
        (a.TW_3, a.TW_8, a.CPL_283, a.JI_549),
        frozenset({"newspaper", "network"}),
    ),
    NoticeTerm(frozenset(), _LONG_AGO, date(2021, 12, 31), 60, 0, (a.CPL_95, a.JI_138)),
    NoticeTerm(frozenset(), date(2022, 1, 1), None, 30, 0, (a.CPL_95, a.JI_138)),
)


def term(kind: str, published: date) -> NoticeTerm:
    """The term of a notice last published that day: the law of that day holds to its end."""
    return next(row for row in NOTICE_TERMS if row.holds(kind, published))


def _accepted(course: Course) -> Iterator[Fact]:
    for fact in course.named("notice.published"):
        media = term(course.kind, fact.day).media
        if not media or fact.detail.get("in") is None or fact.detail["in"] in media:
            yield fact


def last_publication(course: Course) -> Fact | None:
    """The publication the notice runs from: the last one made before the notice had run out.

    Publishing again after the last day does not take back the service that day brought.
    """
    last: Fact | None = None
    for fact in _accepted(course):
        if last is None or fact.day <= term(course.kind, last.day).end(last.day):
            last = fact
    return last


def published(course: Course, fact: Fact) -> Carried:
    """Service on the last day of a notice, counted from the last posting or publication."""
    said = f"公告刊登、张贴于{NOTICE_MEDIA.get(str(fact.detail.get('in')), '公告媒体')}"
    bar = voiding_bar(course, "notice", fact.day) or _wrong_medium(course, fact)
    if bar:
        yield turned_away(fact, said, bar)
        return
    row = term(course.kind, fact.day)
    end = row.end(fact.day)
    if fact is last_publication(course) and end <= course.today:
        length = f"满{row.months}个月" if row.months else f"经过{row.days}日"
        last = f"最后一次{said}，{length}"
        yield Effect("deemed_served", "notice", end, fact, row.articles, last, "notice")


def _wrong_medium(course: Course, fact: Fact) -> Bar | None:
    media = term(course.kind, fact.day).media
    if not media or fact.detail.get("in") is None or fact.detail["in"] in media:
        return None
    article = {"hk_macao": a.HKM_9, "taiwan": a.TW_8}[course.kind]
    return Bar("公告没有在规定的报刊、网站上刊登", article.code)
