"""The day's visits as a plan: whose they are, in which order, when. Planned anew whenever one is added.

What the desk has fixed, a courier or an hour, stays; everything else is a proposal of the routing library.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from songda.courts.models import Court, Membership, Person, Role
from songda.finding.addresses import Address, parse
from songda.lib import clock
from songda.lib.clock import BEIJING
from songda.methods.models import Visit
from songda.methods.routing import Plan, Stop, plan
from songda.methods.whereabouts import spot_of

SEED = 1
_MINUTES, _MINUTES_NEXT_DOOR = 15, 5
# Doors open for a visit in working hours, and outside them in the evening or before work.
_WORKING = (time(9, 0), time(17, 0))
_EVENING = (time(17, 30), time(20, 30))
_EARLY = (time(7, 30), time(9, 0))
_DAY_ENDS = time(21, 0)
_NOON = time(12, 0)


@dataclass(frozen=True, slots=True)
class Area:
    """Where a visit goes, as the list groups it: the district, then the town or the road."""

    district: str
    quarter: str


def area_of(address: Address) -> Area:
    return Area(address.county or address.zone or address.city or "区县不详", address.town or address.road or "其他")


def couriers_of(court: Court) -> list[Person]:
    """Who goes out for this court, in a fixed order."""
    held = Membership.objects.filter(court=court, role=Role.COURIER, person__is_active=True)
    return [one.person for one in held.select_related("person").order_by("person__username")]


def day_of(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


def to_make(day: date) -> QuerySet[Visit]:
    """Visits that have not ended and belong to this day; to today belongs also what was left from days before."""
    begins = datetime.combine(day, time(0), BEIJING)
    until = Q(planned_for__lt=begins + timedelta(days=1))
    since = Q() if day <= clock.today() else Q(planned_for__gte=begins)
    rows = Visit.objects.filter(until & since, ended_at=None, service__closed_at=None)
    return rows.select_related("service__court", "service__case", "service__party", "contact_point", "courier")


def hours(visit: Visit, day: date) -> tuple[datetime, datetime]:
    """Between which moments of the day the visit belongs."""
    hour = visit.planned_for.astimezone(BEIJING).time()
    opens, shuts = (_EARLY if hour < _NOON else _EVENING) if visit.outside_working_hours else _WORKING
    return datetime.combine(day, opens, BEIJING), datetime.combine(day, shuts, BEIJING)


def window(visit: Visit, day: date) -> tuple[datetime, datetime]:
    """The same for a plan: what is late belongs to the rest of the day."""
    opens, shuts = hours(visit, day)
    if clock.now() <= shuts:
        return opens, shuts
    return clock.now(), datetime.combine(day, _DAY_ENDS, BEIJING)


def plan_day(court: Court, day: date, seed: int = SEED) -> Plan:
    """Plan the day and keep the plan with the visits. The same visits, couriers and seed give the same plan."""
    visits, couriers = list(to_make(day)), couriers_of(court)
    begins = _begins(visits, day)
    names = [str(one.id) for one in couriers]
    made = plan(_stops(visits, day, names, begins), names, spot_of(parse(court.address)), begins, seed)
    _keep(visits, made)
    return made


def is_planned(day: date) -> bool:
    """Whether every visit of the day has its hour."""
    return not to_make(day).filter(arrives_at=None).exists()


def _begins(visits: Sequence[Visit], day: date) -> datetime:
    first = min((window(visit, day)[0] for visit in visits), default=datetime.combine(day, _WORKING[0], BEIJING))
    return max(first, clock.now().replace(second=0, microsecond=0))


def _stops(visits: Sequence[Visit], day: date, couriers: Sequence[str], begins: datetime) -> list[Stop]:
    stops, seen = [], set()
    for visit in sorted(visits, key=lambda one: one.id):
        spot, (opens, shuts) = spot_of(parse(visit.contact_point.value)), window(visit, day)
        door = (visit.contact_point.place_index or str(spot), opens)
        stops.append(
            Stop(
                id=str(visit.id),
                spot=spot,
                opens=max(opens, begins),
                shuts=max(shuts, begins),
                minutes=_MINUTES_NEXT_DOOR if door in seen else _MINUTES,
                courier=_fixed_courier(visit, couriers),
                at=visit.arrives_at
                if visit.is_time_fixed and visit.arrives_at and visit.arrives_at >= begins
                else None,
            )
        )
        seen.add(door)
    return stops


def _fixed_courier(visit: Visit, couriers: Sequence[str]) -> str:
    """Whom the desk chose, as long as they still go out."""
    return str(visit.courier_id) if visit.is_courier_fixed and str(visit.courier_id) in couriers else ""


def _keep(visits: Sequence[Visit], made: Plan) -> None:
    legs = {leg.stop: leg for leg in made.legs}
    for visit in visits:
        leg = legs.get(str(visit.id))
        fixed = visit.is_courier_fixed
        Visit.objects.filter(id=visit.id, ended_at=None).update(
            courier=leg.courier if leg else (visit.courier_id if fixed else None),
            turn=leg.turn if leg else None,
            arrives_at=leg.arrives_at if leg else None,
        )


def directions(address: Address) -> tuple[str, ...]:
    """How to find the door, from the large to the small: there is no map, so the address itself leads."""
    way = (
        "".join((address.county or address.zone, address.town)),
        "".join((address.village, address.group)),
        "".join((address.road, address.number)),
        address.place,
        "".join((address.building, address.unit)),
        "".join((address.floor, address.room)),
        address.rest,
    )
    return tuple(step for step in way if step)
