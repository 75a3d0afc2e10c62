"""No silent state: what is not finished has somebody or something that looks at it by a time, on somebody's list."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db.models import Q

from songda.courts.actions import enrol
from songda.courts.models import Membership
from songda.desk.access import Seat
from songda.desk.shell import is_mine
from songda.engine import hands
from songda.engine.models import WorkItem
from songda.engine.performing import open_work
from songda.engine.work import WORK
from songda.filing.models import Service
from songda.gateways.models import Dispatch
from songda.lib import clock
from tests import cast
from tests.cast import DENG, World


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


def silent(world: World) -> list[str]:
    """Open services that nobody has, nothing is sent for, and no time will bring back."""
    with world.here():
        held = set(WorkItem.objects.filter(done_at=None).values_list("service_id", flat=True))
        under_way = Q(state__in=[Dispatch.State.PLANNED, Dispatch.State.UNDER_WAY])
        sent = set(Dispatch.objects.filter(under_way).values_list("about", flat=True))
        open_ = Service.objects.filter(closed_at=None).exclude(id__in=held | sent)
        return [str(one.id) for one in open_ if one.due_at is None or one.due_at <= clock.now()]


def _mail_on_its_way(world: World) -> Service:
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    world.printed(service)
    return service


def _mail_returned(world: World) -> Service:
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    world.returned(service, "untraceable")
    return service


def _refused_by_telephone(world: World) -> Service:
    service = world.service()
    world.tell(service, "consent.refused", "recipient")
    return service


COURSES: dict[str, Callable[[World], Service]] = {
    "handed over": lambda world: world.service(),
    "nobody answers": lambda world: world.service(replace(DENG, phone="", address="")),
    "refused by telephone": _refused_by_telephone,
    "mail on its way": _mail_on_its_way,
    "mail returned": _mail_returned,
}


@pytest.mark.parametrize("course", sorted(COURSES))
def test_no_open_service_is_silent_however_long_nobody_does_anything(world: World, course: str) -> None:
    COURSES[course](world)
    assert silent(world) == []
    for days in (1, 6, 30):
        world.later(days=days)
        assert silent(world) == [], days


def test_a_service_that_nothing_would_bring_back_would_be_found(world: World) -> None:
    service = world.service()
    with world.here():
        WorkItem.objects.filter(service=service).update(done_at=clock.now())
        Dispatch.objects.filter(about=service.id).update(state=Dispatch.State.DONE)
        Service.objects.filter(id=service.id).update(due_at=clock.now())
    assert silent(world) == [str(service.id)]


def _on_somebodys_list(world: World, item: WorkItem) -> bool:
    """Whether a person of the court has the item among theirs."""
    held: dict[object, set[str]] = {}
    people = {}
    for one in Membership.objects.filter(court=world.court).select_related("person"):
        held.setdefault(one.person_id, set()).add(one.role)
        people[one.person_id] = one.person
    seats = [Seat(people[one], world.court, frozenset(roles), ()) for one, roles in held.items()]
    with world.here():
        return any(WorkItem.objects.filter(is_mine(seat), id=item.id).exists() for seat in seats)


@pytest.mark.parametrize("kind", sorted(WORK))
def test_every_kind_of_item_is_on_somebodys_list_from_the_loops_next_look(world: World, kind: str) -> None:
    """Also of a role that nobody holds at the court."""
    service = world.service()
    with world.here():
        item = open_work(service, kind, f"test:{kind}")
    hands.take_up()
    assert _on_somebodys_list(world, item)


def test_what_exceeds_its_age_stands_on_top_of_a_list_whoever_had_it(world: World) -> None:
    service = world.service()
    with world.here():
        item = open_work(service, "call", "test")
        hands.claim(item, world.zhou)
    world.later(days=1)
    hands.take_up()
    with world.here():
        late = WorkItem.objects.filter(done_at=None, due_at__lte=clock.now())
        assert late.exists()
        assert not late.filter(Q(escalated_at=None) | Q(escalated_to="")).exists()


def test_who_waits_on_is_asked_again_for_as_long_as_nothing_moves(world: World) -> None:
    """A print job that never comes out: each time somebody says to wait on, the same time runs once more."""
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    bai = world.bai
    enrol(bai, world.court, ["manager"])
    for _ in range(3):
        world.later(days=2, minutes=1)
        world.does(bai, service, "overdue", "noted")
        world.later(hours=20)
        with world.here():
            assert not WorkItem.objects.filter(service=service, kind="overdue", done_at=None).exists()


def test_what_was_called_late_again_is_so_no_more_once_something_moves(world: World) -> None:
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    enrol(world.bai, world.court, ["manager"])
    world.later(days=2, minutes=1)
    world.does(world.bai, service, "overdue", "noted")
    world.later(days=2, minutes=1)
    assert world.item(service, "overdue")
    world.printed(service)
    with world.here():
        assert not WorkItem.objects.filter(service=service, kind="overdue", done_at=None).exists()
