"""The suite's own PostgreSQL: made at the first test that wants one, shared by all workers, gone afterwards."""

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_OURS = "songda-tests-"


def _prepare_environment() -> None:
    """Before Django reads its settings; workers of a parallel run inherit what the first process chose."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    var = Path(tempfile.mkdtemp(prefix=f"{_OURS}{os.getpid()}-"))
    var.chmod(0o755)  # PostgreSQL drops root's rights and must still reach its data
    os.environ |= {
        "SONGDA_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "songda.config.settings",
        "SONGDA_VAR": str(var),
        "SONGDA_CLOCK": str(var / "clock.json"),
        "SONGDA_VAULT": str(var / "documents"),
        "SONGDA_SECRET_KEY": "a key for tests, known to everybody, of some length",
        "SONGDA_DATA_KEY": base64.b64encode(bytes(range(32))).decode(),
    }


_prepare_environment()

import django  # noqa: E402

from songda.config.environment import own_database  # noqa: E402
from songda.lib.postgres import Cluster  # noqa: E402

django.setup()

from django.db.backends.postgresql.operations import DatabaseOperations  # noqa: E402

# pg_trigger.tgtype: the bit of triggers that fire on TRUNCATE.
_ON_TRUNCATE = 32


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Called once before a worker makes its database: the server has to run by then."""
    own = own_database()
    if own:
        own.start()


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_the_ledger() -> Iterator[None]:
    """A test that really commits is cleared away by TRUNCATE, which the ledger refuses to everybody.

    The owner of the tables, who is not who works with them, sets the refusal aside for that one statement.
    """
    as_ever = DatabaseOperations.execute_sql_flush

    def flush(operations: DatabaseOperations, sql_list: list[str]) -> None:
        with operations.connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgtype & %s > 0", [_ON_TRUNCATE]
            )
            tables = [name for (name,) in cursor.fetchall()]
        aside = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
        back = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        # Django empties its own tables only; the queue's are the library's.
        as_ever(operations, [*aside, *sql_list, "TRUNCATE procrastinate_jobs CASCADE", *back])

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = as_ever


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium, for the tests of one module."""
    from tests.browsing import chromium

    with chromium() as found:
        yield found


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _remove(Path(os.environ["SONGDA_VAR"]))
        _remove_what_killed_runs_left()


def _remove(var: Path) -> None:
    own = Cluster(var / "postgres", durable=False)
    own.stop()
    shutil.rmtree(own.place, ignore_errors=True)
    shutil.rmtree(var, ignore_errors=True)


def _remove_what_killed_runs_left() -> None:
    for var in Path(tempfile.gettempdir()).glob(f"{_OURS}*"):
        try:
            os.kill(int(var.name.split("-")[2]), 0)
        except ProcessLookupError:
            _remove(var)
        except (PermissionError, ValueError):
            continue  # somebody else's
