"""The command at a shell's hand."""

import os
import subprocess
import sys


def test_a_reader_that_has_seen_enough_ends_a_command_in_silence() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ours = [sys.executable, "-m", "songda", "address", "parse"]
    try:
        ended = subprocess.run(ours, input=b"27\n", stdout=writer, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writer)
    assert (ended.returncode, ended.stderr) == (1, b"")
