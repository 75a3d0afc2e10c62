"""`songda engine`: moves services whose time has come and sends what is planned, until stopped; keeps the boards up to
date beside it."""

import threading
from typing import Any

from django.core.management.base import BaseCommand

from songda.engine import worker
from songda.insight import worker as boards


class Command(BaseCommand):
    help = "Moves services whose time has come, sends what is planned, understands what came in, counts for the boards."

    def handle(self, *_args: Any, **_options: Any) -> None:
        stop = threading.Event()
        counting = threading.Thread(target=boards.run, args=(stop,), name="boards")
        counting.start()
        try:
            worker.run()
        finally:
            stop.set()
            counting.join()
