"""`songda errands`: carries out what waits in the queue, until it is told to stop."""

from typing import Any, cast

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


class Command(BaseCommand):
    help = "Carry out errands (SMS, letters, PDFs ...) until told to stop."
    # Checks load every page; who is started again after a fall has no time for that. `songda check` runs them.
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        connector = cast(DjangoConnector, app.connector).get_worker_connector()
        with app.replace_connector(connector) as worker_app:
            worker_app.run_worker(name="errands", install_signal_handlers=True, shutdown_graceful_timeout=8)
