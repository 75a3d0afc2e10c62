"""When people answer the telephone: learnt with every call, hour by hour, and said in one sentence.

Before a court has called, the house's belief for the part of the day stands for `PRIOR` calls. What the court's calls
to such people on such days came to moves it: first those of the whole part of the day, then those of the hour itself.
What calls to this very number came to at that part of the day moves it again, and faster.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from songda.courts.policy import Policy
from songda.courts.queries import calendar_of
from songda.finding.audience import AUDIENCES, audience_of
from songda.finding.confidence import Tally, mean
from songda.finding.models import CallTally, ContactPoint
from songda.lib.calendar import WorkingDays
from songda.lib.clock import BEIJING

# How many calls the belief before is worth: of the house, of the part of the day, of the hour for one number.
PRIOR, HOUR_PRIOR, OWN_PRIOR = 12.0, 8.0, 3.0
DAYS = {"work": "工作日", "off": "休息日"}
# The parts of a day: the first hour of each.
PARTS = (0, 8, 12, 14, 18, 21)
_PART_NAMES = ("深夜", "上午", "中午", "下午", "傍晚", "夜间")

# What the house believes of each part of the day, before a court has called anybody.
HOUSE: Mapping[tuple[str, str], tuple[float, ...]] = {
    ("person", "work"): (0.10, 0.45, 0.50, 0.42, 0.58, 0.30),
    ("person", "off"): (0.10, 0.48, 0.46, 0.50, 0.52, 0.30),
    ("elderly", "work"): (0.10, 0.62, 0.45, 0.55, 0.50, 0.15),
    ("elderly", "off"): (0.10, 0.60, 0.45, 0.55, 0.50, 0.15),
    ("lawyer", "work"): (0.10, 0.60, 0.50, 0.62, 0.45, 0.20),
    ("lawyer", "off"): (0.05, 0.25, 0.22, 0.28, 0.25, 0.10),
    ("organisation", "work"): (0.05, 0.65, 0.25, 0.62, 0.15, 0.05),
    ("organisation", "off"): (0.05, 0.15, 0.10, 0.15, 0.08, 0.05),
}


@dataclass(frozen=True, slots=True)
class Answering:
    """The chance that a call is answered now (0 to 1) and the sentence that says where it comes from."""

    chance: float
    because: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A call that was made to a number, and whether anybody answered."""

    at: datetime
    answered: bool


def part_of(hour: int) -> int:
    """The part of the day, by its place in `PARTS`, an hour of Beijing lies in."""
    return max(place for place, first in enumerate(PARTS) if hour >= first)


def note_call(point: ContactPoint, at: datetime, *, answered: bool) -> None:
    """Count one call that was made; call once for each."""
    local, court = at.astimezone(BEIJING), point.court
    tally, _ = CallTally.objects.get_or_create(
        court_id=point.court_id,
        audience=audience_of(point.party, point.value),
        day="off" if calendar_of(court).is_day_off(local.date()) else "work",
        hour=local.hour,
    )
    CallTally.objects.filter(id=tally.id).update(tried=F("tried") + 1, answered=F("answered") + int(answered))


