"""What every paper owes its reader: its words exactly, its fonts inside, an archive format, the same bytes again."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songda.lib.clock import BEIJING
from songda.papers import fonts, glyphs
from songda.papers.proof import proof_of_service
from songda.papers.render import Attachment, plain, render
from tests.papers import reading, samples

HOSTILE = (
    "#panic()",
    '#read("style.typ")',
    "$x^2$",
    "*粗* _斜_ `码`",
    "\\ \\n \\u{41}",
    "<标签> @引用 // 注 /* 注 */",
    "[#sys.inputs] = 一级 - 项 + 项",
    '\'"; \\"}{',
    "https://evil.example/#x",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_looks_like_a_program_is_printed_as_the_text_it_is(name: str) -> None:
    text = reading.words(proof_of_service(samples.proof(recipient=name, remarks=name)))
    assert text.count("".join(name.split())) >= 2


@pytest.mark.parametrize("name", ["邓㛃䶮", "喆堃垚", "昇婳贠赟龑", "迪丽热巴·迪力木拉提", "欧阳𬭚"])
def test_rare_characters_of_names_are_printed_and_read_back(name: str) -> None:
    assert glyphs.missing(name) == []
    assert name in reading.words(proof_of_service(samples.proof(recipient=name)))


def test_a_name_as_long_as_three_lines_stays_whole() -> None:
    name = "四川" + "某某实业集团国际贸易进出口" * 8 + "有限责任公司"
    assert name in reading.words(proof_of_service(samples.proof(recipient=name)))


def test_a_long_run_without_spaces_is_broken_and_does_not_leave_its_cell() -> None:
    name = "A" * 300
    pdf = proof_of_service(samples.proof(recipient=name))
    assert name in reading.words(pdf)


# Ligatures and hyphens at a line's end come back from a PDF as other characters; everything else as it was.
_ANY = st.text(st.characters(exclude_characters="-\u2010\ufb00\ufb01\ufb02\ufb03\ufb04", exclude_categories=["Cs"]))


@settings(max_examples=40, deadline=None)
@given(_ANY)
def test_any_text_at_all_can_be_a_name_and_comes_back(name: str) -> None:
    text = reading.words(proof_of_service(samples.proof(recipient=name, course=())))
    assert "受送达人" + ("".join(glyphs.printable(name).split()) or "／") in text


def test_a_character_no_font_has_is_spelled_out_and_reported() -> None:
    name = "王\U000323af"
    assert glyphs.missing(name) == ["\U000323af"]
    assert "王〔U+323AF〕" in reading.words(proof_of_service(samples.proof(recipient=name)))


def test_marks_that_turn_the_reading_order_are_shown_instead_of_obeyed() -> None:
    assert glyphs.missing("邓\u202e明") == ["\u202e"]
    assert "邓〔U+202E〕明" in reading.words(proof_of_service(samples.proof(recipient="邓\u202e明")))


def test_every_font_is_inside_the_file() -> None:
    found = reading.fonts(proof_of_service(samples.proof()))
    assert len(found) >= 3
    assert all(found.values())
    assert all("Noto" in name for name in found)


def test_a_paper_says_that_it_is_pdf_a_2b() -> None:
    described = reading.metadata(proof_of_service(samples.proof()))
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in described


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert proof_of_service(samples.proof()) == proof_of_service(samples.proof())


def test_the_only_time_in_the_file_is_the_time_given() -> None:
    later = datetime(2031, 7, 8, 9, 10, tzinfo=BEIJING)
    pdf = proof_of_service(samples.proof(made_at=later))
    assert b"2031" in pdf
    assert "2031-07-08" in reading.metadata(pdf)


def test_threads_share_the_typesetter_without_mixing_papers() -> None:
    names = [f"当事人{n}" for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda name: proof_of_service(samples.proof(recipient=name, course=())), names))
    assert all(name in reading.words(pdf) for name, pdf in zip(names, made, strict=True))


def test_an_attached_bundle_comes_out_of_the_file_as_it_went_in(tmp_path: Path) -> None:
    bundle = Attachment("bundle.json", bytes(range(256)), "application/json", "机读证据包")
    pdf = proof_of_service(samples.proof(), attachments=(bundle,))
    assert "<pdfaid:part>3</pdfaid:part>" in reading.metadata(pdf)
    (tmp_path / "proof.pdf").write_bytes(pdf)
    _run("pdfdetach", "-save", "1", "-o", str(tmp_path / "out"), str(tmp_path / "proof.pdf"))
    assert (tmp_path / "out").read_bytes() == bundle.data


def test_qpdf_finds_the_structure_sound(tmp_path: Path) -> None:
    (tmp_path / "proof.pdf").write_bytes(proof_of_service(samples.proof()))
    _run("qpdf", "--check", str(tmp_path / "proof.pdf"))


def test_a_paper_refuses_what_it_cannot_show() -> None:
    with pytest.raises(TypeError, match="set"):
        plain({"a": {1, 2}})


def test_without_fonts_nothing_is_printed_in_whatever_type_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGDA_FONTS", str(tmp_path))
    with pytest.raises(fonts.NoFonts):
        fonts.folders()


def test_a_time_is_shown_as_beijing_reads_it() -> None:
    assert plain(datetime.fromisoformat("2026-03-02T17:30:00+00:00")) == "2026年3月3日 01:30"


def test_a_template_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="No such file"):
        render("nothing", {"matter": replace(samples.MATTER)}, made_at=samples.MADE)


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        pytest.skip(f"{command[0]} is not installed")
