"""The empty order sheet that people download."""

import io
from typing import Any

import xlsxwriter

from songda.filing.sheet_columns import CHOICES, COLUMNS, FIRST_ROW, SHEET

_LAST_ROW = 20_001
_INSTRUCTIONS: tuple[str, ...] = (
    "怎样填写",
    "一、每行一个受送达人；同一案件有几个受送达人就填几行，案号照抄。",
    "二、带 * 的列必填。列可以换位置，但不要改标题。",
    "三、证件号码和电话是文本，不要让 Excel 改成数字。",
    "四、代理人的电话、账号写在姓名后面；电话也用来联系受送达人。",
    "　　账号须是受送达人提供、约定或者确认的才会使用。",
    "五、文书文件名写全名（含扩展名），几份用分号隔开；文件打成一个 zip 或逐个与本表一起上传。",
    "六、有一行填错，整张表都不会导入；系统会一次列出所有错误，改好后重新上传即可。",
    "七、只收 .xlsx，不收带宏的文件；单元格不能以 = + - @ 开头。",
    "",
    "各列说明",
)


def template() -> bytes:
    """The sheet as .xlsx: headings, drop-downs, text columns for long numbers, and a page of instructions."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    _orders(book)
    _instructions(book)
    book.close()
    return buffer.getvalue()


def _orders(book: Any) -> None:
    sheet = book.add_worksheet(SHEET)
    heading = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "valign": "vcenter"})
    text = book.add_format({"num_format": "@"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, column.width, moment if column.sort == "moment" else text)
        sheet.write_string(0, at, column.heading + ("*" if column.required else ""), heading)
        sheet.write_comment(0, at, column.hint)
        if column.field in CHOICES:
            options = {"validate": "list", "source": list(CHOICES[column.field]), "error_message": "请从列表中选择"}
            sheet.data_validation(FIRST_ROW - 1, at, _LAST_ROW, at, options)
    sheet.freeze_panes(FIRST_ROW - 1, 1)


def _instructions(book: Any) -> None:
    sheet = book.add_worksheet("填写说明")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90)
    for row, line in enumerate(_INSTRUCTIONS):
        sheet.write_string(row, 0, line)
    for row, column in enumerate(COLUMNS, len(_INSTRUCTIONS)):
        sheet.write_string(row, 0, column.heading)
        sheet.write_string(row, 1, ("必填。" if column.required else "") + column.hint)
