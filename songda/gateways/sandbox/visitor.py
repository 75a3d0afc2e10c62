"""A recipient with a phone in hand: opens the link in a text message and acts on the portal over real HTTP.

The portal's form is known here by what it promises a person's eyes: a page with a form of `code` and `identity`; then a
page whose documents carry `data-document`, and forms whose hidden `action` is `confirm` or `sign`. Between the two may
stand a page that asks for consent: who came this far agrees. Into empty fields goes what `WRITTEN` says; everything
else is sent as it stands, hidden tokens included.
"""

import base64
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
from PIL import Image, ImageDraw

from songda.gateways.sandbox.agenda import NotYet
from songda.gateways.sandbox.register import DemoPerson
from songda.gateways.sandbox.world import World

_LINK = re.compile(r"https?://[^\s，。；]+")
_CODE = re.compile(r"验证码[：:]\s*([0-9A-Za-z]{4,8})")
_TIMEOUT = 20.0


@dataclass(slots=True)
class Form:
    """A form as a page shows it: where it goes and what is written in its fields."""

    target: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def action(self) -> str:
        return self.fields.get("action", "")


class Page(HTMLParser):
    """What a person finds on a page: forms with what is written in them, and documents to open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.documents: list[str] = []
        self._open = False
        self._asking = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(found.get("action", "")))
            self._open = True
        elif self._open:
            self._field(tag, found)
        if "data-document" in found:
            self.documents.append(found.get("href") or found["data-document"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        if tag in ("textarea", "select"):
            self._asking = ""

    def handle_data(self, data: str) -> None:
        if self._asking.startswith("textarea "):
            self._fields[self._asking.partition(" ")[2]] += data

    @property
    def _fields(self) -> dict[str, str]:
        return self.forms[-1].fields

    def _field(self, tag: str, found: Mapping[str, str]) -> None:
        if tag == "option" and self._asking.startswith("select "):
            self._choose(self._asking.partition(" ")[2], found)
        elif tag in ("textarea", "select") and found.get("name"):
            self._asking = f"{tag} {found['name']}"
            self._fields.setdefault(found["name"], "")
        elif tag in ("input", "button") and found.get("name") and _is_sent(tag, found):
            self._fields.setdefault(found["name"], found.get("value", "on" if _is_box(found) else ""))

    def _choose(self, name: str, option: Mapping[str, str]) -> None:
        """What is selected already, else the first choice that says something."""
        if "selected" in option or not self._fields[name]:
            self._fields[name] = option.get("value", "")


def _is_box(found: Mapping[str, str]) -> bool:
    return found.get("type") in ("checkbox", "radio")


def _is_sent(tag: str, found: Mapping[str, str]) -> bool:
    """People tick what they must; of several buttons the visitor presses the one that is called `action`."""
    if _is_box(found):
        return "checked" in found or "required" in found
    return found["name"] == "action" or (tag == "input" and found.get("type") != "submit")


@dataclass(slots=True)
class Visitor:
    """One person's visit. `person` is None for someone of whom we know no number: no identity check lets them in."""

    link: str
    code: str
    person: DemoPerson | None
    browser: httpx.Client

    def act(self, acts: tuple[str, ...]) -> str:
        """Do these things in order; returns the last one that could be done, empty where not even the link opened."""
        page = self._enter()
        if page is None:
            return ""
        page = self._agree(page)
        if not self._read(page):
            return "entered"
        done = "open"
        for wanted in acts[1:]:
            form = next((form for form in page.forms if form.action == wanted), None)
            if form is None:
                continue
            page = self._send(form, WRITTEN[wanted](self.person) if wanted in WRITTEN else {})
            done = wanted
        return done

    def _agree(self, page: Page) -> Page:
        """Answer the question whether papers may be served electronically, where it is asked."""
        asked = next((form for form in page.forms if form.action == "consent"), None)
        return page if asked is None else self._send(asked, {})

    def _enter(self) -> Page | None:
        answer = _unless_broken(self.browser.get(self.link))
        self.link = str(answer.url)
        if not answer.is_success:
            return None
        page = Page(answer.text)
        door = next((form for form in page.forms if {"code", "identity"} & set(form.fields)), None)
        if door is None:
            return page
        page = self._send(door, {"code": self.code, "identity": self.person.identity if self.person else ""})
        still_outside = any({"code", "identity"} & set(form.fields) for form in page.forms)
        return None if still_outside else page

    def _send(self, form: Form, written: Mapping[str, str]) -> Page:
        known = {name: value for name, value in written.items() if form.fields.get(name) == "" or name == "signature"}
        fields = form.fields | known
        target = urljoin(self.link, form.target)
        answer = _unless_broken(self.browser.post(target, data=fields, headers={"referer": self.link}))
        self.link = str(answer.url)
        return Page(answer.text)

    def _read(self, page: Page) -> bool:
        """Open every document; whether there was one."""
        for document in page.documents:
            _unless_broken(self.browser.get(urljoin(self.link, document)))
        return bool(page.documents)


