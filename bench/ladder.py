"""Services per second through the whole ladder, beside `pgbench` commits per second on the same database.

Real processes on a played clock: orders are handed over by the API, then the engine begins, and the time is taken until
every service has its outcome and its proof: calls, inquiries, messages, printing, court mail with scans and receipts.

    python -m bench.ladder [SERVICES]
"""

import base64
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import httpx

from songda.gateways.sandbox.register import DemoPerson
from songda.gateways.sandbox.register import cast as residents
from songda.lib import clock
from songda.lib.postgres import Cluster
from songda.papers import renditions
from tests.house.running import Platform

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BEIJING)
# Two days in a second: what is measured is the work, not the waiting.
SPEED = 170_000.0
SECONDS_OF_PGBENCH = 8
CLIENTS = 4
# Who is served by mail in the end, after everything before it: a call declined, calls and messages without answer.
TEMPERAMENTS = ("declines_electronic", "ignores", "switched_off")


def people(many: int) -> list[DemoPerson]:
    known = [one for one in residents(7) if one.kind == "person" and one.temperament in TEMPERAMENTS]
    return [known[place % len(known)] for place in range(many)]


def hand_over(platform: Platform, key: str, many: int) -> None:
    content = base64.b64encode(renditions.of_text("起诉状副本", made_at=MORNING)).decode()
    paper = {"filename": "起诉状副本.pdf", "content": content, "kind": "complaint", "title": "起诉状副本"}
    with httpx.Client(base_url=platform.url, trust_env=False, timeout=60) as client:
        for place, person in enumerate(people(many)):
            recipient = {
                "role": "被告",
                "name": person.name,
                "id_number": person.id_number,
                "phone": person.filed_phone,
                "address": person.filed_address,
            }
            order = {
                "case_number": f"（2026）川0191民初{place + 1}号",
                "procedure": "ordinary",
                "parties": [{"role": "原告", "name": "刘建国", "serve": False}, recipient],
                "documents": [paper],
            }
            client.post("/api/v1/orders", json=order, headers={"Authorization": f"Bearer {key}"}).raise_for_status()


def count(platform: Platform, question: str) -> int:
    return int(platform.ask(question)[0][0])


def wait_for(platform: Platform, question: str, many: int, longest: float = 900.0) -> None:
    until = time.monotonic() + longest
    while count(platform, question) < many:
        if time.monotonic() > until:
            raise SystemExit(f"only {count(platform, question)} of {many} after {longest:.0f} s")
        platform.tend()
        time.sleep(0.1)


def wait_for_web(platform: Platform) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{platform.url}/healthz", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the web does not answer")


def commits_per_second(cluster: Cluster) -> float:
    """pgbench's own small transaction, on the same server."""
    program = cluster.binaries["pgbench"]
    subprocess.run([program, "-i", "-q", cluster.url], check=True, capture_output=True)
    asked = [program, "-c", str(CLIENTS), "-T", str(SECONDS_OF_PGBENCH), cluster.url]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    [line] = [line for line in said.splitlines() if line.startswith("tps")]
    return float(line.split()[2])


def processor_seconds(platform: Platform) -> dict[str, float]:
    """What each piece has used of the processors, its own children included (Linux)."""
    used = dict.fromkeys((child.name for child in platform.children), 0.0)
    groups = {child.process.pid: child.name for child in platform.children if child.process}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if name := groups.get(int(words[2])):
            used[name] += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return used


def measure(platform: Platform, many: int) -> dict[str, float]:
    platform.once("-m", "songda", "migrate", "--noinput", "--verbosity", "0")
    key = platform.once("-m", "tests.house.town", str(platform.ports["ipp"]))
    platform.play(MORNING, 1.0)
    platform.start("sandbox", "errands", "web")
    wait_for_web(platform)
    begun = time.monotonic()
    hand_over(platform, key, many)
    handed_over = time.monotonic() - begun
    platform.play(MORNING, SPEED)
    commits = count(platform, _COMMITS)
    before = processor_seconds(platform)
    begun = time.monotonic()
    platform.start("engine")
    wait_for(platform, "SELECT count(*) FROM songda_service WHERE result <> ''", many)
    wait_for(platform, "SELECT count(*) FROM songda_fact WHERE name = 'proof.issued'", many)
    took = time.monotonic() - begun
    return {
        "orders handed over a second": many / handed_over,
        "services a second": many / took,
        "facts a second": count(platform, "SELECT count(*) FROM songda_fact") / took,
        "commits a service": (count(platform, _COMMITS) - commits) / many,
        **{
            f"processor ms a service, {name}": 1000 * (seconds - before.get(name, 0.0)) / many
            for name, seconds in processor_seconds(platform).items()
        },
    }


_COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"


def main(many: int) -> None:
    home = Path(tempfile.mkdtemp(prefix="songda-bench-"))
    home.chmod(0o755)
    platform = Platform(home, Cluster(home / "postgres"))
    try:
        platform.cluster.start()
        found = measure(platform, many)
        for child in platform.children:
            child.stop()
        found["pgbench commits a second"] = commits_per_second(platform.cluster)
        for name, value in found.items():
            print(f"{name:<34}{value:>12.1f}")
        ratio = found["services a second"] / found["pgbench commits a second"]
        print(f"{'services per pgbench commit':<34}{ratio:>12.5f}")
    finally:
        platform.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
