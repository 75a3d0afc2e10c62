"""Lists that sort, page and export, described by a table of columns."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from songda.lib import clock

PAGE = 50
# Counting stops here: nobody reads further, and the page stays quick whatever the court's size.
COUNTED = 10_000
EXPORTED = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, what it takes from a row, how it is drawn, and what it sorts by."""

    label: str
    value: Callable[[Any], Any]
    template: str = "parts/cells/text.html"
    sort: str | None = None
    number: bool = False
    # What stands in an export; the value itself where it is not given.
    plain: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    label: str
    sort: str | None
    order: str
    number: bool


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    value: Any
    row: Any
    template: str
    number: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list a page shows."""

    words: str
    previous: int | None
    next: int | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """What an empty list says, and the way out of it."""

    title: str
    words: str
    href: str = ""
    label: str = ""


class Listing:
    """A list as one page of it is shown. Reads at most one page of rows and a bounded count."""

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        *,
        title: str,
        columns: Sequence[Column],
        order: str,
        nothing: Nothing,
        dress: Callable[[list[Any]], None] | None = None,
    ) -> None:
        self.title, self.columns = title, columns
        self.empty_title, self.empty_words = nothing.title, nothing.words
        self.empty_href, self.empty_label = nothing.href, nothing.label
        self._sort = self._asked_sort(request.GET.get("sort", ""), order)
        self._all = rows.order_by(*_both(self._sort))
        self._dress = dress or (lambda _: None)
        self.found = rows.order_by()[: COUNTED + 1].count()
        self._number = _page_number(request.GET.get("page", ""), self.found)
        start = (self._number - 1) * PAGE
        kept = list(self._all[start : start + PAGE])
        self._dress(kept)
        self.rows = [[self._cell(column, row) for column in columns] for row in kept]

    def _asked_sort(self, asked: str, default: str) -> str:
        known = {column.sort for column in self.columns if column.sort}
        return asked if asked.removeprefix("-") in known else default

    @staticmethod
    def _cell(column: Column, row: Any) -> Cell:
        return Cell(column.label, column.value(row), row, column.template, column.number)

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        if column.sort is None or self._sort.removeprefix("-") != column.sort:
            return Head(column.label, column.sort, "", column.number)
        falling = self._sort.startswith("-")
        turned = column.sort if falling else f"-{column.sort}"
        return Head(column.label, turned, "descending" if falling else "ascending", column.number)

    @property
    def page(self) -> Slice:
        first = (self._number - 1) * PAGE + 1
        last = first + len(self.rows) - 1
        total = f"{COUNTED:,} 条以上" if self.found > COUNTED else f"{self.found:,} 条"
        return Slice(
            f"第 {first:,}—{last:,} 条，共 {total}",
            self._number - 1 if self._number > 1 else None,
            self._number + 1 if last < self.found else None,
        )

    def csv(self, name: str) -> HttpResponse:
        """The whole list as CSV that Excel opens as it is; names in it are as masked as on the page."""
        rows = list(self._all[:EXPORTED])
        self._dress(rows)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y%m%d}.csv"'
        response.write("\ufeff")
        paper = csv.writer(response)
        paper.writerow([column.label for column in self.columns])
        paper.writerows([inert(_plain((one.plain or one.value)(row))) for one in self.columns] for row in rows)
        return response

    def workbook(self, name: str) -> HttpResponse:
        """The whole list, not only this page, as an Excel file; names in it are as masked as on the page."""
        rows = list(self._all[:EXPORTED])
        self._dress(rows)
        response = HttpResponse(_workbook(self.title, self.columns, rows), content_type=XLSX)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y%m%d}.xlsx"'
        return response


# What the name of a sheet must not hold.
_NO_SHEET = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def _both(sort: str) -> tuple[str, str]:
    """The asked order made total, so that no row is on two pages."""
    return sort, "-id" if sort.startswith("-") else "id"


def _page_number(asked: str, found: int) -> int:
    last = max(1, -(-min(found, COUNTED) // PAGE))
    return min(max(1, int(asked)), last) if asked.isascii() and asked.isdecimal() else 1


def _workbook(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    target = io.BytesIO()
    # Text stays text: a name that begins with "=" is a name, not a formula.
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title.translate(_NO_SHEET)[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.write_row(0, 0, [column.label for column in columns], bold)
    for at, row in enumerate(rows, start=1):
        sheet.write_row(at, 0, [_plain((column.plain or column.value)(row)) for column in columns])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 20)
    book.close()
    return target.getvalue()


def inert(value: str | float) -> str | float:
    """A cell that a spreadsheet would take for a formula is text; so is a number longer than it keeps."""
    if isinstance(value, str) and (
        value[:1] in {"=", "+", "-", "@", "\t", "\r"} or (value.isdecimal() and len(value) > 11)
    ):
        return f"\t{value}"
    return value


def _plain(value: Any) -> str | int | float:
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float) else str(value if value is not None else "")
