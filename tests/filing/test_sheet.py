"""Orders by Excel: the template, good rows, and every error at once."""

import io
import time
import zipfile
from datetime import datetime

import pytest
import python_calamine
import xlsxwriter

from songda.filing import agents, sheet
from songda.filing.draft import AgentDraft
from songda.filing.intake import Refused
from songda.filing.sheet import Progress, RowDraft, RowError
from songda.filing.sheet_columns import COLUMNS, SHEET
from songda.filing.sheet_template import template
from songda.lib import clock

GOOD: dict[str, object] = {
    "案号": "(2021)川0191民初1234号",
    "程序": "普通程序",
    "案由": "民间借贷纠纷",
    "开庭时间": "2021-04-01 09:30",
    "受送达人": "邓某",
    "诉讼地位": "被告",
    "类型": "自然人",
    "证件号码": "11010519491231002X",
    "电话": "13800138000",
    "送达地址": "四川省成都市高新区芳草街1号",
    "电子邮箱": "deng@example.org",
    "账号": "微信：Deng_2026",
    "同意电子送达": "是",
    "法定代表人": "",
    "代理人": "甲律师、乙律师",
    "文书文件名": "传票.pdf；起诉状.pdf",
}


def book(rows: list[dict[str, object]], headings: list[str] | None = None, name: str = SHEET) -> bytes:
    headings = headings or [column.heading for column in COLUMNS]
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page = workbook.add_worksheet(name)
    page.write_row(0, 0, headings)
    for at, row in enumerate(rows, 1):
        for column, heading in enumerate(headings):
            value = row.get(heading, "")
            if isinstance(value, datetime):
                page.write_datetime(at, column, value, moment)
            else:
                page.write(at, column, value)
    workbook.close()
    return buffer.getvalue()


def errors_of(**changed: object) -> list[RowError]:
    return sheet.read_all(book([GOOD | changed])).errors


def test_a_good_row_becomes_a_draft_in_written_forms() -> None:
    report = sheet.read_all(book([GOOD]))
    assert report.good
    assert report.drafts == [
        RowDraft(
            row=2,
            case_number="（2021）川0191民初1234号",
            procedure="ordinary",
            cause="民间借贷纠纷",
            hearing_at=datetime(2021, 4, 1, 9, 30, tzinfo=clock.BEIJING),
            recipient_name="邓某",
            recipient_role="被告",
            recipient_kind="person",
            id_number="11010519491231002X",
            phone="+8613800138000",
            address="四川省成都市高新区芳草街1号",
            email="deng@example.org",
            account=("wechat", "deng_2026"),
            electronic_consent=True,
            legal_representative="",
            agents=(AgentDraft("甲律师"), AgentDraft("乙律师")),
            documents=("传票.pdf", "起诉状.pdf"),
        )
    ]


