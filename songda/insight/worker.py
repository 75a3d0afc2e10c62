"""The loops of insight: news is folded as it comes and months are sealed when they are over; beside that, people are
briefed and reports are made when their morning has come, so that typesetting never keeps a board waiting."""

import threading
import time

import structlog
from django.db import connection

from songda.insight import actions, briefs, reports, sealing

log = structlog.get_logger()
# A change is on the board within two seconds: the browser asks every second, this is what idleness adds.
_IDLE_SECONDS = 0.25
_SEAL_SECONDS = 60.0
# How long after its time a brief may come, in the machine's seconds.
_LOOK_SECONDS = 5.0


def run(stop: threading.Event) -> None:
    """Fold and seal until told to stop. What breaks one turn is logged, and the next turn comes."""
    seal_at = 0.0
    while not stop.is_set():
        try:
            # A whole batch means that more is waiting; what trickles in is gathered, for a fold costs by the turn.
            busy = actions.fold() >= actions.BATCH
            if not busy and time.monotonic() >= seal_at:
                sealing.seal_due()
                seal_at = time.monotonic() + _SEAL_SECONDS
        except Exception:  # the database may be restarting; the loop must outlive it
            log.exception("boards could not be brought up to date")
            connection.close()
            busy = False
        if not busy:
            stop.wait(_IDLE_SECONDS)
    connection.close()


def tell(stop: threading.Event) -> None:
    """Brief people and make reports in the morning, until told to stop. What breaks one turn is logged, and the next
    turn comes."""
    while not stop.is_set():
        for work in (briefs.make_due, reports.make_due):
            try:
                work()
            except Exception:  # one court's report must not keep the others waiting for ever
                log.exception("the morning's papers could not be made")
        connection.close()
        stop.wait(_LOOK_SECONDS)
