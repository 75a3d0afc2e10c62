"""The platform as it runs: sandbox, engine, errands and web as processes of their own, on a PostgreSQL of their own."""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

from songda.lib.postgres import Cluster
from songda.management.supervisor import Child, tend
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Platform:
    """The processes, their database and their books."""

    home: Path
    cluster: Cluster
    children: list[Child] = field(default_factory=list)
    ports: dict[str, int] = field(
        default_factory=lambda: {name: free_port() for name in ("web", "sand", "smtp", "ipp")}
    )
    log: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['web']}"

    @property
    def books(self) -> str:
        return f"http://127.0.0.1:{self.ports['sand']}"

    def surroundings(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SONGDA", "PYTEST"))}
        return {
            **kept,
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "songda.config.settings",
            "DATABASE_URL": self.cluster.url,
            "SONGDA_MODE": "demo",
            "SONGDA_VAR": str(self.home),
            "SONGDA_CLOCK": str(self.home / "clock.json"),
            "SONGDA_VAULT": str(self.home / "documents"),
            "SONGDA_SECRET_KEY": "a key for tests, known to everybody, of some length",
            "SONGDA_DATA_KEY": base64.b64encode(bytes(range(32))).decode(),
            "SONGDA_PORTAL_URL": self.url,
            "SONGDA_SANDBOX_URL": self.books,
            "SONGDA_SANDBOX_SMTP": str(self.ports["smtp"]),
            "SONGDA_LEASE_SECONDS": "5",
        }

    def once(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.surroundings(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def start(self, *names: str) -> None:
        """Start these processes; all four where none is named."""
        ports = {name: str(port) for name, port in self.ports.items()}
        songda = [sys.executable, "-m", "songda"]
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", ports["web"]]
        listens = ["--port", ports["sand"], "--smtp-port", ports["smtp"], "--ipp-port", ports["ipp"]]
        state = ["--state", str(self.home / "sandbox"), "--portal", self.url, "--trouble", "0"]
        words = {
            "sandbox": [*songda, "sandbox", *state, *listens],
            "errands": [*songda, "errands"],
            "engine": [*songda, "engine"],
            "web": [*server, "--workers", "1", "--blocking-threads", "4", "songda.config.wsgi:application"],
        }
        self.children += [
            Child(name, words[name], self.home / f"{name}.log", self.surroundings()) for name in names or words
        ]
        self.tend()

    def tend(self) -> None:
        """Start again whatever has fallen."""
        if not self.cluster.running():
            self.cluster.start()
        tend(self.children, self.log.append)

    def kill(self, name: str) -> None:
        if name == "postgres":
            pid = self.cluster.pid()
        else:
            process = next(child.process for child in self.children if child.name == name)
            pid = process.pid if process else None
        if pid:
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()
        self.cluster.stop()
        shutil.rmtree(self.cluster.place, ignore_errors=True)

    def ask(self, question: str) -> list[Any]:
        with psycopg.connect(self.cluster.url) as session:
            return session.execute(question).fetchall()  # type: ignore[call-overload, no-any-return]

    def book(self, door: str) -> list[dict[str, Any]]:
        entries = httpx.get(f"{self.books}/log", params={"door": door, "limit": "10000"}, trust_env=False).json()
        return list(entries["entries"])

    def play(self, at: datetime, speed: float) -> None:
        """Let the platform's clock show this moment and run so fast from here."""
        shown = {"real": time.time(), "played": at.timestamp(), "speed": speed}
        (self.home / "clock.json").write_text(json.dumps(shown))
