"""`songda law`: the law as a machine door. `explain`, `explain --lines`, `schema`, `docs`."""

import json
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any, TextIO

from songda.law.explain import explain
from songda.law.reading import BadInput, read_situation
from songda.law.reference import reference
from songda.law.schema import schema
from songda.lib.calendar import WorkingDays

_USAGE = """用法：
  songda law explain          从标准输入读一个 JSON 对象，向标准输出写一个
  songda law explain --lines  从标准输入逐行读 JSON，按顺序逐行回答；遇到错误的一行即停止，并指明行号和字段
  songda law schema           输入、输出的 JSON Schema
  songda law docs             由法律规则表生成的说明（docs/law.md）
"""
_BAD_INPUT = 2
# Some editors and spreadsheets begin a UTF-8 file with it.
_BYTE_ORDER_MARK = "\ufeff"


def main(argv: list[str]) -> int:
    """Exit code 0, or 2 where the command or the input is wrong; the field is named on standard error."""
    door = _DOORS.get(tuple(argv))
    if door is None:
        asked_for_help = argv in (["--help"], ["-h"], ["help"])
        print(_USAGE, end="", file=sys.stdout if asked_for_help else sys.stderr)
        return 0 if asked_for_help else _BAD_INPUT
    try:
        door(sys.stdin, sys.stdout)
    except BadInput as error:
        print(f"输入有误：{error}", file=sys.stderr)
        return _BAD_INPUT
    except UnicodeDecodeError:
        print("输入有误：(输入): 不是 UTF-8 文本", file=sys.stderr)
        return _BAD_INPUT
    return 0


def answer(text: str, calendar: WorkingDays) -> str:
    """One JSON object in, one out; told of one recipient, it takes him for the last to appeal. Raises BadInput."""
    try:
        value = json.loads(text.removeprefix(_BYTE_ORDER_MARK))
    except (ValueError, RecursionError) as error:
        raise BadInput("(输入)", f"不是 JSON：{error}") from None
    found = explain(read_situation(value), calendar, last_to_appeal=True)
    return json.dumps(found, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    """A day as ISO 8601, one of the law's values as its fields."""
    return value.isoformat() if isinstance(value, date) else {f.name: getattr(value, f.name) for f in fields(value)}


def _explain_one(incoming: TextIO, outgoing: TextIO) -> None:
    print(answer(incoming.read(), WorkingDays()), file=outgoing)


def _explain_lines(incoming: TextIO, outgoing: TextIO) -> None:
    """Answers in order and stops at a bad line, so that no answer changes its place. Blank lines are skipped."""
    calendar = WorkingDays()
    for number, line in enumerate(incoming, 1):
        if line.strip():
            try:
                outgoing.write(answer(line, calendar) + "\n")
            except BadInput as error:
                outgoing.flush()
                raise BadInput(f"第{number}行 {error.field}", error.problem) from None


def _schema(_incoming: TextIO, outgoing: TextIO) -> None:
    print(json.dumps(schema(), ensure_ascii=False, indent=2), file=outgoing)


def _docs(_incoming: TextIO, outgoing: TextIO) -> None:
    outgoing.write(reference())


_DOORS: dict[tuple[str, ...], Callable[[TextIO, TextIO], None]] = {
    ("explain",): _explain_one,
    ("explain", "--lines"): _explain_lines,
    ("schema",): _schema,
    ("docs",): _docs,
}
