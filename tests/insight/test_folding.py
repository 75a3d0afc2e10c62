"""Figures and counters follow the facts: once each, whatever order they come in, and the same when made anew."""

import pytest
from django.db import connection

from songda.engine import acts
from songda.evidence.models import Fact
from songda.insight import actions
from songda.insight.models import Arrival, Counter, ServiceFigure
from songda.lib.tenancy import acting_for, for_every_court
from tests.cast import World
from tests.insight.days import NO_PHONE, by_phone, fold_all


def counters() -> dict[tuple[str, str, str, str], int]:
    with for_every_court():
        rows = Counter.objects.exclude(n=0).values_list("court__code", "measure", "day", "label", "n")
        return {(court, measure, str(day), label): n for court, measure, day, label, n in rows}


def counted(measure: str, label: str = "") -> int:
    return sum(n for (_, name, _, of), n in counters().items() if name == measure and (not label or of == label))


def test_a_service_handed_over_is_counted_as_started_and_stands_where_the_engine_says(world: World) -> None:
    service = world.service()
    fold_all()
    assert counted("started") == 1
    assert counted("standing", service.step) == 1


def test_a_service_signed_on_the_telephone_is_effective_electronically_by_its_first_step(world: World) -> None:
    by_phone(world, 1)
    fold_all()
    assert counted("effective", "electronic") == 1
    assert counted("first_step", "electronic") == 1
    assert counted("contact", "in_time") == 1
    assert counted("days", "0") == 1
    assert counted("standing") == 0


def test_a_returned_piece_is_counted_with_its_cause_and_its_city(world: World) -> None:
    service = world.service(NO_PHONE)
    world.later(minutes=20)
    world.returned(service, "moved_unreported")
    fold_all()
    assert counted("returned", "moved_unreported") == 1
    assert counted("piece_state", "returned") == 1
    assert counted("piece_region", "5101") == 1
    assert counted("mail_cases", "True") == 1


def test_news_folded_twice_counts_once(world: World) -> None:
    by_phone(world, 1)
    fold_all()
    before = counters()
    with for_every_court():
        about = ServiceFigure.objects.get()
        Arrival.objects.create(court_id=about.court_id, about=about.service_id, at=about.service.created_at)
    assert actions.fold() == 1
    assert counters() == before


def test_news_taken_by_a_loop_that_breaks_down_is_still_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    by_phone(world, 1)
    with monkeypatch.context() as patch:
        patch.setattr("songda.insight.actions._count", _breaks)
        with pytest.raises(ZeroDivisionError):
            actions.fold()
    assert counters() == {}
    fold_all()
    assert counted("effective") == 1


def _breaks(_: object) -> None:
    raise ZeroDivisionError


def test_made_anew_from_the_ledger_every_counter_is_the_same(world: World) -> None:
    for number in (1, 2):
        by_phone(world, number)
        fold_all()
    mailed = world.service(NO_PHONE, case_number="（2026）川0191民初3号")
    fold_all()
    world.later(minutes=20)
    world.returned(mailed, "untraceable")
    fold_all()
    signed = world.service(NO_PHONE, case_number="（2026）川0191民初4号")
    world.later(minutes=20)
    world.mailed(signed, "self")
    fold_all()
    folded = counters()
    actions.rebuild()
    assert counters() == folded
    assert len(folded) > 20


def test_the_database_counts_the_figures_as_folding_did(world: World) -> None:
    by_phone(world, 1)
    world.service(NO_PHONE, case_number="（2026）川0191民初2号")
    fold_all()
    folded = counters()
    with for_every_court():
        Counter.objects.all().delete()
        actions.recount()
    assert counters() == folded


def test_a_fact_whose_transaction_ends_late_is_folded_all_the_same(world: World) -> None:
    """It carries an earlier time than facts folded before it; a cursor over that time would have passed it by."""
    service = world.service(NO_PHONE)
    world.later(minutes=20)
    world.printed(service)
    fold_all()
    with world.here(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO songda_fact (id, court_id, about, name, happened_at, learnt_at, speaker, speaker_ref, detail,"
            " salt) SELECT gen_random_uuid(), court_id, about, 'visit.failed', happened_at, learnt_at - interval"
            " '1 hour', speaker, '', '{}', '' FROM songda_fact WHERE name = 'papers.printed'"
        )
    fold_all()
    with world.here():
        assert ServiceFigure.objects.get().tried_field


def test_a_result_corrected_after_it_went_out_is_an_incident_and_being_asked_to_is_not(world: World) -> None:
    by_phone(world, 1)
    fold_all()
    with world.here():
        service = ServiceFigure.objects.get().service
        signed = Fact.objects.get(about=service.id, name="receipt.signed")
        acts.ask_correction(service, world.an, signed.id, "签收人登记有误")
    fold_all()
    assert counted("incident") == 0
    world.does(world.bai, service, "correction", "granted")
    fold_all()
    assert counted("incident") == 1


def test_another_courts_counters_are_invisible(world: World) -> None:
    by_phone(world, 1)
    fold_all()
    with world.here():
        assert Counter.objects.exists()
    with acting_for(world.other_court.id):
        assert not Counter.objects.exists()
