"""`songda run`: the whole platform on one machine, until Ctrl-C.

Database, migrations, demonstration data, then the processes of CHILDREN, each restarted when it falls. What it
keeps is under var/; run again, it continues where it was.
"""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from songda.config import environment
from songda.lib import clock
from songda.lib.postgres import CannotStart, Cluster
from songda.management.supervisor import Child, stop_signals, tend

# Where each listens unless the port is taken. The web's is the only one a person types.
FIRST_PORTS = {"web": 8000, "sandbox": 8600, "smtp": 8625, "ipp": 8631}
PORTS_TRIED = 50
REMAINS_MAY_LAST = 15.0  # seconds
_SONGDA = [sys.executable, "-m", "songda"]

# In the order they start; they end in the opposite order, so that what asks goes before what answers.
# Words in braces stand for what `places` found out.
CHILDREN: dict[str, list[str]] = {
    "sandbox": [
        *_SONGDA,
        *("sandbox", "--state", "{state}", "--portal", "{address}"),
        *("--port", "{sandbox}", "--smtp-port", "{smtp}", "--ipp-port", "{ipp}"),
    ],
    "errands": [*_SONGDA, "errands"],
    "engine": [*_SONGDA, "engine"],
    "staff": [*_SONGDA, "staff"],
    "pace": [*_SONGDA, "pace"],
    "web": [
        sys.executable,
        *("-m", "granian", "--interface", "wsgi", "--host", "{host}", "--port", "{web}"),
        *("--workers", "2", "--blocking-threads", "2"),
        *("--respawn-failed-workers", "--no-ws", "--log-level", "warning", "songda.config.wsgi:application"),
    ],
}
_DEMO_ONLY = {"sandbox", "staff", "pace"}
# Without these nothing moves, or nobody watches how fast time goes; so time is not to go fast without them, nor for so
# many seconds of the machine after they were started: that long it takes them until they work.
_TIME_WAITS_FOR = frozenset({"sandbox", "errands", "engine", "pace"})
_TO_SETTLE = 10.0


class CannotRun(Exception):
    """The platform cannot be started; the message says why."""


def say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone; the children still have to be stopped
        print(text, flush=True)


@contextmanager
def only_one(var: Path) -> Iterator[int]:
    """Hold this checkout's lock; gives its handle, for the children to hold as well.

    So the lock is free only when nothing of a run is left, however the run ended. What a killed run left behind
    is on its way out and is waited for. Raises CannotRun where another `songda run` is alive.
    """
    var.mkdir(parents=True, exist_ok=True)
    with (var / "run.lock").open("a+") as lock:
        until = time.monotonic() + REMAINS_MAY_LAST
        while not _take(lock):
            if _holder_lives(lock) or time.monotonic() > until:
                lock.seek(0)
                raise CannotRun(f"Songda already runs from this folder, as process {lock.read().strip()}")
            time.sleep(0.1)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock.fileno()


def _take(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder_lives(lock: TextIO) -> bool:
    lock.seek(0)
    try:
        os.kill(int(lock.read() or 0), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def claim_port(host: str, first: int) -> socket.socket:
    """Claim the first free port from `first` on, for as long as the answer is open; its name says which port it is.

    What listens there does so only minutes later, so it is not enough that nobody does now. The claim is the UDP port
    of the same number, where nobody speaks: another run passes it over, our own child can still listen, and it goes
    when this process goes, however it ends. Raises CannotRun when there is none near."""
    for port in range(first, first + PORTS_TRIED):
        claim = socket.socket(type=socket.SOCK_DGRAM)
        with suppress(OSError):
            claim.bind((host, port))
            if _is_free(host, port):
                return claim
        claim.close()
    raise CannotRun(f"no free port from {first} to {first + PORTS_TRIED - 1}; set SONGDA_PORT")


@contextmanager
def places() -> Iterator[dict[str, str]]:
    """Where everything listens, found out once and claimed for this run; the processes are told through the
    environment."""
    host = environment.read("SONGDA_BIND", str, "127.0.0.1")
    wanted = environment.read("SONGDA_PORT", environment.whole_number, str(FIRST_PORTS["web"]))
    with ExitStack() as claims:

        def port(host: str, first: int) -> str:
            return str(claims.enter_context(claim_port(host, first)).getsockname()[1])

        found = {"host": host, "web": port(host, wanted)}
        if found["web"] != str(wanted):
            say(f"Port {wanted} is in use; taking {found['web']}.")
        found |= {name: port("127.0.0.1", FIRST_PORTS[name]) for name in ("sandbox", "smtp", "ipp")}
        near = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
        yield {**found, "address": f"http://{near}:{found['web']}", "state": str(environment.var() / "sandbox")}


def _tell(where: dict[str, str]) -> None:
    """Put into the environment what every process of a demonstration needs to find the others."""
    os.environ.setdefault("SONGDA_PORTAL_URL", where["address"])
    os.environ.setdefault("SONGDA_SANDBOX_URL", f"http://127.0.0.1:{where['sandbox']}")
    os.environ.setdefault("SONGDA_SANDBOX_SMTP", where["smtp"])
    os.environ.setdefault("SONGDA_SANDBOX_IPP", where["ipp"])


def _once(what: str, *words: str, show: bool = False) -> None:
    """Run one command to its end. Raises CannotRun with its last lines when it fails."""
    say(f"{what} ...")
    done = subprocess.run(
        [*_SONGDA, *words],
        stdout=None if show else subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        start_new_session=True,  # Ctrl-C lets it finish; half a migration helps nobody
    )
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout or "").splitlines()[-15:])
        raise CannotRun(f"`songda {' '.join(words)}` failed:\n{said}")


