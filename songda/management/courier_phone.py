"""A courier's phone without a screen: it logs in, takes the round along, sends files in parts and reports it signed,
at the very doors the page on a phone knocks at.

Where the platform's address is known it is spoken to over the wire; else its web application is called in this process,
with the same requests.
"""

import base64
import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse

_TIMEOUT = 30.0
_OK = 200


class NoAnswer(Exception):  # noqa: N818
    """The platform did not do what was asked; what was to be said is still to be said."""


@dataclass(frozen=True, slots=True)
class File:
    """A photograph, video or signature, and whose it is."""

    content: bytes
    kind: str
    media_type: str
    whose: str
    key: str

    def said(self) -> dict[str, Any]:
        about = {"key": self.key, "kind": self.kind, "media_type": self.media_type, "whose": self.whose}
        return {**about, "size": len(self.content), "sha256": hashlib.sha256(self.content).hexdigest()}


@dataclass(frozen=True, slots=True)
class Position:
    """Where the phone thinks it is, and how many metres it may be off."""

    latitude: float
    longitude: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Report:
    """What the courier tells of one door. `lasted` is in seconds of the phone's own clock."""

    visit: str
    kind: str
    answers: Mapping[str, Any]
    files: tuple[File, ...]
    place: Position
    lasted: float


class Phone:
    """One phone in one courier's hand for one court; `court` is the code to change to, empty where the courier sits
    there anyhow. Every call raises NoAnswer where the platform does not do it."""

    def __init__(self, username: str, password: str, court: str) -> None:
        self._who, self._password, self._court = username, password, court
        self._key = ec.generate_private_key(ec.SECP256R1())
        address = os.environ.get("SONGDA_PORTAL_URL", "")
        # trust_env off: a proxy of this machine has nothing to do with its own loopback.
        self._wire = (
            httpx.Client(base_url=address, timeout=_TIMEOUT, trust_env=False)
            if address
            else httpx.Client(base_url="http://127.0.0.1", transport=httpx.WSGITransport(WSGIHandler()))
        )
        self._round, self._part = "", 0

    def close(self) -> None:
        """End the round, if one is open: what the phone carried is erased."""
        if self._round:
            self._post("close", {"round": self._round})
        self._wire.close()

    def take_along(self) -> dict[str, Any]:
        """The round as it is planned now, with everything the phone shows; opens it the first time."""
        if not self._round:
            self._log_in()
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        said = {"public_key": base64.b64encode(public).decode(), "phone_at": _shown().isoformat()}
        told = self._post("open", said)
        self._round, self._part = told["round"], told["part_bytes"]
        return told

    def tell(self, report: Report) -> dict[str, Any]:
        """Send the files, then the report that speaks of them; returns what the platform kept."""
        for one in report.files:
            self._send(one)
        body = self._body(report)
        said = {"round": self._round, "body": body, "signature": self._sign(body), "sent_at": _shown().isoformat()}
        return self._post("report", said)

    def _log_in(self) -> None:
        try:
            self._wire.get(reverse("desk:login"))
            self._form("desk:login", username=self._who, password=self._password)
            if self._court:
                self._form("desk:at_court", court=self._court)
        except httpx.TransportError as error:
            raise NoAnswer(type(error).__name__) from error

    def _form(self, name: str, **fields: str) -> None:
        """Send a form as a browser does, with the token its page gave."""
        token = self._wire.cookies.get("csrftoken") or ""
        answer = self._wire.post(reverse(name), data={**fields, "csrfmiddlewaretoken": token})
        if not answer.is_redirect:
            raise NoAnswer(f"{name}: {answer.status_code}")

    def _post(self, door: str, said: Mapping[str, Any]) -> dict[str, Any]:
        return self._heard(reverse(f"desk:rounds_{door}"), json.dumps(said).encode(), "application/json")

    def _send(self, one: File) -> None:
        at = 0
        while at < len(one.content):
            asked = {**one.said(), "round": self._round, "start": at}
            part, url = one.content[at : at + self._part], reverse("desk:rounds_file")
            told = self._heard(
                url, part, "application/octet-stream", {name: str(value) for name, value in asked.items()}
            )
            if told["got"] <= at:
                raise NoAnswer("the file does not get on")
            at = told["got"]

    def _heard(self, url: str, body: bytes, media_type: str, asked: Mapping[str, str] | None = None) -> dict[str, Any]:
        headers = {"content-type": media_type, "x-csrftoken": self._wire.cookies.get("csrftoken") or ""}
        try:
            answer = self._wire.post(url, content=body, params=asked, headers=headers)
        except httpx.TransportError as error:
            raise NoAnswer(type(error).__name__) from error
        if answer.status_code != _OK:
            raise NoAnswer(f"{url}: {answer.status_code}")
        told: dict[str, Any] = answer.json()
        return told

    def _body(self, report: Report) -> str:
        at, place = _shown(), report.place
        said = {
            "key": str(uuid4()),
            "kind": report.kind,
            "visit": report.visit,
            "began_at": (at - timedelta(seconds=report.lasted)).isoformat(),
            "phone_at": at.isoformat(),
            "place": {"latitude": place.latitude, "longitude": place.longitude, "accuracy": place.accuracy},
            "answers": report.answers,
            "files": [one.said() for one in report.files],
        }
        return json.dumps(said, ensure_ascii=False)

    def _sign(self, body: str) -> str:
        one, other = decode_dss_signature(self._key.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        return base64.b64encode(one.to_bytes(32) + other.to_bytes(32)).decode()


def _shown() -> datetime:
    """A phone's clock is its own, whatever the demonstration's shows."""
    return datetime.fromtimestamp(time.time(), UTC)
