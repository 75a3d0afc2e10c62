"""没有用上的文件: what was sent up and came into no file of any case goes after the court's days, and leaves its leaf.

A courier's upload that no report names, a paper dropped into the form and never handed over: nobody decided on them, so
nobody need decide that they go (个人信息保护法第十九条). What some record stands for stays; only the note of how it
came goes.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from songda.courts.models import Court
from songda.courts.policy import FEWEST_UPLOAD_DAYS
from songda.courts.queries import policy_of
from songda.courts.retention import SHORTEST
from songda.engine.keeping import retention
from songda.evidence import erasing
from songda.evidence.actions import Told
from songda.filing.models import BroughtFile
from songda.lib import clock
from songda.lib.tenancy import acting_for, for_every_court
from songda.methods.rounds import RoundFile

RULE = "uploads_kept_days"
_AT_ONCE = 200


def _of_rounds(until: datetime) -> QuerySet[Any]:
    # A phone that was out of reach may still name its files while its round lasts.
    return RoundFile.objects.filter(made_at__lt=until, round__expires_at__lt=until)


def _of_forms(until: datetime) -> QuerySet[Any]:
    return BroughtFile.objects.filter(brought_at__lt=until)


_KINDS: dict[str, Callable[[datetime], QuerySet[Any]]] = {"round_upload": _of_rounds, "form_upload": _of_forms}


def clean() -> int:
    """Let go of what is older than its court's days; returns how many files were erased. For the loop."""
    return sum(_clean(court) for court in _courts())


def _courts() -> set[UUID]:
    """Courts with an upload that any court's days could be over for."""
    until = _before(FEWEST_UPLOAD_DAYS)
    with for_every_court():
        return {court for rows in _KINDS.values() for court in rows(until).values_list("court_id", flat=True)}


def _before(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def _clean(court_id: UUID) -> int:
    with acting_for(court_id), transaction.atomic():
        until = _before(policy_of(Court.objects.get(id=court_id)).uploads_kept_days)
        return sum(_let_go(kind, row) for kind, rows in _KINDS.items() for row in _some(rows(until)))


def _some(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("id").select_for_update(skip_locked=True, of=("self",))[:_AT_ONCE]


def _let_go(kind: str, row: RoundFile | BroughtFile) -> bool:
    sha256 = (row.kept_sha256 or row.sha256) if isinstance(row, RoundFile) else row.sha256
    key = f"stray:{row.id}"
    row.delete()
    if retention.spoken_for(sha256) or retention.brought(sha256):
        return False
    detail = {"kind": kind, "rule": RULE, "article": SHORTEST.code}
    told = Told(erasing.ERASED, clock.now(), detail=detail, key=key)
    return erasing.erase(row.court_id, row.court_id, sha256, told) is not None
