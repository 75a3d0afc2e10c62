"""Ports for servers that a test starts and must name before they listen."""

import os
import socket
from itertools import cycle

# Below what systems hand out to outgoing connections, so that none of these is taken between choosing and listening;
# each of the test runner's workers has a stretch of its own, and asks for no port twice until it has asked for all.
_FIRST, _EACH, _STRETCHES = 12000, 2400, 8
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _STRETCHES
_stretch = cycle(range(_FIRST + _worker * _EACH, _FIRST + (_worker + 1) * _EACH))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port on which nothing listens now."""
    return next(port for port in _stretch if _is_free(port))
