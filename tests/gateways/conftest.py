"""A sandbox on free ports with a fast clock, and a platform's end that keeps the callbacks it hears."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.world import Settings
from songda.lib import clock
from tests.gateways.parties import SECRET, SPEED, Listener, Running
from tests.ports import free_port


@pytest.fixture(autouse=True)
def fast_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGDA_MODE", "test")
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    clock.set_pace(speed=SPEED)


@pytest.fixture
def listener() -> Iterator[Listener]:
    door = Listener()
    yield door
    door.close()


@pytest.fixture
def settings(tmp_path: Path, listener: Listener) -> Settings:
    return Settings(
        state=tmp_path / "sandbox",
        portal=listener.url,
        api=listener.url,
        port=free_port(),
        smtp_port=free_port(),
        ipp_port=free_port(),
        secret=SECRET,
        trouble=0.0,
    )


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Running]:
    with Sandbox(settings):
        yield Running(settings)


@pytest.fixture
def postal_data() -> Path:
    """The real code tables and traces, which are not part of the product."""
    folder = Path(__file__).resolve().parents[2] / "../shared/data/postal"
    if not folder.is_dir():
        pytest.skip(f"real postal data is not here ({os.path.relpath(folder)})")
    return folder
