"""The loop that keeps boards up to date: news is folded as it comes, months are sealed when they are over."""

import threading
import time

import structlog
from django.db import connection

from songda.insight import actions, sealing

log = structlog.get_logger()
# A change is on the board within two seconds: the browser asks every one and a half, this is what idleness adds.
_IDLE_SECONDS = 0.3
_SEAL_SECONDS = 60.0


def run(stop: threading.Event) -> None:
    """Fold and seal until told to stop. What breaks one turn is logged, and the next turn comes."""
    seal_at = 0.0
    while not stop.is_set():
        try:
            busy = actions.fold() > 0
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
