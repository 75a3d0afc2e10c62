"""`songda database start|stop|status|url|shell`: the checkout's own PostgreSQL by hand."""

import os
import subprocess
import sys
from collections.abc import Callable

from songda.config import environment
from songda.lib.postgres import CannotStart, Cluster


def _start(own: Cluster) -> int:
    own.start()
    return _status(own)


def _stop(own: Cluster) -> int:
    own.stop()
    return _status(own)


def _status(own: Cluster) -> int:
    pid = own.pid()
    print(f"PostgreSQL runs as process {pid}, data in {own.data}" if pid else "PostgreSQL does not run")
    return 0


def _url(own: Cluster) -> int:
    print(own.url)
    return 0


def _shell(own: Cluster) -> int:
    own.start()
    program = [own.binaries["psql"], own.url]
    return subprocess.run(program, env={**os.environ, "PSQLRC": "/dev/null"}, check=False).returncode


DOORS: dict[str, Callable[[Cluster], int]] = {
    "start": _start,
    "stop": _stop,
    "status": _status,
    "url": _url,
    "shell": _shell,
}


def main(argv: list[str]) -> int:
    if len(argv) != 1 or argv[0] not in DOORS:
        print(f"usage: songda database {'|'.join(DOORS)}", file=sys.stderr)
        return 2
    own = environment.own_database()
    if own is None:
        print("songda database: DATABASE_URL names a server; this command is for the checkout's own", file=sys.stderr)
        return 1
    try:
        return DOORS[argv[0]](own)
    except CannotStart as error:
        print(f"songda database: {error}", file=sys.stderr)
        return 1
