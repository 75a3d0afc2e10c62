"""A courier's phone without a browser: it opens a round under a key of its own, signs, and sends in parts."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from PIL import Image


def photo(colour: str = "navy", **about: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", **about)
    return out.getvalue()


def drawn(colour: str = "black") -> bytes:
    out = BytesIO()
    Image.new("RGBA", (120, 40), colour).save(out, "PNG")
    return out.getvalue()


@dataclass
class Attached:
    content: bytes
    kind: str = "photo"
    media_type: str = "image/jpeg"
    whose: str = ""
    key: str = field(default_factory=lambda: str(uuid4()))

    def said(self) -> dict[str, Any]:
        about = {"key": self.key, "kind": self.kind, "media_type": self.media_type, "whose": self.whose}
        return {**about, "size": len(self.content), "sha256": hashlib.sha256(self.content).hexdigest()}


class Phone:
    """The phone in one courier's hand. `ahead` is how far its clock is wrong."""

    def __init__(self, client: Client, ahead: timedelta = timedelta(0)) -> None:
        self.client, self.ahead = client, ahead
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.round = ""

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def post(self, url: str, said: dict[str, Any]) -> Any:
        return self.client.post(url, json.dumps(said), content_type="application/json")

    def open(self) -> dict[str, Any]:
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        answer = self.post(
            "/rounds/open/",
            {"public_key": base64.b64encode(public).decode(), "phone_at": self.now().isoformat()},
        )
        assert answer.status_code == 200, answer.content
        told: dict[str, Any] = answer.json()
        self.round = told["round"]
        return told

    def send(self, one: Attached, part: int = 1024 * 1024) -> None:
        at = 0
        while at < len(one.content):
            answer = self.send_part(one, at, one.content[at : at + part])
            assert answer.status_code == 200, answer.content
            at = answer.json()["got"]

    def send_part(self, one: Attached, start: int, content: bytes) -> Any:
        asked = urlencode({**one.said(), "round": self.round, "start": start})
        return self.client.post(f"/rounds/files/?{asked}", content, content_type="application/octet-stream")

    def body(
        self, visit: str, answers: dict[str, Any], attached: tuple[Attached, ...] = (), ago: float = 0, **more: Any
    ) -> str:
        at = self.now() - timedelta(seconds=ago)
        said = {
            "key": str(uuid4()),
            "kind": "visit",
            "visit": visit,
            "began_at": (at - timedelta(minutes=4)).isoformat(),
            "phone_at": at.isoformat(),
            "place": {"latitude": 30.641, "longitude": 104.066, "accuracy": 12.0},
            "answers": answers,
            "files": [one.said() for one in attached],
            **more,
        }
        return json.dumps(said, ensure_ascii=False)

    def sign(self, body: str) -> str:
        one, other = decode_dss_signature(self.key.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        return base64.b64encode(one.to_bytes(32) + other.to_bytes(32)).decode()

    def report(self, body: str, signature: str | None = None) -> Any:
        signed = self.sign(body) if signature is None else signature
        said = {"round": self.round, "body": body, "signature": signed, "sent_at": self.now().isoformat()}
        return self.post("/rounds/reports/", said)

    def tell(self, visit: str, answers: dict[str, Any], *attached: Attached, **more: Any) -> dict[str, Any]:
        """Send the files, then the report; the answer is the platform's."""
        for one in attached:
            self.send(one)
        answer = self.report(self.body(visit, answers, attached, **more))
        assert answer.status_code == 200, answer.content
        told: dict[str, Any] = answer.json()
        return told
