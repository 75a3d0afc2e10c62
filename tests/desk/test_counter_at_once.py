"""Two windows, and a tablet pressed twice, at the same moment in real threads: the papers are handed over once."""

from pathlib import Path

import pytest

from songda.engine.acts import ActRefused
from songda.engine.counter import attending, handing
from songda.engine.counter.attending import Came
from songda.lib.tenancy import acting_for
from songda.methods.models import Attendance
from tests import cast
from tests.cast import World
from tests.house.test_at_once import all_at_once
from tests.papers.samples import drawing

OWN = "510107198001010312"


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


def test_whoever_presses_at_once_the_papers_are_handed_over_once(world: World) -> None:
    services = [world.service(case_number=f"（2026）川0191民初{100 + place}号") for place in range(2)]
    came = Came(signer="self", name="邓春生", id_number=OWN, services=tuple(one.id for one in services))
    with world.here():
        party = world.read(services[0]).party
        here, there = (attending.check_in(party, world.zhou, came) for _ in range(2))
    ended: list[str] = []

    def press(attendance: Attendance) -> None:
        with acting_for(world.court.id):
            held = Attendance.objects.get(id=attendance.id)
            try:
                handing.collect(held, world.zhou, drawing())
            except ActRefused:
                ended.append("gone")
            else:
                ended.append("signed")

    all_at_once(*[lambda one=one: press(one) for one in (here, here, there)])
    assert [world.facts(one).count("receipt.signed") for one in services] == [1, 1]
    assert set(ended) <= {"signed", "gone"}
    with world.here():
        assert Attendance.objects.filter(ended="collected").count() == 1
