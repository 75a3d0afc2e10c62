"""A proof as it leaves the court: set by the papers room, sealed, signed, stamped, and checked by others' tools."""

import json
import subprocess
from pathlib import Path

import pytest

from songda import verify
from songda.evidence import bundle, chop, pades
from songda.papers import fonts
from songda.papers.proof import electronic_proof
from songda.papers.render import Attachment
from tests.evidence import press
from tests.papers import samples


@pytest.fixture(scope="module")
def signed() -> bytes:
    try:
        font = next(file for file in fonts.files() if "Serif" in file.name and "Bold" in file.name)
    except fonts.NoFonts:
        pytest.skip("the fonts are not installed: run `make assets`")
    made, court = press.make(), press.court()
    attached = [
        Attachment(bundle.FILE_NAME, json.dumps(made.value).encode(), bundle.MIME_TYPE, "存证数据"),
        Attachment("receipt.jpg", press.RECEIPT, "image/jpeg", "签收影像"),
    ]
    paper = electronic_proof(samples.electronic(), attachments=attached)
    seal = pades.Chop(chop.draw(press.COURT_NAME, "送达专用章", font))
    stamps = press.InProcess(court.tsa)
    return pades.sign(paper, court.credential, at=press.NOW, reason="电子送达凭证", chop=seal, authority=stamps)


def test_it_holds_in_every_check(signed: bytes) -> None:
    assert verify.check(signed, [press.court().trust]).wrong == ()


def test_poppler_finds_the_signature_valid_and_the_files_attached(signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "proof.pdf").write_bytes(signed)
    said = subprocess.run(["pdfsig", "proof.pdf"], cwd=tmp_path, capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    listed = subprocess.run(["pdfdetach", "-list", "proof.pdf"], cwd=tmp_path, capture_output=True, text=True).stdout
    assert listed.splitlines()[0] == "2 embedded files"
    assert bundle.FILE_NAME in listed


def test_it_still_says_that_it_is_pdf_a_3(signed: bytes) -> None:
    assert b"<pdfaid:part>3</pdfaid:part>" in signed


def test_qpdf_finds_it_sound(signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "proof.pdf").write_bytes(signed)
    answer = subprocess.run(["qpdf", "--check", "proof.pdf"], cwd=tmp_path, capture_output=True, text=True)
    assert "No syntax or stream encoding errors found" in answer.stdout, answer.stderr
