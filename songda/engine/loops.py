"""Loops of a process: each does its work turn after turn until the process is told to stop."""

import signal
import threading
import time
from collections.abc import Callable

import structlog
from django.db import connection

log = structlog.get_logger()
_LOOK_SECONDS = 0.2
Loop = tuple[Callable[[], int], float, int]
"""What is done in a turn, returning how much; for how many seconds what comes next is gathered after a turn in which
less was done than this last number."""


def run(*work: Loop) -> None:
    """Work until told to stop (SIGTERM, SIGINT)."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    threads = [threading.Thread(target=_repeat, args=(stop, *one)) for one in work]
    for thread in threads:
        thread.start()
    while not stop.is_set():
        time.sleep(_LOOK_SECONDS)
    for thread in threads:
        thread.join()


def _repeat(stop: threading.Event, work: Callable[[], int], idle: float, full: int) -> None:
    """Most of a turn's cost is the turn itself, so what trickles in is gathered."""
    while not stop.is_set():
        try:
            busy = work() >= full
        except Exception:  # the database may be restarting; the loop must outlive it
            log.exception("the loop stumbled")
            connection.close()
            busy = False
        if not busy:
            connection.close()  # back to the pool: who waits for work holds nothing another needs
            stop.wait(idle)
    connection.close()
