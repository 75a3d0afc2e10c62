"""A service's step as lists show it: a result that waits for its check is not shown as a result."""

from django.db.models import Exists, OuterRef, QuerySet

from songda.desk import words
from songda.engine.models import WorkItem
from songda.filing.models import Service


def services() -> QuerySet[Service]:
    """Services that know whether their result is withheld: its check failed and nobody has mended it."""
    failed = WorkItem.objects.filter(service=OuterRef("pk"), kind="conformity", done_at=None)
    return Service.objects.annotate(is_withheld=Exists(failed))


def step_of(service: Service) -> str:
    """The step's code for a badge; takes a service from `services`."""
    return words.WITHHELD_STEP if getattr(service, "is_withheld", False) else service.step
