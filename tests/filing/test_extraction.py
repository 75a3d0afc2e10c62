"""What `songda extract` reads in papers of every kind of case."""

import io
import json
import time
from pathlib import Path

import docx
import pytest
import typst

from songda.filing.extraction import Extracted, extract
from songda.filing.intake import Refused
from songda.filing.reading import text_of
from songda.management.cli.extract import main
from songda.papers import fonts
from tests.filing.written_papers import PAPERS, ROUGH_PAPERS, Paper

LABELLED = Path(__file__).resolve().parents[2] / "../shared/data/court_documents"
# Two labels give a joint agent to the last party only, though the paper says 以上被告 and 二原告.
JOINT_AGENTS = {"loan_015.txt", "loan_036.txt"}


def read_heading(read: Extracted) -> dict[str, object]:
    return {key: value for key, value in read.to_json().items() if key != "file"}


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.title for paper in PAPERS])
def test_a_written_paper_is_read_as_a_careful_clerk_reads_it(paper: Paper) -> None:
    assert read_heading(extract(paper.text)) == paper.expected


@pytest.mark.parametrize("paper", ROUGH_PAPERS, ids=[paper.title for paper in ROUGH_PAPERS])
def test_a_paper_with_broken_lines_and_page_numbers_is_read_whole(paper: Paper) -> None:
    assert read_heading(extract(paper.text)) == paper.expected


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.title for paper in PAPERS])
def test_every_value_stands_in_the_paper(paper: Paper) -> None:
    squeezed = "".join(paper.text.split())
    for party in extract(paper.text).to_json()["parties"]:
        for value in [party["name"], party["address"], party["id_number"], *party["agents"]]:
            assert value is None or "".join(value.split()) in squeezed


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.title for paper in PAPERS])
def test_a_paper_whose_lines_end_as_on_windows_reads_the_same(paper: Paper) -> None:
    assert read_heading(extract(paper.text.replace("\n", "\r\n"))) == paper.expected


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.title for paper in PAPERS])
def test_a_paper_in_docx_reads_the_same(paper: Paper) -> None:
    document = docx.Document()
    for line in paper.text.split("\n"):
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    assert read_heading(extract(text_of(buffer.getvalue()))) == paper.expected


def as_pdf(tmp_path: Path, text: str) -> bytes:
    source = tmp_path / "paper.typ"
    lines = "\n".join(f"#par({json.dumps(line, ensure_ascii=False)})" for line in text.split("\n"))
    source.write_text(f'#set text(font: "Noto Serif SC", size: 16pt, lang: "zh")\n{lines}\n')
    return typst.compile(source, font_paths=fonts.loaded())


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.title for paper in PAPERS])
def test_a_paper_in_pdf_reads_the_same_though_its_lines_are_wrapped(tmp_path: Path, paper: Paper) -> None:
    assert read_heading(extract(text_of(as_pdf(tmp_path, paper.text)))) == paper.expected


def test_a_summons_laid_out_as_a_table_gives_who_when_and_where() -> None:
    document = docx.Document()
    document.add_paragraph("成都高新技术产业开发区人民法院")
    document.add_paragraph("传    票")
    cells = [
        ("案    号", "（2021）川0191民初1234号"),
        ("案    由", "民间借贷纠纷"),
        ("被传唤人", "成都星河网络科技有限公司"),
        ("工作单位或住址", "成都市高新区天华一路99号"),
        ("传唤事由", "开庭"),
        ("应到时间", "2021年4月1日9时30分"),
        ("应到处所", "第三法庭"),
    ]
    table = document.add_table(rows=0, cols=2)
    for cell in cells:
        for at, words in enumerate(cell):
            (table.add_row() if at == 0 else table.rows[-1]).cells[at].text = words
    buffer = io.BytesIO()
    document.save(buffer)
    read = extract(text_of(buffer.getvalue()))
    assert (read.case_number, read.kind) == ("（2021）川0191民初1234号", "summons")
    assert (read.hearing_at, read.hearing_place, read.cause) == ("2021年4月1日9时30分", "第三法庭", "民间借贷纠纷")
    assert [(party.name, party.kind, party.address) for party in read.parties] == [
        ("成都星河网络科技有限公司", "organisation", "成都市高新区天华一路99号")
    ]


def test_names_keep_the_brackets_that_the_paper_uses() -> None:
    read = extract("原告:张三,男,住成都市.\n被告:飞鸟(成都)有限公司,住所地成都市.\n诉讼请求:一、……")
    assert [party.name for party in read.parties] == ["张三", "飞鸟(成都)有限公司"]


@pytest.mark.parametrize(
    "text", ["", " \n", "今天天气很好。", "原告", "被告：", "（2021）", "\x00\x01", "原告：" * 500]
)
def test_what_is_no_paper_gives_nothing_and_never_fails(text: str) -> None:
    read = extract(text)
    assert read.case_number is None
    assert [party for party in read.parties if not party.name] == []


