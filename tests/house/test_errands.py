"""An errand outlives the process that carries it out."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from songda.config import housekeeping


def carry_out_everything() -> None:
    """A real worker, with its own connections, until the queue is empty."""
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.fixture
def held_by_the_dead(transactional_db: None) -> int:
    """An errand a worker had begun an hour ago, when it breathed for the last time."""
    number = housekeeping.throw_away_done.defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour') RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM worker) WHERE id = %s",
            [number],
        )
    return number


def test_what_a_dead_worker_held_is_taken_up_and_done(held_by_the_dead: int) -> None:
    housekeeping.take_up_stalled.defer(timestamp=0)
    carry_out_everything()
    carry_out_everything()
    assert ProcrastinateJob.objects.get(id=held_by_the_dead).status == "succeeded"


def test_what_keeps_the_house_is_on_the_workers_clock() -> None:
    repeating = {entry.task.name for entry in app.periodic_registry.periodic_tasks.values()}
    assert {housekeeping.take_up_stalled.name, housekeeping.throw_away_done.name} <= repeating
