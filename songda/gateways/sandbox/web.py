"""The sandbox's HTTP side: a table of doors. Counterparties' doors want our signature; the pages for people do not."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from songda.gateways.errors import BadSignature
from songda.gateways.sandbox import letter, messenger, pages, post, printer, sources, telecom
from songda.gateways.sandbox.answers import Answer, refused
from songda.gateways.sandbox.world import World
from songda.gateways.signing import verify_request

logger = logging.getLogger(__name__)
_LARGEST = 64 * 1024 * 1024
_BINARY = frozenset({"application/ipp", "application/timestamp-reply"})

Door = Callable[..., Answer]
_SIGNED: tuple[tuple[str, str, Door], ...] = (
    ("POST", r"/sms/messages", telecom.take_sms),
    ("GET", r"/sms/messages/([^/]+)", telecom.look_up_sms),
    ("POST", r"/accounts/openids", messenger.give_open_id),
    ("POST", r"/accounts/messages", messenger.take_message),
    ("GET", r"/accounts/messages/([^/]+)", messenger.look_up_message),
    ("POST", r"/calls", telecom.take_call),
    ("GET", r"/calls/([^/]+)", telecom.look_up_call),
    ("POST", r"/carrier/orders", post.take_order),
    ("GET", r"/carrier/orders/([^/]+)", post.look_up_order),
    ("POST", r"/carrier/orders/([^/]+)/cancel", post.cancel_order),
    ("POST", r"/carrier/orders/([^/]+)/handover", post.take_handover),
    ("POST", r"/sources/([^/]+)/inquiries", sources.take_question),
    ("GET", r"/sources/([^/]+)/inquiries/([^/]+)", sources.look_up_question),
)
_SOURCES = frozenset({sources.take_question, sources.look_up_question})
_WITHOUT_BODY = frozenset({post.cancel_order})
_OPEN: tuple[tuple[str, str, Door], ...] = (
    ("GET", r"/", pages.front),
    ("GET", r"/log", pages.log),
    ("GET", r"/phone/(\d+)", pages.phone),
    ("GET", r"/told/([a-z]+)/([^/]+)", pages.told),
    ("GET", r"/account/([a-z]+)/([^/]+)", pages.account),
    ("GET", r"/mail", pages.mail),
    ("GET", r"/health", pages.health),
    ("GET", r"/agenda", pages.agenda),
    ("POST", r"/people", pages.settle),
)


class _Handler(BaseHTTPRequestHandler):
    """One connection. Requests are buffered whole: answers leave in one piece."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True
    world: World

    def do_GET(self) -> None:  # noqa: N802 - http.server's own name
        self._respond(b"")

    def do_POST(self) -> None:  # noqa: N802
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _LARGEST:
            self.close_connection = True
            self._write(refused(413, "TooLarge"))
            return
        self._respond(self.rfile.read(int(length)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Nothing: lines of requests would carry telephone numbers."""

    def _respond(self, body: bytes) -> None:
        try:
            if (self.command, self.path) == ("POST", "/tsa"):
                self._send(200, self.world.tsa.handle(body), "application/timestamp-reply", {})
                return
            self._write(self._answer(body))
        except Exception:
            logger.exception("sandbox door failed")
            self._write(refused(500, "InternalError"))

    def _answer(self, body: bytes) -> Answer:
        parts = urlsplit(self.path)
        for method, pattern, door in _SIGNED:
            match = re.fullmatch(pattern, parts.path)
            if match and method == self.command:
                return self._signed(door, [unquote(one) for one in match.groups()], body)
        for method, pattern, door in _OPEN:
            match = re.fullmatch(pattern, parts.path)
            if match and method == self.command:
                question = {name: values[0] for name, values in parse_qs(parts.query).items()}
                return door(self.world, *map(unquote, match.groups()), question if method == "GET" else _object(body))
        return refused(404, "NoSuchDoor")

    def _signed(self, door: Door, words: list[str], body: bytes) -> Answer:
        url = f"http://{self.headers.get('host', '')}{self.path}"
        secret = self.world.settings.secret_of(f"people/{words[0]}" if door in _SOURCES else "")
        try:
            verify_request(secret, self.command, url, dict(self.headers.items()), body)
        except BadSignature:
            return refused(403, "SignatureDoesNotMatch")
        if self.command == "GET" or door in _WITHOUT_BODY:
            return self._ask(door, *words)
        message = _object(body)
        if not message:
            return refused(400, "MalformedBody")
        # A letter is fetched from the platform before anything is held here: both sides may be waiting on the other.
        wrong = letter.refusal(self.world, words[0], message) if door is sources.take_question else None
        return wrong or self._ask(door, *words, message)

    def _ask(self, door: Door, *words: object) -> Answer:
        with self.world.store.together():
            return door(self.world, *words)

    def _write(self, answer: Answer) -> None:
        page = isinstance(answer.body, str)
        content = answer.body if isinstance(answer.body, str) else json.dumps(answer.body, ensure_ascii=False)
        self._send(answer.status, content.encode(), "text/html" if page else "application/json", answer.headers)

    def _send(self, status: int, content: bytes, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("content-type", kind if kind in _BINARY else f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


class _PrinterHandler(_Handler):
    """The same wire, speaking IPP at `/ipp/print/<site>`."""

    def _respond(self, body: bytes) -> None:
        match = re.fullmatch(r"/ipp/print/([^/]+)", urlsplit(self.path).path)
        if match is None or self.command != "POST":
            self._write(refused(404, "NoSuchPrinter"))
            return
        with self.world.store.together():
            answer = printer.answer_ipp(self.world, unquote(match[1]), body)
        self._send(200, answer, "application/ipp", {})


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def http_server(world: World) -> ThreadingHTTPServer:
    """The counterparties' HTTP side, bound but not running."""
    handler = type("Handler", (_Handler,), {"world": world})
    return _Server((world.settings.host, world.settings.port), handler)


def ipp_server(world: World) -> ThreadingHTTPServer:
    """The printers, bound but not running."""
    handler = type("PrinterHandler", (_PrinterHandler,), {"world": world})
    return _Server((world.settings.host, world.settings.ipp_port), handler)
