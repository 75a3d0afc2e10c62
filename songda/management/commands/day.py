"""`songda day --courts 5 --orders 500 --speed 600`: a working day that runs itself, beside a running `songda run`."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from songda.config import environment
from songda.insight import actions
from songda.management import day, demo


class Command(BaseCommand):
    help = "Play a working day in the sandbox: orders come in, staff work, boards move. Needs `songda run` beside it."
    # Checks load every page; a day needs none of them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--courts", type=int, default=len(demo.COURTS), choices=range(1, len(demo.COURTS) + 1))
        parser.add_argument("--orders", type=int, default=500)
        parser.add_argument(
            "--speed", type=float, default=demo.SPEED, help="seconds of the day in one second, at the most"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--report", action="store_true", help="print the day's indicators at the end")

    def handle(self, *_args: Any, **options: Any) -> None:
        if environment.mode() == "production":
            raise CommandError("a day is played in the demonstration only")
        own = environment.own_database()
        if own is not None and not own.running():
            raise CommandError("nothing runs here: start `make run` first, then play the day beside it")
        asked = {name: options[name] for name in ("courts", "orders", "speed", "seed")}
        began = time.monotonic()
        played = day.play(**asked, say=self.stdout.write)
        minutes = (time.monotonic() - began) / 60
        self.stdout.write(f"种子 {asked['seed']}，用时 {minutes:.1f} 分钟；平台来不及时，时钟自动放慢。")
        if options["report"]:
            self._report(played)

    def _report(self, played: Any) -> None:
        while actions.fold():
            time.sleep(0)
        self.stdout.write(f"\n{played} 当日")
        for line in day.report(played):
            self.stdout.write(f"  {line}".rstrip())
