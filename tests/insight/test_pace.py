"""The played clock keeps step with the machine: it walks while anything waits, and what was asked for stays asked."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from songda.filing.models import Service
from songda.finding.models import Answer, SourceState
from songda.gateways.models import Payload
from songda.lib import clock
from songda.management import demo, gait
from songda.management.gait import AHEAD, BEARABLE, REAL, WALK, Line, Sight, Watch, next_speed
from tests.cast import World
from tests.insight.days import NO_PHONE

NOTHING = Sight()


def nobody(_: datetime | None) -> Line:
    return Line()


@pytest.fixture
def at_600(world: World) -> World:
    clock.resume(clock.now(), speed=600)
    return world


def speed() -> float:
    played = clock.pace()
    assert played is not None
    return played.speed


def test_the_clock_runs_as_fast_as_was_asked_only_while_nothing_waits() -> None:
    assert next_speed(600, 600, NOTHING) == 600
    assert next_speed(600, 600, Sight(timedelta(0))) == WALK
    assert next_speed(600, 600, Sight(BEARABLE / 2)) == WALK / 2


def test_what_is_later_than_bearable_brings_the_clock_to_the_machines_own_speed_and_no_lower() -> None:
    assert next_speed(30, 600, Sight(BEARABLE)) == REAL
    assert next_speed(30, 600, Sight(timedelta(days=3))) == REAL


def test_the_clock_does_not_run_past_the_next_thing_that_comes_due() -> None:
    a_minute = Sight(until_next=timedelta(minutes=1))
    assert next_speed(600, 600, a_minute) == 60 / AHEAD
    assert next_speed(600, 600, Sight(until_next=timedelta(seconds=2))) == WALK
    assert next_speed(600, 600, Sight(until_next=timedelta(hours=2))) == 600


def test_the_clock_quickens_step_by_step_when_nothing_waits_any_more() -> None:
    assert next_speed(1, 600, NOTHING) == WALK * 1.5
    assert next_speed(100, 600, NOTHING) == 150


def test_who_asked_for_a_slow_day_is_not_given_a_quicker_one() -> None:
    for sight in (NOTHING, Sight(timedelta(0)), Sight(timedelta(minutes=6)), Sight(until_next=timedelta(seconds=1))):
        assert next_speed(5, 5, sight) <= 5


def test_a_service_whose_time_has_come_is_seen_with_its_age_and_one_to_come_with_its_distance(world: World) -> None:
    service = world.service(NO_PHONE)
    later(world, service, minutes=2)
    assert gait.lines({})["services"] == Line(soonest=clock.now() + timedelta(minutes=2))
    later(world, service, minutes=-7)
    assert gait.lines({})["services"] == Line(oldest=clock.now() - timedelta(minutes=7))
    assert Watch(nobody).look().behind == timedelta(minutes=7)


def later(world: World, service: Service, minutes: float) -> None:
    with world.here():
        Service.objects.filter(id=service.id).update(due_at=clock.now() + timedelta(minutes=minutes))


def test_a_callback_nobody_has_read_yet_and_a_counterparty_that_is_late_are_waited_for(world: World) -> None:
    assert world.court
    Payload.objects.create(source="people", digest="a", body="{}", received_at=clock.now() - timedelta(minutes=1))
    assert Watch(nobody).look().behind == timedelta(minutes=1)
    late = Watch(lambda _: Line(oldest=clock.now() - timedelta(minutes=4)))
    assert late.look().behind == timedelta(minutes=4)


def test_questions_to_a_source_that_is_left_alone_wait_for_the_source_and_not_for_the_machine(world: World) -> None:
    world.service(NO_PHONE)
    asked = gait.lines({})["to ask"]
    assert asked.oldest is not None
    with world.here():
        codes = set(Answer.objects.values_list("source", flat=True))
    for code in codes:
        SourceState.objects.update_or_create(code=code, defaults={"breaker": "open", "since": clock.now()})
    assert gait.lines({})["to ask"].oldest is None


def test_what_is_stuck_is_waited_for_so_long_and_then_no_longer(world: World) -> None:
    service = world.service(NO_PHONE)
    later(world, service, minutes=-7)
    patient, hasty = Watch(nobody), Watch(nobody, patience=0.0)
    for watch in (patient, hasty):
        watch.look()
        watch.look()
    assert patient.look().behind == timedelta(minutes=7)
    assert hasty.look().behind is None


def test_slowing_the_clock_leaves_what_was_asked_for(at_600: World) -> None:
    assert at_600.court
    Payload.objects.create(source="people", digest="a", body="{}", received_at=clock.now())
    gait.keep(Watch(nobody))
    played = clock.pace()
    assert played is not None
    assert played.speed <= WALK
    assert played.wanted == 600
    Payload.objects.all().delete()
    for _ in range(12):
        gait.keep(Watch(nobody))
    assert speed() == 600


def test_while_an_order_is_being_handed_over_the_clock_walks_though_nothing_can_be_seen_yet(at_600: World) -> None:
    assert at_600.court
    with gait.held():
        for _ in range(5):
            gait.keep(Watch(nobody))
        assert speed() == WALK
    for _ in range(12):
        gait.keep(Watch(nobody))
    assert speed() == 600


def test_where_somebody_is_missing_the_clock_is_held_at_the_machines_own_speed_until_the_hold_ends(
    at_600: World,
) -> None:
    assert at_600.court
    clock.hold(1000, REAL)
    for _ in range(5):
        gait.keep(Watch(nobody))
    assert speed() == REAL
    clock.hold(0, REAL)
    for _ in range(12):
        gait.keep(Watch(nobody))
    assert speed() == 600


def test_a_demonstration_begins_at_the_machines_own_speed_for_nobody_is_at_work_yet(world: World) -> None:
    assert world.court
    demo.load(orders_per_court=0)
    played = clock.pace()
    assert played is not None
    assert (played.speed, played.wanted) == (REAL, demo.SPEED)


def test_a_clock_at_its_own_speed_is_left_alone(world: World) -> None:
    assert world.court
    clock.resume(clock.now(), speed=1)
    Payload.objects.create(source="people", digest="a", body="{}", received_at=clock.now() - timedelta(hours=1))
    assert gait.keep(Watch(nobody)) == 0
    assert speed() == 1


def test_many_who_set_the_clock_at_once_never_move_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    clock.resume(clock.now(), speed=600)
    seen: list[bool] = []

    def set_and_look() -> None:
        for turn in range(20):
            before = clock.now()
            clock.slow_down(float(turn + 1))
            seen.append(clock.now() >= before)

    threads = [threading.Thread(target=set_and_look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(seen) == 80
    assert all(seen)


def test_a_jump_is_made_once_and_the_hour_shown_after_it_is_that_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    clock.resume(clock.now(), speed=0.0)
    before = clock.now()
    clock.set_pace(speed=0.0, ahead=timedelta(hours=1))
    assert clock.now() == before + timedelta(hours=1)
