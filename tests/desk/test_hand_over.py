"""移交委托: files in, a proposal out, one button; every error at its field and nothing typed is lost."""

import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from songda.filing.models import Agent, Order, Party
from songda.filing.sheet_columns import COLUMNS, SHEET
from songda.finding.models import ContactPoint
from tests.cast import World, pdf
from tests.desk.conftest import At

COMPLAINT = """民事起诉状

原告：刘建国，男，1975年5月2日出生，汉族，住四川省成都市高新区天府大道北段1700号。
被告：邓春生，男，1980年1月1日出生，汉族，住四川省成都市武侯区人民南路四段27号2栋1单元301室，公民身份号码510107198001010312，联系电话13900000001。
诉讼请求：判令被告偿还借款20万元。
此致
成都高新技术产业开发区人民法院
"""
SUMMONS = """成都高新技术产业开发区人民法院
传票
案号：（2026）川0191民初1234号
案由：民间借贷纠纷
被传唤人：邓春生
传唤事由：开庭
应到时间：2026年4月8日上午9时30分
应到处所：第三法庭
"""


class _Fields(HTMLParser):
    """What a browser would send back: every field of the page's last form, as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select, self._mould, self._area = "", 0, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self._mould += tag == "template"
        if self._mould:
            return
        name = said.get("name") or ""
        if tag == "input" and name and (said.get("type") not in {"checkbox", "radio", "file"} or "checked" in said):
            self.values[name] = said.get("value") or ("on" if said.get("type") == "checkbox" else "")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and "selected" in said:
            self.values[self._select] = said.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._mould -= tag == "template"


def _fields(page: str) -> dict[str, str]:
    form = page.split('action="/hand-over/confirm/"', 1)[1]
    fields = _Fields()
    fields.feed(form)
    return fields.values


def _file(text: str, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(text), content_type="application/pdf")


def _bring(client: Client, *files: SimpleUploadedFile) -> str:
    answer = client.post("/hand-over/", {"papers": list(files)})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def proposed(world: World, at: At) -> dict[str, str]:
    return _fields(_bring(at(world.an), _file(COMPLAINT, "起诉状.pdf"), _file(SUMMONS, "传票.pdf")))


def test_the_files_propose_case_parties_papers_and_hearing(proposed: dict[str, str]) -> None:
    assert proposed["number"] == "（2026）川0191民初1234号"
    assert proposed["procedure"] == "ordinary" or proposed["procedure"] == ""
    assert proposed["hearing_at"] == "2026-04-08T09:30"
    names = {value for name, value in proposed.items() if re.fullmatch(r"parties-\d+-name", name)}
    assert names == {"刘建国", "邓春生"}
    kinds = [value for name, value in proposed.items() if re.fullmatch(r"documents-\d+-kind", name)]
    assert kinds == ["complaint", "summons"]


def test_only_the_defendant_is_proposed_for_a_complaint(proposed: dict[str, str]) -> None:
    serve = {name for name in proposed if name.endswith("-serve")}
    [row] = [name.split("-")[1] for name in serve]
    assert proposed[f"parties-{row}-name"] == "邓春生"


def test_one_button_hands_over_what_was_proposed(world: World, at: At, proposed: dict[str, str]) -> None:
    answer = at(world.an).post("/hand-over/confirm/", proposed | {"procedure": "ordinary"}, follow=True)
    assert "已移交" in answer.content.decode()
    with world.here():
        order = Order.objects.get()
        service = order.services.select_related("party").get()
        assert (order.case.number, service.party.name) == ("（2026）川0191民初1234号", "邓春生")
        assert service.documents.count() == 2


def test_a_hearing_that_has_been_is_asked_about(world: World, at: At, proposed: dict[str, str]) -> None:
    typed = {"procedure": "ordinary", "hearing_at": "2026-01-08T09:30"}
    answer = at(world.an).post("/hand-over/confirm/", proposed | typed)
    assert answer.status_code == 422
    assert "这个开庭时间已经过去" in answer.content.decode()


def test_an_order_says_of_its_hearing_that_it_is_over_not_that_it_is_late(
    world: World, at: At, proposed: dict[str, str]
) -> None:
    at(world.an).post("/hand-over/confirm/", proposed | {"procedure": "ordinary"})
    world.later(days=60)
    with world.here():
        order = Order.objects.get()
    page = at(world.an).get(f"/orders/{order.pk}/").content.decode()
    hearing = page[page.index("第三法庭") :][:200]
    assert "已过" in hearing
    assert "已超期" not in hearing


def test_pressed_twice_it_is_one_order(world: World, at: At, proposed: dict[str, str]) -> None:
    client = at(world.an)
    for _ in range(2):
        client.post("/hand-over/confirm/", proposed | {"procedure": "ordinary"})
    with world.here():
        assert Order.objects.count() == 1


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    world: World, at: At, proposed: dict[str, str]
) -> None:
    wrong = {"procedure": "ordinary", "number": "川0191民初1234", "parties-1-phone": "123", "cause": "民间借贷纠纷"}
    answer = at(world.an).post("/hand-over/confirm/", proposed | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    kept = _fields(page)
    assert kept["number"] == "川0191民初1234"
    assert kept["parties-1-phone"] == "123"
    assert kept["cause"] == "民间借贷纠纷"
    assert page.count('aria-invalid="true"') == 2
    with world.here():
        assert not Order.objects.exists()


def test_a_case_of_another_court_is_remarked_at_once_and_refused_in_the_end(world: World, at: At) -> None:
    client = at(world.an)
    page = _bring(
        client,
        _file(COMPLAINT + SUMMONS.replace("0191", "0108"), "材料.pdf"),
        _file(SUMMONS.replace("0191", "0108"), "传票.pdf"),
    )
    assert "不是本院的川0191" in page
    answer = client.post("/hand-over/confirm/", _fields(page) | {"procedure": "ordinary"})
    assert answer.status_code == 422
    assert "不是成都高新技术产业开发区人民法院的案件" in answer.content.decode()


def test_a_name_that_no_font_can_print_is_accepted_and_remarked(world: World, at: At, proposed: dict[str, str]) -> None:
    rare = "邓\U00030002生"
    [place] = [name.split("-")[1] for name, value in proposed.items() if value == "邓春生"]
    typed = proposed | {"procedure": "ordinary", f"parties-{place}-name": rare}
    answer = at(world.an).post("/hand-over/confirm/", typed, follow=True)
    page = answer.content.decode()
    assert "文书上将印作〔U+30002〕" in page
    assert rare not in page
    with world.here():
        assert rare in {party.name for party in Party.objects.all()}


def test_nobody_to_serve_is_told(world: World, at: At, proposed: dict[str, str]) -> None:
    none = {name: value for name, value in proposed.items() if not name.endswith("-serve")}
    answer = at(world.an).post("/hand-over/confirm/", none | {"procedure": "ordinary"})
    assert "还没有选中受送达人" in answer.content.decode()


def test_the_same_papers_for_the_same_person_ask_for_a_reason(world: World, at: At, proposed: dict[str, str]) -> None:
    client = at(world.an)
    client.post("/hand-over/confirm/", proposed | {"procedure": "ordinary"})
    again = proposed | {"procedure": "ordinary", "once": "another"}
    answer = client.post("/hand-over/confirm/", again)
    assert answer.status_code == 422
    assert "邓**已有同样文书的送达任务" in answer.content.decode()
    assert client.post("/hand-over/confirm/", again | {"repeat_reason": "前次地址有误"}).status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("起诉状.wps", b"anything", "不接受这种文件"),
        ("起诉状.pdf", b"not a pdf at all", "不符"),
        ("起诉状.pdf.exe.pdf", b"%PDF-1.7", "可执行文件"),
    ],
)
def test_a_file_that_is_refused_says_why_and_leaves_the_others_alone(
    world: World, at: At, name: str, content: bytes, why: str
) -> None:
    page = _bring(at(world.an), SimpleUploadedFile(name, content), _file(SUMMONS, "传票.pdf"))
    assert why in page
    assert _fields(page)["number"] == "（2026）川0191民初1234号"


def _ways(world: World) -> set[tuple[str, str, str, str]]:
    with world.here():
        return {(one.kind, one.platform, one.value, one.source) for one in ContactPoint.objects.exclude(kind="address")}


def _row_of(proposed: dict[str, str], name: str) -> str:
    [place] = [field.split("-")[1] for field, value in proposed.items() if value == name]
    return f"parties-{place}-"


REACHED = {
    ("account", "wechat", "deng_2026", "order"),
    ("phone", "", "+8613900000077", "agent"),
    ("account", "qq", "12345678", "agent"),
}


def test_accounts_and_an_agents_telephone_are_typed_into_the_form(
    world: World, at: At, proposed: dict[str, str]
) -> None:
    row = _row_of(proposed, "邓春生")
    typed = {
        "procedure": "ordinary",
        f"{row}account_platform": "wechat",
        f"{row}account": "Deng_2026",
        f"{row}agents": "何律师 13900000077 QQ：12345678、苗律师",
    }
    assert at(world.an).post("/hand-over/confirm/", proposed | typed).status_code == 302
    assert _ways(world) >= REACHED
    with world.here():
        assert [one.name for one in Agent.objects.order_by("id")] == ["何律师", "苗律师"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"agents": "何律师 13900000"}, "何律师的电话不对"),
        ({"account": "deng_2026"}, "请选择账号所在的平台"),
        ({"account": "一二三", "account_platform": "wechat"}, "微信号是6至20位"),
    ],
)
def test_a_wrong_account_or_agent_is_said_at_its_field_in_an_open_fold(
    world: World, at: At, proposed: dict[str, str], typed: dict[str, str], why: str
) -> None:
    row = _row_of(proposed, "邓春生")
    given = {f"{row}{name}": value for name, value in typed.items()}
    answer = at(world.an).post("/hand-over/confirm/", proposed | {"procedure": "ordinary"} | given)
    page = answer.content.decode()
    assert (answer.status_code, page.count('aria-invalid="true"')) == (422, 1)
    assert why in page[page.index('<details class="shut" open') :]
    assert given.items() <= _fields(page).items()


def test_a_file_that_was_not_brought_here_cannot_be_named(world: World, at: At, proposed: dict[str, str]) -> None:
    answer = at(world.cheng).post("/hand-over/confirm/", proposed | {"procedure": "ordinary"})
    assert answer.status_code == 422
    assert "不是本院上传的" in answer.content.decode()


def test_no_file_at_all_is_told(world: World, at: At) -> None:
    assert "还没有选文件" in at(world.an).post("/hand-over/", {}).content.decode()


# ---- by Excel ---------------------------------------------------------------------------------------------------

ROW: dict[str, Any] = {
    "case_number": "（2026）川0191民初88号",
    "procedure": "普通程序",
    "recipient_name": "邓春生",
    "recipient_role": "被告",
    "recipient_kind": "自然人",
    "phone": "13900000001",
    "address": "四川省成都市武侯区人民南路四段27号",
    "documents": "起诉状.pdf",
}


def _sheet(*rows: dict[str, Any]) -> SimpleUploadedFile:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, [column.heading for column in COLUMNS])
        for at_row, row in enumerate(rows, 1):
            sheet.write_row(at_row, 0, [row.get(column.field, "") for column in COLUMNS])
    return SimpleUploadedFile("委托.xlsx", target.getvalue())


def _load(client: Client, *rows: dict[str, Any]) -> tuple[int, str]:
    answer = client.post("/hand-over/sheet/", {"sheet": _sheet(*rows), "papers": [_file(COMPLAINT, "起诉状.pdf")]})
    body = answer.getvalue() if answer.streaming else answer.content
    return answer.status_code, body.decode()


def test_the_template_is_downloaded(world: World, at: At) -> None:
    answer = at(world.an).get("/hand-over/sheet/template/")
    assert answer.content.startswith(b"PK")


def test_a_good_sheet_is_loaded_and_rows_of_one_case_are_one_order(world: World, at: At) -> None:
    other = ROW | {"recipient_name": "郭海燕", "phone": "13900000002"}
    third = ROW | {"case_number": "（2026）川0191民初89号"}
    status, page = _load(at(world.an), ROW, other, third)
    assert status == 200
    assert "已移交 3 行，合为 2 件委托" in page
    assert page.count("<progress") >= 2
    assert page.rstrip().endswith("</html>")
    with world.here():
        assert Order.objects.filter(door="excel").count() == 2
        assert Party.objects.count() == 3


def test_accounts_and_an_agents_telephone_come_by_the_sheet(world: World, at: At) -> None:
    row = ROW | {"account": "微信：Deng_2026", "agents": "何律师 13900000077 QQ：12345678"}
    assert _load(at(world.an), row)[0] == 200
    assert _ways(world) >= REACHED


def test_every_error_of_every_row_is_listed_and_nothing_is_half_loaded(world: World, at: At) -> None:
    bad = [ROW, ROW | {"case_number": "不是案号"}, ROW | {"recipient_name": "郭海燕", "phone": "12"}]
    status, page = _load(at(world.an), *bad)
    assert status == 422
    assert "2 处要改，一行也没有收" in page
    with world.here():
        assert not Order.objects.exists()


def _wrong(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<tr><td class="number">(\d+)</td><td>([^<]*)</td>', page)


def test_errors_of_cells_cases_and_papers_are_told_together_by_row_and_column(world: World, at: At) -> None:
    other = {"recipient_name": "郭海燕"}
    bad = [
        ROW | {"id_number": "510107198001010319"},
        ROW | {"recipient_name": ""},
        ROW | other | {"cause": "民间借贷纠纷"},
        ROW | {"recipient_name": "丁一", "cause": "离婚纠纷", "procedure": "简易程序"},
        ROW | {"recipient_name": "丁二", "documents": "判决书.pdf"},
        ROW | {"recipient_name": "丁三", "case_number": "（2026）川0108民初9号"},
    ]
    status, page = _load(at(world.an), *bad)
    assert status == 422
    assert _wrong(page) == [
        ("2", "证件号码"),
        ("3", "受送达人"),
        ("5", "程序"),
        ("5", "案由"),
        ("6", "文书文件名"),
        ("7", "案号"),
    ]
    with world.here():
        assert not Order.objects.exists()


def test_what_one_row_says_of_its_case_is_enough_for_all(world: World, at: At) -> None:
    status, _ = _load(at(world.an), ROW, ROW | {"recipient_name": "郭海燕", "cause": "民间借贷纠纷"})
    assert status == 200
    with world.here():
        assert Order.objects.get().case.cause == "民间借贷纠纷"


def test_a_paper_that_was_not_brought_is_told_at_its_row(world: World, at: At) -> None:
    status, page = _load(at(world.an), ROW, ROW | {"recipient_name": "郭海燕", "documents": "判决书.pdf"})
    assert status == 422
    assert "没有上传“判决书.pdf”" in page


def test_an_error_found_while_loading_undoes_every_row(world: World, at: At) -> None:
    status, page = _load(at(world.an), ROW, ROW | {"case_number": "（2026）川0108民初9号"})
    assert "一行也没有收" in page
    with world.here():
        assert not Order.objects.exists()
