"""Loading a filled sheet: its papers matched by file name, its rows joined to orders, all of it kept or none.

The work tells its progress as it goes, so that a page of ten thousand rows shows where it is.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File

from songda.courts.models import Court
from songda.desk.access import Seat
from songda.engine.intake import hand_over_many
from songda.filing import case_number
from songda.filing.actions import Answer
from songda.filing.checking import other_court
from songda.filing.draft import AlreadyHandedOver, OrderDraft, OrderRefused, PartyDraft, Refusal, Upload
from songda.filing.extraction import extract
from songda.filing.intake import Refused, accept, check_archive
from songda.filing.models import DocumentKind
from songda.filing.reading import text_of
from songda.filing.sheet import Progress, RowDraft, RowError
from songda.filing.sheet_columns import COLUMNS
from songda.lib.tenancy import acting_for

_PAPERS = "文书文件名"
_HEADINGS = {column.field: column.heading for column in COLUMNS}
# What is the case's and not the recipient's.
_OF_A_CASE = ("procedure", "cause", "hearing_at")
# Orders that go in together.
_AT_ONCE = 100


@dataclass(slots=True)
class Loaded:
    """What came of it: orders made, or every error and nothing kept."""

    orders: int = 0
    rows: int = 0
    errors: list[RowError] = field(default_factory=list)

    @property
    def words(self) -> str:
        return f"已移交 {self.rows} 行，合为 {self.orders} 件委托，平台已经开始办理。"


class _Undo(Exception):
    """One row was refused, so that none is kept."""


def papers_from(files: Iterable[File[Any]]) -> dict[str, bytes]:
    """The papers by file name; an archive stands for what is in it. Raises Refused."""
    papers: dict[str, bytes] = {}
    for file in files:
        content, name = file.read(), file.name or ""
        papers |= _unpacked(content) if name.lower().endswith(".zip") else {name: content}
    return papers


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        check_archive(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [entry for entry in archive.infolist() if not entry.is_dir()]
            return {_name(entry): archive.read(entry) for entry in inside}
    except zipfile.BadZipFile:
        raise Refused("damaged") from None


def _name(entry: zipfile.ZipInfo) -> str:
    """The file's own name. Archives made on Chinese Windows carry GBK without saying so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = entry.filename
    return name.rsplit("/", 1)[-1]


def check_papers(drafts: Iterable[RowDraft], papers: Mapping[str, bytes]) -> list[RowError]:
    """Papers that rows name and nobody brought, and papers that cannot be taken, each at the first row naming it."""
    named: dict[str, int] = {}
    for draft in drafts:
        for name in draft.documents:
            named.setdefault(name, draft.row)
    found = [(row, _paper_problem(name, papers)) for name, row in named.items()]
    return [RowError(row, _PAPERS, problem) for row, problem in found if problem]


def _paper_problem(name: str, papers: Mapping[str, bytes]) -> str:
    if name not in papers:
        return f"没有上传“{name}”"
    try:
        accept(name, papers[name])
    except Refused as refused:
        return f"“{name}”：{refused.message}"
    return ""


def check_cases(court: Court, drafts: Iterable[RowDraft]) -> list[RowError]:
    """Cases that are not this court's, and rows of one case that say different things of it."""
    errors: list[RowError] = []
    first: dict[tuple[str, str], tuple[int, object]] = {}
    for draft in drafts:
        whose = other_court(court, case_number.parse(draft.case_number).court_code)
        errors += [RowError(draft.row, _HEADINGS["case_number"], whose)] if whose else []
        for name in _OF_A_CASE:
            said = getattr(draft, name)
            at, before = first.setdefault((draft.case_number, name), (draft.row, said)) if said else (draft.row, said)
            if said != before:
                heading = _HEADINGS[name]
                errors.append(RowError(draft.row, heading, f"与第 {at} 行同一案号，{heading}却不一样"))
    return errors


