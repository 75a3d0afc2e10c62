"""One service: what is known, its course, its papers, and how its recipient can be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from songda.desk import course
from songda.desk.access import DeskRequest, Seat, at_desk
from songda.desk.acts import acts_for
from songda.desk.forms.contacts import acts_at
from songda.desk.nav import FINDING_ROLES
from songda.desk.people import colleagues, shown_name
from songda.engine.keeping import retention
from songda.engine.models import WorkItem
from songda.engine.standing import struck
from songda.evidence.queries import course_of
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.methods.models import Exhibit, Paper, Waybill


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point as the page shows it: masked, with where it came from and whether it may be used."""

    id: str
    kind: str
    kind_name: str
    masked: str
    source: str
    rank: str
    withdrawn: str
    # Whether this person may have mail sent to it again, and say why.
    may_retry: bool


def find(service_id: UUID) -> Service:
    """The service, or 404: what another court holds is not there."""
    along = ("case", "party", "order", "order__handed_over_by")
    return get_object_or_404(Service.objects.select_related(*along), pk=service_id)


@require_GET
@at_desk()
def service(request: DeskRequest, service_id: UUID) -> HttpResponse:
    found = find(service_id)
    return render(request, "desk/service.html", _context(request, found))


def _context(request: DeskRequest, found: Service) -> dict[str, Any]:
    facts = course_of(found.id)
    out, names = struck(facts), colleagues(facts)
    main_acts, other_acts = acts_for(request.seat, found)
    exhibits = list(Exhibit.objects.filter(service=found).order_by("made_at"))
    papers = list(Paper.objects.filter(service=found, superseded_by=None).order_by("-made_at"))
    documents = [line.document for line in found.lines.select_related("document")]
    return {
        "service": found,
        "name": shown_name(found.party),
        "known": course.known(found, facts, out, names),
        "outcome": course.result(found, facts, out),
        "step": found.step,
        "periods": course.periods(found),
        "facts": course.timeline(facts, out, names, _evidence(exhibits)),
        "points": points_of(found, request.seat),
        "may_see_contacts": request.seat.holds(*FINDING_ROLES),
        "documents": documents,
        "papers": papers,
        "exhibits": exhibits,
        "erased": retention.reasons(papers) | retention.reasons(exhibits) | retention.reasons(documents),
        "waybills": list(Waybill.objects.filter(service=found).select_related("site").order_by("made_at")),
        "work": _work(found),
        "main_acts": main_acts,
        "other_acts": other_acts,
    }


def _evidence(exhibits: Sequence[Exhibit]) -> dict[str, course.Evidence]:
    """Exhibits by their digest, as facts name them."""
    return {
        one.sha256: course.Evidence(one.get_kind_display(), reverse("desk:exhibit", args=[one.pk])) for one in exhibits
    }


def points_of(found: Service, seat: Seat | None = None) -> Sequence[Point]:
    rows = ContactPoint.objects.filter(party=found.party_id).order_by("withdrawn_at", "-confidence")
    return [
        Point(
            id=str(row.id),
            kind=row.kind,
            kind_name=row.get_kind_display(),
            masked=course.masked_point(row),
            source=row.source,
            rank=row.get_rank_display(),
            withdrawn=row.withdrawn_why if row.withdrawn_at else "",
            may_retry=seat is not None and _may_retry(found, row, seat),
        )
        for row in rows
    ]


def _may_retry(found: Service, row: ContactPoint, seat: Seat) -> bool:
    return found.closed_at is None and any(act.code == "retry" for act in acts_at(seat, row))


def _work(found: Service) -> list[WorkItem]:
    return list(WorkItem.objects.filter(service=found, done_at=None).select_related("owner").order_by("due_at"))
