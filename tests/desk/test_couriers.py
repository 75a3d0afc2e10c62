"""Simulated couriers send what a phone sends, through the same doors, and no more than that."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from songda.courts.actions import enrol
from songda.courts.models import Person
from songda.engine.models import WorkItem
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.lib import clock
from songda.lib.tenancy import for_every_court
from songda.management import staff
from songda.management.at_the_door import ENDINGS, interview
from songda.management.couriers import Couriers
from songda.methods import questions
from songda.methods.models import Exhibit, Visit
from songda.methods.rounds import Round, VisitReport
from tests.cast import PASSWORD, World
from tests.desk.test_visits import in_the_morning, plan, to_the_door

TABLE = questions.as_data()
STOP = {"name": "邓春生", "kind": "person", "bars": {"sign": {}, "leave": {}}}


@pytest.fixture
def door(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service at whose door somebody should be today. The platform is called in this process, on this thread's
    connection and in its transaction, so the end of a request must not close it."""
    monkeypatch.delenv("SONGDA_PORTAL_URL", raising=False)
    service = to_the_door(world)
    in_the_morning(world)
    plan(world)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield service
    for signal in signals:
        signal.connect(close_old_connections)


def until_somebody_went(world: World, couriers: Couriers) -> int:
    for _ in range(40):
        if told := couriers.work():
            return told
        world.later(minutes=15)
    return 0


def report_of(service: Service) -> VisitReport:
    with for_every_court():
        return VisitReport.objects.select_related("visit").get(visit__service=service)


def test_a_visit_is_told_by_a_signed_report_with_time_and_place_that_nothing_speaks_against(
    world: World, door: Service
) -> None:
    assert until_somebody_went(world, Couriers(seed=7, password=PASSWORD)) == 1
    kept = report_of(door)
    assert kept.is_genuine
    assert kept.place is not None
    # On a clock that stands still every round is over at once.
    assert kept.remarks == ["stale_round"]
    assert kept.happened_at <= clock.now()
    with world.here():
        only = Round.objects.get()
        assert only.courier == world.fang
        assert only.closed_at is not None, "there was no other door"
        assert "private.revealed" in Fact.objects.filter(about=door.id).values_list("name", flat=True)
        assert Exhibit.objects.filter(service=door).exclude(kind="receipt").exists()
        assert Visit.objects.get(id=kept.visit_id).ended_at is not None
        assert not WorkItem.objects.filter(service=door, kind="visit", done_at=None, key__endswith=":1").exists()


def test_nobody_is_at_a_door_before_the_hour_of_the_plan(world: World, door: Service) -> None:
    with world.here():
        arrives = Visit.objects.get(service=door).arrives_at
    assert arrives is not None
    couriers = Couriers(seed=7, password=PASSWORD)
    while clock.now() < arrives:
        assert couriers.work() == 0
        world.later(minutes=10)


def test_a_courier_needs_time_from_door_to_door(world: World, door: Service) -> None:
    other = to_the_door(world, 2, "四川省成都市武侯区武侯祠大街231号1栋2单元5号")
    in_the_morning(world)
    plan(world)
    world.later(hours=6)
    couriers = Couriers(seed=7, password=PASSWORD)
    assert couriers.work() == 1
    assert couriers.work() == 0, "nobody is at two doors at once"
    world.later(minutes=20)
    assert couriers.work() == 1
    first, second = sorted((report_of(door), report_of(other)), key=lambda one: one.happened_at)
    assert second.happened_at - first.happened_at >= timedelta(minutes=6)


def test_a_wrong_password_tells_nothing_and_breaks_nothing(world: World, door: Service) -> None:
    world.later(hours=6)
    assert Couriers(seed=7, password="not this one").work() == 0  # noqa: S106
    with world.here():
        assert not VisitReport.objects.exists()


def test_staff_at_desks_end_no_visit(world: World, door: Service) -> None:
    world.later(hours=6)
    staff.work(seed=7)
    with world.here():
        assert WorkItem.objects.filter(service=door, kind="visit", done_at=None).exists()


def test_a_courier_of_several_courts_tells_each_what_is_its_own(world: World, door: Service) -> None:
    # 川0108 comes before 川0191: that is where the courier sits after logging in.
    enrol(Person.objects.get(id=world.fang.id), world.other_court, ("courier",))
    assert until_somebody_went(world, Couriers(seed=7, password=PASSWORD)) == 1
    with for_every_court():
        assert VisitReport.objects.get().court_id == world.court.id


# ---- the interview -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [one for one in ENDINGS if one != "unsafe"])
@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_every_ending_is_reached_through_the_questions_and_leaves_what_they_ask_for(ending: str, kind: str) -> None:
    for seed in range(10):
        told = interview(TABLE, {**STOP, "kind": kind}, ending, Random(seed))
        assert told.answers["outcome"] == ending
        if ending == "handed_over":
            assert [one.whose for one in told.files] == ["signer"]
            assert told.answers["name"]
        elif ending == "left_in_place":
            assert told.answers["refusal"]
            assert told.answers.get("witnesses") or [one.kind for one in told.files] == ["photo"]
        else:
            assert [one.kind for one in told.files] == ["photo"]


def test_papers_are_left_before_witnesses_who_sign_or_before_the_camera_each_now_and_then() -> None:
    proofs = {interview(TABLE, STOP, "left_in_place", Random(seed)).answers["proof"] for seed in range(20)}
    assert proofs == {"witnesses", "recording"}


def test_where_the_law_bars_it_the_papers_are_taken_back() -> None:
    bar = {"self": {"why": "须直接送达本人", "article": "X"}}
    handed = interview(TABLE, {**STOP, "bars": {"sign": bar, "leave": {}}}, "handed_over", Random(3))
    left = interview(TABLE, {**STOP, "bars": {"sign": {}, "leave": bar}}, "left_in_place", Random(3))
    assert (handed.answers["signer"], handed.answers["outcome"]) == ("self", "no_lawful_signer")
    assert (left.answers["signer"], left.answers["outcome"]) == ("self", "refused")


def test_the_same_dice_give_the_same_answers_and_the_same_pictures() -> None:
    for ending in ("handed_over", "left_in_place", "nobody"):
        assert interview(TABLE, STOP, ending, Random(5)) == interview(TABLE, STOP, ending, Random(5))
    one, other = (interview(TABLE, STOP, "nobody", Random(seed)).files[0].content for seed in (5, 6))
    assert one != other, "a photograph shown twice would be remarked upon"


def test_an_organisations_papers_are_taken_by_somebody_who_may() -> None:
    told = interview(TABLE, {**STOP, "kind": "organisation"}, "handed_over", Random(1))
    assert told.answers["signer"] in {"mail_staff", "legal_representative"}
