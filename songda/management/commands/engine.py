"""`songda engine`: moves services whose time has come and sends what is planned, until stopped."""

from typing import Any

from django.core.management.base import BaseCommand

from songda.engine import worker


class Command(BaseCommand):
    help = "Moves services whose time has come, sends what is planned, understands what came in."

    def handle(self, *_args: Any, **_options: Any) -> None:
        worker.run()
