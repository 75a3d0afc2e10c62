"""A working day of several courts, played: orders handed over as they would be, staff who work, the clock in between.

The plan of a day (which court hands over what, when) follows from its seed alone. What becomes of it is the platform's
own doing with the sandbox, whose people are seeded too; how fast the machine is decides only who is first.
"""

import time as machine
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db.models import Max

from songda.courts.models import Court, Person
from songda.engine.intake import hand_over
from songda.filing.models import Case, Service
from songda.gateways.models import Dispatch
from songda.gateways.sandbox.register import DemoPerson, cast
from songda.insight import queries
from songda.insight.indicators import Value, values
from songda.lib import clock
from songda.lib.calendar import WorkingDays
from songda.lib.tenancy import acting_for, for_every_court
from songda.management import demo, staff

OPENS, SHUTS = time(8, 30), time(18, 0)
# Clerks hand over most around these hours; share of the orders, the hour's middle, how far it spreads in minutes.
_RHYTHM = ((0.45, time(10, 0), 50), (0.4, time(15, 15), 55), (0.15, time(13, 0), 120))
# More than this waiting for the platform, and the clock runs slowly until it has caught up: a machine that cannot
# keep pace must not make the courts look late.
_BEHIND = 40
_SLOWLY = 30.0


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
    taking_part = [Court.objects.get(code=one.code) for one in demo.COURTS[:courts]]
    to_come = plan(day, courts, orders, seed)
    say(f"{day}：{len(taking_part)} 个法院，{len(to_come)} 件委托，{speed:g} 倍速。")
    for _ in _through(datetime.combine(day, SHUTS, clock.BEIJING), to_come, taking_part, speed):
        staff.work(seed)
    say("下班。")
    return day


def _through(until: datetime, to_come: list[Planned], courts: Sequence[Court], speed: float) -> Iterator[None]:
    """Hand over what is due, then give others a turn, until the evening comes and everything is handed over."""
    waiting = list(reversed(to_come))
    serials = {court.id: _first_serial(court) for court in courts}
    slow = False
    while waiting or clock.now() < until:
        for _ in range(10):
            if not waiting or waiting[-1].at > clock.now():
                break
            one = waiting.pop()
            court = courts[one.court]
            serials[court.id] += 1
            _hand_over(court, one, serials[court.id], one.court)
        yield
        late = bool(waiting) and waiting[-1].at < clock.now() - timedelta(minutes=5)
        if (behind := late or _backlog() > _BEHIND) != slow:
            slow = behind
            clock.set_pace(speed=min(speed, _SLOWLY) if slow else speed)
        machine.sleep(0.05)


def _backlog() -> int:
    """How much waits for the platform itself: services whose time has come, and messages not sent yet."""
    with for_every_court():
        due = Service.objects.filter(due_at__lte=clock.now())[: _BEHIND + 1].count()
        planned = Dispatch.objects.filter(state="planned", planned_at__lte=clock.now())[: _BEHIND + 1].count()
    return due + planned


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


def report(day: date) -> list[Value]:
    """The day's indicators over all courts, once everything that happened is counted."""
    with for_every_court():
        ids = list(Court.objects.values_list("id", flat=True))
        return values(queries.tally(ids, queries.Span(day, day)))
