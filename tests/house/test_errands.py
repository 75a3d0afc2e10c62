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


def begun_by_one_who_died(number: int) -> int:
    """The errand as a worker had begun it an hour ago, when it breathed for the last time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour') RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM worker) WHERE id = %s",
            [number],
        )
    return number


def begun_and_left(lock: str) -> int:
    return begun_by_one_who_died(housekeeping.throw_away_done.configure(queueing_lock=lock).defer(timestamp=0))


def state_of(number: int) -> str:
    return str(ProcrastinateJob.objects.get(id=number).status)


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_held_is_taken_up_and_done() -> None:
    # A lock of its own: at seventeen minutes past the worker's clock lays out one under the usual lock.
    held_by_the_dead = begun_and_left("alone")
    housekeeping.take_up_stalled.defer(timestamp=0)
    carry_out_everything()
    carry_out_everything()
    assert state_of(held_by_the_dead) == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_held_is_left_to_the_next_of_its_kind_where_that_one_waits() -> None:
    held_by_the_dead, another_held = begun_and_left("one at a time"), begun_and_left("alone")
    in_two_hours = housekeeping.throw_away_done.configure(queueing_lock="one at a time", schedule_in={"hours": 2})
    following = in_two_hours.defer(timestamp=0)
    housekeeping.take_up_stalled.defer(timestamp=0)
    carry_out_everything()
    carry_out_everything()
    assert [state_of(one) for one in (held_by_the_dead, following, another_held)] == ["aborted", "todo", "succeeded"]


def test_what_keeps_the_house_is_on_the_workers_clock() -> None:
    repeating = {entry.task.name for entry in app.periodic_registry.periodic_tasks.values()}
    assert {housekeeping.take_up_stalled.name, housekeeping.throw_away_done.name} <= repeating
