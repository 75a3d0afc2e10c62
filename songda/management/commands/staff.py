"""`songda staff`: simulated people end the demonstration's work items, until stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from songda.config import environment
from songda.management import staff


class Command(BaseCommand):
    help = "Simulated staff of court and post end work items, until stopped. Demonstration only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: Any, **options: Any) -> None:
        if environment.mode() == "production":
            raise CommandError("nobody is simulated in production")
        staff.go_on(options["seed"])
