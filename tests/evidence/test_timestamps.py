"""A time stamp is asked over HTTP, holds for its bytes alone, and openssl agrees."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from songda.evidence import stamping, timestamps
from songda.evidence.stamping import StampUnavailable
from songda.evidence.timestamps import StampError
from songda.gateways.sandbox import tsa
from songda.lib import clock

DATA = b"songda/ledger\n8\n"
TSA = tsa.new()
OTHER = tsa.new()


class _Authority(BaseHTTPRequestHandler):
    """The sandbox's authority behind real HTTP; another path is an authority that is out of order."""

    broken: ClassVar[dict[str, tuple[int, str, bytes]]] = {
        "/down": (503, "text/plain", b"later"),
        "/page": (200, "text/html", b"<p>hello</p>"),
        "/noise": (200, "application/timestamp-reply", b"\x30\x03"),
    }

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        granted = (200, "application/timestamp-reply", TSA.handle(body))
        replayed = (200, "application/timestamp-reply", TSA.handle(timestamps.request(DATA).as_bytes()))
        status, kind, answer = {"/tsa": granted, "/replay": replayed, **self.broken}[self.path]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """The authority keeps no diary."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Authority)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_stamp_says_when_its_bytes_existed(url: str) -> None:
    reply = stamping.ask(f"{url}/tsa", DATA, roots=[TSA.root])
    assert abs(timestamps.verify(reply, DATA, [TSA.root]) - clock.now()) < timedelta(minutes=1)


def test_a_stamp_holds_for_no_other_bytes(url: str) -> None:
    reply = stamping.ask(f"{url}/tsa", DATA, roots=[TSA.root])
    with pytest.raises(StampError, match="Mismatch between messages"):
        timestamps.verify(reply, DATA + b" ", [TSA.root])


def test_a_stamp_of_an_authority_that_is_not_trusted_does_not_count(url: str) -> None:
    with pytest.raises(StampError, match="certificates"):
        stamping.ask(f"{url}/tsa", DATA, roots=[OTHER.root])


def test_an_older_stamp_cannot_be_passed_off_as_the_answer(url: str) -> None:
    with pytest.raises(StampError, match="Nonce"):
        stamping.ask(f"{url}/replay", DATA, roots=[TSA.root])


@pytest.mark.parametrize(
    ("path", "error"), [("/down", StampUnavailable), ("/page", StampUnavailable), ("/noise", StampError)]
)
def test_an_authority_out_of_order_gives_no_stamp(url: str, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        stamping.ask(url + path, DATA, roots=[TSA.root])


def test_an_authority_that_is_not_there_gives_no_stamp() -> None:
    with pytest.raises(StampUnavailable):
        stamping.ask("http://127.0.0.1:1/tsa", DATA, roots=[TSA.root], seconds=2)


@pytest.mark.parametrize(
    "asked",
    [b"", b"\x30\x00", b"noise", timestamps.request(DATA).as_bytes()[:-1]],
    ids=["nothing", "an empty sequence", "noise", "cut short"],
)
def test_what_is_no_request_is_refused_with_a_reason(asked: bytes) -> None:
    with pytest.raises(StampError, match="refused: bad_data_format"):
        timestamps.verify(TSA.handle(asked), DATA, [TSA.root])


def test_every_byte_of_a_stamp_that_can_be_changed_either_breaks_it_or_says_the_same() -> None:
    reply = TSA.handle(timestamps.request(DATA).as_bytes())
    told = timestamps.verify(reply, DATA, [TSA.root])
    for place in range(0, len(reply), 7):
        changed = reply[:place] + bytes([reply[place] ^ 1]) + reply[place + 1 :]
        try:
            again = timestamps.verify(changed, DATA, [TSA.root])
        except StampError:
            continue
        # Bytes outside the signature (the root that rides along) may change; what is attested may not.
        assert again == told


def test_openssl_agrees_with_a_stamp_and_refuses_it_for_other_bytes(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "other").write_bytes(DATA + b" ")
    (tmp_path / "reply").write_bytes(TSA.handle(timestamps.request(DATA).as_bytes()))
    (tmp_path / "root").write_bytes(TSA.root.public_bytes(Encoding.PEM))
    verdicts = []
    for name in ("data", "other"):
        command = ["openssl", "ts", "-verify", "-in", "reply", "-data", name, "-CAfile", "root"]
        verdicts.append(subprocess.run(command, cwd=tmp_path, capture_output=True, text=True))
    assert "Verification: OK" in verdicts[0].stdout, verdicts[0].stderr
    assert "Verification: FAILED" in verdicts[1].stdout


def test_openssl_can_ask_as_well(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(DATA)
    subprocess.run(
        ["openssl", "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    reply = TSA.handle((tmp_path / "query").read_bytes())
    assert timestamps.verify(reply, DATA, [TSA.root])


def test_the_authority_keeps_its_key_between_starts(tmp_path: Path) -> None:
    first, second = tsa.at(tmp_path / "tsa"), tsa.at(tmp_path / "tsa")
    assert first.root == second.root
    assert (tmp_path / "tsa" / "key.pem").stat().st_mode & 0o077 == 0
    assert timestamps.verify(second.handle(timestamps.request(DATA).as_bytes()), DATA, [first.root])
