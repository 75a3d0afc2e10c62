"""How sure one may be of a contact point: a Beta-Binomial estimate that a page can explain in one sentence.

Before anything is known of a source, the law's rank of what it gives stands for `PRIOR` tries. What came of the
source's others of the same kind within `WINDOW` moves that; what came of the point itself moves it again, and faster.
A record loses a tenth for each year of its age. Only the court's own outcomes count: courts never see one another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from songda.finding.models import ContactKind, ContactOutcome, ContactPoint
from songda.finding.sources import name_of
from songda.lib import clock

# How often a way given at this rank works, before its source has shown anything.
BY_RANK = {
    "confirmed": 0.95,
    "agreed": 0.8,
    "filed": 0.75,
    "other_proceedings": 0.7,
    "civil_life": 0.6,
    "registered": 0.5,
    "unknown": 0.4,
}
# How many tries the belief before is worth: of a source, and of one point given its source.
PRIOR, OWN_PRIOR = 8.0, 2.0
WINDOW = timedelta(days=90)
YEARLY = 0.9


@dataclass(frozen=True, slots=True)
class Tally:
    """Tries and successes."""

    worked: int = 0
    tried: int = 0


Rates = Mapping[tuple[str, str], Tally]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The chance that a contact point works (0 to 1) and the sentence that says where it comes from."""

    chance: float
    because: str


def rates(sources: Iterable[str] | None = None, at: datetime | None = None) -> Rates:
    """What came of each source's contact points within the window, by source and kind. Inside a scope."""
    outcomes = ContactOutcome.objects.filter(happened_at__gt=(at or clock.now()) - WINDOW)
    if sources is not None:
        outcomes = outcomes.filter(source__in=set(sources))
    rows = outcomes.values("source", "kind").annotate(tried=Count("id"), good=Count("id", filter=Q(worked=True)))
    return {(row["source"], row["kind"]): Tally(row["good"], row["tried"]) for row in rows}


def own(points: Iterable[ContactPoint]) -> dict[object, Tally]:
    """What came of each of these points themselves, however long ago."""
    ids = [point.id for point in points]
    rows = ContactOutcome.objects.filter(contact_point_id__in=ids).values("contact_point_id")
    counted = rows.annotate(tried=Count("id"), good=Count("id", filter=Q(worked=True)))
    return {row["contact_point_id"]: Tally(row["good"], row["tried"]) for row in counted}


def mean(before: float, weight: float, seen: Tally) -> float:
    """The mean of the Beta distribution that a belief worth `weight` tries becomes after these."""
    return (before * weight + seen.worked) / (weight + seen.tried)


def faded(chance: float, as_of: date | None, today: date) -> float:
    """The chance after the record's age."""
    years = max((today - as_of).days, 0) / 365 if as_of else 0.0
    return float(chance * YEARLY**years)


def estimate(point: ContactPoint, of_source: Tally, of_itself: Tally, today: date) -> Estimate:
    """The estimate for one point; pure."""
    source = mean(BY_RANK[point.rank], PRIOR, of_source)
    chance = mean(faded(source, point.as_of, today), OWN_PRIOR, of_itself)
    return Estimate(chance, "；".join(_because(point, of_source, of_itself, today)))


def _because(point: ContactPoint, of_source: Tally, of_itself: Tally, today: date) -> Iterable[str]:
    kind = ContactKind(point.kind).label
    if of_source.tried:
        yield f"{name_of(point.source)}来源的{kind}：近{WINDOW.days}天 {of_source.worked}/{of_source.tried} 有效"
    else:
        yield f"{name_of(point.source)}来源的{kind}近{WINDOW.days}天尚无结果，按{point.get_rank_display()}估计"
    if point.as_of and (days := (today - point.as_of).days) > 0:
        yield f"来源记录为{days}天前"
    if of_itself.tried:
        yield f"本联系方式用过{of_itself.tried}次，{of_itself.worked}次有效"


def weigh(points: list[ContactPoint]) -> None:
    """Give each point its present estimate; who calls keeps it. Two queries, however many points."""
    if not points:
        return
    known, themselves, today = rates({one.source for one in points}), own(points), clock.today()
    for point in points:
        of_source = known.get((point.source, point.kind), Tally())
        point.confidence = estimate(point, of_source, themselves.get(point.id, Tally()), today).chance


def explain(points: list[ContactPoint]) -> dict[object, Estimate]:
    """The estimate of each point with its sentence, by the point's id, as of now."""
    known, themselves, today = rates({one.source for one in points}), own(points), clock.today()
    return {
        one.id: estimate(one, known.get((one.source, one.kind), Tally()), themselves.get(one.id, Tally()), today)
        for one in points
    }


def steps(points: list[ContactPoint]) -> dict[object, tuple[str, ...]]:
    """How each point's chance was learnt, number by number, by the point's id: to be followed with a pencil."""
    known, themselves, today = rates({one.source for one in points}), own(points), clock.today()
    return {
        one.id: tuple(_steps(one, known.get((one.source, one.kind), Tally()), themselves.get(one.id, Tally()), today))
        for one in points
    }


def _steps(point: ContactPoint, of_source: Tally, of_itself: Tally, today: date) -> Iterable[str]:
    before = BY_RANK[point.rank]
    chance = mean(before, PRIOR, of_source)
    yield f"按“{point.get_rank_display()}”起算{before:.0%}，相当于{PRIOR:.0f}次"
    if of_source.tried:
        said = f"{name_of(point.source)}给出的{ContactKind(point.kind).label}近{WINDOW.days}天"
        yield f"{said}用过{of_source.tried}次，{of_source.worked}次有效：{chance:.0%}"
    if (aged := faded(chance, point.as_of, today)) != chance:
        chance = aged
        yield f"来源记录的日期是{point.as_of}，每过一年减一成：{chance:.0%}"
    if of_itself.tried:
        chance = mean(chance, OWN_PRIOR, of_itself)
        yield f"本身用过{of_itself.tried}次，{of_itself.worked}次有效（前述估计相当于{OWN_PRIOR:.0f}次）：{chance:.0%}"
