"""The one source of "now". Everything that asks the time asks here, so that a demonstration can run fast.

The platform's clock is the machine's clock unless `SONGDA_CLOCK` names a file written by `set_pace`; that file
is honoured only where `SONGDA_MODE` is `demo` or `test`, so no court can be made to live in another time.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_PLAY_MODES = frozenset({"demo", "test"})


@dataclass(frozen=True, slots=True)
class Pace:
    """A played clock: at real second `real` it shows `played`, and runs `speed` seconds a real second.

    `asked` is how fast somebody wants it to run: it may run slower for a while, so that the machine keeps up. Until the
    real second `held_until` it is to run no faster than `held_to`: somebody is at work whose beginning nobody else can
    see yet, or somebody is missing. Up to `real` it ran at
    `before`: a change is written a moment ahead of itself, so that readers of the last setting do not run past it."""

    real: float
    played: float
    speed: float
    asked: float | None = None
    held_until: float = 0.0
    held_to: float = 1.0
    before: float = 0.0

    def at(self, real: float) -> float:
        return self.played + (real - self.real) * (self.speed if real >= self.real else self.before)

    @property
    def wanted(self) -> float:
        return self.speed if self.asked is None else self.asked


_seen: tuple[tuple[int, int], Pace] | None = None


# Seconds of the machine: longer than a setting takes to be written.
_AHEAD = 0.01


def _clock_file() -> Path | None:
    name = os.environ.get("SONGDA_CLOCK")
    return Path(name) if name and os.environ.get("SONGDA_MODE") in _PLAY_MODES else None


def pace() -> Pace | None:
    """The played clock in force, or None where the machine's own clock is the clock."""
    global _seen
    path = _clock_file()
    if path is None:
        return None
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    # Each setting is a new file with a later time than the last (`_change`); files of two clocks differ in their inode.
    stamp = (found.st_mtime_ns, found.st_ino)
    seen = _seen
    if seen is None or seen[0] != stamp:
        seen = _seen = (stamp, Pace(**json.loads(path.read_text())))
    return seen[1]


def now() -> datetime:
    """The present, aware, in UTC."""
    # The machine first: a pace that is replaced while we look would run on at its speed for as long as we were kept.
    real = time.time()
    played = pace()
    return datetime.fromtimestamp(played.at(real) if played else real, tz=UTC)


def today() -> date:
    """The present day in Beijing, where statutory days are counted."""
    return now().astimezone(BEIJING).date()


def real_seconds(length: timedelta) -> float:
    """How long a stretch of the platform's time lasts for this machine: what to wait or to time out after."""
    played = pace()
    return length.total_seconds() / (played.speed if played and played.speed else 1.0)


def set_pace(*, speed: float, ahead: timedelta = timedelta(0)) -> None:
    """Change the speed that is asked for, or move the played clock ahead; it never goes back. Raises in production."""
    _change(lambda held: replace(held, played=held.played + ahead.total_seconds(), speed=speed, asked=speed))


def slow_down(speed: float) -> None:
    """Let the played clock run at this speed for now; what was asked for stays asked for."""
    _change(lambda held: replace(held, speed=speed, asked=held.wanted))


def hold(seconds: float, speed: float) -> None:
    """Have the clock run no faster than this for so many seconds of the machine, or no longer held with 0 seconds."""
    until = time.time() + seconds if seconds else 0.0
    _change(
        lambda held: replace(held, speed=min(speed, held.speed), asked=held.wanted, held_until=until, held_to=speed)
    )


def resume(at: datetime, *, speed: float, asked: float | None = None) -> None:
    """Let a played clock go on from this moment: a demonstration that was switched off has not lived meanwhile. It
    runs at `speed` until whoever paces it lets it run as fast as is asked for."""
    _change(lambda _: Pace(0, at.timestamp(), speed, speed if asked is None else asked))


def _change(made: Callable[[Pace], Pace]) -> None:
    """Set the clock anew from what it shows when the setting comes into force; who sets it at the same moment waits."""
    path = _clock_file()
    if path is None:
        raise RuntimeError("the clock can be played only in a demonstration or a test")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        present = pace() or Pace(time.time(), time.time(), 1.0)
        real = time.time() + _AHEAD
        shown = replace(present, played=present.at(real))
        scratch = path.with_suffix(f".{os.getpid()}")
        scratch.write_text(json.dumps(asdict(replace(made(shown), real=real, before=present.speed))))
        set_at = max(time.time_ns(), path.stat().st_mtime_ns + 1 if path.exists() else 0)
        os.utime(scratch, ns=(set_at, set_at))
        scratch.replace(path)
        time.sleep(max(real - time.time(), 0.0))


def stretch(seconds: float) -> timedelta:
    """How long these seconds of the machine are on the platform's clock: leases and back-offs are the machine's."""
    played = pace()
    return timedelta(seconds=seconds * (played.speed if played else 1.0))


def ahead_of_ours(shown: datetime) -> timedelta:
    """How far another machine's clock, which showed this a moment ago, is ahead of this machine's own, never of a
    played one."""
    return shown - datetime.fromtimestamp(time.time(), tz=UTC)
