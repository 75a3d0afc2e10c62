"""Whatever works in the background may be killed after its work and before its receipt: it runs twice without harm."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from songda.engine import errands, outbox
from songda.evidence.models import Fact
from songda.finding import actions as finding
from songda.finding.models import ContactPoint
from songda.gateways import dispatch
from songda.gateways.models import Dispatch
from songda.lib import clock
from songda.methods import postal
from songda.methods.models import Paper
from tests import cast


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


def rows(world: cast.World) -> tuple[int, int, int, int]:
    with world.here():
        return (Dispatch.objects.count(), Paper.objects.count(), Fact.objects.count(), ProcrastinateJob.objects.count())


def _print(world: cast.World) -> dict[str, str]:
    service = world.service()
    world.tell(service, "consent.refused", "recipient")
    world.later(minutes=20)
    with world.here():
        piece = service.waybills.get()
        piece.number = "1234567890123"
        piece.save(update_fields=["number"])
    return {"court_id": str(world.court.id), "waybill_id": str(piece.id)}


def _proof(world: cast.World) -> dict[str, str]:
    service = world.service()
    world.tell(service, "receipt.signed", "person", signer="self", via="window", id_number_given=True)
    with world.here():
        key = Fact.objects.get(about=service.id, name="service.effective").source_key
    return {"court_id": str(world.court.id), "service_id": str(service.id), "key": str(key)}


def _withdrawn(world: cast.World) -> dict[str, str]:
    contact = world.contact(world.service(), "phone")
    with world.here():
        finding.withdraw(ContactPoint.objects.get(id=contact), "wrong_person")
    return {"court_id": str(world.court.id), "contact_id": contact}


def _to_plan(world: cast.World) -> dict[str, str]:
    service = world.service(replace(cast.DENG, phone="", address_rank="registered"))
    world.later(minutes=11)
    world.returned(service, "unclaimed")
    with world.here():
        day = service.visits.get().planned_for.astimezone(clock.BEIJING).date()
    return {"court_id": str(world.court.id), "day": day.isoformat()}


# Every errand of ours, and what it is about.
ERRANDS: dict[str, tuple[Any, Callable[[cast.World], dict[str, str]]]] = {
    "print_piece": (errands.print_piece, _print),
    "issue_proof": (errands.issue_proof, _proof),
    "tell_withdrawn": (errands.tell_withdrawn, _withdrawn),
    "plan_rounds": (errands.plan_rounds, _to_plan),
}


def test_every_errand_is_held_to_it() -> None:
    ours = {name for name, task in app.tasks.items() if task.func.__module__.startswith("songda.engine")}
    assert ours == set(ERRANDS)


@pytest.mark.parametrize("name", sorted(ERRANDS))
def test_an_errand_run_twice_does_nothing_twice(world: cast.World, name: str) -> None:
    errand, about = ERRANDS[name]
    words = about(world)
    before = rows(world)
    errand.func(**words)
    once = rows(world)
    assert once != before
    errand.func(**words)
    assert rows(world) == once


# ---- dispatch


def _planned(world: cast.World, counterparty: str = "sms") -> Dispatch:
    service = world.service()
    with world.here():
        return dispatch.plan(
            world.court.id,
            key=f"{service.id}:test:{counterparty}",
            counterparty=counterparty,
            about=service.id,
            request={"contact": world.contact(service, "phone")},
        )


def test_the_same_key_is_planned_once(world: cast.World) -> None:
    row = _planned(world)
    with world.here():
        again = dispatch.plan(
            world.court.id, key=row.key, counterparty="sms", about=row.about, request={"other": "words"}
        )
    assert again.id == row.id
    assert again.request == row.request


def test_every_line_can_be_asked_after_a_crash_or_leaves_it_to_a_person() -> None:
    blind = {name for name, line in dispatch.LINES.items() if line.look_up is None}
    assert blind == {"email"}
    assert set(dispatch.LINES) == set(outbox.AFTER)


def _claimed(row: Dispatch) -> Dispatch:
    return next(one for one in dispatch.claim(100) if one.id == row.id)


def test_a_row_in_hand_is_given_to_nobody_else(world: cast.World) -> None:
    row = _planned(world)
    _claimed(row)
    assert row.id not in {one.id for one in dispatch.claim(100)}


def test_an_answer_that_comes_twice_is_kept_once(world: cast.World) -> None:
    row = _claimed(_planned(world))
    done = dispatch.Result(Dispatch.State.DONE, reference="SM1")
    outbox.settle(row, done)
    before = rows(world)
    outbox.settle(row, done)
    outbox.settle(row, dispatch.Result(Dispatch.State.FAILED, problem="too late"))
    assert rows(world) == before
    with world.here():
        assert Dispatch.objects.get(id=row.id).state == Dispatch.State.DONE


def test_a_letter_by_mail_whose_process_died_is_left_to_a_person(world: cast.World) -> None:
    row = _planned(world, "email")
    with world.here():
        Dispatch.objects.filter(id=row.id).update(
            state=Dispatch.State.UNDER_WAY, started_at=clock.now() - cast.timedelta(days=1)
        )
    # The clock stands, so a lease has no length: it is over.
    found = _claimed(row)
    outbox.settle(found, dispatch.carry_out(found))
    with world.here():
        kept = Dispatch.objects.get(id=row.id)
    assert kept.state == Dispatch.State.UNKNOWN
    service = world.read(cast.Service(id=row.about))
    assert world.item(service, "not_sent").role == "electronic"
    assert not {"message.sent", "message.failed"} & set(world.facts(service))
    assert kept.id not in {one.id for one in dispatch.claim(100)}, "never sent again by itself"


def test_a_sending_that_fails_again_is_looked_at_again(world: cast.World) -> None:
    row = _planned(world)
    service = world.read(cast.Service(id=row.about))
    for _ in range(2):
        outbox.settle(_claimed(row), dispatch.Result(Dispatch.State.FAILED, problem="not taken over"))
        world.does(world.zhou, service, "not_sent", "again")
    with world.here():
        assert service.work_items.filter(kind="not_sent").count() == 2


def test_a_fault_of_ours_in_one_sending_stops_no_other(world: cast.World) -> None:
    row = _claimed(_planned(world))
    result = dispatch.carry_out(row)
    assert result.state == Dispatch.State.PLANNED, "its request lacks the number: a fault of ours, tried again"
    assert result.problem == "KeyError"


def test_a_place_tried_again_is_another_piece_with_its_own_number_and_its_own_job(world: cast.World) -> None:
    service = world.service()
    world.tell(service, "consent.refused", "recipient")
    world.later(minutes=20)
    contact = world.contact(service, "address")
    printed = {}
    for turn, number in enumerate(("1234567890123", "1234567890124")):
        with world.here():
            point = ContactPoint.objects.get(id=contact)
            key = f"print:{contact}" + (f":{turn}" if turn else "")
            order = postal.start_piece(world.read(service), point, key, turn)
            piece = postal.note_number(order, number)
            assert piece.turn == turn
            job = postal.print_piece(piece)
            done = dispatch.Result(Dispatch.State.DONE)
            postal.after_print(job, done)
            [told] = postal.after_watch(Dispatch.objects.get(key=f"{job.key}:watch"), done)
        printed[job.key] = told.detail["waybill"]
    assert list(printed.values()) == ["1234567890123", "1234567890124"]
