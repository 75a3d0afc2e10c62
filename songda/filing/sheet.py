"""Orders by Excel: one row is one recipient of one case.

Reading yields every row in order, good or wrong; nothing is stored here, so whoever stores does it only after the
whole sheet was good (`read_all`).
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import python_calamine

from songda.filing import accounts, agents, case_number, identity
from songda.filing.draft import AgentDraft
from songda.filing.intake import MEGABYTE, Limits, Refused, check_archive
from songda.filing.sheet_columns import CHOICES, COLUMNS, FIRST_ROW, SHEET, Column
from songda.lib import clock

MOST_ROWS = 20_000
LARGEST = 20 * 1024 * 1024
_FORMULA = re.compile(r"^[=+@\t\r]|^-(?!\d)|^'[=+@-]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one cell; `row` is the number Excel shows, `column` its Chinese heading ("" for the row)."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class RowDraft:
    """One good row. Numbers are in their written forms; a hearing is aware, in Beijing time."""

    row: int
    case_number: str
    procedure: str
    cause: str
    hearing_at: datetime | None
    recipient_name: str
    recipient_role: str
    recipient_kind: str
    id_number: str
    phone: str
    address: str
    email: str
    # Platform and name; both empty where there is none.
    account: tuple[str, str]
    electronic_consent: bool | None
    legal_representative: str
    agents: tuple[AgentDraft, ...]
    documents: tuple[str, ...]


@dataclass(slots=True)
class SheetReport:
    """A whole sheet read: good only where `errors` is empty."""

    rows: int = 0
    drafts: list[RowDraft] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.errors and bool(self.drafts)


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows read so far and rows in the sheet."""

    done: int
    total: int


class _Wrong(ValueError):
    """A cell cannot be right; the message is Chinese."""


def read_sheet(content: bytes) -> Iterator[RowDraft | RowError]:
    """Each row as a draft or as its errors, in order. Raises `Refused` for a file that is no such sheet."""
    for item in read_with_progress(content, every=MOST_ROWS + 1):
        if not isinstance(item, Progress):
            yield item


def read_with_progress(content: bytes, *, every: int = 200) -> Iterator[RowDraft | RowError | Progress]:
    """Like `read_sheet`, with a `Progress` at the start, after every so many rows and at the end."""
    rows = _rows(content)
    headings = _headings(rows)
    total = len(rows) - FIRST_ROW + 1
    seen: dict[tuple[str, ...], int] = {}
    yield Progress(0, total)
    for done, cells in enumerate(rows[FIRST_ROW - 1 :], 1):
        yield from _read_row(done + FIRST_ROW - 1, cells, headings, seen)
        if done % every == 0:
            yield Progress(done, total)
    yield Progress(total, total)


def read_all(content: bytes) -> SheetReport:
    """The whole sheet at once: every error of every row, and drafts to use only where there is none."""
    report = SheetReport()
    for item in read_sheet(content):
        if isinstance(item, RowError):
            report.errors.append(item)
        else:
            report.drafts.append(item)
    wrong = {error.row for error in report.errors}
    report.rows = len(report.drafts) + len(wrong)
    if not report.rows:
        report.errors.append(RowError(FIRST_ROW, "", "表中没有填写任何一行"))
    return report


def _rows(content: bytes) -> Sequence[Sequence[object]]:
    _check_file(content)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        if SHEET not in book.sheet_names:
            raise Refused("sheet_missing", sheet=SHEET)
        sheet = book.get_sheet_by_name(SHEET)
        if sheet.height > MOST_ROWS + FIRST_ROW - 1:
            raise Refused("sheet_too_long", limit=MOST_ROWS)
        return sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, ValueError, OSError):
        raise Refused("damaged") from None


def _check_file(content: bytes) -> None:
    """Only a plain .xlsx of ordinary size: no old format, no macros, no formulas that reach outside."""
    if not content:
        raise Refused("empty")
    if len(content) > LARGEST:
        raise Refused("too_large", size=len(content) / MEGABYTE, limit=LARGEST / MEGABYTE)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("sheet_old")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except zipfile.BadZipFile:
        raise Refused("sheet_type") from None
    if "xl/workbook.xml" not in names:
        raise Refused("sheet_type")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise Refused("sheet_links")
    check_archive(content, Limits(unpacked=150 * 1024 * 1024))


