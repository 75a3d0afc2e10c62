"""The one way in: a fact is recorded, the law and the ladder say where the service stands, and the next action begins.

Everything here runs inside a scope (`acting_for(court)`) and is one transaction: fact, standing, work items and errands
are there together or not at all.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from songda.engine import hearings, ladder, lessons, results
from songda.engine.calls import contacting
from songda.engine.mail import watch
from songda.engine.performing import ACTIONS, open_work
from songda.engine.reading import course, courses, due, due_among, locked
from songda.engine.standing import Course, Standing, cached, stand
from songda.evidence import actions as ledger
from songda.evidence.actions import Told
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.lib import clock
from songda.methods import postal

# More turns than any course takes at once; a course that needs more has a fault, and says so.
_MOST_TURNS = 12


class GoesRound(RuntimeError):
    """The ladder asks for the same actions over and over: a fault of ours, never a loop in silence."""


def record(service_id: UUID, told: Told | Iterable[Told]) -> list[Fact]:
    """Keep facts and move the service to where they bring it. Facts already told are kept once and move nothing."""
    service = locked(service_id)
    kept = _append(service, [told] if isinstance(told, Told) else told)
    if kept:
        _move(service)
    return kept


def _append(service: Service, told: Iterable[Told]) -> list[Fact]:
    facts = [ledger.append(service.court_id, service.id, one) for one in told]
    kept = [fact for fact in facts if fact is not None]
    lessons.learn_from(kept)
    watch.watch(service, kept)
    contacting.note(service, kept)
    return kept


def advance(service_id: UUID) -> Service:
    """Look again at a service whose time has come."""
    return _move(locked(service_id))


def advance_if_due(service_id: UUID) -> bool:
    """The same for the loop. False where somebody else holds the row, and so moves it already, or has moved it."""
    service = due(service_id, clock.now())
    if service is not None:
        _move(service)
    return service is not None


def advance_due(service_ids: Sequence[UUID]) -> None:
    """The same for several services of one court, read together; those that somebody else holds are left to them."""
    for known in courses(due_among(service_ids, clock.now())):
        _move(known.service, known)


def _move(service: Service, first: Course | None = None) -> Service:
    """`first` is all that is known, where it has been read already."""
    before = (service.action_key, service.trouble)
    for turn in range(_MOST_TURNS):
        known = first if first is not None and turn == 0 else course(service)
        standing = stand(known, clock.now())
        told = [*_mail_results(known), *_perform(known, standing), *results.due_facts(known, standing)]
        if not _append(service, told):
            if before != (service.action_key, ""):
                _clear_late(service)
            _keep(service, standing)
            hearings.watch(known, standing)
            return service
    raise GoesRound(str(service.id))


def _mail_results(known: Course) -> list[Told]:
    """Receipts of pieces that have become complete."""
    waybills = {str(fact.detail["waybill"]) for fact in known.facts if fact.detail.get("waybill")}
    told = [postal.completed(known.facts, waybill) for waybill in sorted(waybills)]
    keys = {fact.source_key for fact in known.facts}
    return [one for one in told if one is not None and one.key not in keys]


def _perform(known: Course, standing: Standing) -> list[Told]:
    """Begin what the ladder asks for, unless it is begun; what is overdue gets a person to look at it."""
    service, decision, now = known.service, standing.decision, clock.now()
    if decision is None:
        service.action_key, service.action_since = "", None
        return []
    name, key = _asked(decision, now)
    if not name:
        service.action_key, service.action_since = "", None
        return []
    if service.action_key == key:
        if service.action_since and isinstance(decision, ladder.Do) and now >= service.action_since + decision.patience:
            _overdue(service, decision)
        return []
    service.action_key, service.action_since = key, now
    return ACTIONS[name](known, decision, standing)


def _asked(decision: ladder.Do | ladder.Wait, now: Any) -> tuple[str, str]:
    if isinstance(decision, ladder.Do):
        return decision.action, decision.key
    return (decision.then, decision.key) if decision.key and decision.until <= now else ("", "")


def _overdue(service: Service, decision: ladder.Do) -> None:
    """Have somebody look at it. Who looked and waits on is given the same time again, then asked anew."""
    key = f"overdue:{decision.key}"
    looked = service.work_items.filter(_late_at(key), kind="overdue").exclude(done_at=None)
    if looked.filter(done_at__gt=clock.now() - decision.patience).exists():
        return
    turn = looked.count()
    open_work(
        service,
        "overdue",
        f"{key}#{turn}" if turn else key,
        reason=f"{decision.waiting_for}超过办理时限",
        detail={"key": decision.key},
    )


def _late_at(key: str) -> Q:
    """The work items by which somebody was asked, once or again, why the same step is late."""
    return Q(key=key) | Q(key__startswith=f"{key}#")


def _clear_late(service: Service) -> None:
    """What was late is late no more once something else is waited for."""
    late = service.work_items.filter(kind="overdue", done_at=None).exclude(_late_at(f"overdue:{service.action_key}"))
    late.update(done_at=clock.now(), outcome="superseded")


def _keep(service: Service, standing: Standing) -> None:
    """Write the cached columns; a time that is past is pushed to the next working look, so the loop does not spin."""
    now = clock.now()
    for name, value in cached(standing).items():
        setattr(service, name, value)
    if service.due_at is not None and service.due_at <= now:
        service.due_at = now + timedelta(days=1)
    service.moved_at = now
    service.trouble = ""
    if standing.is_over and service.closed_at is None:
        service.closed_at = now
        service.work_items.filter(done_at=None).exclude(kind__in=_OUTLIVE).update(done_at=now, outcome="superseded")
    elif not standing.is_over:
        service.closed_at = None
    service.save()


# Work items that stay when the service is over.
_OUTLIVE = (
    *("conformity", "correction", "errand_failed", "sealing_late", "irregularity", "unread_scan"),
    *("safety", "courier_silent", "visit_review"),
)


def begin_many(told: Iterable[tuple[Service, Told]]) -> None:
    """The first facts of services just made, in one statement. They were made due: their first step is the loop's.

    First facts name no contact point, so there is nothing to learn from them."""
    by_court: dict[UUID, list[tuple[UUID, Told]]] = {}
    for service, one in told:
        by_court.setdefault(service.court_id, []).append((service.id, one))
    for court, facts in by_court.items():
        ledger.append_many(court, facts)


def rebuild(service_id: UUID) -> dict[str, Any]:
    """The cached columns as the facts give them now, for the test that holds the cache against the facts."""
    known = course(locked(service_id))
    return cached(stand(known, clock.now()))


def push_away(service_id: UUID, problem: str) -> None:
    """A row that broke the loop waits an hour and shouts; the others go on."""
    service = locked(service_id)
    Service.objects.filter(id=service.id).update(due_at=clock.now() + timedelta(hours=1), trouble=problem[:200])
    open_work(service, "overdue", f"trouble:{clock.now():%Y%m%d%H}", reason="系统处理出错，已通知维护人员")
