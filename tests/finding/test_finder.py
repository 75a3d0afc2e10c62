"""The process that asks sources: it goes when its parent goes, stops when it is told to, and is started again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from songda.engine.inquiries import finder

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def sandboxed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No database is there for it: the loops outlive that, and are still told to stop."""
    monkeypatch.setenv("DATABASE_URL", f"postgres://nobody@localhost:1/nothing?host={tmp_path}")
    monkeypatch.chdir(ROOT)


def test_it_goes_at_once_when_the_other_end_of_its_input_goes(sandboxed: None) -> None:
    child = subprocess.Popen(finder._COMMAND, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(PATIENCE) == 1


def test_one_that_falls_is_started_again_and_the_last_one_is_stopped(
    sandboxed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        started.append(subprocess.Popen(finder._COMMAND, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL))
        return started[-1]

    monkeypatch.setattr(finder, "_start", start)
    with finder.beside():
        os.kill(started[0].pid, signal.SIGKILL)
        assert eventually(lambda: len(started) == 2)
    assert started[0].returncode == -signal.SIGKILL
    assert started[1].returncode is not None
