"""Anyone can check a proof with the file and the court's keys; every forgery in the museum is found out by its name."""

import base64
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from songda import verify
from songda.evidence import attachments, bundle, pades
from songda.verify_report import CHECK_WORDS, WRONG_WORDS
from tests.evidence import museum, press

ROOT = Path(__file__).resolve().parents[2]
GENUINE = press.make().printed()
TRUST = [press.court().trust]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "proof.pdf").write_bytes(GENUINE)
    (tmp_path / "court.json").write_text(json.dumps(press.court().trust.to_json()))
    return tmp_path


def test_a_genuine_proof_holds_in_every_check() -> None:
    report = verify.check(GENUINE, TRUST)
    assert report.wrong == ()
    assert [each.check for each in report.results] == list(CHECK_WORDS)


@pytest.mark.parametrize("exhibit", museum.EXHIBITS, ids=lambda each: each.name)
def test_every_forgery_is_found_out_by_its_name(exhibit: museum.Exhibit) -> None:
    assert verify.check(exhibit.forge(), TRUST).wrong == exhibit.codes


def test_every_kind_of_wrong_has_an_exhibit() -> None:
    shown = {code for exhibit in museum.EXHIBITS for code in exhibit.codes}
    elsewhere = {"anchors.unknown"}  # test_nobody_vouches_for_a_file_that_brings_its_own_keys
    assert shown | elsewhere == set(WRONG_WORDS)


def test_the_report_names_what_is_wrong_what_was_expected_and_what_is_there() -> None:
    forged = museum.receipt_exchanged_for_another_recipients()
    wrong = next(each for each in verify.check(forged, TRUST).results if not each.holds)
    assert wrong.expected.startswith("receipt.jpg ")
    assert wrong.line("zh").startswith("✗ 附件：附件内容与摘要不符。应为：receipt.jpg ")
    assert wrong.line("en").startswith("✗ Attached files: an attached file does not have the digest stated. Expected:")
    assert wrong.actual in wrong.line("en")


# What stands between the two ranges that the signature covers is the signature itself.
_RANGE = [int(number) for number in re.search(rb"/ByteRange *\[([^]]*)\]", GENUINE)[1].split()]


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.integers(0, _RANGE[1] + _RANGE[3] - 1), st.integers(1, 255))
def test_no_byte_of_the_paper_can_be_changed(place: int, bits: int) -> None:
    place = place if place < _RANGE[1] else place - _RANGE[1] + _RANGE[2]
    assert not verify.check(_with_a_byte_changed(place, bits), TRUST).holds


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.integers(_RANGE[1], _RANGE[2] - 1), st.integers(1, 255))
def test_no_byte_of_the_signature_makes_the_proof_say_anything_else(place: int, bits: int) -> None:
    report = verify.check(_with_a_byte_changed(place, bits), TRUST)
    # Its padding is nobody's word and may change; then everything else still says what it said.
    assert not report.holds or report.lines("en") == verify.check(GENUINE, TRUST).lines("en")


def _with_a_byte_changed(place: int, bits: int) -> bytes:
    return GENUINE[:place] + bytes([GENUINE[place] ^ bits]) + GENUINE[place + 1 :]


def test_a_proof_holds_while_its_stamp_has_not_come_yet() -> None:
    report = verify.check(_without_stamps(), TRUST)
    assert report.wrong == ()
    assert [each.note for each in report.results if each.check == "stamps"] == ["—; —"]


def _without_stamps() -> bytes:
    made = press.make()
    for head in made.value["checkpoints"]:
        head["stamp"] = None
    return made.printed()


def test_in_twenty_years_when_every_certificate_has_run_out_the_proof_still_holds() -> None:
    later = press.NOW + timedelta(days=20 * 365)
    assert verify.check(GENUINE, TRUST, now=later).wrong == ()
    assert verify.check(_without_stamps(), TRUST, now=later).wrong == ("signature.untrusted",)


def test_after_a_key_was_rotated_only_what_was_stamped_before_still_holds() -> None:
    """Whoever has stolen the old key can sign whatever date he likes, but no authority stamps it for him."""
    ended = press.NOW + timedelta(days=1)
    old, sm2 = TRUST[0].log_keys
    rotated = [
        replace(TRUST[0], log_keys=(replace(old, until=ended), sm2, replace(press.Court().ed.public, since=ended)))
    ]
    assert verify.check(GENUINE, rotated, now=ended).wrong == ()
    assert verify.check(_without_stamps(), rotated, now=press.NOW).wrong == ()
    assert verify.check(_without_stamps(), rotated, now=ended).wrong == ("checkpoint.unsigned",)


def test_a_signature_with_a_time_stamp_of_its_own_holds() -> None:
    made, court = press.make(), press.court()
    pdf = press.paper({**made.files, bundle.FILE_NAME: json.dumps(made.value).encode()})
    signed = pades.sign(pdf, court.credential, at=press.NOW, reason="送达回证", authority=press.InProcess(court.tsa))
    assert verify.check(signed, TRUST).wrong == ()