def load(seat: Seat, drafts: list[RowDraft], papers: Mapping[str, bytes]) -> Iterator[Progress | Loaded]:
    """Progress, again and again, then what came of it. One transaction: an error in one row undoes all."""
    outcome = Loaded(rows=len(drafts))
    uploads = {name: _upload(name, content) for name, content in papers.items()}
    try:
        with acting_for(seat.court.id):
            yield from _all(seat, drafts, uploads, outcome)
            if outcome.errors:
                raise _Undo
    except _Undo:
        outcome.orders = 0
    yield outcome


def _all(seat: Seat, drafts: list[RowDraft], uploads: Mapping[str, Upload], outcome: Loaded) -> Iterator[Progress]:
    yield Progress(0, len(drafts))
    done = 0
    together = _orders(drafts)
    for start in range(0, len(together), _AT_ONCE):
        orders = together[start : start + _AT_ONCE]
        answers = hand_over_many(seat.court, seat.person, [_draft(rows, uploads) for rows in orders])
        for rows, answer in zip(orders, answers, strict=True):
            outcome.errors += _errors(rows, answer)
        outcome.orders += len(orders)
        done += sum(len(rows) for rows in orders)
        yield Progress(done, len(drafts))


def _orders(drafts: Iterable[RowDraft]) -> list[list[RowDraft]]:
    """Rows of one case with the same papers are one order."""
    orders: dict[tuple[str, tuple[str, ...]], list[RowDraft]] = {}
    for draft in drafts:
        orders.setdefault((draft.case_number, draft.documents), []).append(draft)
    return list(orders.values())


def _errors(rows: list[RowDraft], answer: Answer) -> list[RowError]:
    if isinstance(answer, OrderRefused):
        return [_refused(rows, reason) for reason in answer.reasons]
    if isinstance(answer, AlreadyHandedOver):
        return [RowError(rows[0].row, "", "同样的文书已经移交过；确需再次送达的，请在网页上移交并说明理由")]
    return []


def _refused(rows: list[RowDraft], reason: Refusal) -> RowError:
    """The refusal at the row and in the column that its field came from, where there is one."""
    place, *inside = reason.field.split(".")
    of_party = place == "parties" and inside and inside[0].isdigit()
    row = rows[int(inside[0])] if of_party else rows[0]
    name = {"name": "recipient_name", "role": "recipient_role", "kind": "recipient_kind"}
    column = name.get(inside[1], inside[1]) if of_party and len(inside) > 1 else place
    return RowError(row.row, _PAPERS if place == "uploads" else _HEADINGS.get(column, ""), reason.message)


def _said(rows: list[RowDraft], name: str) -> Any:
    """What the rows say of their case: one of them is enough."""
    return next((said for row in rows if (said := getattr(row, name))), getattr(rows[0], name))


def _draft(rows: list[RowDraft], uploads: Mapping[str, Upload]) -> OrderDraft:
    first = rows[0]
    return OrderDraft(
        case_number=first.case_number,
        procedure=first.procedure,
        cause=_said(rows, "cause"),
        hearing_at=_said(rows, "hearing_at"),
        parties=tuple(_party(row) for row in rows),
        uploads=tuple(uploads[name] for name in first.documents),
        door="excel",
    )


def _party(row: RowDraft) -> PartyDraft:
    return PartyDraft(
        role=row.recipient_role,
        name=row.recipient_name,
        kind=row.recipient_kind,
        id_number=row.id_number,
        phone=row.phone,
        email=row.email,
        account=row.account[1],
        account_platform=row.account[0],
        address=row.address,
        legal_representative=row.legal_representative,
        agents=row.agents,
        consent="stated" if row.electronic_consent else "",
    )


def _upload(name: str, content: bytes) -> Upload:
    return Upload(name, content, _kind(content), name.rsplit(".", 1)[0])


def _kind(content: bytes) -> str:
    """The kind the paper's own title says; a scan is an other paper."""
    try:
        kind = extract(text_of(content)).kind
    except Refused:
        kind = None
    return kind if kind in DocumentKind.values else str(DocumentKind.OTHER)
