"""What a stranger meets: settings that refuse to guess, locked packages, and processes that come and go cleanly."""

import base64
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from songda.config import environment
from songda.config.environment import Misconfigured
from songda.lib import clock
from songda.management.cli import assets, run
from songda.management.supervisor import Child, tend
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SONGDA_MODE": "production",
    "SONGDA_SECRET_KEY": "a production key is long, random and in nobody's repository",
    "SONGDA_DATA_KEY": base64.b64encode(bytes(32)).decode(),
    "SONGDA_HOSTS": "songda.example.org",
    "SONGDA_PORTAL_URL": "https://songda.example.org",
    "DATABASE_URL": "postgresql://songda:secret@db.example.org/songda",
}


def check_settings(tmp_path: Path, variables: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Django's own look at the settings, in a process that knows nothing but these variables."""
    surroundings = {"PATH": os.environ["PATH"], "SONGDA_VAR": str(tmp_path), **variables}
    words = [sys.executable, "-m", "songda", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(words, env=surroundings, capture_output=True, text=True, cwd=ROOT)


def test_production_with_everything_said_passes_the_checks_for_deployment(tmp_path: Path) -> None:
    done = check_settings(tmp_path, PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "left_out", ["SONGDA_SECRET_KEY", "SONGDA_DATA_KEY", "SONGDA_HOSTS", "SONGDA_PORTAL_URL", "DATABASE_URL"]
)
def test_production_does_not_start_without(left_out: str, tmp_path: Path) -> None:
    done = check_settings(tmp_path, {name: value for name, value in PRODUCTION.items() if name != left_out})
    assert done.returncode == 1
    assert done.stderr.strip() == f"songda: {left_out} is not set, and SONGDA_MODE=production needs it"


@pytest.mark.parametrize(
    ("kind", "text", "complaint"),
    [
        (environment.data_key, "not base64!", "not base64"),
        (environment.data_key, base64.b64encode(b"short").decode(), "5 bytes, not 32"),
        (environment.secret, "changeme", "shorter"),
        (environment.yes_or_no, "perhaps", "yes or no"),
        (environment.whole_number, "-1", "whole number"),
        (environment.web_address, "songda.example.org", "web address"),
        (environment.database, "mysql://somewhere/songda", "postgresql://"),
        (environment.database, "postgresql://somewhere", "postgresql://"),
    ],
)
def test_a_wrong_value_is_refused_by_the_variables_name(
    kind: Callable[[str], object], text: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGDA_ANYTHING", text)
    with pytest.raises(Misconfigured, match=f"SONGDA_ANYTHING cannot be used: .*{complaint}"):
        environment.read("SONGDA_ANYTHING", kind)


def test_an_unknown_mode_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGDA_MODE", "prodution")
    with pytest.raises(Misconfigured, match="SONGDA_MODE"):
        environment.mode()


def test_a_database_address_is_understood_with_its_options() -> None:
    words = environment.database("postgresql://song%40da:p%2Fw@db.example.org:5433/court?sslmode=require")
    assert (words["USER"], words["PASSWORD"], words["HOST"], words["PORT"], words["NAME"]) == (
        "song@da", "p/w", "db.example.org", "5433", "court",
    )  # fmt: skip
    assert words["OPTIONS"] == {"sslmode": "require"}


def test_the_demos_secrets_are_made_once_and_kept_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGDA_VAR", str(tmp_path))
    made = environment._kept_secrets()
    assert environment._kept_secrets() == made
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600
    assert len(environment.data_key(made["SONGDA_DATA_KEY"])) == 32


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"])
def test_a_list_of_packages_names_digests_and_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    packages = re.split(r"\n(?=\S)", text.strip())
    assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_the_list_for_tests_pins_what_runs_exactly_alike() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==\S+", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_the_lock_of_browser_libraries_names_digests_and_no_host() -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {name: package for name, package in locked.items() if name}
    assert [name for name, package in fetched.items() if "resolved" in package] == []
    assert [name for name, package in fetched.items() if "integrity" not in package] == []


def test_every_asset_that_is_kept_is_there() -> None:
    if not assets.are_ready():
        pytest.skip("the assets are not fetched yet, or another lock's: make assets")
    for pattern, folder in assets.KEPT:
        assert list((assets.ASSETS / folder).glob(Path(pattern).name)), pattern


@pytest.mark.django_db
def test_no_table_waits_for_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_health_page_says_what_works_and_nothing_of_cases(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert {"database", "migrations"} <= answer.json().keys()
    assert set(answer.json().values()) == {"ok"}


@pytest.mark.django_db
def test_no_page_may_run_code_that_stands_in_it(client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_script_that_is_replaced_under_a_running_server_is_served_whole_and_asked_for_again(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    script = tmp_path / "replaced.js"
    for text in ("short", "longer than before"):
        script.write_text(text)
        answer = client.get("/static/replaced.js")
        assert b"".join(answer.streaming_content) == text.encode()  # type: ignore[attr-defined]
        assert answer["Content-Length"] == str(len(text))
        assert "max-age=0" in answer["Cache-Control"]


def test_a_log_line_does_not_carry_what_points_at_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    handler = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    record = logging.LogRecord("any", logging.INFO, "", 0, "call 13800138000 of 11010519491231002X", None, None)
    line = handler.format(record)
    assert "[struck out] of [struck out]" in line


def test_a_second_run_from_one_folder_is_told_who_is_there(tmp_path: Path) -> None:
    with (
        run.only_one(tmp_path),
        pytest.raises(run.CannotRun, match=f"already runs from this folder, as process {os.getpid()}"),
        run.only_one(tmp_path),
    ):
        pass


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with run.claim_port("127.0.0.1", port) as claim:
            assert claim.getsockname()[1] > port


def test_a_port_is_another_runs_until_that_run_is_over_though_nothing_listens_there_yet() -> None:
    with run.claim_port("127.0.0.1", free_port()) as claim:
        port = claim.getsockname()[1]
        with run.claim_port("127.0.0.1", port) as other:
            assert other.getsockname()[1] > port
    with run.claim_port("127.0.0.1", port) as later:
        assert later.getsockname()[1] == port


def test_who_claimed_a_port_can_have_somebody_listen_there() -> None:
    with run.claim_port("127.0.0.1", free_port()) as claim, socket.create_server(claim.getsockname()) as server:
        assert server.getsockname() == claim.getsockname()


def test_one_run_gives_no_port_twice_and_another_that_starts_meanwhile_gives_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGDA_VAR", str(tmp_path))
    monkeypatch.setenv("SONGDA_PORT", str(run.FIRST_PORTS["sandbox"]))
    with run.places() as ours, run.places() as theirs:
        ports = [where[name] for where in (ours, theirs) for name in run.FIRST_PORTS]
        assert len(set(ports)) == 8


@pytest.fixture
def sleeper(tmp_path: Path) -> Child:
    return Child("sleeper", ["sleep", "1000"], tmp_path / "sleeper.log", dict(os.environ))


def test_a_process_that_is_killed_is_named_and_started_again(sleeper: Child) -> None:
    said: list[str] = []
    tend([sleeper], said.append)
    assert sleeper.process
    sleeper.process.kill()
    sleeper.process.wait()
    tend([sleeper], said.append)
    assert said == [f"sleeper was ended by signal 9; starting it again in 0.5 s (log: {sleeper.log})"]
    sleeper.wake_at = 0.0
    tend([sleeper], said.append)
    assert sleeper.process
    assert sleeper.process.poll() is None
    sleeper.stop()


def test_time_does_not_run_ahead_of_who_is_missing(
    sleeper: Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGDA_MODE", "test")
    monkeypatch.setenv("SONGDA_CLOCK", str(tmp_path / "clock.json"))
    sleeper.name = "engine"
    sleeper.start()
    clock.resume(clock.now(), speed=600)
    run.keep_time([sleeper])
    at_work = clock.pace()
    assert at_work is not None
    assert (at_work.speed, at_work.held_until) == (600, 0)
    assert sleeper.process
    sleeper.process.kill()
    sleeper.process.wait()
    run.keep_time([sleeper])
    fallen = clock.pace()
    assert fallen is not None
    assert (fallen.speed, fallen.wanted, fallen.held_to) == (1, 600, 1)
    assert fallen.held_until > fallen.real
    tend([sleeper], lambda _: None)
    run.keep_time([sleeper])
    resting = clock.pace()
    assert resting is not None
    assert resting.held_until > fallen.held_until


def test_who_falls_again_and_again_rests_longer_each_time(sleeper: Child) -> None:
    rests = []
    for _ in range(4):
        sleeper.start()
        assert sleeper.process
        sleeper.process.kill()
        sleeper.process.wait()
        sleeper.lay_to_rest()
        rests.append(sleeper.rest)
    assert rests == [0.5, 1.0, 2.0, 4.0]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")
def test_stopping_leaves_nothing_of_a_process_and_its_children(tmp_path: Path) -> None:
    words = ["sh", "-c", "sleep 1000 & echo $!; wait"]
    family = Child("family", words, tmp_path / "family.log", dict(os.environ))
    family.start()
    while not family.log.read_text().strip():
        os.sched_yield()
    grandchild = int(family.log.read_text())
    family.stop()
    patience = time.monotonic() + 10
    while is_at_work(grandchild):
        assert time.monotonic() < patience
        os.sched_yield()


def is_at_work(pid: int) -> bool:
    """A killed process may stay in the table, without words, until its parent looks."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except FileNotFoundError:
        return False


def test_a_process_that_will_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("songda.management.supervisor._TIME_TO_END", 0.05)
    words = ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"]
    deaf = Child("deaf", words, tmp_path / "deaf.log", dict(os.environ))
    deaf.start()
    process = deaf.process
    assert process
    while "deaf" not in deaf.log.read_text():
        os.sched_yield()
    deaf.stop()
    assert process.returncode == -signal.SIGKILL
