"""`songda sandbox`: plays every counterparty of the platform on this machine."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.world import DEFAULT_SECRET, Settings


def _settings(argv: list[str]) -> Settings:
    plain = Settings(state=Path())
    parser = argparse.ArgumentParser(prog="songda sandbox", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder of what the sandbox remembers")
    parser.add_argument("--portal", default=plain.portal, help="where the recipients' portal is")
    parser.add_argument("--api", default="", help="where callbacks go: {api}/callbacks/…; default {portal}/api")
    parser.add_argument("--seed", type=int, default=plain.seed, help="the same seed gives the same people")
    parser.add_argument("--host", default=plain.host)
    parser.add_argument("--port", type=int, default=plain.port)
    parser.add_argument("--smtp-port", type=int, default=plain.smtp_port)
    parser.add_argument("--ipp-port", type=int, default=plain.ipp_port)
    parser.add_argument("--trouble", type=float, default=plain.trouble, help="0: fair weather, 1: a real world")
    given = vars(parser.parse_args(argv))
    given["api"] = given["api"] or given["portal"].rstrip("/") + "/api"
    return Settings(**given, secret=os.environ.get("SONGDA_SANDBOX_SECRET", DEFAULT_SECRET))


def main(argv: list[str]) -> int:
    """Run until interrupted. 2: refused in production, or a port is taken."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = _settings(argv)
        with Sandbox(settings):
            print(f"sandbox: http://{settings.host}:{settings.port}/", flush=True)
            stop.wait()
    except (RuntimeError, OSError) as problem:
        print(f"songda sandbox: {problem}", file=sys.stderr)
        return 2
    return 0
