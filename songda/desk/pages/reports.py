"""周报月报: the court's and the post's reports, listed, read and taken along; who took one is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from songda.courts.models import COURT_ROLES, POST_ROLES, Court, Membership, Role
from songda.desk.access import DeskRequest, Seat, at_desk
from songda.desk.listing import XLSX
from songda.insight import reports
from songda.insight.models import PostReport, Report
from songda.insight.sentences import summary
from songda.insight.telling import span_words, tables
from songda.lib import vault
from songda.lib.tenancy import acting_for

_OF_COURT = frozenset({*COURT_ROLES, Role.AUDITOR})
_FORMS = {"pdf": "application/pdf", "xlsx": XLSX}


@dataclass(frozen=True, slots=True)
class Side:
    """One side's reports, and the courts they may cover."""

    code: str
    label: str
    words: str
    courts: tuple[Court, ...]

    @property
    def ids(self) -> list[UUID]:
        return [court.id for court in self.courts]


@dataclass(frozen=True, slots=True)
class Shown:
    """A report in the list."""

    id: UUID
    side: str
    title: str
    days: str
    made_at: Any
    digest: str
    covers: str
    first_words: str


def sides(seat: Seat) -> list[Side]:
    """The sides on which this person reads."""
    found = []
    if seat.roles & _OF_COURT:
        found.append(Side("court", "法院报告", f"{seat.court.short_name}的周报、月报。", (seat.court,)))
    if seat.roles & POST_ROLES:
        held = Membership.objects.filter(person=seat.person, role__in=POST_ROLES).values("court")
        courts = tuple(Court.objects.filter(id__in=held).order_by("code"))
        words = f"本中心服务的{len(courts)}个法院的周报、月报，只列数字，不含任何案件信息。"
        found.append(Side("post", "邮政报告", words, courts))
    return found


def _all(side: Side) -> Sequence[Report | PostReport]:
    return reports.of_court(side.courts[0].id) if side.code == "court" else reports.of_post(side.ids)


def _shown(side: Side, one: Report | PostReport) -> Shown:
    said = one.said
    return Shown(
        id=one.id,
        side=side.code,
        title=reports.title_of(said),
        days=span_words(said),
        made_at=one.made_at,
        digest=one.sha256,
        covers="、".join(court["short_name"] for court in said["courts"]),
        first_words=summary(said)[0],
    )


def _side(request: DeskRequest, code: str) -> Side:
    """The side asked for; 404 where the person does not read there."""
    found = next((side for side in sides(request.seat) if side.code == code), None)
    if found is None:
        raise Http404("reports")
    return found


@require_GET
@at_desk(*COURT_ROLES, *POST_ROLES, Role.AUDITOR)
def listed(request: DeskRequest) -> HttpResponse:
    """All reports of one side, the newest first."""
    mine = sides(request.seat)
    side = next((one for one in mine if one.code == request.GET.get("side")), mine[0])
    with acting_for(*side.ids):
        rows = [_shown(side, one) for one in _all(side)]
    return render(request, "desk/reports/list.html", {"side": side, "sides": mine, "rows": rows})


def _find(side: Side, report_id: UUID) -> Report | PostReport:
    found = next((one for one in _all(side) if one.id == report_id), None)
    if found is None:
        raise Http404("report")
    return found


@require_GET
@at_desk(*COURT_ROLES, *POST_ROLES, Role.AUDITOR)
def read(request: DeskRequest, code: str, report_id: UUID) -> HttpResponse:
    """One report on the screen: its sentences and its tables, as they were sealed."""
    side = _side(request, code)
    with acting_for(*side.ids):
        made = _find(side, report_id)
    shown = {"side": side, "report": _shown(side, made), "sentences": summary(made.said), "tables": tables(made.said)}
    return render(request, "desk/reports/read.html", shown)


@require_GET
@at_desk(*COURT_ROLES, *POST_ROLES, Role.AUDITOR)
def take(request: DeskRequest, code: str, report_id: UUID, form: str) -> HttpResponse:
    """One of a report's files; who took it is in the ledger before it is given."""
    side = _side(request, code)
    if form not in _FORMS:
        raise Http404("form")
    with acting_for(*side.ids):
        made = _find(side, report_id)
        content = vault.get(made.pdf_sha256 if form == "pdf" else made.xlsx_sha256)
        covered = [side.courts[0].id] if isinstance(made, Report) else list(made.circle)
        reports.note_download(covered, made, form, request.seat.person.pk)
    response = HttpResponse(content, content_type=_FORMS[form])
    name = "-".join(("songda", side.code, made.rhythm, f"{made.first:%Y%m%d}"))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
