"""A report as an Excel file: real numbers with formats, a sheet a table, the definitions on a sheet of their own."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from songda.insight.telling import Cell, Said, Table, definitions, span_words

_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "text": {},
    "count": {"num_format": "#,##0"},
    "rate": {"num_format": "0.0%"},
    "days": {"num_format": '#,##0" 天"'},
    "points": {"num_format": '+0.0" 个百分点";-0.0" 个百分点";0.0" 个百分点"'},
    "change": {"num_format": "+#,##0;-#,##0;0"},
    "head": {"bold": True, "bottom": 1, "bg_color": "#E8EFED", "text_wrap": True},
    "title": {"bold": True, "font_size": 14},
    "note": {"italic": True, "font_color": "#41565E", "text_wrap": True, "valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
}
_WIDE = 22


def workbook(said: Said, *, title: str, sentences: Sequence[str], tables: Sequence[Table], made_at: datetime) -> bytes:
    """The same arguments give the same bytes: the only time in the file is `made_at`."""
    target = io.BytesIO()
    # Text stays text: what begins with "=" is no formula.
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
    formats = {name: book.add_format(dict(how)) for name, how in _FORMATS.items()}
    _summary(book.add_worksheet("摘要"), formats, title, span_words(said), sentences)
    for table in tables:
        _table(book.add_worksheet(table.title), formats, table)
    _definitions(book.add_worksheet("指标定义"), formats)
    book.close()
    return target.getvalue()


def _summary(sheet: Any, formats: Mapping[str, Any], title: str, days: str, sentences: Sequence[str]) -> None:
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(1, 0, days)
    for at, sentence in enumerate(sentences, start=3):
        sheet.write_string(at, 0, sentence, formats["wrapped"])


def _table(sheet: Any, formats: Mapping[str, Any], table: Table) -> None:
    sheet.write_row(0, 0, table.columns, formats["head"])
    for down, row in enumerate(table.rows, start=1):
        for across, cell in enumerate(row):
            _cell(sheet, down, across, cell, formats)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(table.columns) - 1, 14)
    sheet.set_column(0, 0, _WIDE)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.merge_range(
        *(len(table.rows) + 2, 0, len(table.rows) + 4, len(table.columns) - 1),
        table.note,
        formats["note"],
    )


def _cell(sheet: Any, down: int, across: int, cell: Cell, formats: Mapping[str, Any]) -> None:
    """A number as a number; what is not known as an empty cell, so that sums and charts stay right."""
    if cell.value is None:
        sheet.write_blank(down, across, None, formats[cell.kind])
    elif isinstance(cell.value, str):
        sheet.write_string(down, across, cell.value, formats["text"])
    else:
        sheet.write_number(down, across, cell.value, formats[cell.kind])


def _definitions(sheet: Any, formats: Mapping[str, Any]) -> None:
    heads, *rows = definitions()
    sheet.write_row(0, 0, heads, formats["head"])
    for at, row in enumerate(rows, start=1):
        sheet.write_row(at, 0, row, formats["wrapped"])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(heads) - 1, 36)
    sheet.set_column(0, 0, _WIDE)
