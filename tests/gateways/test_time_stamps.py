"""The sandbox stamps what it is asked to, and its root stays the same after a restart."""

from songda.evidence import stamping, timestamps
from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.world import Settings


def test_the_sandbox_stamps_and_its_older_stamps_hold_after_a_restart(settings: Settings) -> None:
    url, replies = f"http://{settings.host}:{settings.port}/tsa", []
    for _ in range(2):
        with Sandbox(settings) as sandbox:
            root = sandbox.world.tsa.root
            replies.append(stamping.ask(url, b"head", roots=[root]))
    told = [timestamps.verify(reply, b"head", [root]) for reply in replies]
    assert told == sorted(told)
