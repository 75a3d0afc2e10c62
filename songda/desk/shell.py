"""What every page of the desk carries around its work: the rail with its counts, the court, the played clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.http import HttpRequest

from songda.courts.models import Court
from songda.desk.access import Seat, seat_of
from songda.desk.nav import Shown, rail
from songda.engine.models import WorkItem
from songda.liaison import queries as liaison
from songda.lib import clock


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
class Shell:
    court: Court
    roles: list[str]
    other_courts: tuple[Court, ...]
    nav: list[tuple[str, list[Shown]]]
    pace: PlayedClock | None


def played_clock() -> PlayedClock | None:
    """None where the machine's own clock is the clock."""
    pace = clock.pace()
    return PlayedClock(clock.now(), f"{pace.speed:g}") if pace else None


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


def shell_of(request: HttpRequest) -> Shell:
    seat: Seat = getattr(request, "seat", None) or seat_of(request)
    return Shell(seat.court, seat.role_names, seat.other_courts, rail(request, seat, counts(seat)), played_clock())


def ahead(seconds: str, speed: str) -> None:
    """Move the demonstration's clock by one of the offered choices; anything else is ignored."""
    pace = clock.pace()
    jump = next((one.value for one in JUMPS if str(one.value) == seconds), 0)
    chosen = next((one.value for one in SPEEDS if str(one.value) == speed), None)
    clock.set_pace(speed=chosen or (pace.wanted if pace else 1), ahead=timedelta(seconds=jump))
