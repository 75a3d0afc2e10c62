"""后台作业: work that takes a processor and not a decision. Every errand may run twice without harm.

One that fails at its last attempt becomes a work item of the services it was for; a person has it planned anew.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from songda.courts.models import Court
from songda.engine.opening import open_work
from songda.engine.proving import issuing
from songda.engine.visits import rounds
from songda.evidence.actions import Told, append_many
from songda.filing.models import Service
from songda.finding import actions as finding
from songda.finding.models import ContactPoint
from songda.lib import clock
from songda.lib.tenancy import acting_for
from songda.methods import planning, postal
from songda.methods.models import Waybill

ATTEMPTS = 8
_PATIENT = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3)


def _errand(work: Callable[..., None]) -> Task[..., None, ...]:
    """An errand under the function's own name. `context` is the worker's; a call of one's own has none."""

    @wraps(work)
    def carry_out(context: JobContext | None = None, **about: str) -> None:
        try:
            work(**about)
        except Exception as problem:
            if context is not None and context.job.attempts >= ATTEMPTS:
                _given_up(work.__name__, about, problem)
            raise

    return app.task(name=work.__name__, retry=_PATIENT, pass_context=True)(carry_out)


@_errand
def print_piece(*, court_id: str, waybill_id: str) -> None:
    """Make one piece of court mail a PDF and send it to its print site."""
    with acting_for(UUID(court_id)):
        waybill = Waybill.objects.select_related(
            "site", "contact_point", "service__court", "service__case", "service__party"
        ).get(id=waybill_id)
        postal.print_piece(waybill)


@_errand
def issue_proof(*, court_id: str, service_id: str, key: str) -> None:
    """Make the proof of the outcome that `key` names and tell the court's system."""
    issuing.issue(UUID(court_id), UUID(service_id), key)


@_errand
def plan_rounds(*, court_id: str, day: str) -> None:
    """Plan the day's visits anew, where one of them has no hour yet."""
    with acting_for(UUID(court_id)):
        # What was planned for a day that has passed meanwhile is made today.
        wanted = max(date.fromisoformat(day), clock.today())
        if not planning.is_planned(wanted):
            rounds.plan_day(Court.objects.get(id=court_id), wanted)


@_errand
def tell_withdrawn(*, court_id: str, contact_id: str) -> None:
    """Tell the person's other services that a contact point was found to be somebody else's."""
    with acting_for(UUID(court_id)):
        point = ContactPoint.objects.get(id=contact_id)
        detail = {"contact": contact_id, "because": point.withdrawn_why}
        told = Told("contact.withdrawn", clock.now(), detail=detail, key=f"withdrawn:{contact_id}")
        services = Service.objects.filter(party=point.party_id).order_by("id")
        held = list(services.select_for_update(no_key=True))
        finding.note_outcome(
            point, worked=False, fact=told.name, happened_at=told.happened_at, key=f"withdrawn:{contact_id}"
        )
        append_many(UUID(court_id), [(service.id, told) for service in held])
        services.filter(closed_at=None).update(due_at=clock.now())


# ---- given up ----------------------------------------------------------------------------------------------------


def _of_party(about: Mapping[str, str]) -> Iterable[Service]:
    point = ContactPoint.objects.get(id=about["contact_id"])
    return Service.objects.filter(party=point.party_id, closed_at=None)


# What an errand is called, and the services it was for. A plan of rounds is made anew every day.
_FOR: dict[str, tuple[str, Callable[[Mapping[str, str]], Iterable[Service]]]] = {
    "print_piece": (
        "邮件封面和文书未能生成",
        lambda about: Service.objects.filter(waybills__id=UUID(about["waybill_id"])),
    ),
    "issue_proof": ("送达回证未能生成", lambda about: Service.objects.filter(id=about["service_id"])),
    "tell_withdrawn": ("联系方式停用未能通知其他任务", _of_party),
}


def _given_up(name: str, about: Mapping[str, str], problem: Exception) -> None:
    """Open an item, once until it is done; of the problem nothing but its class, which names nobody."""
    if name not in _FOR:
        return
    label, services = _FOR[name]
    key = f"errand:{name}:{about.get('key') or about.get('waybill_id') or about.get('contact_id')}"
    with acting_for(UUID(about["court_id"])):
        for service in services(about):
            turn = service.work_items.filter(kind="errand_failed", key__startswith=key).exclude(done_at=None).count()
            open_work(
                service,
                "errand_failed",
                f"{key}:{turn}",
                reason=f"{label}（{type(problem).__name__}）",
                detail={"errand": name, "about": dict(about)},
            )


def plan_again(detail: Mapping[str, Any]) -> None:
    """Plan an errand that was given up anew, from what its work item kept."""
    app.tasks[detail["errand"]].defer(**detail["about"])
