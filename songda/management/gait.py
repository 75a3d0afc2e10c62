"""How fast the demonstration's clock may run: as fast as was asked, but never so fast that the machine looks late.

On a clock that runs 600 times as fast a second of this machine is ten minutes, so whatever the platform needs a second
for would break a promise of five minutes by the machine's own slowness, not by anybody's in the story. So the clock
runs fast only while everybody waits for the time to pass. While something waits for the platform, or for one of the
counterparties it plays, it runs at a walk, and at the machine's own speed when that is not enough: then the figures are
those of this machine in real life. Before the next thing comes due it slows down, so that it does not run past it.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from songda.filing.models import Service
from songda.finding.models import Answer, Inquiry, SourceState, Status
from songda.gateways.models import Dispatch, Payload
from songda.lib import clock
from songda.lib.tenancy import for_every_court

# A first contact within five minutes takes some five steps of the platform: each may be this late.
BEARABLE = timedelta(seconds=45)
# While something waits for the machine a second of it is so many on the clock at the most, and one at the least.
WALK, REAL = 30.0, 1.0
# So many papers waiting to be made weigh as much as a step that is as late as is bearable.
PAPERS = 40
_QUICKEN = 1.5
# A change of pace smaller than this is not worth a new clock.
_WORTH = 0.2
# Seconds of this machine: between two looks; in which the next thing due must not be passed; after which what is still
# waiting is stuck and waited for no longer; and for which a hand-over is held at the most.
LOOK, AHEAD, PATIENCE, HOLD = 0.1, 0.5, 60.0, 30.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line in which things wait: since when the first of them has, and when the next one comes."""

    oldest: datetime | None = None
    soonest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a look found: for how long the oldest thing has waited (None where nothing does), and how long it is until
    the next comes due (None where nothing will)."""

    behind: timedelta | None = None
    until_next: timedelta | None = None


Query = Callable[[datetime], QuerySet[Any]]


def _answers(now: datetime) -> QuerySet[Answer]:
    """Not those of a source that is being left alone: there nobody waits for the platform."""
    resting = SourceState.objects.filter(~Q(breaker="closed") | Q(paused_until__gt=now)).values("code")
    return Answer.objects.exclude(source__in=resting)


# What waits for the platform, by the column that says since when or from when on.
_LINES: Mapping[str, tuple[Query, str]] = {
    "services": (lambda _: Service.objects.all(), "due_at"),
    "planned": (lambda _: Dispatch.objects.filter(state=Dispatch.State.PLANNED), "planned_at"),
    "under way": (lambda _: Dispatch.objects.filter(state=Dispatch.State.UNDER_WAY), "started_at"),
    "payloads": (lambda _: Payload.objects.filter(understood_at=None, problem=""), "received_at"),
    "to ask": (lambda now: _answers(now).filter(status__in=(Status.PLANNED, Status.TAKEN)), "next_at"),
    "asking": (lambda now: _answers(now).filter(status=Status.ASKING), "started_at"),
    "inquiries": (lambda _: Inquiry.objects.filter(closed_at=None), "closes_at"),
}


def _line(query: Query, column: str, now: datetime, beyond: datetime | None) -> Line:
    rows = query(now)
    waiting = rows.filter(**{f"{column}__lte": now, **({f"{column}__gt": beyond} if beyond else {})})
    coming = rows.filter(**{f"{column}__gt": now})
    return Line(waiting.aggregate(at=Min(column))["at"], coming.aggregate(at=Min(column))["at"])


def lines(beyond: Mapping[str, datetime]) -> dict[str, Line]:
    """The platform's own lines; what began to wait no later than `beyond` says is left out."""
    now = clock.now()
    with for_every_court():
        return {name: _line(*one, now, beyond.get(name)) for name, one in _LINES.items()}


def papers() -> int:
    """How many papers wait to be made. They wait by the machine's clock, not by the played one."""
    ready = Q(scheduled_at=None) | Q(scheduled_at__lte=timezone.now())
    return int(ProcrastinateJob.objects.filter(ready, status="todo")[: 4 * PAPERS].count())


class Agenda:
    """What the counterparties still have to do, as the sandbox says; nothing where none is running."""

    def __init__(self, address: str = "") -> None:
        address = address or os.environ.get("SONGDA_SANDBOX_URL", "")
        self._wire = httpx.Client(base_url=address, timeout=5.0, trust_env=False) if address else None

    def __call__(self, beyond: datetime | None) -> Line:
        if self._wire is None:
            return Line()
        try:
            said = self._wire.get("/agenda", params={"beyond": beyond.isoformat()} if beyond else None).json()
        except (httpx.HTTPError, ValueError):
            return Line()
        return Line(*(datetime.fromisoformat(said[name]) if said[name] else None for name in ("oldest", "soonest")))


@dataclass
class Watch:
    """Looks at every line, and stops waiting for what has stood in one for too long: it is stuck, and time goes on."""

    agenda: Callable[[datetime | None], Line] = field(default_factory=Agenda)
    patience: float = PATIENCE
    _seen: dict[str, tuple[datetime, float]] = field(default_factory=dict)
    _stuck: dict[str, datetime] = field(default_factory=dict)

    def look(self) -> Sight:
        found = lines(self._stuck) | {"counterparties": self.agenda(self._stuck.get("counterparties"))}
        now = clock.now()
        self._note(found)
        oldest = min((line.oldest for line in found.values() if line.oldest), default=None)
        soonest = min((line.soonest for line in found.values() if line.soonest), default=None)
        many = papers()
        behind = max(now - oldest, timedelta(0)) if oldest else None
        if many:
            behind = max(behind or timedelta(0), BEARABLE * many / PAPERS)
        return Sight(behind, max(soonest - now, timedelta(0)) if soonest else None)

    def _note(self, found: Mapping[str, Line]) -> None:
        for name, line in found.items():
            before = self._seen.get(name)
            if line.oldest is None:
                self._seen.pop(name, None)
            elif before is None or before[0] != line.oldest:
                self._seen[name] = (line.oldest, time.monotonic())
            elif time.monotonic() - before[1] > self.patience:
                self._stuck[name] = line.oldest


def next_speed(present: float, asked: float, sight: Sight) -> float:
    """The speed for the next moment."""
    walk = min(WALK, asked)
    if sight.behind is not None:
        share = max(0.0, 1.0 - sight.behind / BEARABLE)
        return min(asked, max(REAL, walk * share))
    if sight.until_next is not None:
        asked = min(asked, max(walk, sight.until_next.total_seconds() / AHEAD))
    return min(asked, max(present, walk) * _QUICKEN)


def keep(watch: Watch) -> int:
    """Look at what waits, and set the clock's speed accordingly; returns how often it was set."""
    played = clock.pace()
    if played is None or played.wanted <= REAL:
        return 0
    speed = next_speed(played.speed, played.wanted, watch.look())
    if played.held_until > time.time():
        speed = min(speed, played.held_to)
    if abs(speed - played.speed) > _WORTH * played.speed or (speed == played.wanted != played.speed):
        clock.slow_down(speed)
        return 1
    return 0


@contextmanager
def held() -> Iterator[None]:
    """Nothing that begins in this block is seen from outside before its end, so the clock walks meanwhile."""
    clock.hold(HOLD, WALK)
    try:
        yield
    finally:
        clock.hold(0, WALK)
