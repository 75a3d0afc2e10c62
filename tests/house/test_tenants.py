"""Courts never see one another: refused by the managers, refused again by the database."""

import pytest
from django.db import connection, models
from django.db.utils import ProgrammingError

from songda.lib.clock import now
from songda.lib.locks import APPEND_ONLY, tenant_models
from songda.lib.tenancy import Unscoped, acting_for
from songda.models import Case, Court, Fact

pytestmark = pytest.mark.django_db


def _court(code: str) -> Court:
    return Court.objects.create(code=code, name=code, short_name=code, created_at=now())


def _case(court: Court) -> Case:
    with acting_for(court.id):
        made: Case = Case.objects.create(
            court=court, number="（2021）川0191民初1号", procedure="ordinary", created_at=now()
        )
    return made


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model.__name__)
def test_every_table_of_a_court_refuses_a_query_that_names_no_court(model: type[models.Model]) -> None:
    with pytest.raises(Unscoped):
        model._default_manager.count()


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model.__name__)
def test_every_table_of_a_court_has_row_level_security_and_a_key_with_its_court(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE relname = %s", [model._meta.db_table])
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [f"{model._meta.db_table}_of_court"])
        assert cursor.fetchone() == (1,)


def test_another_courts_case_is_invisible_to_the_manager_and_to_plain_sql() -> None:
    ours, theirs = _court("川0191"), _court("川0108")
    _case(theirs)
    with acting_for(ours.id), connection.cursor() as cursor:
        assert Case.objects.count() == 0
        cursor.execute("SELECT count(*) FROM songda_case")
        assert cursor.fetchone() == (0,)
    with acting_for(theirs.id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM songda_case")
        assert cursor.fetchone() == (1,)


def test_a_row_cannot_be_written_for_a_court_one_does_not_act_for() -> None:
    ours, theirs = _court("川0191"), _court("川0108")
    with pytest.raises(ProgrammingError, match="row-level security"), acting_for(ours.id):
        Case.objects.create(court=theirs, number="（2021）川0108民初1号", procedure="ordinary", created_at=now())


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET court_id = court_id", "DELETE FROM {}"])
def test_the_application_may_only_add_to_the_ledger(table: str, statement: str) -> None:
    court = _court("川0191")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting_for(court.id),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_not_even_the_owner_changes_a_fact() -> None:
    court = _court("川0191")
    with acting_for(court.id):
        Fact.objects.create(court=court, about=court.id, name="order.accepted", happened_at=now(), learnt_at=now())
    with pytest.raises(ProgrammingError, match="only grows"), connection.cursor() as cursor:
        cursor.execute("UPDATE songda_fact SET name = 'receipt.signed'")
