"""Records made on the spot: 送达笔录, 留置送达记录, 电话送达记录."""

from dataclasses import dataclass
from datetime import datetime

from songda.papers.parts import Enclosure, Matter, Picture, listed
from songda.papers.render import plain, render


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A witness of leaving papers in place: who they are and whom they stand for (民事诉讼法 89; 民诉法解释 130)."""

    name: str
    unit: str = ""
    signature: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """A video or sound recording on file, known by its SHA-256."""

    name: str
    sha256: str
    length: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """送达笔录. With `refused_by` set it becomes 留置送达记录: who refused, why, and how the leaving was proved."""

    matter: Matter
    serial: str
    made_at: datetime
    recipient: str
    place: str
    began_at: datetime
    ended_at: datetime
    served_by: tuple[str, ...]
    papers: tuple[Enclosure, ...]
    account: tuple[str, ...]
    """What happened, paragraph by paragraph."""
    present: tuple[str, ...] = ()
    position: str = ""
    """Where a device placed the visit, such as 东经104.0668° 北纬30.5728°（误差12米）."""
    refused_by: str = ""
    refusal_reason: str = ""
    witnesses: tuple[Witness, ...] = ()
    photos: tuple[Picture, ...] = ()
    footage: tuple[Footage, ...] = ()
    """Recordings, and files known by their digest only; photographs stand here too when a phone signed for them."""
    signature: bytes = b""
    """Of who took the papers, drawn on the courier's phone."""
    report: str = ""
    """How the courier's report was signed and what its digest is, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """电话送达记录 (法发〔2017〕19号 14): not for judgments, rulings or mediation papers; the call is recorded. With
    `serves` false it is 电话联系记录: who was asked what and answered what, which serves nobody."""

    matter: Matter
    serial: str
    made_at: datetime
    recipient: str
    phone: str
    called_at: datetime
    length: str
    answered_by: str
    identity_checked: str
    """How the one who answered was known to be the recipient."""
    papers: tuple[Enclosure, ...]
    reason: str
    """Why direct and postal service failed."""
    account: tuple[str, ...]
    called_by: str
    recording: Footage | None = None
    serves: bool = True


def visit_record(paper: VisitRecord) -> bytes:
    """送达笔录 or 留置送达记录 as PDF, photographs on the sheets after it."""
    data = {
        **plain(paper),
        "served_by": plain(listed(paper.served_by)),
        "present": plain(listed(paper.present)),
        "kind": "留置送达记录" if paper.refused_by else "送达笔录",
    }
    return render("visit_record", data, made_at=paper.made_at)


def call_record(paper: CallRecord) -> bytes:
    """电话送达记录 or 电话联系记录 as PDF."""
    data = {**plain(paper), "kind": "电话送达记录" if paper.serves else "电话联系记录"}
    return render("call_record", data, made_at=paper.made_at)
