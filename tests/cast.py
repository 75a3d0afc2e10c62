"""The cast, the same in every test: clerk 安 and judge 白 of court A, clerk 程 of court B who must see nothing,
recipient 邓, courier 方; and the few verbs with which the stories are told."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from songda.courts import actions as courts
from songda.courts.models import Court, Person, PrintSite
from songda.courts.policy import Policy
from songda.courts.queries import policy_of
from songda.engine import actions, acts, worker
from songda.engine.intake import hand_over
from songda.engine.models import WorkItem
from songda.evidence.actions import Told
from songda.evidence.models import Fact, Speaker
from songda.filing.draft import OrderDraft, PartyDraft, Upload
from songda.filing.models import Order, Service
from songda.finding.models import ContactPoint
from songda.lib.clock import BEIJING, now
from songda.lib.tenancy import acting_for
from songda.papers import renditions

# A Monday morning in Beijing.
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)
PASSWORD = "songda-demo-2026"
DENG = PartyDraft(
    role="被告",
    name="邓春生",
    id_number="510107198001010312",
    phone="13900000001",
    address="四川省成都市武侯区人民南路四段27号2栋1单元301室",
)
LIU = PartyDraft(role="原告", name="刘建国", address="四川省成都市高新区天府大道北段1700号", serve=False)


def stop_the_clock(at: datetime = MORNING) -> None:
    """The platform's clock stands at this moment until `later` moves it."""
    path = Path(os.environ["SONGDA_CLOCK"])
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps({"real": 0.0, "played": at.timestamp(), "speed": 0.0}))
    scratch.replace(path)


@cache
def pdf(text: str) -> bytes:
    return renditions.of_text(text, made_at=MORNING)


def upload(kind: str, title: str) -> Upload:
    return Upload(filename=f"{title}.pdf", content=pdf(title), kind=kind, title=title)


COMPLAINT, SUMMONS, JUDGMENT = (
    upload("complaint", "起诉状副本"),
    upload("summons", "传票"),
    upload("judgment", "民事判决书"),
)


