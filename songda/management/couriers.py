"""Simulated couriers: they walk the day's round as it is planned and tell of each door by phone.

For the demonstration only. What they send is what a phone sends, through the same doors: signed, with time and place,
photographs, signatures and answers to the guided questions. How a visit ends follows from the seed and the service.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import structlog

from songda.courts.models import Court, Membership, Person
from songda.finding.addresses import parse
from songda.lib import clock
from songda.lib.tenancy import for_every_court
from songda.management import demo
from songda.management.at_the_door import ENDINGS, Told, interview
from songda.management.courier_phone import NoAnswer, Phone, Position, Report
from songda.management.dice import dice
from songda.methods.models import Visit
from songda.methods.whereabouts import Spot, on_earth, spot_of

log = structlog.get_logger()
# Minutes at a door at the least and most, and between two doors at the least.
_AT_A_DOOR, _BETWEEN = (4, 14), 6
_METRES_OFF = 40.0


@dataclass
class _Round:
    """One courier's day at one court: the phone, and when they were last at a door."""

    phone: Phone
    last_at: datetime | None = None


@dataclass
class Couriers:
    """Everybody who is out, with a phone for each court."""

    seed: int
    password: str = demo.PASSWORD
    _rounds: dict[tuple[UUID, UUID], _Round] = field(default_factory=dict)

    def work(self) -> int:
        """Make the visits whose hour has come, one for each courier; returns how many were told."""
        return sum(self._go(*one) for one in _who_is_out())

    def _go(self, court: Court, courier: Person) -> int:
        key = (court.id, courier.id)
        out = self._rounds.get(key) or _Round(Phone(courier.username, self.password, _other(court, courier)))
        if out.last_at and clock.now() < out.last_at + timedelta(minutes=_BETWEEN):
            return 0
        self._rounds[key] = out
        try:
            told, left = _next_door(out, self.seed)
            if told and not left:
                # Back from the round: what comes later today is another one.
                out.phone.close()
                self._rounds[key] = _Round(Phone(courier.username, self.password, _other(court, courier)), out.last_at)
            return told
        except NoAnswer as why:
            # What could not be told is told at the next turn, by a new log-in.
            log.warning("a simulated courier was not heard", why=str(why))
            del self._rounds[key]
            return 0


def _next_door(out: _Round, seed: int) -> tuple[int, int]:
    """Tell of the first door whose time has come; how many were told, and how many are left."""
    told = out.phone.take_along()
    for stop in told["stops"]:
        number, ordinal = _service_of(stop)
        rng = dice(seed, number, "visit", f"visit:{ordinal}")
        minutes = rng.uniform(*_AT_A_DOOR)
        if _arrives(stop) + timedelta(minutes=minutes) <= clock.now():
            out.phone.tell(_report(told["questions"], stop, timedelta(minutes=minutes), rng))
            out.last_at = clock.now()
            return 1, len(told["stops"]) - 1
    return 0, len(told["stops"])


def _who_is_out() -> list[tuple[Court, Person]]:
    """Couriers who should be at a door by now, with the court whose papers they carry."""
    now = clock.now()
    with for_every_court():
        rows = Visit.objects.filter(
            ended_at=None, courier__isnull=False, arrives_at__lte=now, service__closed_at=None, planned_for__lte=now
        ).select_related("court", "courier")
        found = {(one.court.code, one.courier.username): (one.court, one.courier) for one in rows if one.courier}
    return [found[key] for key in sorted(found)]


def _other(court: Court, courier: Person) -> str:
    """The court's code where it is not the one at which the courier sits after logging in."""
    codes = Membership.objects.filter(person=courier).order_by("court__code").values_list("court__code", flat=True)
    return court.code if codes[0] != court.code else ""


def _service_of(stop: dict[str, Any]) -> tuple[str, int]:
    with for_every_court():
        visit = Visit.objects.select_related("service").get(id=stop["visit"])
        return visit.service.number, visit.ordinal


def _arrives(stop: dict[str, Any]) -> datetime:
    """When the courier is at this door by the plan; a stop without an hour comes at the end of its time."""
    return datetime.fromisoformat(stop["arrives_at"] or stop["shuts"])


def _report(questions: dict[str, Any], stop: dict[str, Any], lasted: timedelta, rng: Random) -> Report:
    ending = rng.choices(list(ENDINGS), list(ENDINGS.values()))[0]
    unsafe = ending == "unsafe"
    told = Told() if unsafe else interview(questions, stop, ending, rng)
    return Report(
        visit=stop["visit"],
        kind="safety" if unsafe else "visit",
        answers=told.answers,
        files=tuple(told.files),
        place=_place(stop["address"], rng),
        lasted=clock.real_seconds(lasted),
    )


def _place(address: str, rng: Random) -> Position:
    """Before the door, as far as the plan knows where that is, and as exactly as phones know it."""
    spot = spot_of(parse(address))
    longitude, latitude = on_earth(Spot(spot.east + rng.gauss(0, _METRES_OFF), spot.north + rng.gauss(0, _METRES_OFF)))
    return Position(round(latitude, 6), round(longitude, 6), round(rng.uniform(5, 35), 1))
