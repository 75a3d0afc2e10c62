"""Reading one service whole: its rows, its facts, its court's policy and calendar."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import models

from songda.courts.queries import calendar_of, policy_of
from songda.engine.standing import Course
from songda.evidence.models import Fact
from songda.evidence.queries import course_of, courses_of
from songda.filing.models import Service, ServiceDocument
from songda.finding.models import ContactPoint


def services() -> models.QuerySet[Service]:
    return Service.objects.select_related("court", "case", "party", "order")


def locked(service_id: UUID) -> Service:
    """The service, held until the transaction ends: one mover at a time.

    Whoever changes anything of a service takes it first, so that no two wait for each other."""
    return (
        Service.objects.select_for_update(of=("self",), no_key=True)
        .select_related("court", "case", "party")
        .get(id=service_id)
    )


def due(service_id: UUID, now: datetime) -> Service | None:
    """The service, held like that, if its time has come and nobody else holds it."""
    return (
        Service.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("court", "case", "party")
        .filter(id=service_id, due_at__lte=now)
        .first()
    )


def due_among(service_ids: Sequence[UUID], now: datetime) -> list[Service]:
    """The same for several services, in one order."""
    return list(
        Service.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("court", "case", "party")
        .filter(id__in=service_ids, due_at__lte=now)
        .order_by("id")
    )


def course(service: Service) -> Course:
    """All that is known. What no turn of the ladder changes, the case's parties and the papers, is read once."""
    _read_what_stays([service])
    return _course(service, course_of(service.id), service.party.contact_points.all())


def courses(services: Sequence[Service]) -> list[Course]:
    """All that is known of each, read together."""
    _read_what_stays(services)
    facts = courses_of([one.id for one in services])
    contacts: dict[UUID, list[ContactPoint]] = {}
    for point in ContactPoint.objects.filter(party_id__in=[one.party_id for one in services]):
        contacts.setdefault(point.party_id, []).append(point)
    return [_course(one, facts.get(one.id, ()), contacts.get(one.party_id, ())) for one in services]


def _read_what_stays(services: Sequence[Service]) -> None:
    lines = models.Prefetch("lines", ServiceDocument.objects.select_related("document"))
    models.prefetch_related_objects(services, "case__parties", lines)


def _course(service: Service, facts: Iterable[Fact], contacts: Iterable[ContactPoint]) -> Course:
    return Course(
        service=service,
        facts=tuple(facts),
        contacts=tuple(contacts),
        policy=policy_of(service.court),
        calendar=calendar_of(service.court),
    )
