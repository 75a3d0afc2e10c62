"""Courts never see one another. A query says for which courts it is made, or it is refused.

Two locks: the managers here refuse an unscoped query and filter a scoped one; row-level security in PostgreSQL
refuses again, because inside a scope the connection works as the role `songda_app` with the courts in a setting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from songda.lib.ids import uuid7

APP_ROLE = "songda_app"
_M = TypeVar("_M", bound=models.Model)


class Unscoped(RuntimeError):
    """A query on a court's table without saying which court it is for."""


class _Everyone:
    """The scope of loops and roll-ups that serve all courts."""


EVERY_COURT = _Everyone()
Scope = frozenset[UUID] | _Everyone
_scope: ContextVar[Scope | None] = ContextVar("courts", default=None)


def current_scope() -> Scope:
    """The courts in force; raises Unscoped where none is set."""
    scope = _scope.get()
    if scope is None:
        raise Unscoped("say which court this is for: with acting_for(court): ...")
    return scope


def _setting(scope: Scope) -> str:
    return "*" if isinstance(scope, _Everyone) else ",".join(sorted(str(court) for court in scope))


def _tell_database(scope: Scope | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('songda.courts', %s, true), set_config('role', %s, true)",
            ["", "none"] if scope is None else [_setting(scope), APP_ROLE],
        )


@contextmanager
def _within(scope: Scope) -> Iterator[None]:
    outer = _scope.get()
    token = _scope.set(scope)
    # What is told to the database holds for its transaction: where that ends with us, there is nothing to take back.
    is_within_another = connection.in_atomic_block
    try:
        with transaction.atomic():
            _tell_database(scope)
            yield
            if is_within_another and not connection.needs_rollback:
                _tell_database(outer)
    finally:
        _scope.reset(token)


def acting_for(*courts: UUID) -> Any:
    """One transaction on behalf of these courts; everything else stays invisible in it."""
    return _within(frozenset(courts))


def for_every_court() -> Any:
    """One transaction over all courts: for the engine's loops and `insight` only."""
    return _within(EVERY_COURT)


class TenantManager(models.Manager[_M], Generic[_M]):
    """Refuses a query without a scope, and keeps a scoped one inside its courts."""

    def get_queryset(self) -> models.QuerySet[_M]:
        scope = current_scope()
        rows = super().get_queryset()
        return rows if isinstance(scope, _Everyone) else rows.filter(court_id__in=scope)


class TenantModel(models.Model):
    """A row that belongs to one court."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    court = models.ForeignKey("songda.Court", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