def _confirming(person: DemoPerson | None) -> Mapping[str, str]:
    return {"address": person.address, "phone": person.phone} if person else {}


def _signing(person: DemoPerson | None) -> Mapping[str, str]:
    """Somebody of an organisation says who they are."""
    name = (person.legal_representative or person.name) if person else "某"
    return {"name": name, "signature": signature_image(person.name if person else name)}


# What is written into the empty fields of a form, by the form's action.
WRITTEN: dict[str, Callable[[DemoPerson | None], Mapping[str, str]]] = {"confirm": _confirming, "sign": _signing}


def _unless_broken(answer: httpx.Response) -> httpx.Response:
    """A portal that is broken is visited again later; one that says no has said no."""
    return answer.raise_for_status() if answer.is_server_error else answer


def signature_image(name: str) -> str:
    """What a finger leaves: a line of strokes that depends on the name, as the PNG data URL a signature pad sends."""
    image = Image.new("RGBA", (480, 180), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    for number, strokes in enumerate(_strokes(name)):
        pen.line([(x + 40 + number * 110, y + 20) for x, y in strokes], fill=(20, 20, 40, 255), width=5, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def _strokes(name: str) -> Iterator[list[tuple[int, int]]]:
    for sign in name[:4]:
        at = ord(sign)
        yield [((at >> step) % 97, (at * (step + 3)) % 139) for step in range(9)]


def plan_visit(world: World, key: str, where: Mapping[str, str], whole: str) -> None:
    """Someone whose phone or account shows this message may act on it, in their own time."""
    link, code = _LINK.search(whole), _CODE.search(whole)
    _, temper = world.people.at(where)
    if link is None or not temper.portal:
        return
    event = {"key": key, "where": dict(where), "link": link[0], "code": code[1] if code else "", "tries": 0}
    spread = 0.5 + world.chance("visit", key)
    world.agenda.soon("visit", f"visit {key}", temper.after * spread, event)


def visit(world: World, event: Mapping[str, Any]) -> None:
    """The visit happens; a portal that is down or broken is tried again later."""
    person, temper = world.people.at(event["where"])
    link = _at_portal(event["link"], world.settings.portal)
    try:
        with httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=True) as browser:
            done = Visitor(link, event["code"], person, browser).act(temper.portal)
    except (httpx.TransportError, httpx.HTTPStatusError):
        raise NotYet from None
    world.store.tell("visits", event["key"], "visit", {"key": event["key"], "done": done})


def _at_portal(link: str, portal: str) -> str:
    """The public name in a message leads to the portal this sandbox was told of."""
    target, base = urlsplit(link), urlsplit(portal)
    return urlunsplit((base.scheme, base.netloc, target.path, target.query, target.fragment))
