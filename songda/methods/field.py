"""外送: visits, and what a courier tells of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.law.facts import SIGNERS
from songda.lib import clock, vault
from songda.lib.clock import BEIJING
from songda.methods.actions import keep_paper
from songda.methods.models import Exhibit, Paper, Visit
from songda.methods.queries import enclosures_of, matter_of
from songda.papers.parts import Picture
from songda.papers.records import Footage, VisitRecord, visit_record

# One of the visits is outside working hours, when people are at home.
_HOURS = (time(10, 0), time(19, 30), time(8, 15), time(20, 30))
_WORK_BEGINS, _WORK_ENDS = time(9, 0), time(17, 0)


def plan_visit(service: Service, point: ContactPoint, ordinal: int) -> Visit:
    """The next visit at an hour no earlier visit had; the plan that is there, if there is one."""
    hour = _HOURS[(ordinal - 1) % len(_HOURS)]
    visit, _ = Visit.objects.get_or_create(
        court_id=service.court_id,
        service=service,
        contact_point=point,
        ordinal=ordinal,
        defaults={
            "planned_for": _next(hour),
            "outside_working_hours": not _WORK_BEGINS <= hour < _WORK_ENDS,
        },
    )
    return visit


def _next(hour: time) -> datetime:
    now = clock.now().astimezone(BEIJING)
    day = now.date() + timedelta(days=1 if now.time() >= hour else 0)
    return datetime.combine(day, hour, BEIJING)


def told(
    visit: Visit,
    name: str,
    *,
    courier: str,
    happened_at: datetime,
    detail: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
    exhibits: Iterable[Exhibit] = (),
) -> Told:
    """What came of a visit. Told once a visit: a phone that catches up twice tells the same."""
    shown = [exhibit.sha256 for exhibit in exhibits]
    return Told(
        name,
        happened_at,
        Speaker.PERSON,
        courier,
        {**detail, "contact": str(visit.contact_point_id), "visit": visit.ordinal, "exhibits": shown},
        private,
        key=f"visit:{visit.id}:{name}",
    )


def end(visit: Visit, at: datetime) -> None:
    Visit.objects.filter(id=visit.id, ended_at=None).update(ended_at=at)


def write_record(
    visit: Visit, *, courier: str, account: tuple[str, ...], refused_by: str = "", exhibits: Iterable[Exhibit] = ()
) -> Paper:
    """送达笔录, or 留置送达记录 where somebody refused (民事诉讼法第八十九条): what the courier told, and showed."""
    shown = list(exhibits)
    service = visit.service
    record = VisitRecord(
        matter=matter_of(service),
        serial=f"{service.number}-外{visit.ordinal}",
        made_at=clock.now(),
        recipient=service.party.name,
        place=visit.contact_point.value,
        began_at=clock.now(),
        ended_at=clock.now(),
        served_by=(courier,),
        papers=enclosures_of(service),
        account=account,
        refused_by=SIGNERS.get(refused_by, ""),
        photos=tuple(Picture(vault.get(one.sha256), "现场照片", one.made_at) for one in shown if one.kind == "photo"),
        footage=tuple(Footage(name="现场录像", sha256=one.sha256) for one in shown if one.kind == "video"),
    )
    title = "留置送达记录" if refused_by else "送达笔录"
    return keep_paper(service, kind="record", title=title, key=f"visit:{visit.id}", pdf=visit_record(record))
