"""`songda address parse|match|gate`: lines in, JSON lines out."""

import gc
import json
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from typing import Any, BinaryIO

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
        if line.strip():
            yield _matched(line)


def _matched(line: str) -> dict[str, Any]:
    """The answer to one pair; a line that is none says so in its place, and the others go on."""
    try:
        pair = json.loads(line)
        return addresses.match(pair["a"], pair["b"]).as_json()
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"relation": None, "score": None, "error": 'not {"a": "…", "b": "…"}'}


def _gate(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    return (addresses.gate(address).as_json() for address in addresses.parse_lines(lines))


WORDS: dict[str, Callable[[Iterable[str]], Iterator[dict[str, Any]]]] = {
    "parse": _parse,
    "match": _match,
    "gate": _gate,
}


def _lines(file: BinaryIO) -> Iterator[str]:
    """Lines as people have them: UTF-8 with or without a mark at its head, else GB 18030; what is neither keeps what
    can be read of it. Only a line feed ends a line, so one line in is one line out."""
    for number, line in enumerate(file):
        yield _read(line[len(BOM_UTF8) :] if number == 0 and line.startswith(BOM_UTF8) else line)


def _read(line: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return line.decode(encoding).rstrip("\r\n")
    return line.decode(errors="replace").rstrip("\r\n")


def main(argv: list[str]) -> int:
    """Answer every line with one line, whatever it holds. 1: a line was no pair; 2: wrong words, or no such file."""
    if not argv or argv[0] not in WORDS:
        print(USAGE, file=sys.stderr, end="")
        return 2
    addresses.parse("")  # loads the divisions, which the collector need not look at again for every few lines
    gc.freeze()
    try:
        with open(argv[1], "rb") if argv[1:] else nullcontext(sys.stdin.buffer) as file:  # noqa: PTH123
            return _answer(argv[0], file)
    except BrokenPipeError:
        raise
    except OSError as problem:
        print(f"songda address: {problem.strerror}", file=sys.stderr)
        return 2


_as_text = json.JSONEncoder(ensure_ascii=False).encode


def _written(answer: dict[str, Any]) -> str:
    """As JSON that every reader takes for one line: some end lines at more than a line feed."""
    written = _as_text(answer)
    for end in ("\x85", "\u2028", "\u2029"):
        written = written.replace(end, f"\\u{ord(end):04x}")
    return written


def _answer(word: str, file: BinaryIO) -> int:
    wrong = 0
    for answer in WORDS[word](_lines(file)):
        wrong += "error" in answer
        sys.stdout.write(_written(answer) + "\n")
    return 1 if wrong else 0
