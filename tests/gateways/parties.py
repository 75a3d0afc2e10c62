"""The two ends of the wire: a sandbox with our configurations for it, and the platform's callback door."""

import hashlib
import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from songda.evidence import certificates, pades
from songda.gateways.accounts import AccountConfig
from songda.gateways.calls import CallConfig
from songda.gateways.carrier import CarrierConfig, CarrierOrder, Correspondent
from songda.gateways.email import EmailConfig
from songda.gateways.people import SourceConfig
from songda.gateways.sandbox.world import KEY_ID, Settings
from songda.gateways.sms import SmsConfig
from songda.gateways.switchboard import sandbox_source
from songda.gateways.wire import Endpoint
from songda.papers import renditions

SECRET = "told-to-both"
SPEED = 2000.0


class Listener:
    """The platform's doors: keeps every callback it answered, and may refuse a few first; gives out letters."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.refusals = 0
        self.letters: dict[str, bytes] = {}
        self.fetched: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                refused = outer.refusals > 0
                outer.refusals -= refused
                if not refused:
                    outer.heard.append((self.path, dict(self.headers.items()), body))
                self.send_response(503 if refused else 204)
                self.end_headers()

            def do_GET(self) -> None:
                outer.fetched.append((self.path, dict(self.headers.items())))
                content = outer.letters.get(self.path, b"")
                self.send_response(200 if content else 404)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def at(self, door: str) -> list[tuple[dict[str, str], bytes]]:
        """What came to a door; at `people`, to the doors of all sources."""
        doors = (f"/callbacks/{door}", f"/callbacks/{door}/")
        return [(headers, body) for path, headers, body in self.heard if path == doors[0] or path.startswith(doors[1])]

    def told(self, door: str) -> list[Any]:
        return [json.loads(body) for _, body in self.at(door)]

    def lay_out(self, letter: bytes, name: str = "letter") -> dict[str, str]:
        """Have a letter ready to be fetched; returns what a question says of it."""
        path = f"/letters/{name}"
        self.letters[path] = letter
        return {"letter_sha256": hashlib.sha256(letter).hexdigest(), "letter_url": f"{self.url}{path}"}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


COURT = "成都高新技术产业开发区人民法院"


@cache
def sealed_letter() -> bytes:
    """A 协查函 under the seal of `COURT`."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    credential = certificates.issue(certificates.new_authority("根", at=now), COURT, at=now)
    return pades.sign(renditions.of_text("协查函", made_at=now), credential, at=now, reason="协查函")


class Running:
    """A sandbox under test, with the configurations our clients would be given."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        base = f"http://127.0.0.1:{settings.port}"
        self.base = base
        self.endpoint = Endpoint(base, KEY_ID, SECRET)
        self.sms = SmsConfig(self.endpoint)
        self.accounts = AccountConfig(self.endpoint)
        self.calls = CallConfig(self.endpoint)
        self.carrier = CarrierConfig(self.endpoint, "51000000001")
        self.email = EmailConfig(
            "127.0.0.1", settings.smtp_port, "court@court.example", "bounces@court.example", security="none"
        )
        self.printer = f"ipp://127.0.0.1:{settings.ipp_port}/ipp/print/wangxi"

    def source(self, code: str) -> SourceConfig:
        own = sandbox_source(code, SECRET)
        place = Endpoint(f"{self.base}/sources/{code}", own["key_id"], own["secret"])
        return SourceConfig(code, code, place, own["hash_secret"])

    def log(self, door: str) -> list[dict[str, Any]]:
        return httpx.get(f"{self.base}/log", params={"door": door}, trust_env=False).json()["entries"]

    def visits(self, key: str) -> list[dict[str, Any]]:
        return httpx.get(f"{self.base}/told/visits/{key}", trust_env=False).json()["entries"]

    def settle(self, **who: str) -> None:
        httpx.post(f"{self.base}/people", json=who, trust_env=False).raise_for_status()


def eventually(look: Callable[[], Any], patience: float = 20.0) -> Any:
    """The first true value of `look`; fails when it stays false for so many seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if value := look():
            return value
        threading.Event().wait(0.02)
    raise AssertionError("it never happened")


def a_letter(key: str, name: str = "邓知行", address: str = "四川省成都市锦江区望溪路8号1栋1单元101室") -> CarrierOrder:
    court = Correspondent("成都高新技术产业开发区人民法院", "四川省成都市武侯区长桥南路1号", "02800000000")
    return CarrierOrder(key, court, Correspondent(name, address, "19200000001"), 6, 60, "wangxi")
