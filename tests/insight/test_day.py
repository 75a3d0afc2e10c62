"""A played day: its plan follows from the seed, its rhythm is a court's, and the staff decide the same way again."""

from datetime import date, datetime, time

from songda.engine.models import WorkItem
from songda.engine.performing import open_work
from songda.engine.work import WORK
from songda.evidence.models import Fact
from songda.lib.clock import BEIJING
from songda.management import staff
from songda.management.day import OPENS, SHUTS, next_working_day, plan
from tests.cast import World
from tests.insight.days import NO_PHONE

MONDAY = date(2026, 3, 2)


def test_the_same_seed_plans_the_same_day_and_another_seed_another() -> None:
    assert plan(MONDAY, 5, 200, seed=1) == plan(MONDAY, 5, 200, seed=1)
    assert plan(MONDAY, 5, 200, seed=1) != plan(MONDAY, 5, 200, seed=2)


def test_orders_come_in_working_hours_at_every_court_and_most_before_noon_and_in_the_afternoon() -> None:
    orders = plan(MONDAY, 5, 500, seed=1)
    assert len(orders) == 500
    assert {one.court for one in orders} == set(range(5))
    hours = [one.at.astimezone(BEIJING).time() for one in orders]
    assert min(hours) >= OPENS
    assert max(hours) < SHUTS
    noon = sum(time(12, 0) <= hour < time(13, 0) for hour in hours)
    assert noon < sum(time(9, 30) <= hour < time(10, 30) for hour in hours) / 2


def test_the_day_played_is_one_on_which_courts_work() -> None:
    friday_evening = datetime(2026, 3, 6, 20, 0, tzinfo=BEIJING)
    assert next_working_day(friday_evening) == date(2026, 3, 9)
    assert next_working_day(datetime(2026, 3, 9, 7, 0, tzinfo=BEIJING)) == date(2026, 3, 9)


def test_staff_end_an_item_after_a_while_as_somebody_whose_it_is(world: World) -> None:
    service = world.service(NO_PHONE)
    with world.here():
        open_work(service, "unread_scan", "unread:test")
    assert staff.work(seed=1) == 0
    world.later(hours=2)
    assert staff.work(seed=1) >= 1
    with world.here():
        item = WorkItem.objects.get(key="unread:test")
        assert item.outcome == "noted"
        assert item.done_by == world.zhou
        done = Fact.objects.get(about=service.id, name="work.done", detail__item=str(item.id))
        assert done.speaker_ref == str(world.zhou.pk)


def test_every_habit_names_outcomes_its_kind_of_item_has() -> None:
    for kind, habit in staff.HABITS.items():
        assert habit.outcomes.keys() <= WORK[kind].outcomes.keys(), kind
