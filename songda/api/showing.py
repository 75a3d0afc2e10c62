"""Rows as the API shows them: names masked, details without personal data, papers by their digest."""

from songda.api import schemas
from songda.engine.models import WorkItem
from songda.engine.proving.proofs import chinese_of
from songda.engine.stations import WITHHELD
from songda.engine.work import WORK, Outcome
from songda.evidence.models import Fact, Speaker
from songda.evidence.queries import course_of
from songda.filing.checking import remarks
from songda.filing.models import Order, Service
from songda.law.facts import FACTS
from songda.lib import masking
from songda.methods.models import Paper


def name_of(service: Service) -> str:
    """Organisations' names are public; of a person's, the surname."""
    party = service.party
    return party.name if party.kind == "organisation" else masking.name(party.name)


def brief(service: Service) -> dict[str, object]:
    return {
        "id": service.id,
        "number": service.number,
        "recipient": name_of(service),
        "recipient_kind": service.party.kind,
        "step": service.step,
        "result": service.result,
        "method": service.result_method,
        "effective_on": service.effective_on,
        "next_by": service.due_at,
    }


def order(row: Order) -> schemas.OrderOut:
    services = row.services.select_related("party").order_by("number")
    return schemas.OrderOut(
        id=row.id,
        case_number=row.case.number,
        handed_over_at=row.handed_over_at,
        services=[schemas.ServiceBrief.model_validate(brief(service)) for service in services],
        remarks=remarks(party.name for party in row.case.parties.all()),
    )


def service(row: Service) -> schemas.ServiceOut:
    """One service with its course of facts and its papers."""
    return schemas.ServiceOut.model_validate(
        {
            **brief(row),
            "case_number": row.case.number,
            "waiting_for": row.waiting_for,
            "next_action": row.next_action,
            "outcome": _answer(row),
            "facts": [fact(one) for one in course_of(row.id)],
            "papers": [paper(one) for one in row.papers.order_by("made_at")],
        }
    )


def _answer(row: Service) -> dict[str, object] | None:
    """The law's answer; of a result that is withheld from the court nothing but which ways are open."""
    if row.outcome is None or row.step != WITHHELD:
        return row.outcome
    return {**row.outcome, "outcome": None, "periods": [], "explanation": ""}


def fact(row: Fact) -> schemas.FactOut:
    return schemas.FactOut(
        id=row.id,
        fact=row.name,
        label=chinese_of(row.name),
        etsi=FACTS[row.name].etsi if row.name in FACTS else None,
        happened_at=row.happened_at,
        learnt_at=row.learnt_at,
        by=Speaker(row.speaker).label,
        detail=row.detail,
    )


def paper(row: Paper) -> schemas.PaperOut:
    return schemas.PaperOut(
        id=row.id,
        kind=row.kind,
        title=row.title,
        sha256=row.sha256,
        pages=row.pages,
        made_at=row.made_at,
        superseded=row.superseded_by_id is not None,
    )


def work_item(row: WorkItem) -> schemas.WorkItemOut:
    kind = WORK[row.kind]
    return schemas.WorkItemOut(
        id=row.id,
        kind=row.kind,
        label=kind.label,
        question=kind.question,
        role=row.role,
        reason=row.reason,
        service=row.service_id,
        service_number=row.service.number,
        recipient=name_of(row.service),
        detail=row.detail or {},
        opened_at=row.opened_at,
        due_at=row.due_at,
        outcomes=[outcome(code, one) for code, one in kind.outcomes.items()],
    )


def outcome(code: str, one: Outcome) -> schemas.OutcomeOut:
    return schemas.OutcomeOut(
        code=code,
        label=one.label,
        fields=[
            schemas.FieldOut(
                name=field.name,
                label=field.label,
                kind=field.kind,
                required=field.required,
                choices=dict(field.choices),
            )
            for field in one.fields
        ],
    )
