"""The court's signature on a paper: visible, valid for others' tools, and final."""

import base64
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from pypdf import PdfReader

from songda.evidence import certificates, chop, pades
from songda.evidence.stamping import Authority, StampUnavailable
from songda.papers import fonts
from tests.evidence import press

FONT = next(path for path in fonts.files() if path.name == "NotoSerifSC_700Bold.ttf")


@pytest.fixture(autouse=True)
def data_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGDA_DATA_KEY", base64.b64encode(bytes(32)).decode())


def test_the_chop_shows_where_the_signature_is_and_needs_no_font_in_the_paper(tmp_path: Path) -> None:
    drawing = chop.draw(press.COURT_NAME, "送达专用章", FONT)
    where = pades.Chop(drawing, page=0, x=400, y=90)
    signed = pades.sign(press.paper({}), press.court().credential, at=press.NOW, reason="送达回证", chop=where)
    (field,) = (each.get_object() for each in PdfReader(BytesIO(signed)).pages[0]["/Annots"])
    assert [float(side) for side in field["/Rect"]] == [400, 90, 519, 209]
    assert "/Font" not in field["/AP"]["/N"].get("/Resources", {})
    assert _red_points(signed, tmp_path) > 1000


def _red_points(pdf: bytes, folder: Path) -> int:
    """Red picture points inside the chop's square, at 72 to the inch."""
    (folder / "paper.pdf").write_bytes(pdf)
    square = ["-x", "400", "-y", str(842 - 209), "-W", "119", "-H", "119"]
    subprocess.run(["pdftoppm", "-r", "72", *square, "paper.pdf", "out"], cwd=folder, check=True)
    (picture,) = folder.glob("out*.ppm")
    points = picture.read_bytes()[-119 * 119 * 3 :]
    return sum(red > 150 and green < 110 for red, green in zip(points[::3], points[1::3], strict=True))


def test_every_character_of_a_courts_name_is_drawn() -> None:
    names = [press.COURT_NAME, "大邑县人民法院"]
    assert [chop.draw(name, "", FONT).count(b" cm ") for name in names] == [len(name) for name in names]


def test_a_character_the_font_lacks_is_not_passed_over_in_silence() -> None:
    with pytest.raises(KeyError):
        chop.draw("\U0010ffff", "", FONT)


def test_pdfsig_reads_signer_time_and_reach(tmp_path: Path) -> None:
    signed = pades.sign(press.paper({}), press.court().credential, at=press.NOW, reason="送达回证")
    (tmp_path / "paper.pdf").write_bytes(signed)
    said = subprocess.run(["pdfsig", "paper.pdf"], cwd=tmp_path, capture_output=True, text=True).stdout
    assert f"Signer Certificate Common Name: {press.COURT_NAME}" in said
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_what_is_no_paper_cannot_be_signed() -> None:
    with pytest.raises(pades.Unsignable):
        pades.sign(b"hello", press.court().credential, at=press.NOW, reason="")


def test_an_authority_that_is_not_there_leaves_the_choice_to_the_caller() -> None:
    nobody = Authority("http://127.0.0.1:1/tsa", seconds=2)
    with pytest.raises(StampUnavailable):
        pades.sign(press.paper({}), press.court().credential, at=press.NOW, reason="", authority=nobody)


def test_a_credential_at_rest_opens_only_with_its_own_certificates() -> None:
    own, other = press.court().credential, certificates.issue(press.court().authority, "别的法院", at=press.NOW)
    back = certificates.unlock(own.lock(), own.certificates())
    assert (back.certificate, back.root) == (own.certificate, press.court().authority.certificate)
    assert back.key.private_numbers() == own.key.private_numbers()
    with pytest.raises(InvalidTag):
        certificates.unlock(own.lock(), other.certificates())


def test_openssl_agrees_with_the_chain(tmp_path: Path) -> None:
    own, root = press.court().credential, press.court().authority
    (tmp_path / "court.pem").write_text(own.certificates())
    (tmp_path / "root.pem").write_text(root.certificates())
    command = ["openssl", "verify", "-x509_strict", "-CAfile", "root.pem", "court.pem"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert answer.stdout.strip() == "court.pem: OK", answer.stderr
