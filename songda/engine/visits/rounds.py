"""A courier's round: what the phone takes along, who is told that it did, and the alarm when it falls silent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from songda.courts.models import Court, Person
from songda.courts.queries import policy_of
from songda.engine.opening import open_work
from songda.engine.saying import ActRefused
from songda.engine.visits.door_law import bars
from songda.evidence.actions import Told, append_many
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.finding.addresses import parse
from songda.finding.models import ContactPoint
from songda.lib import clock
from songda.lib.clock import BEIJING
from songda.lib.tenancy import acting_for, for_every_court
from songda.methods import planning
from songda.methods.models import Visit
from songda.methods.rounds import Round, VisitReport
from songda.methods.routing import Plan

_MOST_STOPS = 80


# ---- the plan ------------------------------------------------------------------------------------------------------


def plan_day(court: Court, day: date) -> Plan:
    """Plan the day's visits, and tell of each who is to go: once for each courier it is given to."""
    made = planning.plan_day(court, day)
    visits = planning.to_make(day).exclude(courier=None)
    append_many(court.id, [(visit.service_id, _planned(visit, Speaker.PLATFORM, "")) for visit in visits])
    return made


def assign(visits: Sequence[Visit], courier: Person | None, by: Person) -> int:
    """Give visits to a courier, or back to the plan; the desk's choice stays when the day is planned anew. Returns how
    many were still to be made. Raises ActRefused for somebody who does not go out for this court."""
    if courier is not None and visits and courier not in planning.couriers_of(visits[0].court):
        raise ActRefused(f"{courier.name}不是本院的投递员")
    given = [visit for visit in visits if visit.ended_at is None]
    ids = [visit.id for visit in given]
    Visit.objects.filter(id__in=ids, ended_at=None).update(
        courier=courier, is_courier_fixed=courier is not None, is_time_fixed=False, turn=None, arrives_at=None
    )
    if courier is not None:
        rows = Visit.objects.filter(id__in=ids).select_related("contact_point")
        append_many(given[0].court_id, [(one.service_id, _planned(one, Speaker.PERSON, str(by.id))) for one in rows])
    return len(given)


def fix(visits: Iterable[Visit], *, fixed: bool) -> int:
    """Keep courier and hour of these visits as they are planned now, or let them go again."""
    ids = [visit.id for visit in visits if visit.arrives_at is not None]
    return Visit.objects.filter(id__in=ids, ended_at=None).update(is_courier_fixed=fixed, is_time_fixed=fixed)


def _planned(visit: Visit, speaker: Speaker, by: str) -> Told:
    detail = {"contact": str(visit.contact_point_id), "visit": visit.ordinal, "courier": str(visit.courier_id)}
    return Told("visit.planned", clock.now(), speaker, by, detail, key=f"planned:{visit.id}:{visit.courier_id}")


# ---- what the phone takes along ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carried:
    """One stop as the phone shows it, personal data in full: the courier's duty is the reason, and it is recorded."""

    visit: UUID
    service: UUID
    turn: int | None
    arrives_at: datetime | None
    opens: datetime
    shuts: datetime
    ordinal: int
    name: str
    kind: str
    case: str
    address: str
    way: tuple[str, ...]
    phones: tuple[str, ...]
    papers: tuple[str, ...]
    tries: tuple[str, ...]
    warning: str
    bars: Mapping[str, Mapping[str, Mapping[str, str]]]


def stops_of(person: Person) -> list[Visit]:
    """The courier's visits of today that have not ended, in their order; those without an hour last."""
    rows = planning.to_make(clock.today()).filter(courier=person)
    return sorted(rows, key=lambda one: (one.arrives_at is None, one.arrives_at or one.planned_for, one.id))[
        :_MOST_STOPS
    ]


def take_along(found: Round) -> list[Carried]:
    """The round's stops with names, addresses and telephones. That the courier was given them is a fact of each
    service, told before anything is shown and once a round."""
    visits = stops_of(found.courier)
    append_many(found.court_id, [(visit.service_id, _revealed(found, visit)) for visit in visits])
    return [_carried(visit) for visit in visits]


def _revealed(found: Round, visit: Visit) -> Told:
    return Told(
        "private.revealed",
        clock.now(),
        Speaker.PERSON,
        str(found.courier_id),
        {"what": "round"},
        {"reason": "上门送达"},
        key=f"revealed:{found.id}:{visit.id}",
    )


def _carried(visit: Visit) -> Carried:
    service, point = visit.service, visit.contact_point
    opens, shuts = planning.window(visit, clock.today())
    phones = ContactPoint.objects.filter(party=service.party_id, kind="phone", withdrawn_at=None)
    return Carried(
        visit=visit.id,
        service=service.id,
        turn=visit.turn,
        arrives_at=visit.arrives_at,
        opens=opens,
        shuts=shuts,
        ordinal=visit.ordinal,
        name=service.party.name,
        kind="organisation" if service.party.kind == "organisation" else "person",
        case=service.case.number,
        address=point.value,
        way=planning.directions(parse(point.value)),
        phones=tuple(one.value for one in phones.order_by("-confidence")[:3] if one.value),
        papers=tuple(line.document.title for line in service.lines.select_related("document")),
        tries=_tries(service, visit),
        warning=_warning(point),
        bars=bars(service),
    )


def _tries(service: Service, visit: Visit) -> tuple[str, ...]:
    """When somebody stood at this door before, in Beijing time."""
    ended = Visit.objects.filter(service=service, contact_point=visit.contact_point_id, ended_at__isnull=False)
    moments = (one.ended_at for one in ended.order_by("ended_at"))
    return tuple(f"{moment.astimezone(BEIJING):%m月%d日 %H:%M}" for moment in moments if moment)


def _warning(point: ContactPoint) -> str:
    """Whether somebody had to leave this door in danger."""
    rows = VisitReport.objects.filter(kind=VisitReport.Kind.SAFETY, visit__contact_point__place_index=point.place_index)
    last = rows.order_by("-happened_at").first() if point.place_index else None
    return f"{last.happened_at.astimezone(BEIJING):%Y年%m月%d日}有投递员从此处安全撤离" if last else ""


# ---- the alarm -----------------------------------------------------------------------------------------------------


def watch() -> int:
    """Open a work item for each courier who should have reported from a stop and has not. Returns how many."""
    with for_every_court():
        rows = Round.objects.filter(closed_at=None, day=clock.today()).select_related("court", "courier")
        open_rounds = list(rows)
    return sum(_watch(found) for found in open_rounds)


def _watch(found: Round) -> bool:
    minutes = policy_of(found.court).courier_silence_minutes
    since = clock.now() - timedelta(minutes=minutes)
    if found.opened_at > since:
        return False
    with acting_for(found.court_id):
        stop = (
            Visit.objects.filter(courier=found.courier_id, ended_at=None, arrives_at__lte=since)
            .filter(arrives_at__gte=found.opened_at - timedelta(minutes=minutes), service__closed_at=None)
            .select_related("service")
            .order_by("arrives_at")
            .first()
        )
        heard = VisitReport.objects.filter(round__courier=found.courier_id, received_at__gt=since).exists()
        if stop is None or stop.arrives_at is None or heard:
            return False
        planned = f"{stop.arrives_at.astimezone(BEIJING):%H:%M}"
        open_work(
            stop.service,
            "courier_silent",
            f"silent:{stop.id}:{stop.arrives_at:%Y%m%d%H%M}",
            reason=f"投递员{found.courier.name}计划{planned}到达，已超过{minutes}分钟没有报告",
            detail={"visit": str(stop.id), "courier": str(found.courier_id)},
        )
        return True
