"""`songda engine`: moves services whose time has come and sends what is planned, until stopped; has sources asked in a
process of its own; keeps the boards up to date, briefs people, makes reports and seals the ledgers beside it."""

import threading
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from songda.courts.actions import open_ledger
from songda.courts.models import Court
from songda.engine import worker
from songda.engine.inquiries import finder
from songda.engine.proving import issuing
from songda.evidence import worker as sealer
from songda.insight import worker as boards


class Command(BaseCommand):
    help = "Moves services whose time has come, sends what is planned, understands what came in, counts for the boards."
    # Checks load every page; who is started again after a fall has no time for that. `songda check` runs them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--finding", action="store_true", help="only ask and hear sources, beside another engine")

    def handle(self, *_args: Any, finding: bool = False, **_options: Any) -> None:
        if finding:
            finder.run()
            return
        for court in Court.objects.all():
            open_ledger(court)
        connection.close()
        stop = threading.Event()
        beside = [threading.Thread(target=work, args=(stop,), name=work.__name__) for work in (boards.run, boards.tell)]
        for thread in beside:
            thread.start()
        try:
            with sealer.running(_ledgers, issuing.time_authority), finder.beside():
                worker.run()
        finally:
            stop.set()
            for thread in beside:
                thread.join()


def _ledgers() -> dict[UUID, str]:
    """Every court's code by its id."""
    return dict(Court.objects.values_list("id", "code"))
