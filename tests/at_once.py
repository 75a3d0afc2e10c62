"""Several people at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection


def all_at_once(*jobs: Callable[[], None]) -> None:
    """Every job in a thread of its own, with its own connection; the first fault of any is raised."""
    faults: list[BaseException] = []
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        try:
            start.wait()
            job()
        except BaseException as fault:  # told below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "somebody waits for ever"
    if faults:
        raise faults[0]