def test_the_template_can_be_read_once_filled_in_and_says_so_while_empty() -> None:
    report = sheet.read_all(template())
    assert [error.message for error in report.errors] == ["表中没有填写任何一行"]
    workbook = python_calamine.load_workbook(io.BytesIO(template()))
    assert workbook.sheet_names == [SHEET, "填写说明"]


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"案号": ""}, "案号"),
        ({"案号": "1234号"}, "案号"),
        ({"程序": "快速"}, "程序"),
        ({"开庭时间": "明天"}, "开庭时间"),
        ({"开庭时间": "2021-02-30 09:30"}, "开庭时间"),
        ({"受送达人": ""}, "受送达人"),
        ({"类型": "机器人"}, "类型"),
        ({"证件号码": "110105194912310021"}, "证件号码"),
        ({"证件号码": 110105194912310021.0}, "证件号码"),
        ({"电话": "12"}, "电话"),
        ({"电子邮箱": "deng"}, "电子邮箱"),
        ({"同意电子送达": "也许"}, "同意电子送达"),
        ({"文书文件名": ""}, "文书文件名"),
        ({"送达地址": "长" * 201}, "送达地址"),
        ({"受送达人": '=HYPERLINK("x")'}, "受送达人"),
        ({"送达地址": "@SUM(1)"}, "送达地址"),
        ({"案由": "-cmd|calc"}, "案由"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(changed: dict[str, object], column: str) -> None:
    errors = errors_of(**changed)
    assert [(error.row, error.column) for error in errors] == [(2, column)]
    assert errors[0].message


def test_all_errors_of_all_rows_are_listed_at_once_and_nothing_is_half_loaded() -> None:
    bad = GOOD | {"案号": "x", "电话": "12", "类型": ""}
    report = sheet.read_all(book([GOOD, bad, {}, bad | {"案号": GOOD["案号"]}]))
    assert not report.good
    assert [(error.row, error.column) for error in report.errors] == [
        (3, "案号"),
        (3, "类型"),
        (3, "电话"),
        (5, "类型"),
        (5, "电话"),
    ]


def test_the_same_recipient_with_the_same_papers_twice_is_an_error() -> None:
    errors = sheet.read_all(book([GOOD, GOOD])).errors
    assert [(error.row, error.column) for error in errors] == [(3, "")]
    assert "第 2 行" in errors[0].message


def test_cells_that_excel_made_into_numbers_and_dates_are_understood() -> None:
    report = sheet.read_all(book([GOOD | {"电话": 13800138000, "开庭时间": datetime(2021, 4, 1, 9, 30)}]))  # noqa: DTZ001
    assert report.drafts[0].phone == "+8613800138000"
    assert report.drafts[0].hearing_at == datetime(2021, 4, 1, 9, 30, tzinfo=clock.BEIJING)


def test_a_sheet_from_before_the_column_of_accounts_is_still_read() -> None:
    old = [column.heading for column in COLUMNS if column.heading != "账号"]
    report = sheet.read_all(book([GOOD], old))
    assert (report.good, report.drafts[0].account) == (True, ("", ""))


def test_an_account_without_its_platform_is_an_error_in_its_column() -> None:
    (wrong,) = errors_of(账号="deng_2026")
    assert (wrong.column, "平台：账号" in wrong.message) == ("账号", True)


def test_an_agent_brings_a_telephone_and_an_account() -> None:
    report = sheet.read_all(book([GOOD | {"代理人": "何律师 13900000077 微信：He_2026、苗律师"}]))
    [row] = report.drafts
    assert row.agents == (AgentDraft("何律师", "agent", "+8613900000077", "he_2026", "wechat"), AgentDraft("苗律师"))


def test_an_agents_wrong_telephone_is_an_error_in_its_column() -> None:
    (wrong,) = errors_of(代理人="何律师 13900000")
    assert (wrong.column, "何律师的电话" in wrong.message) == ("代理人", True)


def test_the_template_says_how_telephones_and_accounts_are_written() -> None:
    words = python_calamine.load_workbook(io.BytesIO(template())).get_sheet_by_name("填写说明").to_python()
    said = {str(line[0]): str(line[1]) for line in words}
    assert (said["代理人"], "微信：账号" in said["账号"]) == (agents.HOW, True)


def test_columns_may_be_moved_but_not_missing() -> None:
    headings = [column.heading for column in COLUMNS]
    assert sheet.read_all(book([GOOD], headings[::-1])).good
    with pytest.raises(Refused) as refusal:
        sheet.read_all(book([GOOD], headings[1:]))
    assert refusal.value.code == "sheet_headings"
    assert "案号" in refusal.value.message


def packed(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO(book([GOOD]))
    with zipfile.ZipFile(buffer, "a") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "sheet_type"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "sheet_old"),
        (b"PK\x03\x04 broken", "sheet_type"),
        (packed({"xl/vbaProject.bin": b"x"}), "macros"),
        (packed({"xl/externalLinks/externalLink1.xml": b"x"}), "sheet_links"),
        (book([GOOD], name="Sheet1"), "sheet_missing"),
    ],
)
def test_a_file_that_is_no_plain_sheet_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        sheet.read_all(content)
    assert refusal.value.code == code


def test_too_many_rows_are_refused() -> None:
    rows: list[dict[str, object]] = [{"案号": "x"}] * (sheet.MOST_ROWS + 2)
    with pytest.raises(Refused) as refusal:
        sheet.read_all(book(rows))
    assert refusal.value.code == "sheet_too_long"


def test_ten_thousand_rows_come_one_by_one_with_progress() -> None:
    content = book([GOOD | {"受送达人": f"邓{number}"} for number in range(10_000)])
    began = time.monotonic()
    items = list(sheet.read_with_progress(content, every=1000))
    assert time.monotonic() - began < 20
    assert [item.done for item in items if isinstance(item, Progress)][:3] == [0, 1000, 2000]
    assert sum(isinstance(item, RowDraft) for item in items) == 10_000
    assert items[-1] == Progress(10_000, 10_000)
