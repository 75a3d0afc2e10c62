"""Inquiries in flight over eight sources of which two are down and one is slow: all closed in time, none lost, and how
much of the time is ours.

Run: .venv/bin/python bench/finding.py [--inquiries 10000] [--rate 17] [--kill]

The engine runs as in service, with the played clock at the speed of the machine's; inquiries come at `rate` a second.
When every answer that can come has come, the clock moves ahead to the last closing. `--kill` kills the engine with -9
while questions are out, and starts it again. Ours is the time from a question's being due to its coming to the source,
and from the source's sending the answer to its being kept; the baseline is the bare round trip to the same sources.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SECRET = "bench"
QUICK = ("telecom_a", "telecom_b", "telecom_d", "post_addresses", "earlier_services")
SLOW, DOWN = "market_register", ("telecom_c", "telecom_e")
CODES = (*QUICK, SLOW, *DOWN)
_KINDS = {"telecom_d": "telecom_a", "telecom_e": "telecom_b"}


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def prepare(home: Path) -> dict[str, int]:
    """Environment and gateways; before Django is set up."""
    ports = {"sources": free_port(), "door": free_port(), "nobody": free_port()}
    place = {"key_id": "songda", "secret": SECRET, "hash_secret": "shared", "timeout_seconds": 4}
    sources = {
        code: {
            **place,
            "kind": _KINDS.get(code, code),
            "key_id": f"songda-{code}",
            "secret": f"{SECRET}-{code}",
            "base_url": f"http://127.0.0.1:{ports['nobody' if code == 'telecom_e' else 'sources']}/s/{code}",
            "at_once": 64 if code == SLOW else 16,
        }
        for code in CODES
    }
    book = home / "gateways.json"
    nowhere = {**place, "base_url": f"http://127.0.0.1:{ports['nobody']}"}
    book.write_text(json.dumps({"sms": nowhere, "calls": nowhere, "sources": sources}))
    os.environ |= {
        "SONGDA_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "songda.config.settings",
        "SONGDA_VAR": str(home),
        "SONGDA_CLOCK": str(home / "clock.json"),
        "SONGDA_VAULT": str(home / "vault"),
        "SONGDA_GATEWAYS": str(book),
        "SONGDA_LOG_LEVEL": "ERROR",
        "SONGDA_DATA_KEY": b64encode(bytes(32)).decode(),
        "SONGDA_SECRET_KEY": "a key for a benchmark, known to everybody, of some length",
    }
    return ports


def start_door(port: int) -> ThreadingHTTPServer:
    """The platform's callback door, bare: what a counterparty posts goes where the web would bring it."""
    from django.db import connection

    from songda.engine import inbound

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            inbound.receive("people", dict(self.headers.items()), body, self.path.rsplit("/", 1)[-1])
            connection.close()  # back to the pool, as the web does after each request
            self.send_response(204)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def hand_over(many: int, rate: float) -> None:
    """So many services without any way to reach their recipients, each due at its own moment."""
    from songda.courts import actions as courts
    from songda.courts.models import Person
    from songda.lib import clock, crypto
    from songda.lib.ids import uuid7
    from songda.lib.tenancy import acting_for
    from songda.models import Case, Document, Order, Party, Service, ServiceDocument

    court = courts.found(
        code="川0191",
        name="成都高新技术产业开发区人民法院",
        short_name="成都高新",
        settings={"inquiry_sources": list(CODES), "consent_by": "clerk"},
    )
    person = Person.objects.create_user("an", None, name="安雨", organisation="court")
    now = clock.now()
    with acting_for(court.id):
        cases = [
            Case(id=uuid7(), court=court, number=f"（2026）川0191民初{n}号", procedure="ordinary", created_at=now)
            for n in range(many)
        ]
        Case.objects.bulk_create(cases, 1000)
        parties = [
            Party(
                id=uuid7(),
                court=court,
                case=case,
                role="被告",
                kind="person",
                name=f"邓{n}",
                name_index=crypto.blind_index(f"邓{n}", purpose="name"),
                id_number=f"51010719800101{n:04d}",
                id_index=crypto.blind_index(f"{n}", purpose="id"),
            )
            for n, case in enumerate(cases)
        ]
        Party.objects.bulk_create(parties, 1000)
        orders = [
            Order(id=uuid7(), court=court, case=case, handed_over_by=person, handed_over_at=now, door="api")
            for case in cases
        ]
        Order.objects.bulk_create(orders, 1000)
        documents = [
            Document(
                id=uuid7(),
                court=court,
                case=case,
                kind="complaint",
                title="起诉状副本",
                filename="起诉状.pdf",
                sha256="0" * 64,
                pdf_sha256="0" * 64,
                size=1,
                pages=1,
                media_type="application/pdf",
                created_at=now,
            )
            for case in cases
        ]
        Document.objects.bulk_create(documents, 1000)
        begins = clock.now() + timedelta(seconds=3)
        services = [
            Service(
                id=uuid7(),
                court=court,
                order=order,
                case=order.case,
                party=party,
                number=f"S{n}",
                created_at=now,
                moved_at=now,
                due_at=begins + timedelta(seconds=n / rate),
            )
            for n, (party, order) in enumerate(zip(parties, orders, strict=True))
        ]
        Service.objects.bulk_create(services, 1000)
        ServiceDocument.objects.bulk_create(
            [
                ServiceDocument(id=uuid7(), court=court, service=service, document=document, ordinal=1)
                for service, document in zip(services, documents, strict=True)
            ],
            1000,
        )


