"""Many operators at the queue at the same moment, in real threads: no two get the same call."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from songda.courts.actions import decide_policy, enrol
from songda.courts.models import Person
from songda.engine import acts
from songda.engine.acts import ActRefused
from songda.engine.calls import calling
from songda.engine.models import WorkItem
from songda.lib.tenancy import acting_for
from songda.methods.calls import Call, CallTurn
from tests import cast
from tests.at_once import all_at_once
from tests.cast import DENG, World

CALLS, OPERATORS = 6, 8


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    made = cast.make_world()
    decide_policy(made.court, {"consent_by": "clerk"})
    return made


def operators(world: World) -> list[Person]:
    made = [
        Person.objects.create_user(f"op{number}", "x", name=f"话务{number}", organisation="post")
        for number in range(OPERATORS)
    ]
    for one in made:
        enrol(one, world.court, ["electronic"])
    return made


def test_two_operators_never_get_the_same_call(world: World) -> None:
    for number in range(CALLS):
        who = replace(DENG, name=f"邓{'甲乙丙丁戊己'[number]}", id_number="", phone=f"1390000010{number}")
        world.service(who, case_number=f"（2026）川0191民初{number + 1}号")
    got: list[tuple[str, object]] = []

    def take(person: Person) -> Callable[[], None]:
        def job() -> None:
            with acting_for(world.court.id):
                item = calling.take_next(world.court, person)
            got.append((person.username, item.id if item else None))

        return job

    all_at_once(*[take(one) for one in operators(world)])
    taken = [item for _, item in got if item is not None]
    assert len(taken) == len(set(taken)) == CALLS, (
        "each call went to one operator, and none was left while hands were free"
    )
    with world.here():
        assert CallTurn.objects.filter(ended_at=None).count() == CALLS
        assert WorkItem.objects.filter(kind="call", owner=None).count() == 0


def test_one_call_asked_for_by_all_goes_to_one(world: World) -> None:
    service = world.service()
    item, won = world.item(service, "call"), []

    def take(person: Person) -> Callable[[], None]:
        def job() -> None:
            with acting_for(world.court.id):
                try:
                    calling.take(WorkItem.objects.select_related("court").get(id=item.id), person)
                except ActRefused:
                    return
            won.append(person)

        return job

    people = operators(world)
    all_at_once(*[take(one) for one in people])
    [winner] = won
    loser = next(one for one in people if one != winner)
    with acting_for(world.court.id), pytest.raises(ActRefused, match="正由"):
        acts.complete(WorkItem.objects.get(id=item.id), loser, "no_answer", {})
    with world.here():
        assert Call.objects.count() == 0
