"""Where a service stands is computed from its facts: the columns are a cache, whatever happened in whatever order."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songda.engine import actions
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.lib.clock import now
from tests import cast

# name, speaker, detail: what may befall a service, each at most once.
EVENTS: tuple[tuple[str, Speaker, dict[str, Any]], ...] = (
    ("call.attempted", Speaker.PROVIDER, {"answered": False}),
    ("consent.given", Speaker.RECIPIENT, {"how": "stated"}),
    ("consent.refused", Speaker.RECIPIENT, {}),
    ("message.sent", Speaker.PROVIDER, {"channel": "sms"}),
    ("content.available", Speaker.PLATFORM, {"address": "found", "channel": "sms"}),
    ("content.opened", Speaker.RECIPIENT, {}),
    ("receipt.signed", Speaker.CARRIER, {"signer": "opposing_party", "via": "mail"}),
    ("receipt.signed", Speaker.PERSON, {"signer": "self", "via": "window", "id_number_given": True}),
    ("receipt.refused", Speaker.PERSON, {"by": "self", "via": "visit"}),
    ("mail.returned", Speaker.CARRIER, {"because": "untraceable"}),
    ("service.rebutted", Speaker.PERSON, {"ground": "not_read"}),
    ("service.stopped", Speaker.PERSON, {}),
    ("service.reopened", Speaker.PERSON, {}),
)
COURSES = st.lists(
    st.tuples(st.sampled_from(range(len(EVENTS))), st.integers(0, 72)),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[0],
)


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


def contacts(world: cast.World, service: cast.Service, name: str) -> dict[str, str]:
    kind = "address" if name.startswith("mail") else "phone"
    return {"contact": world.contact(service, kind)}


def told(world: cast.World, service: cast.Service, course: list[tuple[int, int]]) -> list[Told]:
    found = []
    for place, hours_ago in course:
        name, speaker, detail = EVENTS[place]
        at = now() - cast.timedelta(hours=hours_ago)
        found.append(Told(name, at, speaker, detail={**detail, **contacts(world, service, name)}, key=f"e{place}"))
    return found


def stands(world: cast.World, service: cast.Service) -> dict[str, Any]:
    row = world.read(service)
    with world.here():
        fresh = actions.rebuild(service.id)
    kept = {name: getattr(row, name) for name in fresh}
    # A time that is past was pushed on, so that the loop does not spin: the one column that is more than a cache.
    if fresh["due_at"] is not None and fresh["due_at"] <= now():
        fresh.pop("due_at"), kept.pop("due_at")
    assert kept == fresh
    return kept


FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@FEW
@given(course=COURSES, days=st.integers(0, 20))
def test_the_columns_are_what_the_facts_say(world: cast.World, course: list[tuple[int, int]], days: int) -> None:
    cast.stop_the_clock()
    service = world.service(repeat_reason="又一次")
    for one in told(world, service, course):
        with world.here():
            actions.record(service.id, one)
        stands(world, service)
    world.later(days=days)
    stands(world, service)


@FEW
@given(course=COURSES, order=st.randoms(use_true_random=False))
def test_the_order_in_which_we_learn_changes_no_outcome(
    world: cast.World, course: list[tuple[int, int]], order: Any
) -> None:
    course = [one for one in course if EVENTS[one[0]][0] not in {"service.stopped", "service.reopened"}]
    shuffled = order.sample(course, len(course))
    outcomes = []
    for learnt in (course, shuffled):
        cast.stop_the_clock()
        service = world.service(repeat_reason="又一次")
        with world.here():
            for one in told(world, service, learnt):
                actions.record(service.id, one)
        kept = stands(world, service)
        outcomes.append((kept["result"], kept["result_method"], kept["effective_on"]))
    assert outcomes[0] == outcomes[1]


def test_no_open_service_is_without_a_time_at_which_somebody_looks(world: cast.World) -> None:
    service = world.service()
    with pytest.raises(IntegrityError, match="service_open_has_due"), world.here():
        cast.Service.objects.filter(id=service.id).update(due_at=None)
