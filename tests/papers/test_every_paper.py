"""What holds for each paper alike, whatever it is."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from songda.papers.address import AddressConfirmation, address_confirmation
from songda.papers.letters import (
    EntrustingLetter,
    ForwardingLetter,
    InquiryLetter,
    entrusting_letter,
    forwarding_letter,
    inquiry_letter,
)
from songda.papers.mail import Envelope, Label, Manifest, envelope, manifest, waybill_label
from songda.papers.notice import PublicNotice, public_notice
from songda.papers.proof import (
    Correction,
    ElectronicProof,
    ProofOfService,
    correction,
    electronic_proof,
    proof_of_service,
)
from songda.papers.records import CallRecord, VisitRecord, call_record, visit_record
from songda.papers.render import TEMPLATES
from songda.papers.report import ReportPaper, report
from songda.papers.slip import Slip, slip
from tests.papers import reading, samples
from tests.papers.every_paper import EVERY

MAKERS: dict[type, Callable[[Any], bytes]] = {
    ProofOfService: proof_of_service,
    ElectronicProof: electronic_proof,
    Correction: correction,
    AddressConfirmation: address_confirmation,
    Envelope: envelope,
    Label: waybill_label,
    Manifest: manifest,
    PublicNotice: public_notice,
    InquiryLetter: inquiry_letter,
    EntrustingLetter: entrusting_letter,
    ForwardingLetter: forwarding_letter,
    VisitRecord: visit_record,
    CallRecord: call_record,
    ReportPaper: report,
    Slip: slip,
}
FILLED = (
    samples.proof(),
    samples.electronic(),
    samples.amended(),
    samples.confirmation(),
    samples.court_mail(),
    samples.label(),
    samples.batch(2),
    samples.notice(),
    samples.inquiry(),
    samples.entrusting(),
    samples.forwarding(),
    samples.visit(),
    samples.call(),
    samples.weekly(),
    samples.handed_over(),
)
# Codes choose wording, waybills and addresses of pages become barcodes: none of them is free text.
CODES = frozenset(
    {"size", "shape", "signer", "method", "result", "channel", "forwarder", "waybill", "batch", "scope"}
    | {"verify_url", "tracking_url", "postcode"}
)
HOSTILE = '#panic("x")$*_`<a>@b\\[]'


@pytest.mark.parametrize("name", EVERY)
def test_every_font_of_every_paper_is_in_its_file(name: str) -> None:
    found = reading.fonts(EVERY[name]())
    assert found
    assert all(found.values())


@pytest.mark.parametrize("name", EVERY)
def test_every_paper_is_pdf_a_and_comes_out_the_same_again(name: str) -> None:
    first = EVERY[name]()
    assert "<pdfaid:part>2</pdfaid:part>" in reading.metadata(first)
    assert first == EVERY[name]()


@pytest.mark.parametrize("paper", FILLED, ids=lambda paper: type(paper).__name__)
def test_hostile_text_in_every_field_of_every_paper_is_only_text(paper: object) -> None:
    hostile = _with_text(paper, lambda text: text + HOSTILE)
    text = reading.words(MAKERS[type(paper)](hostile))
    assert HOSTILE in text


@pytest.mark.parametrize("paper", FILLED, ids=lambda paper: type(paper).__name__)
def test_every_paper_bears_rare_and_long_names(paper: object) -> None:
    long = _with_text(paper, lambda text: text + "㛃䶮喆堃" * 12)
    assert "㛃䶮喆堃" * 3 in reading.words(MAKERS[type(paper)](long))


@pytest.mark.parametrize("paper", FILLED, ids=lambda paper: type(paper).__name__)
def test_every_paper_can_be_made_with_its_optional_fields_empty(paper: object) -> None:
    text = reading.words(MAKERS[type(paper)](_only_required(paper)))
    assert "none" not in text.lower()


def test_every_template_is_the_template_of_a_paper_or_shared_by_them() -> None:
    source = "".join(path.read_text() for path in TEMPLATES.parent.glob("*.py"))
    named = set(re.findall(r'render\(\s*"(\w+)"', source)) | {"notice_board", "notice_newspaper"}
    shared = {"style", "letter"}
    assert {path.stem for path in TEMPLATES.glob("*.typ")} == named | shared


def test_no_template_reads_a_file_a_clock_or_a_network() -> None:
    for template in Path(TEMPLATES).glob("*.typ"):
        assert not re.search(r"\b(read|datetime\.today|yaml|csv|toml|eval|plugin)\(|@preview", template.read_text())


def _with_text(value: Any, change: Callable[[str], str], name: str = "") -> Any:
    if isinstance(value, str):
        return change(value) if value and name not in CODES else value
    if isinstance(value, tuple):
        return tuple(_with_text(each, change, name) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        coded = type(value).__name__ == "LastDay"
        changed = {
            field.name: _with_text(getattr(value, field.name), change, field.name)
            for field in dataclasses.fields(value)
            if not (coded and field.name == "name")
        }
        return dataclasses.replace(value, **changed)
    return value


def _only_required(paper: Any) -> Any:
    required = {
        field.name: getattr(paper, field.name)
        for field in dataclasses.fields(paper)
        if field.default is dataclasses.MISSING
    }
    return type(paper)(**required)
