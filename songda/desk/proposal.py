"""What the platform proposes after reading the files a clerk dragged in: case, parties, documents; nothing is decided.

Files are kept at once under their digest and named in the form by a signed slip, so that the form carries everything:
whoever corrects, waits or makes an error loses nothing, and nobody can name a file they did not bring.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.files.base import File

from songda.filing import case_number, court_codes
from songda.filing.checking import remarks
from songda.filing.extraction import Extracted, ExtractedParty, extract
from songda.filing.files import bring
from songda.filing.intake import DOCX, AcceptedFile, Refused, accept
from songda.filing.models import DocumentKind, Procedure
from songda.filing.reading import text_of
from songda.lib import clock

_SALT = "songda.desk.slip"
# Those who brought the case have their papers already, unless the court decided something.
_BRINGS = re.compile(
    r"^(?:原审|反诉|一审|二审|再审|附带民事诉讼)?"
    r"(?:原告|申请人|上诉人|申请执行人|起诉人|自诉人|公诉机关|申诉人|再审申请人)"
)
_FOR_ALL = frozenset({"judgment", "ruling", "mediation", "payment_order", "notice"})
_TIME = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日.{0,6}?(上午|下午|晚上)?\s*(\d{1,2})[时点:：](\d{1,2}|半)?")


@dataclass(frozen=True, slots=True)
class Slip:
    """A file that was brought: everything about it but its bytes, which the vault keeps."""

    filename: str
    media_type: str
    sha256: str
    size: int
    pages: int | None


def sign(slip: Slip, court_id: UUID) -> str:
    return signing.dumps({"court": str(court_id), **asdict(slip)}, salt=_SALT)


def read_slip(text: str, court_id: UUID) -> Slip:
    """The file a form names; raises BadSignature for one this court did not bring, or brought over a day ago."""
    said = signing.loads(text, salt=_SALT, max_age=86_400)
    if said.pop("court") != str(court_id):
        raise signing.BadSignature("another court's file")
    return Slip(**said)


@dataclass(frozen=True, slots=True)
class ProposedDocument:
    slip: str
    title: str
    kind: str
    filename: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class ProposedParty:
    role: str
    name: str
    kind: str
    address: str
    phone: str
    id_number: str
    legal_representative: str
    agents: str
    serve: bool


@dataclass(slots=True)
class Proposal:
    """All that was read. `refused` are files not taken, with the reason; `remarks` are doubts for the clerk's eyes."""

    number: str = ""
    procedure: str = ""
    cause: str = ""
    hearing_at: datetime | None = None
    hearing_place: str = ""
    documents: list[ProposedDocument] = field(default_factory=list)
    parties: list[ProposedParty] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def propose(files: Iterable[File[Any]], court_id: UUID, court_code: str) -> Proposal:
    """Keep and read the files; a file that is refused or holds no text leaves the others alone."""
    proposal, papers = Proposal(), []
    for file in files:
        content, name = file.read(), file.name or ""
        try:
            taken = accept(name, content)
        except Refused as refused:
            proposal.refused.append((name, refused.message))
            continue
        bring(court_id, content)
        paper = _read(name, content)
        papers.append(paper)
        if taken.media_type == DOCX:
            proposal.remarks.append(f"{name} 只用来读取内容，没有列为送达文书：请另存为 PDF 再拖入，以免版式改变。")
        else:
            proposal.documents.append(_document(taken, paper, court_id))
    _fill(proposal, papers, court_code)
    return proposal


def _read(name: str, content: bytes) -> Extracted:
    """What the paper says; an empty answer for a scan, which the clerk describes by hand."""
    try:
        return extract(text_of(content), name)
    except Refused:
        return Extracted(file=name)


def _document(taken: AcceptedFile, paper: Extracted, court_id: UUID) -> ProposedDocument:
    slip = Slip(taken.filename, taken.media_type, taken.sha256, taken.size, taken.pages)
    kind = paper.kind if paper.kind in DocumentKind.values else DocumentKind.OTHER
    title = paper.title or taken.filename.rsplit(".", 1)[0]
    return ProposedDocument(sign(slip, court_id), title, str(kind), taken.filename, taken.pages)


def _fill(proposal: Proposal, papers: list[Extracted], court_code: str) -> None:
    numbers = list(dict.fromkeys(paper.case_number for paper in papers if paper.case_number))
    proposal.number = numbers[0] if numbers else ""
    if len(numbers) > 1:
        proposal.remarks.append(f"材料中有不同的案号：{'、'.join(numbers)}。一件委托只属于一个案件，请核对。")
    proposal.procedure = _procedure(proposal.number)
    proposal.remarks.extend(_court_remark(proposal.number, court_code))
    proposal.cause = next((paper.cause for paper in papers if paper.cause), "")
    proposal.hearing_at = next((at for paper in papers if (at := _moment(paper.hearing_at))), None)
    proposal.hearing_place = next((paper.hearing_place for paper in papers if paper.hearing_place), "")
    kinds = {document.kind for document in proposal.documents}
    proposal.parties = [_party(party, kinds) for party in _merged(papers)]
    proposal.remarks.extend(remarks(party.name for party in proposal.parties))


def _procedure(number: str) -> str:
    with suppress(case_number.NotACaseNumber):
        known = court_codes.TYPES.get(case_number.parse(number).case_type)
        if known and known.procedure in Procedure.values:
            return str(known.procedure)
    return ""


def _court_remark(number: str, court_code: str) -> list[str]:
    with suppress(case_number.NotACaseNumber):
        code = case_number.parse(number).court_code
        if code and code != court_code:
            named = court_codes.court_of(code)
            return [f"案号的法院代字是{code}（{named.name if named else '未收录'}），不是本院的{court_code}，请核对。"]
    return []


def _merged(papers: list[Extracted]) -> list[ExtractedParty]:
    """One row for one name: a later paper fills what an earlier one left out. Who is only summoned is often a party."""
    found: dict[str, ExtractedParty] = {}
    for party in (party for paper in papers for party in paper.parties):
        kept = found.setdefault(party.name, party)
        if kept is party:
            continue
        for name in ("address", "id_number", "phone", "legal_representative"):
            setattr(kept, name, getattr(kept, name) or getattr(party, name))
        kept.agents = kept.agents or party.agents
        kept.role = party.role if kept.role == "被传唤人" else kept.role
    return list(found.values())


def _party(party: ExtractedParty, kinds: set[str]) -> ProposedParty:
    return ProposedParty(
        role=party.role,
        name=party.name,
        kind=party.kind,
        address=party.address or "",
        phone=party.phone or "",
        id_number=party.id_number or "",
        legal_representative=party.legal_representative or "",
        agents="、".join(agent.name for agent in party.agents),
        serve=bool(kinds & _FOR_ALL) or not _BRINGS.match(party.role),
    )


def _moment(text: str | None) -> datetime | None:
    """The hour a summons names, in Beijing; None where it is written in a way we do not read."""
    found = _TIME.search(text or "")
    if found is None:
        return None
    year, month, day, half, hour, minute = found.groups()
    hours = int(hour) + (12 if half in {"下午", "晚上"} and int(hour) < 12 else 0)
    try:
        return datetime(int(year), int(month), int(day), hours, _minutes(minute), tzinfo=clock.BEIJING)
    except ValueError:
        return None


def _minutes(text: str | None) -> int:
    return 30 if text == "半" else int(text or 0)