class Rates:
    """What a court's calls came to, read once for many numbers. Inside a scope of one court."""

    def __init__(self, calendar: WorkingDays) -> None:
        rows = CallTally.objects.values_list("audience", "day", "hour", "answered", "tried")
        self._calendar = calendar
        self._hours = {(audience, day, hour): Tally(good, all_) for audience, day, hour, good, all_ in rows}

    def of(self, audience: str, at: datetime, tried: Iterable[Tried] = ()) -> Answering:
        """How likely somebody of this audience answers at this moment, after these calls to the number itself."""
        local = at.astimezone(BEIJING)
        day = "off" if self._calendar.is_day_off(local.date()) else "work"
        part = part_of(local.hour)
        of_part = self._of_part(audience, day, part)
        of_hour = self._hours.get((audience, day, local.hour), Tally())
        own = [one for one in tried if part_of(one.at.astimezone(BEIJING).hour) == part]
        of_number = Tally(sum(one.answered for one in own), len(own))
        chance = mean(HOUSE[audience, day][part], PRIOR, of_part)
        chance = mean(mean(chance, HOUR_PRIOR, of_hour), OWN_PRIOR, of_number)
        said = _said(audience, day, local.hour, part, of_part, of_hour, of_number)
        return Answering(chance, "；".join(said))

    def _of_part(self, audience: str, day: str, part: int) -> Tally:
        found = [
            one
            for (who, when, hour), one in self._hours.items()
            if (who, when) == (audience, day) and part_of(hour) == part
        ]
        return Tally(sum(one.worked for one in found), sum(one.tried for one in found))

    def table(self, audience: str, day: str) -> list[tuple[int, Tally, float]]:
        """Hour, what calls came to in it, and the estimate, for one audience on one sort of day."""
        rows = []
        for hour in range(24):
            of_part = self._of_part(audience, day, part_of(hour))
            of_hour = self._hours.get((audience, day, hour), Tally())
            chance = mean(mean(HOUSE[audience, day][part_of(hour)], PRIOR, of_part), HOUR_PRIOR, of_hour)
            rows.append((hour, of_hour, chance))
        return rows


def _said(
    audience: str, day: str, hour: int, part: int, of_part: Tally, of_hour: Tally, of_number: Tally
) -> Iterable[str]:
    who = f"{DAYS[day]}{{}}致电{AUDIENCES[audience]}"
    if of_hour.tried:
        yield f"{who.format(f'{hour}时')}：本院 {of_hour.worked}/{of_hour.tried} 接通"
    elif of_part.tried:
        yield f"{who.format(_PART_NAMES[part])}：本院 {of_part.worked}/{of_part.tried} 接通"
    else:
        yield f"{who.format(_PART_NAMES[part])}：本院尚无记录，按一般经验估计"
    if of_number.tried:
        yield f"本号码{_PART_NAMES[part]}拨过{of_number.tried}次，接通{of_number.worked}次"


# ---- when to call --------------------------------------------------------------------------------------------


def is_polite(moment: datetime, policy: Policy) -> bool:
    """Whether people may be telephoned at this moment, by the court's own hours."""
    return policy.calls_from_hour <= moment.astimezone(BEIJING).hour < policy.calls_until_hour


_LOOKED_AHEAD = timedelta(days=3)


def plan_next(point: ContactPoint, policy: Policy, tried: list[Tried], now: datetime) -> datetime:
    """When to call again a number that nobody answered: the hour at which somebody most likely does.

    It lies between half and one and a half of the policy's gap from now, within the hours people may be telephoned, not
    in an hour in which this number was tried before, and not on a day on which it was tried often enough; where no such
    hour is left, on one of the next days."""
    gap = timedelta(days=policy.calls_over_days) / policy.calls
    rates, audience = Rates(calendar_of(point.court)), audience_of(point.party, point.value)
    stretches = ((now + gap / 2, now + gap * 1.5), (now + gap, now + _LOOKED_AHEAD))
    hours = ([at for at in _hours(*stretch) if _is_free(at, policy, tried)] for stretch in stretches)
    free = next((found for found in hours if found), [])
    if not free:
        return now + _LOOKED_AHEAD
    return max(free, key=lambda at: (rates.of(audience, at, tried).chance, -at.timestamp()))


def _hours(since: datetime, until: datetime) -> Iterable[datetime]:
    at = since.astimezone(BEIJING).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while at <= until:
        yield at
        at += timedelta(hours=1)


def _is_free(at: datetime, policy: Policy, tried: list[Tried]) -> bool:
    calls = [one.at.astimezone(BEIJING) for one in tried]
    that_day = sum(one.date() == at.date() for one in calls)
    return is_polite(at, policy) and that_day < policy.calls_a_day and at.hour not in {one.hour for one in calls}
