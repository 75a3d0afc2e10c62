"""Sources as outside platforms are: an HTTP server that speaks the published contract and does what a test tells it."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Message = dict[str, Any]
Reply = tuple[int, Message, dict[str, str]]
Manner = Callable[[Message, int], Reply]


def found(*contacts: tuple[str, str], as_of: str = "2026-02-01") -> Manner:
    """Answers at once with these contacts."""
    listed = [{"kind": kind, "value": value, "asOf": as_of} for kind, value in contacts]
    return lambda message, _: (
        200,
        {"key": message["key"], "reference": "r1", "state": "found", "contacts": listed},
        {},
    )


def not_found(message: Message, _turn: int) -> Reply:
    return 200, {"key": message["key"], "reference": "r1", "state": "not_found"}, {}


def taken(message: Message, _turn: int) -> Reply:
    return 202, {"key": message["key"], "reference": "r1", "state": "pending"}, {}


def down(_message: Message, _turn: int) -> Reply:
    return 503, {"code": "Outage"}, {}


def limited(seconds: int) -> Manner:
    return lambda _message, _turn: (429, {"code": "TooManyRequests"}, {"retry-after": str(seconds)})


class Source:
    """One source on a port of its own. `asked` holds the questions it got, `looked_up` the keys it was asked about."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.later: Manner = taken
        self.asked: list[Message] = []
        self.looked_up: list[str] = []
        outer = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.asked.append(message)
                self._answer(outer.manner(message, len(outer.asked)))

            def do_GET(self) -> None:
                key = self.path.rsplit("/", 1)[-1]
                outer.looked_up.append(key)
                self._answer(outer.later({"key": key}, len(outer.looked_up)))

            def _answer(self, reply: Reply) -> None:
                status, body, headers = reply
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
