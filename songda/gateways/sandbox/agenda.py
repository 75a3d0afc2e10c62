"""What is still to happen: rows in the store, done when the platform's clock comes to them, until they succeed."""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from songda.gateways.sandbox.store import Store
from songda.lib import clock

Act = Callable[[Mapping[str, Any]], None]
_WORKERS = 8
_LOOK_EVERY = 0.05
_LONGEST_WAIT = 60.0

logger = logging.getLogger(__name__)


class NotYet(Exception):  # noqa: N818
    """Raised by an act that must be tried again; it is, after a growing wait of this machine's seconds."""


class Agenda:
    """Threads that do what is due. An event stays until its act returns, so a crash repeats it and never loses it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._acts: dict[str, Act] = {}
        self._in_hand: dict[int, float] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="sandbox")
        self._loop = threading.Thread(target=self._run, name="sandbox-agenda", daemon=True)

    def knows(self, kind: str, act: Act) -> None:
        """Say who does events of a kind."""
        self._acts[kind] = act

    def plan(self, kind: str, name: str, at: datetime, body: Mapping[str, Any]) -> None:
        """Let something happen at a time of the platform's clock; a name planned before stays as it was."""
        self._store.run(
            "insert into due (at, kind, name, body) values (?, ?, ?, ?) on conflict do nothing",
            at.timestamp(),
            kind,
            name,
            json.dumps(body, ensure_ascii=False),
        )

    def soon(self, kind: str, name: str, wait: timedelta, body: Mapping[str, Any]) -> None:
        """Let something happen after a stretch of the platform's time."""
        self.plan(kind, name, clock.now() + wait, body)

    def waiting(self, beyond: float = 0.0) -> tuple[float | None, float | None]:
        """Since when the first thing has been due that is not done, and when the next comes due, in seconds since 1970.
        What was due no later than `beyond` is left out."""
        now = clock.now().timestamp()
        oldest, soonest = self._store.run(
            "select min(at) from due where at <= ? and at > ? union all select min(at) from due where at > ?",
            *(now, beyond, now),
        )
        return oldest[0], soonest[0]

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._loop.is_alive():
            self._loop.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_EVERY):
            for row in self._claim():
                self._pool.submit(self._do, *row)

    def _claim(self) -> list[tuple[int, str, dict[str, Any], int]]:
        rows = self._store.run(
            "select id, kind, body, tries from due where at <= ? order by at limit 200", clock.now().timestamp()
        )
        with self._lock:
            free = [row for row in rows if row["id"] not in self._in_hand]
            self._in_hand |= {row["id"]: 0.0 for row in free}
        return [(row["id"], row["kind"], json.loads(row["body"]), row["tries"]) for row in free]

    def _do(self, number: int, kind: str, body: dict[str, Any], tries: int) -> None:
        try:
            self._acts[kind](body)
        except NotYet:
            self._later(number, tries)
        except Exception:
            logger.exception("sandbox event of kind %s failed", kind)
            self._later(number, tries)
        else:
            self._store.run("delete from due where id = ?", number)
        with self._lock:
            self._in_hand.pop(number, None)

    def _later(self, number: int, tries: int) -> None:
        """The wait is of real seconds: a receiver that is down needs its time however fast the clock is played."""
        wait = min(_LONGEST_WAIT, 0.2 * 2**tries)
        at = (clock.now() + clock.stretch(wait)).timestamp()
        self._store.run("update due set at = ?, tries = tries + 1 where id = ?", at, number)