@pytest.mark.parametrize(
    "text",
    ["原告" * 20_000, "原告：甲，" * 5000, "原告甲与被告" * 5000, "（" * 20_000, "本院受理原告" * 5000, "民 " * 20_000],
)
def test_a_text_made_to_be_slow_is_read_in_seconds(text: str) -> None:
    began = time.monotonic()
    extract(text)
    assert time.monotonic() - began < 10


def counted(wanted: list[object], found: list[object]) -> tuple[int, int, int]:
    """(right, found, wanted), each item counted once."""
    left = list(wanted)
    right = 0
    for item in found:
        if item in left:
            left.remove(item)
            right += 1
    return right, len(found), len(wanted)


def measured(which: str) -> tuple[float, float]:
    """Precision and recall of one field over the labelled papers."""
    totals = [0, 0, 0]
    for file, label in json.loads((LABELLED / "labels.json").read_text(encoding="utf-8")).items():
        if which == "agents" and file in JOINT_AGENTS:
            continue
        read = extract((LABELLED / file).read_text(encoding="utf-8"), file)
        found = [value for party in read.parties for value in of_party(which, party.to_json())]
        wanted = [value for party in label["gold"] for value in of_label(which, party)]
        totals = [total + more for total, more in zip(totals, counted(wanted, found), strict=True)]
    return totals[0] / max(totals[1], 1), totals[0] / max(totals[2], 1)


def of_party(which: str, party: dict[str, object]) -> list[object]:
    values: dict[str, list[object]] = {
        "names": [(party["role"], party["name"])],
        "kinds": [(party["name"], party["kind"])],
        "addresses": [(party["name"], party["address"])] if party["address"] else [],
        "agents": [(party["name"], agent) for agent in party["agents"]],  # type: ignore[attr-defined]
        "representatives": [(party["name"], party["legal_representative"])] if party["legal_representative"] else [],
    }
    return values[which]


def of_label(which: str, party: dict[str, object]) -> list[object]:
    """The labels keep each sort of address apart; the best one present is the address."""
    spoken: list[dict[str, str]] = party["representatives"]  # type: ignore[assignment]
    sorts = ("residence", "domicile", "hukou", "former_residence")
    address = next((party[sort] for sort in sorts if party.get(sort)), None)
    values: dict[str, list[object]] = {
        "names": [(party["role"], party["name"])],
        "kinds": [(party["name"], {"org": "organisation"}.get(str(party["kind"]), party["kind"]))],
        "addresses": [(party["name"], address)] if address else [],
        "agents": [(party["name"], one["name"]) for one in spoken if "代理人" in one["role"]],
        "representatives": [(party["name"], one["name"]) for one in spoken if "代理人" not in one["role"]],
    }
    return values[which]


@pytest.mark.skipif(not LABELLED.is_dir(), reason="the labelled court papers (../shared/data) are not here")
@pytest.mark.parametrize("which", ["names", "kinds", "addresses", "agents", "representatives"])
def test_of_the_labelled_papers_nothing_is_invented_and_nothing_missed(which: str) -> None:
    precision, recall = measured(which)
    assert precision >= 0.99
    assert recall >= 0.99


@pytest.mark.skipif(not LABELLED.is_dir(), reason="the labelled court papers (../shared/data) are not here")
def test_papers_cut_from_their_heading_give_no_number_and_no_court() -> None:
    for file in sorted(LABELLED.glob("*.txt")):
        read = extract(file.read_text(encoding="utf-8"))
        assert (read.case_number, read.court) == (None, None)


def test_files_are_answered_in_order_and_the_unreadable_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, locked, missing, old = (tmp_path / name for name in ("a.txt", "b.pdf", "c.txt", "d.txt"))
    good.write_text(PAPERS[0].text, encoding="utf-8")
    locked.write_bytes(b"%PDF-1.7 broken")
    old.write_bytes(PAPERS[1].text.encode("gb18030"))
    assert main([str(path) for path in (good, locked, missing, old)]) == 2
    printed = capsys.readouterr()
    answers = [json.loads(line) for line in printed.out.splitlines()]
    assert [answer["file"] for answer in answers] == [str(good), str(old)]
    assert list(answers[0]) == ["file", "case_number", "court", "kind", "parties"]
    assert answers[1]["parties"] == PAPERS[1].expected["parties"]
    assert str(locked) in printed.err
    assert str(missing) in printed.err


def test_a_scanned_pdf_says_that_it_has_no_text(tmp_path: Path) -> None:
    source = tmp_path / "scan.typ"
    source.write_text("#rect(width: 5cm, height: 5cm)")
    with pytest.raises(Refused) as refusal:
        text_of(typst.compile(source))
    assert refusal.value.code == "no_text"


def test_no_file_at_all_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "songda extract" in capsys.readouterr().err
