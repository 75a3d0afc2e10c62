"""How fast a played day may run: as fast as was asked, but never so fast that the machine makes the courts look late.

What is late on the played clock by the machine's own slowness, not by anybody in the story, would spoil the day's
indicators. So the clock is slowed until the oldest thing that waits for the platform is bearably old, and quickened
again when nothing waits.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Min
from procrastinate.contrib.django.models import ProcrastinateJob

from songda.filing.models import Service
from songda.gateways.models import Dispatch, Payload
from songda.lib import clock
from songda.lib.tenancy import for_every_court

# A first contact within five minutes takes some five steps of the platform: each may be this late.
BEARABLE = timedelta(seconds=45)
# Slower than this a day would not end; a machine that cannot keep this pace makes the courts look late after all.
SLOWEST = 15.0
# More papers than this waiting to be made hold up the post.
PAPERS = 40
_QUICKEN = 1.5
# A change of pace smaller than this is not worth a new clock.
_WORTH = 0.2


def lag() -> timedelta:
    """How old, on the played clock, the oldest thing is that waits for the platform itself: a service whose time has
    come, a message not sent, a callback not understood."""
    now = clock.now()
    with for_every_court():
        waiting = [
            Service.objects.filter(due_at__lte=now).aggregate(at=Min("due_at"))["at"],
            Dispatch.objects.filter(state="planned", planned_at__lte=now).aggregate(at=Min("planned_at"))["at"],
        ]
    waiting.append(Payload.objects.filter(understood_at=None, problem="").aggregate(at=Min("received_at"))["at"])
    oldest: datetime = min((moment for moment in waiting if moment is not None), default=now)
    return max(now - oldest, timedelta(0))


def papers() -> int:
    """How many papers wait to be made."""
    return int(ProcrastinateJob.objects.filter(status="todo")[: PAPERS + 1].count())


def next_speed(present: float, asked: float, behind: timedelta, many_papers: bool) -> float:
    """The speed for the next moment."""
    slowest = min(SLOWEST, asked)
    if many_papers or behind > BEARABLE:
        share = BEARABLE / behind if behind > BEARABLE else 1 / _QUICKEN
        return max(slowest, present * max(share, 0.25))
    return min(asked, present * _QUICKEN)


class Gait:
    """The pace of the clock while a day is played."""

    def __init__(self, asked: float, look: Callable[[], timedelta] = lag) -> None:
        self.asked, self.speed, self._look = asked, asked, look

    def keep(self) -> None:
        """Look at what waits, and set the clock's speed accordingly."""
        speed = next_speed(self.speed, self.asked, self._look(), papers() > PAPERS)
        if abs(speed - self.speed) > _WORTH * self.speed or (speed == self.asked != self.speed):
            clock.set_pace(speed=speed)
            self.speed = speed
