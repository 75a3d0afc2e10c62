"""The suite's own PostgreSQL: made at the first test that wants one, shared by all workers, gone afterwards."""

import base64
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_HOME = "SONGDA_VAR"


def _prepare_environment() -> None:
    """Before Django reads its settings; workers of a parallel run inherit what the first process chose."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    os.environ["SONGDA_MODE"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "songda.config.settings"
    var = Path(tempfile.mkdtemp(prefix="songda-tests-"))
    var.chmod(0o755)  # PostgreSQL drops root's rights and must still reach its data
    os.environ[_HOME] = str(var)
    os.environ["SONGDA_CLOCK"] = str(var / "clock.json")
    os.environ["SONGDA_VAULT"] = str(var / "documents")
    os.environ["SONGDA_SECRET_KEY"] = "a key for tests, known to everybody, of some length"
    os.environ["SONGDA_DATA_KEY"] = base64.b64encode(bytes(range(32))).decode()


_prepare_environment()

import django  # noqa: E402

django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Called once before a worker makes its database: the server has to run by then."""
    from songda.config.environment import own_database

    own = own_database()
    if own:
        own.start()


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    from songda.config.environment import own_database

    own = own_database()
    if own:
        own.stop()
        shutil.rmtree(own.place, ignore_errors=True)
    shutil.rmtree(os.environ[_HOME], ignore_errors=True)
