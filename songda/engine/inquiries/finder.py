"""The loops that ask and hear sources, in a process of their own beside the engine's others.

Asking is many small things at once, and an interpreter does one at a time: apart, answers do not wait for services that
are being moved, and both cores of a small machine have work. Everything here may be killed at any moment.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from songda.engine import loops
from songda.engine.inquiries import searching
from songda.finding.asking import Desk

log = structlog.get_logger()
_SHORT_SECONDS, _HEAR_SECONDS = 0.1, 0.2
_LOOK_SECONDS = 1.0
# More questions out in one turn than this, and the next turn comes at once.
_MANY = 50
_COMMAND = (sys.executable, "-m", "songda", "engine", "--finding")


def run() -> None:
    """Ask and hear until told to stop; gone at once when the process that started this one is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with Desk() as desk:
        loops.run(
            (desk.send, _SHORT_SECONDS, _MANY),
            (lambda: searching.keep_said(desk), 0.0, 1),
            (searching.hear, _HEAR_SECONDS, searching.BATCH),
        )


def _end_with_parent() -> None:
    """Standard input ends when whoever held its other end has ended, however that came about."""
    sys.stdin.buffer.read()
    os._exit(1)


@contextmanager
def beside() -> Iterator[None]:
    """That process at work for as long as the block lasts; one that has fallen is started again."""
    stop = threading.Event()
    child = _start()
    watch = threading.Thread(target=_watch, args=(stop, child), name="finder")
    watch.start()
    try:
        yield
    finally:
        stop.set()
        watch.join()


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(_COMMAND, stdin=subprocess.PIPE)


def _watch(stop: threading.Event, child: "subprocess.Popen[bytes]") -> None:
    while not stop.wait(_LOOK_SECONDS):
        if child.poll() is not None:
            log.error("the process that asks sources has fallen and is started again", status=child.returncode)
            child.communicate()
            child = _start()
    child.terminate()
    child.communicate()
