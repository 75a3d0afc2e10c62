"""外送: visits, and what a courier tells of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
from songda.papers.pictures import NotAPicture, opened
from songda.papers.records import Footage, VisitRecord, Witness, visit_record

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
    key: str,
    detail: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
) -> Told:
    """A fact of a visit as its courier tells it; the same key is the same fact, however often a phone sends it."""
    about = {"contact": str(visit.contact_point_id), "visit": visit.ordinal}
    return Told(name, happened_at, Speaker.PERSON, courier, {**about, **detail}, private, key)


def put_off(visit: Visit) -> None:
    """To the same hour of the next day, as nobody's, for the plan to give away again."""
    planned = max(visit.planned_for, clock.now()) + timedelta(days=1)
    hour = visit.planned_for.astimezone(BEIJING).time()
    Visit.objects.filter(id=visit.id, ended_at=None).update(
        planned_for=datetime.combine(planned.astimezone(BEIJING).date(), hour, BEIJING),
        courier=None,
        is_courier_fixed=False,
        is_time_fixed=False,
        turn=None,
        arrives_at=None,
    )


def end(visit: Visit, at: datetime) -> None:
    Visit.objects.filter(id=visit.id, ended_at=None).update(ended_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorstep:
    """What happened at one door, as its record tells it."""

    courier: str
    account: tuple[str, ...]
    began_at: datetime
    ended_at: datetime
    refused_by: str = ""
    refusal_reason: str = ""
    present: tuple[str, ...] = ()
    position: str = ""
    witnesses: tuple[Witness, ...] = ()
    signature: bytes = b""
    report: str = ""
    # Distinguishes this record from others of the same visit.
    key: str = ""


def write_record(visit: Visit, told: Doorstep, exhibits: Iterable[Exhibit] = ()) -> Paper:
    """What the courier told, and showed: 送达笔录, or 留置送达记录 where papers were left (民事诉讼法第八十九条)."""
    shown = [one for one in exhibits if one.kind in _SHOWN]
    service = visit.service
    record = VisitRecord(
        matter=matter_of(service),
        serial=f"{service.number}-外{visit.ordinal}",
        made_at=clock.now(),
        recipient=service.party.name,
        place=visit.contact_point.value,
        began_at=told.began_at,
        ended_at=told.ended_at,
        served_by=(told.courier,),
        papers=enclosures_of(service),
        account=told.account,
        present=told.present,
        position=told.position,
        refused_by=SIGNERS.get(told.refused_by, ""),
        refusal_reason=told.refusal_reason,
        witnesses=told.witnesses,
        photos=tuple(Picture(vault.get(one.sha256), "现场照片", one.made_at) for one in shown if _is_seen(one)),
        footage=tuple(Footage(name=f"{_SHOWN[one.kind]}{place}", sha256=one.sha256) for place, one in _counted(shown)),
        signature=told.signature,
        report=told.report,
    )
    title = "留置送达记录" if told.refused_by else "送达笔录"
    key = ":".join(("visit", str(visit.id), *([told.key] if told.key else [])))
    return keep_paper(service, kind="record", title=title, key=key, pdf=visit_record(record))


_SHOWN = {"photo": "照片", "video": "录像"}


def _is_seen(one: Exhibit) -> bool:
    """Whether it can be printed; a photograph that cannot be opened stands in the list by its digest."""
    try:
        return one.kind == "photo" and bool(opened(vault.get(one.sha256)))
    except NotAPicture:
        return False


def _counted(shown: Iterable[Exhibit]) -> list[tuple[int, Exhibit]]:
    counts: dict[str, int] = {}
    found = []
    for one in shown:
        counts[one.kind] = counts.get(one.kind, 0) + 1
        found.append((counts[one.kind], one))
    return found
