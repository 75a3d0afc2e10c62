"""Reading one service whole: its rows, its facts, its court's policy and calendar."""

from datetime import datetime
from uuid import UUID

from django.db import models

from songda.courts.queries import calendar_of, policy_of
from songda.engine.standing import Course
from songda.evidence.queries import course_of
from songda.filing.models import Service, ServiceDocument


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


def course(service: Service) -> Course:
    """All that is known. What no turn of the ladder changes, the case's parties and the papers, is read once."""
    lines = models.Prefetch("lines", ServiceDocument.objects.select_related("document"))
    models.prefetch_related_objects([service], "case__parties", lines)
    return Course(
        service=service,
        facts=tuple(course_of(service.id)),
        contacts=tuple(service.party.contact_points.all()),
        policy=policy_of(service.court),
        calendar=calendar_of(service.court),
    )
