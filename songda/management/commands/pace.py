"""`songda pace`: the demonstration's clock slows down while the machine has something to do, until stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from songda.config import environment
from songda.engine import loops
from songda.management import gait


class Command(BaseCommand):
    help = "Slows the played clock while anything waits for the machine. Demonstration only."
    # Checks load every page; who watches the time needs none of them.
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if environment.mode() == "production":
            raise CommandError("nobody plays the clock in production")
        watch = gait.Watch()
        loops.run((lambda: gait.keep(watch), gait.LOOK, 2))
