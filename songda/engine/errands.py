"""后台作业: work that takes a processor and not a decision. Every errand may run twice without harm."""

from datetime import date
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from songda.courts.models import Court
from songda.engine import issuing, rounds
from songda.evidence.actions import Told, append_many
from songda.filing.models import Service
from songda.finding import actions as finding
from songda.finding.models import ContactPoint
from songda.lib import clock
from songda.lib.tenancy import acting_for
from songda.methods import planning, postal
from songda.methods.models import Waybill

_PATIENT = RetryStrategy(max_attempts=8, exponential_wait=3)


@app.task(name="print_piece", retry=_PATIENT)
def print_piece(*, court_id: str, waybill_id: str) -> None:
    """Make one piece of court mail a PDF and send it to its print site."""
    with acting_for(UUID(court_id)):
        waybill = Waybill.objects.select_related(
            "site", "contact_point", "service__court", "service__case", "service__party"
        ).get(id=waybill_id)
        postal.print_piece(waybill)


@app.task(name="issue_proof", retry=_PATIENT)
def issue_proof(*, court_id: str, service_id: str, key: str) -> None:
    """Make the proof of the outcome that `key` names and tell the court's system."""
    issuing.issue(UUID(court_id), UUID(service_id), key)


@app.task(name="plan_rounds", retry=_PATIENT)
def plan_rounds(*, court_id: str, day: str) -> None:
    """Plan the day's visits anew, where one of them has no hour yet."""
    with acting_for(UUID(court_id)):
        # What was planned for a day that has passed meanwhile is made today.
        wanted = max(date.fromisoformat(day), clock.today())
        if not planning.is_planned(wanted):
            rounds.plan_day(Court.objects.get(id=court_id), wanted)


@app.task(name="tell_withdrawn", retry=_PATIENT)
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
