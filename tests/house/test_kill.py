"""kill -9 of any process at any moment loses nothing and sends nothing twice.

The real pieces run as processes, each with its own connections, against their own PostgreSQL: sandbox, engine,
errands, web. Orders are handed over by the API while one after another is killed; each is started again. In the end
the counterparties' own books say what they were asked for.
"""

import base64
import random
import re
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from songda.gateways.sandbox.register import DemoPerson
from songda.gateways.sandbox.register import cast as residents
from songda.lib.postgres import Cluster
from tests import cast
from tests.house.running import Platform

SEED, KILLS, ORDERS = 20261123, 12, 6
# A day in less than three seconds.
SPEED = 30_000.0
LONGEST_WAIT = 90.0
VICTIMS = ("engine", "errands", "web", "sandbox", "postgres")


def quiet_people() -> list[DemoPerson]:
    """Residents who are served by mail or at the door, by telephone and SMS, and who need no page of the portal."""
    wanted = ("ignores", "declines_electronic", "switched_off", "refuses", "untraceable", "opens_unsigned")
    known = {one.temperament: one for one in residents(7) if one.kind == "person"}
    return [known[name] for name in wanted]


@pytest.fixture
def platform() -> Iterator[Platform]:
    home = Path(tempfile.mkdtemp(prefix="songda-kill-"))
    home.chmod(0o755)
    cluster = Cluster(home / "postgres")
    made = Platform(home, cluster)
    try:
        cluster.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(home, ignore_errors=True)


def order(place: int, person: DemoPerson) -> dict[str, Any]:
    content = base64.b64encode(cast.pdf(f"起诉状副本 {place}")).decode()
    return {
        "case_number": f"（2026）川0191民初{2000 + place}号",
        "procedure": "ordinary",
        "parties": [
            {"role": "原告", "name": "刘建国", "serve": False},
            {
                "role": "被告",
                "name": person.name,
                "id_number": person.id_number,
                "phone": person.filed_phone,
                "address": person.filed_address,
            },
        ],
        "documents": [{"filename": "起诉状副本.pdf", "content": content, "kind": "complaint", "title": "起诉状副本"}],
    }


def hand_over(platform: Platform, key: str, failed: list[str]) -> None:
    """A case system that repeats each call, under one key, until it is answered."""
    with httpx.Client(base_url=platform.url, trust_env=False, timeout=20) as client:
        for place, person in enumerate(quiet_people()[:ORDERS]):
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"order-{place}"}
            until = time.monotonic() + LONGEST_WAIT
            while time.monotonic() < until:
                try:
                    answer = client.post("/api/v1/orders", json=order(place, person), headers=headers)
                except httpx.TransportError:
                    time.sleep(0.1)
                    continue
                if answer.status_code == 201:
                    break
                if answer.status_code < 500:
                    failed.append(answer.text)
                    return
                time.sleep(0.1)


_OPEN = """
SELECT (SELECT count(*) FROM songda_dispatch WHERE state IN ('planned', 'under_way'))
     + (SELECT count(*) FROM procrastinate_jobs
        WHERE status IN ('todo', 'doing') AND queue_name <> 'housekeeping' AND status <> 'failed')
     + (SELECT count(*) FROM songda_payload WHERE understood_at IS NULL)
"""
_ENDED = """
SELECT count(*) FROM songda_service s WHERE s.result <> '' OR EXISTS (
  SELECT 1 FROM songda_workitem w WHERE w.service_id = s.id AND w.done_at IS NULL AND w.kind <> 'overdue')
"""


# What to look at when it never gets quiet.
_WHERE = (
    "SELECT number, step, waiting_for, due_at, trouble FROM songda_service",
    "SELECT counterparty, state, problem, tries FROM songda_dispatch WHERE state IN ('planned', 'under_way')",
    "SELECT task_name, status, attempts, scheduled_at FROM procrastinate_jobs WHERE status IN ('todo', 'doing')",
    "SELECT source, problem, received_at FROM songda_payload WHERE understood_at IS NULL",
    "SELECT service_id, number, made_at FROM songda_waybill",
)


def wait_till_quiet(platform: Platform) -> None:
    """Until every service has its outcome or waits for a person, and nothing is on its way."""
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        platform.tend()
        if platform.ask(_ENDED) == [(ORDERS,)] and platform.ask(_OPEN) == [(0,)]:
            return
        time.sleep(0.2)
    letters = [(entry["key"], entry["reference"]) for entry in platform.book("carrier")]
    raise AssertionError(f"never quiet: {[platform.ask(question) for question in _WHERE]}, {letters}")


