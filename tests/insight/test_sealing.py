"""A month that is sealed stays as it was: its digest is in the ledger, and no later correction re-cuts it."""

from datetime import date

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from songda.engine import acts
from songda.evidence.models import Fact
from songda.insight.models import ServiceFigure, Snapshot
from songda.insight.queries import Span, tally
from songda.insight.sealing import TooEarly, digest, seal, seal_due
from tests.cast import World
from tests.insight.days import by_phone, fold_all

MARCH = date(2026, 3, 1)


@pytest.fixture
def march_over(world: World) -> World:
    by_phone(world, 1)
    world.later(days=31)
    fold_all()
    return world


def test_a_month_that_is_not_over_is_not_sealed(world: World) -> None:
    by_phone(world, 1)
    fold_all()
    with world.here(), pytest.raises(TooEarly):
        seal(world.court.id, MARCH)
    assert seal_due() == 0


def test_a_month_is_not_sealed_while_news_of_it_waits(world: World) -> None:
    by_phone(world, 1)
    world.later(days=31)
    with world.here(), pytest.raises(TooEarly):
        seal(world.court.id, MARCH)


def test_a_month_that_is_over_is_sealed_once_with_its_digest_in_the_ledger(march_over: World) -> None:
    assert seal_due() == 1
    assert seal_due() == 0
    with march_over.here():
        snapshot = Snapshot.objects.get()
        fact = Fact.objects.get(id=snapshot.fact_id)
        assert snapshot.month == MARCH
        assert fact.name == "indicators.sealed"
        assert fact.about == march_over.court.id
        assert fact.detail["sha256"] == snapshot.sha256 == digest(snapshot.values)
        assert snapshot.values["indicators"]["electronic_rate"]["shown"] == "100.0%"


def test_a_correction_after_the_seal_moves_the_board_and_not_the_seal(march_over: World) -> None:
    seal_due()
    with march_over.here():
        service = ServiceFigure.objects.get().service
    for name in ("receipt.signed", "content.available"):
        with march_over.here():
            told = Fact.objects.get(about=service.id, name=name)
            acts.ask_correction(service, march_over.an, told.id, "不是本案受送达人")
        march_over.does(march_over.bai, service, "correction", "granted")
    fold_all()
    with march_over.here():
        now = tally([march_over.court.id], Span.month(MARCH))
        sealed = Snapshot.objects.get().values["counters"]
        assert sealed["effective"] == {"electronic": 1}
        assert now.get("effective") != sealed["effective"]


@pytest.mark.parametrize("statement", ["UPDATE songda_snapshot SET sha256 = ''", "DELETE FROM songda_snapshot"])
def test_not_even_the_owner_changes_a_seal(march_over: World, statement: str) -> None:
    seal_due()
    with pytest.raises(ProgrammingError, match="only grows"), connection.cursor() as cursor:
        cursor.execute(statement)
