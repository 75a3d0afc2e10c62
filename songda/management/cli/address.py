"""`songda address parse|match|gate`: lines in, JSON lines out."""

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from songda.finding import addresses

USAGE = """usage: songda address parse|match|gate [FILE]
  parse   lines with an address each; prints its parts and codes (同上 repeats the line above)
  match   JSON lines {"a": …, "b": …}; prints {"relation": "same|part|different", "score": …, "reasons": […]}
  gate    lines with an address each; prints whether an envelope for it may be printed
"""


def _parse(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    return (address.as_json() for address in addresses.parse_lines(lines))


def _match(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        pair = json.loads(line)
        yield addresses.match(pair["a"], pair["b"]).as_json()


def _gate(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    return (addresses.gate(address).as_json() for address in addresses.parse_lines(lines))


WORDS: dict[str, Callable[[Iterable[str]], Iterator[dict[str, Any]]]] = {
    "parse": _parse,
    "match": _match,
    "gate": _gate,
}


def _lines(names: list[str]) -> Iterator[str]:
    if names:
        with Path(names[0]).open(encoding="utf-8-sig") as file:
            yield from _stripped(file)
    else:
        sys.stdin.reconfigure(encoding="utf-8-sig")  # type: ignore[union-attr]
        yield from _stripped(sys.stdin)


def _stripped(lines: Iterable[str]) -> Iterator[str]:
    return (line.rstrip("\r\n") for line in lines)


def main(argv: list[str]) -> int:
    """Answer every line with one line; a line that cannot be read ends the run with its number on stderr."""
    if not argv or argv[0] not in WORDS:
        print(USAGE, file=sys.stderr, end="")
        return 2
    addresses.parse("")  # loads the divisions, which the collector need not look at again for every few lines
    gc.freeze()
    count = 0
    lines = _lines(argv[1:])
    if argv[0] == "match":
        lines = (line for line in lines if line.strip())
    try:
        for count, answer in enumerate(WORDS[argv[0]](lines), 1):  # noqa: B007 - said in the message below
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    except (ValueError, KeyError, TypeError):
        print(f'line {count + 1}: not {{"a": …, "b": …}}', file=sys.stderr)
        return 1
    return 0
