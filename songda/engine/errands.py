"""后台作业: work that takes a processor and not a decision. Every errand may run twice without harm."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from songda.engine import proofs
from songda.engine.reading import course, locked
from songda.engine.standing import stand
from songda.evidence.actions import Told, append, append_many
from songda.filing.models import Service
from songda.finding import actions as finding
from songda.finding.models import ContactPoint
from songda.gateways import dispatch
from songda.lib import clock, crypto
from songda.lib.tenancy import acting_for
from songda.methods import postal
from songda.methods.actions import keep_paper
from songda.methods.models import Paper, Waybill

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
    """Make the proof of the outcome that `key` names and tell the court's system. An outcome that no longer stands
    gets no proof: its successor has its own errand."""
    with acting_for(UUID(court_id)):
        service = locked(UUID(service_id))
        known = course(service)
        standing = stand(known, clock.now())
        outcome = standing.explanation.outcome
        if outcome is None or Paper.objects.filter(service=service, key=key).exists():
            return
        older = Paper.objects.filter(service=service, kind="proof", superseded_by=None).first()
        serial = f"{service.number}-{service.papers.filter(kind='proof').count() + 1}"
        pdf = proofs.proof_of(known, standing, outcome, serial=serial, replaces=older.title if older else "")
        title = "电子送达凭证" if outcome.method == "electronic" else "送达回证"
        paper = keep_paper(service, kind="proof", title=f"{title} {serial}", key=key, pdf=pdf)
        if older is not None:
            Paper.objects.filter(id=older.id).update(superseded_by=paper)
        detail = {"paper": str(paper.id), "sha256": paper.sha256, "serial": serial}
        append(service.court_id, service.id, Told("proof.issued", clock.now(), detail=detail, key=f"proof:{key}"))
        _tell_court(paper, key)


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


def _tell_court(paper: Paper, key: str) -> None:
    """Push the result to the court's case system, where it listens."""
    service = paper.service
    if not service.court.webhook_url:
        return
    dispatch.plan(
        service.court_id,
        key=f"{service.id}:result:{key}",
        counterparty="court_system",
        about=service.id,
        request={
            "url": service.court.webhook_url,
            "secret": crypto.key_for(f"webhook:{service.court_id}").hex(),
            "event": "service.effective",
            "body": {
                "service": str(service.id),
                "number": service.number,
                "case": service.case.number,
                "result": service.result,
                "method": service.result_method,
                "effective_on": service.effective_on.isoformat() if service.effective_on else None,
                "proof_sha256": paper.sha256,
                "proof": f"/api/v1/services/{service.id}/papers/{paper.id}",
            },
        },
    )