def test_a_file_whose_names_never_end_is_given_up() -> None:
    names = b"/Names [ (one) 7 0 R ]"
    knot = press.paper({"one": b"1"}).replace(names, b"/Kids [ 9 0 R ]".ljust(len(names)))
    with pytest.raises(attachments.Unreadable, match="ValueError"):
        attachments.open_pdf(knot)
    assert verify.check(knot, TRUST).wrong == ("file.unreadable",)


def test_nobody_vouches_for_a_file_that_brings_its_own_keys() -> None:
    assert verify.check(GENUINE, []).wrong == ("anchors.unknown",)
    assert verify.check(GENUINE, [], first_use=True).wrong == ()


def test_anchors_carried_by_the_file_never_stand_above_the_courts_own() -> None:
    """A forger who rules the whole file: his own keys, log, stamps and certificates under the court's name."""
    forger = press.Court()
    made = press.make()
    made.value["trust"] = forger.trust.to_json()
    report = verify.check(made.printed(forger.credential), TRUST, first_use=True)
    assert report.wrong == ("signature.untrusted",)


def _command(*words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "songda.verify", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)})


def test_the_command_answers_in_chinese_with_status_0(files: Path) -> None:
    answer = _command("proof.pdf", "--trust", "court.json", cwd=files)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.splitlines()[-1] == "核验通过：本回证真实完整。"


def test_the_command_answers_in_english_with_status_1(files: Path) -> None:
    (files / "proof.pdf").write_bytes(museum.recipient_exchanged())
    answer = _command("proof.pdf", "--trust", "court.json", "--lang", "en", cwd=files)
    assert (answer.returncode, answer.stderr) == (1, "")
    assert "the statement is not the one that was sealed" in answer.stdout
    assert answer.stdout.splitlines()[-1] == "NOT verified."


def test_the_courts_keys_are_found_in_the_folder_for_them(files: Path) -> None:
    (files / "var" / "trust").mkdir(parents=True)
    (files / "court.json").rename(files / "var" / "trust" / "court.json")
    assert _command("proof.pdf", cwd=files).returncode == 0


def test_without_the_courts_keys_the_command_fails_and_shows_their_fingerprint(files: Path) -> None:
    answer = _command("proof.pdf", cwd=files)
    assert answer.returncode == 1
    assert press.court().trust.fingerprint() in answer.stdout
    assert _command("proof.pdf", "--trust-on-first-use", cwd=files).returncode == 0


@pytest.mark.parametrize("trust", ["{}", "[]", "no"])
def test_a_file_of_keys_that_is_none_is_said_to_be_unreadable(files: Path, trust: str) -> None:
    (files / "court.json").write_text(trust)
    answer = _command("proof.pdf", "--trust", "court.json", cwd=files)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("无法读取：")


def test_verifying_needs_no_django_no_database_and_no_network(files: Path) -> None:
    program = """
import sys
def refuse(event, args):
    if event.startswith(("socket.connect", "socket.getaddrinfo")):
        raise RuntimeError(event)
sys.addaudithook(refuse)
from songda import verify
status = verify.main(["proof.pdf", "--trust", "court.json"])
print(status, sorted({"django", "psycopg", "httpx", "procrastinate"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", program]
    answer = subprocess.run(
        command, cwd=files, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert answer.stdout.splitlines()[-1] == "0 []"


def test_pdfsig_agrees_with_the_signature(files: Path) -> None:
    (files / "forged.pdf").write_bytes(museum.visible_text_altered())
    said = [
        subprocess.run(["pdfsig", name], cwd=files, capture_output=True, text=True).stdout
        for name in ("proof.pdf", "forged.pdf")
    ]
    assert "Signature is Valid" in said[0]
    assert "Total document signed" in said[0]
    assert "ETSI.CAdES.detached" in said[0]
    assert "Digest Mismatch" in said[1]


def test_qpdf_finds_the_signed_file_sound(files: Path) -> None:
    answer = subprocess.run(["qpdf", "--check", "proof.pdf"], cwd=files, capture_output=True, text=True)
    assert "No syntax or stream encoding errors found" in answer.stdout, answer.stderr


def test_openssl_agrees_with_the_stamp_taken_out_of_the_bundle(files: Path) -> None:
    head = press.make().value["checkpoints"][-1]
    (files / "note").write_text(head["note"])
    (files / "reply").write_bytes(base64.b64decode(head["stamp"]))
    (files / "root").write_bytes(press.court().tsa.root.public_bytes(Encoding.PEM))
    command = ["openssl", "ts", "-verify", "-in", "reply", "-data", "note", "-CAfile", "root"]
    answer = subprocess.run(command, cwd=files, capture_output=True, text=True)
    assert "Verification: OK" in answer.stdout, answer.stderr


def test_a_bundle_that_breaks_its_own_form_is_never_made() -> None:
    made = press.make()
    read = bundle.parse(json.dumps(made.value).encode())
    with pytest.raises(bundle.BundleError, match="serial"):
        bundle.make(dict(read.statement) | {"serial": ""}, read.facts, read.heads, read.trust)
