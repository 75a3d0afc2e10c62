"""邓 holds a phone: a service whose link was sent, and a browser to open it with."""

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image, ImageDraw

from songda.courts.models import Court
from songda.filing.draft import PartyDraft
from songda.filing.models import Service
from songda.methods.electronic import link_of
from songda.methods.models import Access
from tests import cast
from tests.cast import DENG, World


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAULT", str(tmp_path / "vault"))
    cast.stop_the_clock()
    return cast.make_world()


@dataclass
class Phone:
    """A recipient's phone: the message it got, and what its browser shows."""

    world: World
    service: Service
    access: Access
    browser: Client

    @property
    def link(self) -> str:
        return link_of(self.access).partition("8000")[2]

    @property
    def home(self) -> str:
        return f"/sd/{self.access.id}/"

    def enter(self, code: str | None = None, identity: str = "010312") -> str:
        """Open the link and answer the door's questions; returns the page that follows."""
        self.browser.get(self.link)
        answers = {"code": self.access.code if code is None else code, "identity": identity}
        return self.browser.post(self.link, answers, follow=True).content.decode()

    def does(self, action: str, **written: object) -> object:
        return self.browser.post(self.home, {"action": action, **written})

    def page(self) -> str:
        return self.browser.get(self.home).content.decode()

    def document(self, place: int = 0) -> str:
        with self.world.here():
            line = self.service.lines.order_by("ordinal")[place]
        return f"{self.home}paper/{line.document_id}/"

    def facts(self) -> list[str]:
        return self.world.facts(self.service)


def reach(world: World, party: PartyDraft = DENG, *, consent: bool | None = True, policy: dict | None = None) -> Phone:
    """A service whose link has reached the recipient's phone, after a call that ended as `consent` says."""
    if policy:
        Court.objects.filter(id=world.court.id).update(policy=policy)
        world.court.refresh_from_db()
    service = world.service(party)
    contact = world.contact(service, "phone")
    if consent is not None:
        world.tell(service, "call.attempted", "provider", answered=True, contact=contact)
        world.tell(
            service, "consent.given" if consent else "consent.refused", "recipient", how="stated", contact=contact
        )
    else:
        world.tell(service, "call.attempted", "provider", answered=True, contact=contact)
    with world.here():
        access = Access.objects.select_related("service__party").filter(service=service).first()
        if access is None:
            from songda.courts.queries import policy_of
            from songda.finding.models import ContactPoint
            from songda.methods.electronic import grant_access

            access = grant_access(world.read(service), ContactPoint.objects.get(id=contact), policy_of(world.court))
    world.tell(service, "message.sent", "provider", channel="sms", contact=contact)
    return Phone(world, service, access, Client())


@pytest.fixture
def phone(world: World) -> Phone:
    return reach(world)


def drawn(strokes: int = 4) -> str:
    """What a finger leaves on the pad."""
    image = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for place in range(strokes):
        pen.line(
            [(40 + place * 60, 40), (80 + place * 60, 200), (60 + place * 60, 90)], fill=(16, 24, 40, 255), width=5
        )
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
