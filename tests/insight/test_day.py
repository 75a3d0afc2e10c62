"""A played day: its plan follows from the seed, its rhythm is a court's, and the staff decide the same way again."""

from datetime import date, datetime, time, timedelta

from songda.engine.models import WorkItem
from songda.engine.performing import open_work
from songda.engine.work import WORK
from songda.evidence.models import Fact
from songda.gateways.sandbox.people import Directory
from songda.gateways.sandbox.register import cast
from songda.insight.indicators import INDICATORS
from songda.lib.calendar import WorkingDays
from songda.lib.clock import BEIJING, now
from songda.lib.ids import uuid7
from songda.management import demo, staff
from songda.management.at_the_door import interview
from songda.management.day import OPENS, SHUTS, next_working_day, plan, report
from songda.management.dice import dice
from songda.methods.questions import as_data
from tests.cast import World
from tests.insight.days import NO_PHONE, by_phone, fold_all

MONDAY = date(2026, 3, 2)


def test_the_same_seed_plans_the_same_day_and_another_seed_another() -> None:
    assert plan(MONDAY, 5, 200, seed=1) == plan(MONDAY, 5, 200, seed=1)
    assert plan(MONDAY, 5, 200, seed=1) != plan(MONDAY, 5, 200, seed=2)


def test_for_one_seed_orders_people_and_what_they_do_are_drawn_alike_twice() -> None:
    def drawn(seed: int) -> list[object]:
        orders, people = plan(MONDAY, 5, 50, seed), Directory(seed, cast(seed))
        letters = [people.journey(one.first.name, one.first.filed_address) for one in orders]
        desks = [staff.choose(kind, dice(seed, f"20260302-{place:05}", kind, "1")) for place, kind in enumerate(WORK)]
        doors = [interview(as_data(), _STOP, one, dice(seed, "20260302-00001", "visit", one)) for one in _AT_A_DOOR]
        return [orders, people.people, letters, desks, doors]

    assert drawn(7) == drawn(7)
    assert all(one != other for one, other in zip(drawn(7), drawn(8), strict=True))


_STOP = {"name": "邓春生", "kind": "person", "bars": {"sign": {}, "leave": {}}}
_AT_A_DOOR = ("handed_over", "left_in_place", "nobody")


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


def test_what_staff_decide_does_not_hang_on_ids_that_are_new_every_time() -> None:
    def drawn(key: str, seed: int = 1) -> float:
        return dice(seed, "20260302-00001", "visit", key).random()

    assert drawn(f"visit:{uuid7()}:1") == drawn(f"visit:{uuid7()}:1")
    assert drawn(f"visit:{uuid7()}:1") != drawn(f"visit:{uuid7()}:2")
    assert drawn("visit:1") != drawn("visit:1", seed=2)


def test_the_demonstration_has_hearings_too_soon_for_every_way_on_working_days_in_working_hours(world: World) -> None:
    days = WorkingDays()
    someone = cast(demo.SEED)[0]
    hearings = [demo.draft(world.court, someone, None, serial).hearing_at for serial in range(1, 25)]
    told = [at.astimezone(BEIJING) for at in hearings if at is not None]
    assert any(at - now() < timedelta(days=10) for at in told)
    assert len(told) < 24
    for at in told:
        assert not days.is_day_off(at.date())
        assert time(9) <= at.time() < time(17)


def test_the_report_of_a_day_says_every_courts_counts_and_every_indicator(world: World) -> None:
    by_phone(world, 1)
    fold_all()
    lines = list(report(MONDAY))
    assert lines[0].split()[:3] == ["法院", "受理任务", "生效"]
    assert lines[2].split()[:3] == ["成都高新", "1", "1"]
    assert lines[3].split()[:3] == ["合计", "1", "1"]
    for one in INDICATORS.values():
        assert any(line.startswith(one.name) for line in lines), one.name
    assert any("1 ÷ 1" in line and line.startswith("电子送达率") for line in lines)


def test_every_habit_names_outcomes_its_kind_of_item_has() -> None:
    for kind, habit in staff.HABITS.items():
        assert habit.outcomes.keys() <= WORK[kind].outcomes.keys(), kind
