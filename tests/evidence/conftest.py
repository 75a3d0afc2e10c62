"""The cast, where a test asks for it; the clock stands still until somebody says it is later."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from songda.evidence import heads
from songda.evidence.heads import Authority
from songda.gateways import switchboard
from songda.gateways.sandbox import tsa
from tests import cast


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    return _world(tmp_path, monkeypatch)


@pytest.fixture
def committed_world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    """A world whose rows are committed, for whoever comes with a connection of his own."""
    return _world(tmp_path, monkeypatch)


def _world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cast.World:
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    monkeypatch.setenv("SONGDA_VAR", str(tmp_path))
    cast.stop_the_clock()
    return cast.make_world()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """A time-stamping authority that answers over HTTP, with roots where the settings look for them."""
    kept = tsa.at(tmp_path / "sandbox" / "tsa")

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = kept.handle(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    heads._silent_until.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Authority(f"http://127.0.0.1:{server.server_port}/tsa", (kept.root,))
        server.shutdown()
        thread.join()


@pytest.fixture
def connected(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """The settings name the authority."""
    named = tmp_path / "gateways.json"
    root = str(tmp_path / "sandbox" / "tsa" / "root.pem")
    named.write_text(json.dumps({"tsa": {"url": authority.url, "roots": root}, "sources": {}}))
    monkeypatch.setenv("SONGDA_GATEWAYS", str(named))
    switchboard.forget()
    yield authority
    switchboard.forget()
