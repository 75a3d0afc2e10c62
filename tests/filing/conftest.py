"""Orders are kept on a clock that stands still, in the courts of the cast."""

from pathlib import Path

import pytest

from tests import cast


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    cast.stop_the_clock()
    return cast.make_world()