def ask(question: str) -> list[tuple[object, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def start_engine() -> subprocess.Popen[bytes]:
    """The engine with the process it starts beside itself, as one group: `--kill` kills all of it."""
    command = [sys.executable, "-m", "songda", "engine"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ, start_new_session=True)


_COMING = f"""
SELECT count(*) FROM songda_answer
 WHERE source NOT IN ('{"', '".join(DOWN)}') AND status NOT IN ('found', 'not_found')
"""


def in_service(many: int, rate: float, *, kill: bool) -> dict[str, float]:
    """Run it; returns what was seen on the way."""
    from songda.lib import clock

    engine, began, killed = start_engine(), time.monotonic(), False
    most = 0
    while True:
        time.sleep(2)
        [(opened, in_flight)] = ask("SELECT count(*), count(*) FILTER (WHERE closed_at IS NULL) FROM songda_inquiry")
        most = max(most, int(str(in_flight)))
        if kill and not killed and int(str(opened)) > many // 2:
            os.killpg(engine.pid, signal.SIGKILL)
            engine.wait()
            engine, killed = start_engine(), True
        if opened == many and ask(_COMING) == [(0,)]:
            break
        if time.monotonic() - began > 540 + many / rate:
            break
    [(left,)] = ask("SELECT extract(epoch FROM max(closes_at)) FROM songda_inquiry")
    answered_in = time.monotonic() - began
    clock.set_pace(speed=1.0, ahead=max(timedelta(seconds=float(str(left)) - clock.now().timestamp()), timedelta(0)))
    closing = time.monotonic()
    while ask("SELECT count(*) FROM songda_inquiry WHERE closed_at IS NULL") != [(0,)]:
        time.sleep(0.5)
        if time.monotonic() - closing > 300:
            break
    took = time.monotonic() - closing
    before = os.times()
    engine.terminate()
    engine.wait(60)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return {
        "milliseconds of CPU an inquiry, all of the engine": 1000 * spent / many,
        "inquiries in flight at once": most,
        "seconds until every answer was in": answered_in,
        "seconds to close all that was open, at once": took,
    }


_KEPT = """
SELECT a.id::text, a.source, extract(epoch FROM i.opened_at), extract(epoch FROM a.answered_at)
  FROM songda_answer a JOIN songda_inquiry i ON i.id = a.inquiry_id
 WHERE a.status IN ('found', 'not_found')
"""


def ours(notes: dict[str, dict[str, Any]], sources: tuple[str, ...]) -> list[float]:
    """Seconds of each answer that the platform itself took: question out, answer in."""
    rows = [row for row in ask(_KEPT) if row[0] in notes and row[1] in sources]
    return [
        notes[str(key)]["came"] - float(str(opened)) + float(str(kept)) - notes[str(key)]["went"]
        for key, _, opened, kept in rows
    ]


def bare_round_trip(port: int) -> float:
    """Seconds of one signed question to an idle source, as the gateway asks it."""
    from songda.gateways.wire import Endpoint, exchange

    place = Endpoint(f"http://127.0.0.1:{port}/s/post_addresses", "songda", SECRET)
    times = []
    for turn in range(50):
        began = time.perf_counter()
        exchange(place, "POST", "/inquiries", {"key": f"bare {turn}", "asks": ["phone"]})
        times.append(time.perf_counter() - began)
    return sorted(times)[25]


def show(name: str, value: float, unit: str = "") -> None:
    print(f"{name:<58}{value:>12,.3f} {unit}")


def report(seen: dict[str, float], notes: dict[str, dict[str, Any]], bare: float) -> None:
    for name, value in seen.items():
        show(name, value)
    [(closed,)] = ask("SELECT count(*) FROM songda_inquiry WHERE closed_at IS NOT NULL")
    show("inquiries closed", float(str(closed)))
    answered = ask("SELECT source, status, count(*) FROM songda_answer GROUP BY 1, 2 ORDER BY 1, 2")
    for source, status, many in answered:
        show(f"  {source} {status}", float(str(many)))
    kept = {str(row[0]) for row in ask(_KEPT)}
    # What hangs answers long after we have hung up: that is no answer.
    given = [key for key, note in notes.items() if note["source"] not in DOWN and not key.startswith("bare")]
    lost = [key for key in given if key not in kept]
    show("answers that sources gave and nobody kept", len(lost))
    twice = ask(
        "SELECT count(*) - count(DISTINCT (about, source_key)) FROM songda_fact WHERE name = 'inquiry.answered'"
    )
    show("answers that became two facts", float(str(twice[0][0])))
    for name, sources in (("quick sources", QUICK), ("the slow source", (SLOW,))):
        times = ours(notes, sources)
        cuts = quantiles(times, n=100)
        show(f"time of ours an answer, {name}, p50", cuts[49], "s")
        show(f"time of ours an answer, {name}, p95", cuts[94], "s")
        show(f"time of ours an answer, {name}, p99", cuts[98], "s")
    show("bare round trip to an idle source", bare, "s")
    show("p50 of ours, in bare round trips", quantiles(ours(notes, QUICK), n=100)[49] / bare)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inquiries", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=17.0, help="a second; 17 are 10,000 in ten minutes")
    parser.add_argument("--kill", action="store_true")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="songda-bench-"))
    home.chmod(0o755)
    ports = prepare(home)
    from songda.config.environment import own_database

    own = own_database()
    assert own is not None
    try:
        own.start()
        import django

        django.setup()
        from django.core.management import call_command

        from songda.lib import clock

        call_command("migrate", verbosity=0)
        clock.set_pace(speed=1.0)
        door = start_door(ports["door"])
        program = [sys.executable, str(ROOT / "bench/finding_sources.py"), str(ports["sources"])]
        command = [*program, f"http://127.0.0.1:{ports['door']}", SECRET]
        with (home / "notes").open("wb") as written:
            sources = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=written)
        time.sleep(2)
        bare = bare_round_trip(ports["sources"])
        hand_over(asked.inquiries, asked.rate)
        seen = in_service(asked.inquiries, asked.rate, kill=asked.kill)
        sources.terminate()
        sources.wait(30)
        door.shutdown()
        lines = [json.loads(line) for line in (home / "notes").read_text().splitlines()]
        notes = {line["key"]: line for line in reversed(lines)}
        report(seen, notes, bare)
    finally:
        own.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
