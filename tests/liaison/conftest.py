"""Court and post in one centre, on a clock that stands still."""

from pathlib import Path

import pytest

from songda.courts.actions import enrol
from songda.courts.models import Person
from tests import cast


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


@pytest.fixture
def meng(world: cast.World) -> Person:
    """Who looks after the court's side."""
    meng = Person.objects.create_user("meng", cast.PASSWORD, name="孟珂", organisation="court")
    enrol(meng, world.court, ["manager", "court_liaison"])
    return meng


@pytest.fixture
def qin(world: cast.World) -> Person:
    """Who looks after the post's side, at both courts."""
    qin = Person.objects.create_user("qin", cast.PASSWORD, name="秦朗", organisation="post")
    for court in (world.court, world.other_court):
        enrol(qin, court, ["post_manager", "post_liaison"])
    return qin
