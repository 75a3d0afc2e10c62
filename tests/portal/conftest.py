"""邓 holds a phone: a service whose link was sent, and a browser to open it with."""

import base64
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image, ImageDraw

from songda.courts.models import Court
from songda.courts.queries import policy_of
from songda.filing.draft import PartyDraft
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.methods.entering import grant, link_of
from songda.methods.models import Access
from tests import cast
from tests.cast import DENG, World

HOME_ADDRESS = "四川省成都市武侯区人民南路四段27号2栋1单元301室"


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
    browser: Client = field(default_factory=Client)

    @property
    def link(self) -> str:
        return f"/sd?key={self.access.token}"

    @property
    def home(self) -> str:
        return f"/sd/{self.access.id}/"

    def knock(self, code: str | None = None, identity: str = "010312") -> HttpResponse:
        """Answer the door's questions: rightly, unless something else is said."""
        answers = {"code": self.access.code if code is None else code, "identity": identity}
        return self.browser.post(self.link, answers)  # type: ignore[return-value]

    def enter(self) -> str:
        """Open the link, verify, and see the page behind it."""
        self.knock()
        return self.page()

    def does(self, action: str, **written: object) -> HttpResponse:
        return self.browser.post(self.home, {"action": action, **written})  # type: ignore[return-value]

    def confirms(self, **otherwise: object) -> HttpResponse:
        written = {"address": HOME_ADDRESS, "phone": "13900000001", "ways": ["sms"], "consent": "yes"}
        return self.does("confirm", **{**written, **otherwise})

    def signs(self, **otherwise: object) -> HttpResponse:
        return self.does("sign", **{"signer": "self", "signature": drawn(), **otherwise})

    def page(self) -> str:
        return self.browser.get(self.home).content.decode()

    def document(self, place: int = 0) -> str:
        with self.world.here():
            return f"{self.home}paper/{self.service.lines.order_by('ordinal')[place].document_id}/"

    def facts(self) -> list[str]:
        return self.world.facts(self.service)


def set_policy(world: World, **policy: object) -> None:
    Court.objects.filter(id=world.court.id).update(policy=policy)
    world.court.refresh_from_db()


def reach(world: World, party: PartyDraft = DENG, *, consent: bool | None = True, **about: Any) -> Phone:
    """A service whose link was sent to the recipient's phone, after a call that ended as `consent` says."""
    service = world.service(party, **about)
    contact = world.contact(service, "phone")
    world.tell(service, "call.attempted", "provider", answered=True, contact=contact)
    if consent is not None:
        world.tell(service, "consent.given" if consent else "consent.refused", "recipient", contact=contact)
    with world.here():
        grant(world.read(service), ContactPoint.objects.get(id=contact), policy_of(world.court))
        access = Access.objects.select_related("service__party").get(service=service)
    world.tell(service, "message.sent", "provider", channel="sms", contact=contact)
    assert link_of(access).endswith(access.token)
    return Phone(world, service, access)


@pytest.fixture
def phone(world: World) -> Phone:
    return reach(world)


def data_url(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


def png(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG")
    return data_url(out.getvalue())


def _pad() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    return image, ImageDraw.Draw(image)


def dot() -> Image.Image:
    """A finger that only touched the pad."""
    image, pen = _pad()
    pen.ellipse((300, 120, 312, 132), fill=(16, 24, 40, 255))
    return image


def drawn(strokes: int = 4) -> str:
    """What a finger leaves on the pad: see-through but for its strokes."""
    image, pen = _pad()
    for place in range(strokes):
        x = 40 + place * 60
        pen.line([(x, 40), (x + 40, 200), (x + 20, 90)], fill=(16, 24, 40, 255), width=5)
    return png(image)
