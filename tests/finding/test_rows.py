"""Many rows, each with values of its own, in one statement: what is written is what is read, and nothing else."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from songda.finding.models import ContactPoint
from songda.lib import rows
from songda.lib.clock import now
from songda.lib.tenancy import acting_for
from tests.cast import DENG, World


def _points(world: World) -> list[ContactPoint]:
    world.service(DENG)
    with world.here():
        return list(ContactPoint.objects.order_by("kind"))


def test_each_row_gets_its_own_values_encrypted_ones_too_in_one_statement(world: World) -> None:
    address, phone = _points(world)
    address.value, address.confidence, address.proved_at = "别处", 0.25, now() - timedelta(days=1)
    phone.value, phone.confidence, phone.proved_at = "13900000009", 0.75, None
    with world.here():
        with CaptureQueriesContext(connection) as seen:
            rows.write([address, phone], "value", "confidence", "proved_at")
        assert len(seen) == 1
        kept = list(ContactPoint.objects.order_by("kind"))
    said = [(one.value, one.confidence, one.proved_at) for one in kept]
    assert said == [("别处", 0.25, now() - timedelta(days=1)), ("13900000009", 0.75, None)]


def test_what_is_not_named_stays_as_it_is(world: World) -> None:
    address, phone = _points(world)
    phone.value, phone.withdrawn_why = "13900000009", "moved"
    with world.here():
        rows.write([phone], "withdrawn_why")
        kept = ContactPoint.objects.get(id=phone.id)
        assert (kept.value, kept.withdrawn_why) == (DENG.phone, "moved")
        assert ContactPoint.objects.get(id=address.id).withdrawn_why == ""


def test_another_courts_rows_cannot_be_written(world: World) -> None:
    _, phone = _points(world)
    phone.withdrawn_why = "by another court"
    with acting_for(world.other_court.id):
        rows.write([phone], "withdrawn_why")
    with world.here():
        assert ContactPoint.objects.get(id=phone.id).withdrawn_why == ""


def test_nothing_to_write_asks_nothing(db: None) -> None:
    with CaptureQueriesContext(connection) as seen:
        rows.write([], "value")
    assert len(seen) == 0
