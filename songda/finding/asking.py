"""Asking the sources: a lane for each, so that one that is slow or down holds up nobody else.

A lane takes its due answers in one claim, asks them on threads of its own, and says what became of each; nothing is
written here but the claim. Claimed rows are `asking` with a time: one not answered by then is asked a second time under
the same key (a hedge; the contract charges it once, the first answer counts), and one that a killed process left behind
looks the same and is asked again the same way. A source that promised a callback is looked up when it keeps silent.

Each lane has a circuit breaker (pybreaker). Its lock is held as long as a call lasts, which would let one question
through at a time, so the call is made outside and the breaker is told how it ended.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from random import uniform
from typing import Any
from uuid import UUID

import stamina
import structlog
from django.db import connection
from pybreaker import CircuitBreaker, CircuitBreakerError, CircuitBreakerListener

from songda.finding import letters
from songda.finding.keeping import Said
from songda.finding.models import Answer, SourceState, Status
from songda.gateways import people, switchboard
from songda.gateways.errors import GiveUp, TryAgain
from songda.lib import clock
from songda.lib.tenancy import for_every_court

log = structlog.get_logger()
FAILURES_TO_OPEN, REST_SECONDS = 5, 15.0
# A claim left behind by a killed process is taken up after so many seconds of this machine.
LEASE_SECONDS = 45.0
_FIRST_HEDGE_SECONDS, _SHORTEST_HEDGE_SECONDS = 3.0, 0.5
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 1.0, 60.0
_LIMITED = "http 429"
_GATHER_SECONDS = 0.1


class _Failed(Exception):  # noqa: N818
    """Told to the breaker: the call did not end well."""


def _outcome(well: bool) -> None:
    if not well:
        raise _Failed


class _Watch(CircuitBreakerListener):
    """Notes when a breaker changes its state."""

    def __init__(self, lane: "Lane") -> None:
        self.lane = lane

    def state_change(self, cb: CircuitBreaker, old_state: object, new_state: object) -> None:  # noqa: ARG002
        self.lane.changed_at = time.monotonic()
        self.lane.news = True


@dataclass
class Lane:
    """One source: how many questions are with it, how it is doing, and whether it wants to be left alone."""

    code: str
    width: int
    breaker: CircuitBreaker = field(init=False)
    in_flight: int = 0
    changed_at: float = 0.0
    paused_until: datetime | None = None
    quota_left: int | None = None
    news: bool = False
    took: deque[float] = field(default_factory=lambda: deque(maxlen=100))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.breaker = CircuitBreaker(
            fail_max=FAILURES_TO_OPEN,
            reset_timeout=REST_SECONDS,
            name=self.code,
            listeners=[_Watch(self)],
        )
        self.pool = ThreadPoolExecutor(self.width, thread_name_prefix=f"ask-{self.code}")

    @property
    def state(self) -> str:
        return str(self.breaker.current_state).replace("-", "_")

    def free(self) -> int:
        """How many more questions may go out now: none while it rests, one that tries whether it is back."""
        if self.paused_until and self.paused_until > clock.now():
            return 0
        if self.state == "closed":
            return self.width - self.in_flight
        rested = time.monotonic() - self.changed_at >= REST_SECONDS
        return 1 if rested and not self.in_flight else 0

    def hedge_after(self) -> timedelta:
        """When a question without an answer is asked a second time: later than 19 in 20 answers came."""
        with self.lock:
            times = sorted(self.took)
        usual = 2 * times[int(len(times) * 0.95)] if len(times) >= 20 else _FIRST_HEDGE_SECONDS
        return clock.stretch(max(usual, _SHORTEST_HEDGE_SECONDS))

    def began(self) -> None:
        with self.lock:
            self.in_flight += 1

    def ended(self) -> None:
        with self.lock:
            self.in_flight -= 1

    def tell(self, *, well: bool, seconds: float = 0.0) -> None:
        """How a call ended, for the breaker and for the hedges."""
        if well:
            with self.lock:
                self.took.append(seconds)
        try:
            self.breaker.call(_outcome, well)
        except (_Failed, CircuitBreakerError):
            return

    def pause(self, length: timedelta) -> None:
        """The source asked for a rest: its rate limit is used up."""
        self.paused_until, self.news = clock.now() + length, True


class Desk:
    """All lanes of one process. `send` puts what is due on the wire; `said` gives what came back."""

    def __init__(self) -> None:
        self.lanes = {code: Lane(code, switchboard.at_once(code)) for code in switchboard.sources()}
        self._said: SimpleQueue[Said] = SimpleQueue()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_: object) -> None:
        for lane in self.lanes.values():
            lane.pool.shutdown(wait=True, cancel_futures=True)

    def send(self) -> int:
        """Claim what is due, as many as each lane has room for, and ask. Returns how many went out."""
        room = {code: free for code, lane in self.lanes.items() if (free := lane.free()) > 0}
        rows = claim(room, {code: self.lanes[code].hedge_after() for code in room})
        for row in rows:
            lane = self.lanes[row.source]
            lane.began()
            lane.pool.submit(self._ask, lane, row)
        return len(rows)

    def _ask(self, lane: Lane, row: Answer) -> None:
        try:
            self._said.put(put(lane, row))
        finally:
            lane.ended()

    def said(self, limit: int = 200, patience: float = 0.2) -> list[Said]:
        """What came back, up to `limit`; waits up to `patience` seconds for the first, and a moment for those that come
        with it: keeping costs by the batch."""
        batch: list[Said] = []
        with suppress(Empty):
            batch.append(self._said.get(timeout=patience))
            time.sleep(_GATHER_SECONDS)
            while len(batch) < limit:
                batch.append(self._said.get_nowait())
        return batch

    def publish(self) -> None:
        """Write down the lanes whose state has changed, for people to look at."""
        for lane in self.lanes.values():
            if lane.news:
                lane.news = False
                now = {"breaker": lane.state, "since": clock.now()}
                more = {"paused_until": lane.paused_until, "quota_left": lane.quota_left}
                SourceState.objects.update_or_create(code=lane.code, defaults=now | more)


# Each lane's due answers, the longest due first, as many as it has room for; nobody else gets them before their new
# time. Nobody is asked about any more once the service is over: the purpose has ended.
_CLAIM = """
WITH room (source, many, hedge_at) AS (
  SELECT * FROM unnest(%(sources)s::text[], %(room)s::int[], %(hedges)s::timestamptz[])),
     due AS (
  SELECT one.id, one.status, room.hedge_at
    FROM room CROSS JOIN LATERAL (
      SELECT answer.id, answer.status
        FROM songda_answer AS answer
       WHERE answer.source = room.source AND answer.status IN ('planned', 'asking', 'taken')
         AND answer.next_at <= %(now)s
         AND (answer.status <> 'planned' OR NOT EXISTS (
               SELECT FROM songda_inquiry AS inquiry JOIN songda_service AS service ON service.id = inquiry.service_id
                WHERE inquiry.id = answer.inquiry_id AND service.closed_at IS NOT NULL))
       ORDER BY answer.next_at LIMIT room.many
         FOR NO KEY UPDATE OF answer SKIP LOCKED) AS one)
