"""The sealer: seals what comes in, has logs stamped by the hour, lays heads out for witnesses, rings the alarm.

A loop of its own, behind everything else: whoever records a fact waits for nothing here.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connection

from songda.evidence import founding, heads, publishing, queries, sealing
from songda.evidence.heads import Authority
from songda.lib import clock

log = structlog.get_logger()
_IDLE_SECONDS = 0.5
_LOOK_SECONDS = 5.0
# On the platform's clock; on a played one not oftener than the machine's clock allows for.
STAMPED_EVERY = timedelta(hours=1)
_STAMPED_SECONDS = 20.0

Courts = Callable[[], Mapping[UUID, str]]
"""The courts whose logs are kept here: the code of each by its id."""


def seal_waiting() -> int:
    """One turn: a batch for each court that has something waiting. A court that fails stops no other."""
    sealed = 0
    for court in sealing.courts_in_wait():
        try:
            sealed += sealing.seal(court)
        except Exception:
            log.exception("could not seal", court=str(court))
    return sealed


def look_after(courts: Mapping[UUID, str], authority: Authority | None) -> None:
    """Stamp each log that is due, lay its head out for witnesses, renew certificates, publish the anchors; ring where
    sealing is late."""
    every = max(STAMPED_EVERY, clock.stretch(_STAMPED_SECONDS))
    for court, code in courts.items():
        try:
            _look_after(court, code, every, authority)
        except Exception:
            log.exception("could not look after the ledger", court=str(court))
    waiting = queries.waiting()
    if waiting.is_late:
        log.error("facts wait too long for their seal", facts=waiting.facts, seconds=waiting.longest.total_seconds())


def _look_after(court: UUID, code: str, every: timedelta, authority: Authority | None) -> None:
    if heads.is_due(court, every):
        head = heads.stamped_now(court, authority)
        if head is not None:
            publishing.write_checkpoint(head, code)
    if founding.renew(court):
        log.warning("a court's certificate was renewed", court=str(court))
    publishing.write_trust(court, code)


@contextmanager
def running(courts: Courts, authority: Callable[[], Authority | None]) -> Iterator[None]:
    """The sealer at work in threads of its own for as long as the block lasts; what waits at the end is sealed."""
    stop = threading.Event()
    loops = [
        threading.Thread(target=_repeat, args=(stop, seal_waiting, _IDLE_SECONDS), name="sealer"),
        threading.Thread(
            target=_repeat, args=(stop, lambda: look_after(courts(), authority()), _LOOK_SECONDS), name="stamper"
        ),
    ]
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        stop.set()
        for loop in loops:
            loop.join()
        seal_waiting()


def _repeat(stop: threading.Event, work: Callable[[], int | None], idle: float) -> None:
    while not stop.is_set():
        began = time.monotonic()
        try:
            # A whole batch means that more is waiting; what trickles in is gathered.
            busy = (work() or 0) >= sealing.BATCH
        except Exception:  # the database may be restarting; the loop must outlive it
            log.exception("the sealer stumbled")
            busy = False
        # The pool is shared with loops that have more to do.
        connection.close()
        if not busy:
            stop.wait(max(0.0, idle - (time.monotonic() - began)))
