"""Boards are looked at in a world whose clock stands still; `told` brings them up to date as the loop does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from songda.courts.models import Person
from tests import cast

At = Callable[[Person], Client]


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


@pytest.fixture
def at(world: cast.World) -> At:
    """A client in which this person is logged in."""

    def log_in(person: Person) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in
