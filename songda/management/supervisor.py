"""Keeps a handful of processes alive and takes all of them down together. For one machine without systemd."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LONGEST_REST = 30.0
# Who lived this long has recovered: its next rest is a short one again.
_SETTLED = 60.0
_TIME_TO_END = 10.0
_LOG_LIMIT = 16 * 2**20


def _die_with_parent() -> None:
    """Linux only: a supervisor that is killed outright takes its children along."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process that should always run: its words, its log, open files it holds, and how it has fared."""

    name: str
    words: Sequence[str]
    log: Path
    environment: dict[str, str]
    held: tuple[int, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    rest: float = 0.0
    wake_at: float = 0.0

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                pass_fds=self.held,
                # Its own group: Ctrl-C is for the supervisor, which ends the children in order.
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  (the supervisor has no threads)
            )
        self.started = time.monotonic()

    def has_fallen(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def is_missing(self) -> bool:
        return self.process is None or self.has_fallen()

    def lay_to_rest(self) -> str:
        """Note the fall, end what it left behind, choose how long to wait; says what happened."""
        assert self.process is not None
        code = self.process.returncode
        self._signal(signal.SIGKILL)
        lived = time.monotonic() - self.started
        self.rest = 0.0 if lived > _SETTLED else min(max(self.rest * 2, 0.5), _LONGEST_REST)
        self.wake_at = time.monotonic() + self.rest
        self.process = None
        how = f"was ended by signal {-code}" if code < 0 else f"stopped with code {code}"
        return f"{self.name} {how}; starting it again in {self.rest:.1f} s (log: {self.log})"

    def stop(self) -> None:
        """Ask it to end, wait, then insist. Nothing of its group is left."""
        if self.process is None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_TIME_TO_END)
        self._signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def tend(children: Sequence[Child], say: Callable[[str], None]) -> None:
    """One look around: what has fallen is noted, what has rested is started."""
    for child in children:
        if child.has_fallen():
            say(child.lay_to_rest())
        if child.process is None and time.monotonic() >= child.wake_at:
            child.start()


@contextmanager
def stop_signals() -> Iterator[Callable[[float], bool]]:
    """Within the block Ctrl-C, SIGTERM and SIGHUP end nothing at once; the call given waits and says if one came."""
    asked: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda n, _: asked.append(n)) for number in numbers}

    def stop_asked(within: float) -> bool:
        until = time.monotonic() + within
        while not asked and time.monotonic() < until:
            time.sleep(min(0.1, within))
        return bool(asked)

    try:
        yield stop_asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