UPDATE songda_answer AS answer
   SET status = CASE due.status WHEN 'planned' THEN 'asking' ELSE due.status END,
       started_at = CASE due.status WHEN 'taken' THEN answer.started_at ELSE %(now)s END,
       asked_at = coalesce(answer.asked_at, %(now)s),
       tries = answer.tries + CASE due.status WHEN 'planned' THEN 1 ELSE 0 END,
       hedged = CASE due.status WHEN 'taken' THEN answer.hedged ELSE due.status = 'asking' END,
       next_at = CASE due.status WHEN 'planned' THEN due.hedge_at ELSE %(lease)s END
  FROM due WHERE answer.id = due.id
RETURNING answer.id, due.status
"""


def claim(room: Mapping[str, int], hedge_after: Mapping[str, timedelta]) -> list[Answer]:
    """Take due answers of these sources, at most so many of each, as they were before: all in one statement."""
    if not room:
        return []
    now = clock.now()
    asked: dict[str, Any] = {
        "sources": list(room),
        "room": list(room.values()),
        "hedges": [now + hedge_after[code] for code in room],
        "now": now,
        "lease": now + clock.stretch(LEASE_SECONDS),
    }
    with for_every_court(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, asked)
        before: dict[UUID, str] = dict(cursor.fetchall())
        found = Answer.objects.filter(id__in=before).select_related("inquiry__party").defer("values") if before else ()
        rows = list(found)
    for row in rows:
        row.status = before[row.id]
    return rows


# ---- one question ----------------------------------------------------------------------------------------------


def put(lane: Lane, row: Answer) -> Said:
    """Ask one source one question, or what became of it. Never raises: a fault of ours is tried again."""
    began = time.monotonic()
    try:
        answer = _on_the_wire(_look_up if row.status == Status.TAKEN else _question, row)
    except TryAgain as wish:
        return _again(lane, row, wish)
    except GiveUp as no:
        lane.tell(well=True)
        return Said(row.id, row.court_id, Status.FAILED, problem=no.reason)
    except Exception as fault:
        log.exception("asking fell over", answer=str(row.id), source=row.source)
        return _later(row, type(fault).__name__, _wait(row))
    lane.tell(well=True, seconds=time.monotonic() - began)
    if answer is None:
        return _later(row, "", timedelta(0))
    lane.quota_left = answer.quota_left if answer.quota_left is not None else lane.quota_left
    return heard(row, answer, to_number=row.with_number)


def _on_the_wire(call: "Call", row: Answer) -> people.Answer | None:
    """One call; a connection that broke under it is opened anew at once, once."""
    for attempt in stamina.retry_context(on=_broke, attempts=2, timeout=5.0, wait_initial=0.05, wait_max=0.2):
        with attempt:
            return call(row)
    raise AssertionError("the last attempt returns or raises")


Call = Callable[[Answer], people.Answer | None]


def _broke(problem: Exception) -> bool:
    return isinstance(problem, TryAgain) and problem.reason == "unreachable"


def _look_up(row: Answer) -> people.Answer | None:
    return people.look_up(switchboard.source(row.source), str(row.id))


def _question(row: Answer) -> people.Answer:
    inquiry, party, source = row.inquiry, row.inquiry.party, switchboard.source(row.source)
    has_letter = bool(inquiry.letter_sha256) and people.SOURCES[source.kind].letter
    question = people.Question(
        key=str(row.id),
        inquiry=str(inquiry.id),
        ground=inquiry.ground,
        authority=inquiry.authority,
        subject=people.Subject(
            party.name, "organisation" if party.kind == "organisation" else "person", party.id_number
        ),
        asks=tuple(inquiry.asks),
        letter_sha256=inquiry.letter_sha256 if has_letter else "",
        letter_url=letters.address_of(row) if has_letter else "",
        with_number=row.with_number,
    )
    return people.ask(source, question)


# needs the number, found something
_STATES = {
    (True, False): Status.NEEDS_NUMBER,
    (True, True): Status.FOUND,
    (False, True): Status.FOUND,
    (False, False): Status.NOT_FOUND,
}


def heard(row: Answer, answer: people.Answer, *, to_number: bool = False) -> Said:
    """An answer of the contract as what became of our row. `to_number`: it is the answer to a question that told the
    ID number; a callback does not say to which of two it is."""
    if answer.pending:
        patience = people.SOURCES[switchboard.source(row.source).kind].patience
        return Said(row.id, row.court_id, Status.TAKEN, next_at=clock.now() + patience)
    status = _STATES[answer.needs_number, bool(answer.found)]
    return Said(row.id, row.court_id, status, answer.found, price_fen=answer.price_fen, to_number=to_number)


def _again(lane: Lane, row: Answer, wish: TryAgain) -> Said:
    """A rate limit rests the whole lane and is no failure; everything else counts against the source."""
    if wish.reason == _LIMITED:
        lane.pause(wish.after or _wait(row))
    else:
        lane.tell(well=False)
    return _later(row, wish.reason, wish.after or _wait(row))


def _later(row: Answer, problem: str, wait: timedelta) -> Said:
    return Said(row.id, row.court_id, Status.PLANNED, problem=problem, next_at=clock.now() + wait)


def _wait(row: Answer) -> timedelta:
    """Twice as long each time, and never the same for all: who waited together does not come back together."""
    return clock.stretch(min(_FIRST_WAIT_SECONDS * 2**row.tries, _LONGEST_WAIT_SECONDS) * uniform(0.75, 1.25))  # noqa: S311
