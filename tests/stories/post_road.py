"""The road a letter takes: the platform's loops against a real sandbox, both on the story's clock.

Requests go over loopback. What the sandbox calls back is taken at a door in front of the platform's own and brought to
it byte for byte, with its signature; the door may be shut, so that a wire that is down is a story too.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from songda.engine import hands, outbox, worker
from songda.gateways.models import Dispatch
from songda.gateways.numbers import is_waybill
from songda.gateways.sandbox.process import Sandbox
from songda.lib import clock
from songda.lib.tenancy import for_every_court
from songda.papers import barcodes
from tests.cast import World, stop_the_clock
from tests.gateways.parties import Listener, Running, eventually
from tests.papers import reading


@dataclass
class Road:
    """Platform, printers and carrier; `later` lets all of them live through a stretch of time."""

    world: World
    sandbox: Sandbox
    outside: Running
    door: Listener
    pool: ThreadPoolExecutor
    _heard: int = 0
    _carried_out: set[int] = field(default_factory=set)

    def later(self, **length: float) -> None:
        until = clock.now() + timedelta(**length)
        self._settle()
        while (following := self._next()) is not None and following <= until:
            stop_the_clock(following)
            self._settle()
        stop_the_clock(until)
        self._settle()
        hands.take_up()

    def shut(self) -> None:
        """Nothing of what the carrier tells comes through; it tries again and again."""
        self.door.refusals = 10**9

    def open(self) -> None:
        self.door.refusals = 0

    def _next(self) -> datetime | None:
        """The next moment at which something is due: a service, a sending, or something outside."""
        with for_every_court():
            planned = Dispatch.objects.filter(state=Dispatch.State.PLANNED, planned_at__gt=clock.now())
            sending = planned.order_by("planned_at").values_list("planned_at", flat=True).first()
        far = clock.now() + timedelta(days=365)
        service = self.world.next_due(far)
        outside = self.sandbox.world.agenda.waiting()[1]
        known = [sending, service, datetime.fromtimestamp(outside, clock.BEIJING) if outside else None]
        # A moment kept as seconds since 1970 may lie a little before itself.
        return min((one for one in known if one is not None), default=None)

    def _settle(self) -> None:
        """Everybody does what is due until nobody has anything left to do."""
        while True:
            moved = worker.move_due() + self._errands() + outbox.send_batch(self.pool)
            eventually(self._is_quiet_outside)
            if not moved + self._hear():
                return

    def _is_quiet_outside(self) -> bool:
        """Whether all is done out there that is due; while the door is shut, all but telling us of it."""
        left_out = "callback" if self.door.refusals else ""
        question = "select count(*) from due where at <= ? and kind <> ?"
        return bool(self.sandbox.world.store.run(question, clock.now().timestamp(), left_out)[0][0] == 0)

    def _errands(self) -> int:
        """Have what was laid out for a processor done; proofs belong to other stories."""
        waiting = ProcrastinateJob.objects.filter(task_name="print_piece").exclude(id__in=self._carried_out)
        jobs = list(waiting.order_by("id"))
        for job in jobs:
            app.tasks[job.task_name].func(**job.args)
            self._carried_out.add(job.id)
        return len(jobs)

    def _hear(self) -> int:
        fresh = self.door.heard[self._heard :]
        for path, headers, body in fresh:
            answer = Client().generic("POST", f"/api{path}", body, headers=_ours(headers))
            assert answer.status_code == 204
        self._heard += len(fresh)
        return len(fresh)

    # ---- what lies on the table, and what the other side knows

    def printed_pages(self, site: str) -> list[tuple[str, int]]:
        """What came out at a site: the number a scanner reads off each envelope, and how many sheets a hand counts."""
        jobs = [entry["body"] for entry in self.outside.log("print") if entry["body"]["site"] == site]
        pdfs = [(self.sandbox.world.store.directory / "printed" / f"{job['sha256']}.pdf").read_bytes() for job in jobs]
        return [(_scanned(pdf), reading.pages(pdf)) for pdf in pdfs]

    def carrier_has_told(self, order: str) -> list[str]:
        """The codes of all scans of a letter that the carrier has made so far."""
        told = httpx.get(f"{self.outside.base}/told/carrier/{order}", trust_env=False).json()["entries"]
        return [str(scan["opCode"]) for scan in told]


def _scanned(pdf: bytes) -> str:
    """The number on an envelope, as a scanner is sure of it: seen at two distances. At one alone, bars that fall
    between the points of the picture are now and then read as a second number."""
    near, far = (set(barcodes.read(reading.picture(pdf, scale=scale))) for scale in (4, 2.5))
    (number,) = [code for code in near & far if is_waybill(code)]
    return number


def _ours(headers: dict[str, str]) -> dict[str, str]:
    """The headers of a callback without those of its connection."""
    dropped = {"host", "content-length", "connection", "accept-encoding", "accept", "user-agent"}
    return {name: value for name, value in headers.items() if name.lower() not in dropped}
