"""A working day of several courts, played: orders handed over as they would be, staff who work, the clock in between.

The same seed plans the same orders: court, minute, case number, people, papers, hearing. Staff end the same item of the
same case the same way, and the sandbox's people are seeded too. What is not repeatable is who is first where two things
happen in the same moment, and with it what hangs on seconds: contact within five minutes, an answer within ten.
"""

import time as machine
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from unicodedata import east_asian_width

from django.db.models import Max

from songda.courts.models import Court, Person
from songda.engine.intake import hand_over
from songda.filing.models import Case
from songda.gateways.sandbox.register import DemoPerson, cast
from songda.insight import queries
from songda.insight.indicators import INDICATORS, Tally, value, values
from songda.lib import clock
from songda.lib.calendar import WorkingDays
from songda.lib.tenancy import acting_for, for_every_court
from songda.management import demo, gait, staff

OPENS, SHUTS = time(8, 30), time(18, 0)
# Clerks hand over most around these hours; share of the orders, the hour's middle, how far it spreads in minutes.
_RHYTHM = ((0.45, time(10, 0), 50), (0.4, time(15, 15), 55), (0.15, time(13, 0), 120))
_REST = 0.05
# So many orders are handed over before others have a turn.
_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Planned:
    """An order to come: when, at which court, for whom."""

    at: datetime
    court: int
    first: DemoPerson
    second: DemoPerson


def plan(day: date, courts: int, orders: int, seed: int) -> list[Planned]:
    """The orders of a day in their order. The same arguments give the same plan."""
    rng = Random(f"day:{seed}:{courts}:{orders}")  # noqa: S311
    people = cast(demo.SEED)
    # The first court is the largest, as in Chengdu.
    weights = [1 / (1 + 0.5 * place) for place in range(courts)]
    made = [
        Planned(
            _moment(day, rng),
            rng.choices(range(courts), weights)[0],
            rng.choice(people),
            rng.choice(people),
        )
        for _ in range(orders)
    ]
    return sorted(made, key=lambda one: one.at)


def _moment(day: date, rng: Random) -> datetime:
    _, middle, spread = rng.choices(_RHYTHM, [share for share, _, _ in _RHYTHM])[0]
    opens = datetime.combine(day, OPENS, clock.BEIJING)
    shuts = datetime.combine(day, SHUTS, clock.BEIJING) - timedelta(minutes=30)
    at = datetime.combine(day, middle, clock.BEIJING) + timedelta(minutes=rng.gauss(0, spread))
    return min(max(at, opens), shuts)


def next_working_day(now: datetime) -> date:
    """Today while the court has not opened yet, else the next day on which it does."""
    local, calendar = now.astimezone(clock.BEIJING), WorkingDays()
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    while calendar.is_day_off(day):
        day += timedelta(days=1)
    return day


def play(*, courts: int, orders: int, speed: float, seed: int, say: Callable[[str], None]) -> date:
    """Play the next working day to its evening; returns the day. The clock is left running at the speed asked for."""
    day = next_working_day(clock.now())
    opens = datetime.combine(day, OPENS, clock.BEIJING)
    clock.set_pace(speed=speed, ahead=opens - clock.now())
    clock.slow_down(min(speed, gait.WALK))
    taking_part = [Court.objects.get(code=one.code) for one in demo.COURTS[:courts]]
    to_come = plan(day, courts, orders, seed)
    say(f"{day}：{len(taking_part)} 个法院，{len(to_come)} 件委托，{speed:g} 倍速。")
    team = staff.Team(seed)
    for _ in _through(datetime.combine(day, SHUTS, clock.BEIJING), to_come, taking_part):
        team.work()
    clock.set_pace(speed=speed)
    say("下班。")
    return day


def _through(until: datetime, to_come: list[Planned], courts: Sequence[Court]) -> Iterator[None]:
    """Hand over what is due, then give others a turn, until the evening comes and everything is handed over."""
    waiting = list(reversed(to_come))
    serials = {court.id: _first_serial(court) for court in courts}
    while waiting or clock.now() < until:
        for _ in range(_AT_ONCE):
            if not waiting or waiting[-1].at > clock.now():
                break
            one = waiting.pop()
            court = courts[one.court]
            serials[court.id] += 1
            with gait.held():
                _hand_over(court, one, serials[court.id], one.court)
        yield
        machine.sleep(_REST)


def _first_serial(court: Court) -> int:
    """Case numbers go on from the last one the demonstration gave."""
    with acting_for(court.id):
        newest = Case.objects.aggregate(last=Max("created_at"))["last"]
        return Case.objects.count() if newest else 0


def _hand_over(court: Court, planned: Planned, serial: int, place: int) -> None:
    slug = demo.COURTS[place].slug
    an = Person.objects.get(username=demo.username("an", slug))
    second = planned.second if planned.second is not planned.first else None
    draft = demo.draft(court, planned.first, second, serial, judge=demo.username("bai", slug))
    with acting_for(court.id):
        hand_over(court, an, draft)


# ---- what is said of it afterwards -----------------------------------------------------------------------------

_COUNTED = (("受理任务", "started"), ("生效", "effective"), ("办结", "finished"), ("退回邮件", "returned"))
_BY_COURT = ("electronic_rate", "contact_in_5", "found_in_10")


def report(day: date) -> Iterator[str]:
    """The day in lines for a terminal: what came and what came of it, court by court, then every indicator. Call when
    everything that happened is counted."""
    with for_every_court():
        courts = list(Court.objects.order_by("code"))
        found = queries.tallies([court.id for court in courts], queries.Span(day, day))
    names = [name for name, _ in _COUNTED] + [INDICATORS[code].name for code in _BY_COURT]
    yield _line("法院", names)
    for court in courts:
        own = found.get(court.id, {})
        yield _line(court.short_name, [*_counts(own), *(value(INDICATORS[code], own).shown for code in _BY_COURT)])
    every = queries.together(found.values())
    yield _line("合计", [*_counts(every), *(value(INDICATORS[code], every).shown for code in _BY_COURT)])
    yield ""
    for one in values(every):
        aim = {None: "", True: "　达标", False: "　未达标"}[one.meets]
        how = f"{one.top} ÷ {one.bottom}" if one.indicator.kind == "rate" else one.indicator.missing
        yield f"{_padded(one.indicator.name, 24)}{_padded(one.shown, 10)}{how}{aim}".rstrip()


def _counts(tally: Tally) -> list[str]:
    return [f"{sum(tally.get(measure, {}).values()):,}" for _, measure in _COUNTED]


def _line(name: str, cells: Sequence[str]) -> str:
    return _padded(name, 12) + "".join(_padded(cell, 18) for cell in cells).rstrip()


def _padded(text: str, width: int) -> str:
    """Padded to a width on a terminal, where a Chinese character takes two places."""
    return text + " " * max(1, width - sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text))
