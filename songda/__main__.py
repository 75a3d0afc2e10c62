"""The `songda` command: a table from its first words to the room's own door, imported only when called."""

import os
import sys
from importlib import import_module

DOORS: dict[str, str] = {
    "law": "songda.management.cli.law:main",
    "extract": "songda.management.cli.extract:main",
    "address": "songda.management.cli.address:main",
    "verify": "songda.verify:main",
    "run": "songda.management.cli.run:main",
    "sandbox": "songda.management.cli.sandbox:main",
    "assets": "songda.management.cli.assets:main",
    "database": "songda.management.cli.database:main",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; anything not in the table is a Django management command."""
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Who read our output has seen enough (`songda law schema | head`); what is left goes nowhere, in silence.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(words: list[str]) -> int:
    if words and words[0] in DOORS:
        module, function = DOORS[words[0]].split(":")
        return int(getattr(import_module(module), function)(words[1:]) or 0)
    from songda.config.environment import Misconfigured, choose_settings

    try:
        choose_settings()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["songda", *words])
    except Misconfigured as error:
        print(f"songda: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