@dataclass
class World:
    """Two courts, their people, one print site, and the verbs of a story."""

    court: Court
    other_court: Court
    an: Person
    bai: Person
    cheng: Person
    fang: Person
    zhou: Person

    # ---- handing over

    def hand_over(self, *parties: PartyDraft, **about: Any) -> Order:
        draft = OrderDraft(
            case_number=about.pop("case_number", "（2026）川0191民初1234号"),
            procedure=about.pop("procedure", "ordinary"),
            parties=(LIU, *(parties or (DENG,))),
            uploads=about.pop("uploads", (COMPLAINT, SUMMONS)),
            cause="民间借贷纠纷",
            **about,
        )
        with self.here():
            return hand_over(self.court, self.an, draft)

    def service(self, *parties: PartyDraft, **about: Any) -> Service:
        order = self.hand_over(*parties, **about)
        with self.here():
            service = order.services.get()
            return actions.advance(service.id)

    @contextmanager
    def here(self) -> Iterator[None]:
        with acting_for(self.court.id):
            yield

    # ---- time and facts

    def later(self, **length: float) -> None:
        """Time passes, and the engine's loop looks at everything whose time has come, as often as it comes."""
        until = now() + timedelta(**length)
        while due := self.next_due(until):
            stop_the_clock(max(due, now()))
            worker.move_due()
        stop_the_clock(until)
        worker.move_due()

    def next_due(self, until: datetime) -> datetime | None:
        with self.here():
            first = Service.objects.filter(due_at__lte=until).order_by("due_at").first()
            return first.due_at if first else None

    def tell(self, service: Service, name: str, speaker: str = Speaker.CARRIER, **detail: Any) -> Fact | None:
        with self.here():
            kept = actions.record(service.id, Told(name, now(), Speaker(speaker), detail=detail))
            return kept[0] if kept else None

    def read(self, service: Service) -> Service:
        with self.here():
            return Service.objects.select_related("court", "case", "party").get(id=service.id)

    def facts(self, service: Service) -> list[str]:
        with self.here():
            return list(
                Fact.objects.filter(about=service.id).order_by("learnt_at", "id").values_list("name", flat=True)
            )

    def contact(self, service: Service, kind: str) -> str:
        with self.here():
            return str(ContactPoint.objects.get(party_id=service.party_id, kind=kind, withdrawn_at=None).id)

    def policy(self) -> Policy:
        return policy_of(self.court)

    # ---- people

    def item(self, service: Service, kind: str) -> WorkItem:
        with self.here():
            return WorkItem.objects.get(service=service, kind=kind, done_at=None)

    def does(self, person: Person, service: Service, kind: str, outcome: str, **inputs: Any) -> None:
        with self.here():
            acts.complete(WorkItem.objects.get(service=service, kind=kind, done_at=None), person, outcome, inputs)

    def act(self, act: Callable[..., Any], service: Service, *rest: Any, **named: Any) -> Any:
        with self.here():
            return act(self.read(service), *rest, **named)

    # ---- mail, told as the carrier tells it

    def printed(self, service: Service) -> dict[str, str]:
        """The piece to the present address is printed; returns what every scan of it carries."""
        with self.here():
            piece = service.waybills.order_by("-made_at").first()
            assert piece is not None, "no piece of mail was begun"
            if not piece.number:
                piece.number = f"1{piece.id.int % 10**12:012d}"
                piece.save(update_fields=["number"])
            carried = {"contact": str(piece.contact_point_id), "waybill": piece.number}
        self.tell(service, "papers.printed", **carried)
        self.tell(service, "mail.accepted", **carried)
        return carried

    def mailed(self, service: Service, signer: str, *, id_number_given: bool = True) -> None:
        """Delivered, its receipt scanned, the piece closed."""
        carried = self.printed(service)
        self.later(days=1)
        self.tell(service, "mail.delivered", signer=signer, id_number_given=id_number_given, **carried)
        self.tell(service, "mail.receipt_scanned", **carried)
        self.tell(service, "mail.closed", **carried)

    def returned(self, service: Service, because: str) -> None:
        """Three tries within five days, then back, scanned and closed."""
        carried = self.printed(service)
        for _ in range(3):
            self.later(days=1)
            self.tell(service, "mail.attempt_failed", reason="absent", **carried)
        self.later(hours=8)
        self.tell(service, "mail.returned", because=because, **carried)
        self.tell(service, "mail.receipt_scanned", **carried)
        self.tell(service, "mail.closed", **carried)


def make_world() -> World:
    """Call with a database and the clock stopped."""
    court = courts.found(
        code="川0191",
        name="成都高新技术产业开发区人民法院",
        short_name="成都高新",
        division_code="510109",
        address="四川省成都市高新区天府大道北段966号",
        phone="028-85000001",
    )
    other = courts.found(code="川0108", name="成都市成华区人民法院", short_name="成华", division_code="510108")
    PrintSite.objects.get_or_create(
        division_code="510107",
        defaults={"name": "武侯打印点", "address": "成都市武侯区", "ipp_uri": "ipp://127.0.0.1:1/ipp/print"},
    )

    def person(username: str, name: str, organisation: str, at: Court, *roles: str) -> Person:
        made = Person.objects.create_user(username, PASSWORD, name=name, organisation=organisation)
        courts.enrol(made, at, roles)
        return made

    return World(
        court=court,
        other_court=other,
        an=person("an", "安雨", "court", court, "clerk"),
        bai=person("bai", "白松", "court", court, "judge"),
        cheng=person("cheng", "程立", "court", other, "clerk", "judge", "manager"),
        fang=person("fang", "方远", "post", court, "courier"),
        zhou=person("zhou", "周岚", "post", court, "window", "electronic", "mail", "field"),
    )