def _headings(rows: Sequence[Sequence[object]]) -> dict[str, int]:
    """Where each column stands; people move columns, so they are known by heading."""
    top = [str(cell).strip().rstrip("*") for cell in rows[FIRST_ROW - 2]] if len(rows) >= FIRST_ROW - 1 else []
    missing = [column.heading for column in COLUMNS if column.heading not in top and not column.newer]
    if missing:
        raise Refused("sheet_headings", missing="、".join(missing))
    return {column.field: top.index(column.heading) if column.heading in top else len(top) for column in COLUMNS}


def _read_row(
    row: int, cells: Sequence[object], headings: dict[str, int], seen: dict[tuple[str, ...], int]
) -> Iterator[RowDraft | RowError]:
    raw = {name: cells[at] if at < len(cells) else "" for name, at in headings.items()}
    if not any(str(cell).strip() for cell in raw.values()):
        return
    values: dict[str, object] = {}
    errors: list[RowError] = []
    for column in COLUMNS:
        try:
            values[column.field] = _read_cell(column, raw[column.field], values)
        except (_Wrong, identity.NotValid, case_number.NotACaseNumber) as wrong:
            errors.append(RowError(row, column.heading, str(wrong)))
    if not errors:
        errors += _twice(row, values, seen)
    if errors:
        yield from errors
    else:
        yield RowDraft(row=row, **values)  # type: ignore[arg-type]  # each column's rule gives its own type


def _twice(row: int, values: dict[str, object], seen: dict[tuple[str, ...], int]) -> list[RowError]:
    """The same recipient with the same papers in the same case stands in a sheet once."""
    keys = ("case_number", "recipient_name", "recipient_role", "id_number", "documents")
    key = tuple(str(values[name]) for name in keys)
    first = seen.setdefault(key, row)
    return [] if first == row else [RowError(row, "", f"与第 {first} 行重复：同一案件、同一受送达人、同样的文书")]


def _read_cell(column: Column, cell: object, values: dict[str, object]) -> object:
    """One cell checked by its column's rule; raises with a Chinese message."""
    if column.sort == "moment":
        return _moment(cell)
    text = _text(cell)
    if _FORMULA.search(text) and not (column.field == "phone" and re.fullmatch(r"\+[\d\- ]+", text)):
        raise _Wrong("不能以 = + - @ 开头（防止公式注入）")
    if not text:
        if column.required:
            raise _Wrong("必填")
        return _NOTHING.get(column.sort, "")
    if len(text) > column.longest:
        raise _Wrong(f"太长，上限 {column.longest} 个字")
    return _RULES[column.sort](text, column, values)


def _text(cell: object) -> str:
    """Excel keeps long numbers as floating point; whole ones are given back as digits, lossy ones are refused."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if abs(cell) >= 1e15:
            raise _Wrong("被 Excel 存成了数字，末几位已丢失；请把该列设为文本后重新填写")
        return str(int(cell)) if cell.is_integer() else str(cell)
    return str(cell).strip()


def _moment(cell: object) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=clock.BEIJING)
    if isinstance(cell, date):
        raise _Wrong("缺少时刻，应如 2021-04-01 09:30")
    text = _text(cell)
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*T?(\d{1,2})[:：时](\d{1,2})?分?(?::00)?", text)
    try:
        if found is None:
            raise ValueError
        year, month, day, hour, minute = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, tzinfo=clock.BEIJING)
    except ValueError:
        raise _Wrong("时间格式不对，应如 2021-04-01 09:30") from None


def _choice(text: str, column: Column, _: dict[str, object]) -> object:
    options = CHOICES[column.field]
    if text not in options:
        raise _Wrong(f"只能填：{'、'.join(options)}")
    return options[text]


def _list(text: str, _column: Column, _values: dict[str, object]) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[;；、\n]", text) if part.strip())


def _id_number(text: str, _: Column, values: dict[str, object]) -> str:
    return identity.identify(text, str(values.get("recipient_kind") or "person")).number


def _email(text: str, _column: Column, _values: dict[str, object]) -> str:
    if not _EMAIL.fullmatch(text):
        raise _Wrong("电子邮箱格式不对")
    return text


_NOTHING: dict[str, object] = {"list": (), "agents": (), "consent": None, "account": ("", "")}
_RULES: dict[str, Callable[[str, Column, dict[str, object]], object]] = {
    "text": lambda text, _column, _values: re.sub(r"\s+", " ", text),
    "case": lambda text, _column, _values: case_number.normalise(text),
    "phone": lambda text, _column, _values: identity.phone(text).e164,
    "choice": _choice,
    "consent": _choice,
    "list": _list,
    "id": _id_number,
    "email": _email,
    "account": lambda text, _column, _values: accounts.read(text),
    "agents": lambda text, _column, _values: agents.read(text),
}