def test_nothing_is_lost_and_nothing_is_sent_twice(platform: Platform) -> None:
    platform.once("-m", "songda", "migrate", "--noinput", "--verbosity", "0")
    key = platform.once("-m", "tests.house.town", str(platform.ports["ipp"]))
    platform.play(cast.MORNING, SPEED)
    platform.start()
    failed: list[str] = []
    caller = threading.Thread(target=hand_over, args=(platform, key, failed))
    caller.start()
    chance = random.Random(SEED)
    for turn in range(KILLS):
        moment = time.monotonic() + chance.uniform(0.3, 2.0)
        while time.monotonic() < moment:
            platform.tend()
            time.sleep(0.05)
        platform.kill(VICTIMS[turn % len(VICTIMS)] if turn < len(VICTIMS) else chance.choice(VICTIMS))
    while caller.is_alive():
        platform.tend()
        caller.join(0.1)
    assert not failed
    wait_till_quiet(platform)

    nothing_is_doubled(platform)
    nothing_is_missing(platform)
    every_fact_is_there_once(platform)
    no_log_names_anybody(platform)


def nothing_is_doubled(platform: Platform) -> None:
    """By the counterparties' books, and not only by our keys: one person has one message of one case."""
    assert platform.ask("SELECT count(*) FROM songda_order") == [(ORDERS,)]
    printed = Counter(entry["reference"] for entry in platform.book("print"))
    assert max(printed.values()) == 1, printed
    messages = Counter(
        (entry["body"]["phone"], number[0])
        for entry in platform.book("sms")
        if (number := re.findall(r"民初\d+号", entry["body"]["whole"]))
    )
    assert max(messages.values()) == 1, messages
    letters = Counter(
        (entry["body"]["receiver"]["name"], entry["body"]["receiver"]["address"]) for entry in platform.book("carrier")
    )
    assert max(letters.values()) == 1, letters


def nothing_is_missing(platform: Platform) -> None:
    """What we think was taken over is in the counterparty's book; what was not has a person looking at it."""
    doors = {"sms": "sms", "calls": "calls", "carrier": "carrier", "printing": "print"}
    for counterparty, door in doors.items():
        ours = {key for (key,) in platform.ask(_DONE.format(counterparty))}
        theirs = {entry["reference"] if door == "print" else entry["key"] for entry in platform.book(door)}
        assert ours, f"nothing went to {counterparty}: the test would prove nothing"
        assert ours == theirs
    assert platform.ask(_UNSEEN) == []
    assert platform.ask("SELECT number FROM songda_service WHERE closed_at IS NULL AND due_at IS NULL") == []
    assert platform.ask("SELECT number FROM songda_service WHERE trouble <> ''") == []


_DONE = "SELECT key FROM songda_dispatch WHERE counterparty = '{}' AND state = 'done'"
_UNSEEN = """
SELECT d.key FROM songda_dispatch d WHERE d.state IN ('failed', 'unknown') AND d.counterparty <> 'people'
AND NOT EXISTS (SELECT 1 FROM songda_workitem w WHERE w.service_id = d.about AND w.key LIKE '%' || d.key || '%')
"""
_TWICE = """
SELECT name, count(*) FROM songda_fact WHERE name NOT IN ('inquiry.answered', 'address.checked')
GROUP BY about, name, happened_at, detail HAVING count(*) > 1
"""


def every_fact_is_there_once(platform: Platform) -> None:
    assert platform.ask(_TWICE) == []
    assert platform.ask("SELECT count(*) FROM songda_fact WHERE name = 'order.accepted'") == [(ORDERS,)]
    told = platform.ask(
        "SELECT count(*) FROM songda_dispatch d WHERE d.counterparty = 'sms' AND d.state = 'done' AND NOT EXISTS"
        " (SELECT 1 FROM songda_fact f WHERE f.about = d.about AND f.name = 'message.sent')"
    )
    assert told == [(0,)]


def no_log_names_anybody(platform: Platform) -> None:
    """A run with every kind of trouble has said a lot, and nothing of whom it was about."""
    logs = {path.name: path.read_text(errors="replace") for path in platform.home.glob("*.log")}
    assert sum(map(len, logs.values())) > 1000
    for person in quiet_people():
        for secret in (person.name, person.id_number, person.phone, person.filed_phone, person.filed_address):
            assert [name for name, said in logs.items() if secret in said] == []
