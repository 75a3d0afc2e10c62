"""What every page of the desk carries around its work: the rail with its counts, the court, the played clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest

from songda.courts.models import Court, Membership
from songda.desk.access import Seat, seat_of
from songda.desk.nav import Shown, rail
from songda.engine.models import WorkItem
from songda.liaison import queries as liaison
from songda.lib import clock
from songda.lib.tenancy import acting_for


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of the demonstration's clock."""

    value: int
    label: str


# Seconds to move ahead, and platform seconds a real second.
JUMPS = (Choice(3600, "快进一小时"), Choice(86_400, "快进一天"), Choice(7 * 86_400, "快进七天"))
SPEEDS = (Choice(1, "常速"), Choice(60, "60 倍"), Choice(600, "600 倍"))


@dataclass(frozen=True, slots=True)
class PlayedClock:
    """The demonstration's clock as its bar shows it."""

    now: datetime
    speed: str
    jumps: tuple[Choice, ...] = JUMPS
    speeds: tuple[Choice, ...] = SPEEDS


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another court at which the person has a place, and what waits for them there."""

    court: Court
    count: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    court: Court
    roles: list[str]
    elsewhere: tuple[Elsewhere, ...]
    nav: list[tuple[str, list[Shown]]]
    pace: PlayedClock | None

    @property
    def waiting_elsewhere(self) -> Elsewhere:
        """All other courts together; its court is the person's own."""
        others = self.elsewhere
        return Elsewhere(self.court, sum(one.count for one in others), any(one.late for one in others))


def played_clock() -> PlayedClock | None:
    """None where the machine's own clock is the clock."""
    pace = clock.pace()
    return PlayedClock(clock.now(), f"{round(pace.speed, 0 if pace.speed >= 10 else 1):g}") if pace else None


def is_mine(seat: Seat) -> Q:
    """Work items this person sees as theirs: held by them, by nobody and meant for a role of theirs, or called up to
    a role of theirs."""
    called_up = Q(escalated_at__isnull=False, escalated_to__in=seat.roles)
    return Q(owner=seat.person) | Q(owner=None, role__in=seat.roles) | called_up


def counts(seat: Seat) -> dict[str, tuple[int, bool]]:
    """How many work items and new notes wait for this person, and whether one item is late. Two queries."""
    late = Q(due_at__lt=clock.now())
    found = WorkItem.objects.filter(is_mine(seat), court=seat.court, done_at=None).aggregate(
        all=Count("id"), late=Count("id", filter=late)
    )
    new = liaison.unread(seat.person)
    return {"desk:work": (found["all"], found["late"] > 0), "desk:liaison": (new, new > 0)}


def elsewhere(seat: Seat) -> tuple[Elsewhere, ...]:
    """The person's other courts: who serves several sees at each of them where something waits. Two queries."""
    if not seat.other_courts:
        return ()
    places = Membership.objects.filter(person=seat.person, court__in=seat.other_courts)
    roles: dict[UUID, set[str]] = {}
    for place in places:
        roles.setdefault(place.court_id, set()).add(place.role)
    mine = [
        Q(court=court) & is_mine(Seat(seat.person, court, frozenset(roles.get(court.id, ())), ()))
        for court in seat.other_courts
    ]
    with acting_for(*(court.id for court in seat.other_courts)):
        open_items = WorkItem.objects.filter(reduce(or_, mine), done_at=None)
        late = Count("id", filter=Q(due_at__lt=clock.now()))
        rows = open_items.values("court").annotate(all=Count("id"), late=late).order_by()
        found = {row["court"]: (row["all"], row["late"] > 0) for row in rows}
    return tuple(Elsewhere(court, *found.get(court.id, (0, False))) for court in seat.other_courts)


def shell_of(request: HttpRequest) -> Shell:
    seat: Seat = getattr(request, "seat", None) or seat_of(request)
    return Shell(seat.court, seat.role_names, elsewhere(seat), rail(request, seat, counts(seat)), played_clock())


def ahead(seconds: str, speed: str) -> None:
    """Move the demonstration's clock by one of the offered choices; anything else is ignored."""
    pace = clock.pace()
    jump = next((one.value for one in JUMPS if str(one.value) == seconds), 0)
    chosen = next((one.value for one in SPEEDS if str(one.value) == speed), None)
    clock.set_pace(speed=chosen or (pace.wanted if pace else 1), ahead=timedelta(seconds=jump))