def _children(where: dict[str, str], logs: Path, lock: int) -> list[Child]:
    logs.mkdir(parents=True, exist_ok=True)
    surroundings = {**os.environ, "PYTHONUNBUFFERED": "1"}
    left_out = _DEMO_ONLY if environment.mode() == "production" else _unasked()
    return [
        Child(name, [word.format_map(where) for word in words], logs / f"{name}.log", surroundings, held=(lock,))
        for name, words in CHILDREN.items()
        if name not in left_out
    ]


def _unasked() -> set[str]:
    """Simulated people end work items only where somebody wants to watch them."""
    return set() if environment.read("SONGDA_STAFF", environment.yes_or_no, "no") else {"staff"}


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310  (our own address)
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def keep_time(children: Iterable[Child]) -> None:
    """Hold the played clock at the machine's own speed where one of those is missing for whom time waits."""
    if environment.mode() != "production" and any(
        child.is_missing() for child in children if child.name in _TIME_WAITS_FOR
    ):
        clock.hold(_TO_SETTLE, 1.0)


def _watch(children: list[Child], own: Cluster | None, address: str, stop_asked: Callable[[float], bool]) -> None:
    greeted = False
    while not stop_asked(0.2 if not greeted else 0.5):
        if own and not own.running():
            say("PostgreSQL has stopped; starting it again.")
            own.start()
        keep_time(children)
        tend(children, say)
        if not greeted and _answers(address):
            greeted = True
            say(f"\nSongda is ready: {address}")
            if any(child.name == "sandbox" for child in children):
                say(f"The telephones of the invented people: {os.environ['SONGDA_SANDBOX_URL']}")
            say(f"Logs are in {children[0].log.parent}. Ctrl-C stops everything.\n")


def _run(own: Cluster | None, lock: int) -> None:
    with places() as where, stop_signals() as stop_asked:
        if environment.mode() != "production":
            _tell(where)
        children: list[Child] = []
        try:
            _prepare(own)
            children = _children(where, environment.var() / "log", lock)
            say("Starting " + ", ".join(child.name for child in children) + " ...")
            _watch(children, own, where["address"], stop_asked)
        finally:
            say("\nStopping ...")
            for child in reversed(children):
                child.stop()
            if own:
                own.stop()
            say("Stopped. `make run` continues from here.")


def _prepare(own: Cluster | None) -> None:
    if own:
        say("Starting PostgreSQL ...")
        own.start()
    _once("Bringing the tables up to date", "migrate", "--noinput", "--verbosity", "0")
    if environment.mode() == "demo":
        _once("Loading the demonstration", "load_demo", show=True)


def main(argv: list[str]) -> int:
    if argv:
        print("usage: songda run   (settings come from the environment: docs/operations.md)", file=sys.stderr)
        return 2
    try:
        environment.choose_settings()
        with only_one(environment.var()) as lock:
            _run(environment.own_database(), lock)
    except (CannotRun, CannotStart, environment.Misconfigured) as error:
        print(f"songda run: {error}", file=sys.stderr)
        return 1
    return 0
