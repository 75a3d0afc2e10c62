"""The loops: services whose time has come, things to send, payloads to understand, work items to escalate."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import structlog
from django.db import OperationalError, connection

from songda.engine import actions, hands, inbound, loops, outbox
from songda.engine.calls import calling
from songda.engine.inquiries import searching
from songda.engine.keeping import erasure, sealing_watch, strays
from songda.engine.visits import rounds
from songda.filing.models import Service
from songda.lib import clock
from songda.lib.tenancy import acting_for, for_every_court

log = structlog.get_logger()
BATCH = 50
# So many services are held at the same time; what is told of one of them waits that long.
TOGETHER = 10
_IDLE_SECONDS = 0.2
_SHORT_SECONDS = 0.1
_RARE_SECONDS = 5.0


def move_due(limit: int = BATCH) -> int:
    """Advance services whose time has come, and close inquiries whose time is up. A few of a court share a transaction;
    where one of them breaks it, each has its own: a poison row is pushed away."""
    _close_inquiries()
    with for_every_court():
        due = list(
            Service.objects.filter(due_at__lte=clock.now()).order_by("due_at").values_list("id", "court_id")[:limit]
        )
    by_court: dict[UUID, list[UUID]] = {}
    for service_id, court_id in due:
        by_court.setdefault(court_id, []).append(service_id)
    for court_id, ids in by_court.items():
        for start in range(0, len(ids), TOGETHER):
            _move_together(court_id, ids[start : start + TOGETHER])
    return len(due)


def _move_together(court_id: UUID, ids: Sequence[UUID]) -> None:
    try:
        with acting_for(court_id):
            actions.advance_due(ids)
    except Exception as problem:  # which of them it was shows when each is moved alone
        log.info("services are moved one by one", many=len(ids), problem=type(problem).__name__)
        connection.close_if_unusable_or_obsolete()
        for one in ids:
            _move_alone(one, court_id)


def _move_alone(service_id: UUID, court_id: UUID) -> None:
    try:
        with acting_for(court_id):
            actions.advance_if_due(service_id)
    except OperationalError:  # the database was away or chose another before us: the row is still due
        log.warning("service waits for the database", service=str(service_id))
        connection.close_if_unusable_or_obsolete()
    except Exception as problem:  # one bad row must not stop the others
        log.exception("service could not be moved", service=str(service_id))
        _push_away(service_id, court_id, type(problem).__name__)


def _close_inquiries() -> None:
    try:
        searching.close_due()
    except Exception:  # services are not to wait for that
        log.exception("inquiries could not be closed")


def _push_away(service_id: UUID, court_id: UUID, problem: str) -> None:
    try:
        with acting_for(court_id):
            actions.push_away(service_id, problem)
    except Exception:  # it stays due, and the others still have their turn
        log.exception("service could not be pushed away", service=str(service_id))


def rare() -> int:
    inbound.retry()
    hands.take_up()
    searching.clean()
    calling.free_expired()
    strays.clean()
    erasure.finish()
    sealing_watch.watch()
    rounds.watch()
    return 0


def run() -> None:
    """Work until told to stop (SIGTERM, SIGINT)."""
    with ThreadPoolExecutor(outbox.THREADS) as pool:
        loops.run(
            (move_due, _SHORT_SECONDS, BATCH),
            (lambda: outbox.send_batch(pool), _IDLE_SECONDS, 1),
            (rare, _RARE_SECONDS, 1),
        )
