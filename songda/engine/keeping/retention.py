"""到期文件删除: which files' years are over, what keeps them nevertheless, and how two persons have them deleted.

A file's years (courts.retention) run from the end of everything in its case. What is still open, held, needed by
another record or part of another file that is kept, stays. Nothing goes by itself: one person asks for the list as it
is, another grants it, and the loop removes the bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Max, Model, Q, QuerySet

from songda.courts.models import Court
from songda.courts.policy import Policy
from songda.courts.queries import policy_of
from songda.courts.retention import PERIODS, Period, period_of
from songda.engine.models import Correction, Hold, WorkItem
from songda.evidence import erasing
from songda.evidence.models import Erasure, Fact
from songda.filing.models import BroughtFile, Case, Document, Service, ServiceDocument
from songda.law.course import months_after
from songda.lib import clock, vault
from songda.lib.clock import BEIJING
from songda.lib.locks import tenant_models
from songda.lib.tenancy import for_every_court
from songda.methods.models import Exhibit, Paper
from songda.methods.rounds import RoundFile

# One list is for one person to read.
MOST = 500
_CASES = 200


@dataclass(frozen=True, slots=True)
class File:
    """A file as one row stands for it. `about` is what its erasure is told of: a service, else the case."""

    row: UUID
    court: UUID
    sha256: str
    kind: str
    title: str
    case: UUID
    case_number: str
    about: UUID
    service: UUID | None
    made_at: datetime
    forget: Callable[[Erasure], None] | None = None
    """What the row itself holds and loses with the erasure, in the same transaction."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file whose years are over; `held` says what keeps it, empty where it may go."""

    file: File
    period: Period
    kept_until: date
    held: str = ""


# ---- which row stands for which file -----------------------------------------------------------------------------


def _documents(which: Q) -> Iterator[File]:
    # Handed over again later, the same paper is the same row and a file that is there again.
    last = Max("services__created_at")
    for row in Document.objects.filter(which).annotate(last=last).select_related("case").order_by("id"):
        for sha256 in dict.fromkeys((row.sha256, row.pdf_sha256)):
            yield File(
                row.id,
                row.court_id,
                sha256,
                "document",
                row.title,
                row.case_id,
                row.case.number,
                row.case_id,
                None,
                row.last or row.created_at,
            )


def _of_a_service(model: type[Paper] | type[Exhibit]) -> Callable[[Q], Iterator[File]]:
    def rows(which: Q) -> Iterator[File]:
        for row in model.objects.filter(which).select_related("service__case").order_by("id"):
            service = row.service
            title = row.title if isinstance(row, Paper) else row.get_kind_display()
            yield File(
                row.id,
                row.court_id,
                row.sha256,
                row.kind,
                title,
                service.case_id,
                service.case.number,
                service.id,
                service.id,
                row.made_at,
            )

    return rows


@dataclass(frozen=True, slots=True)
class Owner:
    """A table whose rows stand for files: the columns of their digests (none where what it keeps is no file of the
    vault), how a row leads to its case, and the files."""

    model: type[Any]
    columns: tuple[str, ...]
    case: str
    files: Callable[[Q], Iterator[File]]


# The tables below the engine; rooms above it add their own as the app starts (`also`).
OWNERS: list[Owner] = [
    Owner(Document, ("sha256", "pdf_sha256"), "case", _documents),
    Owner(Paper, ("sha256",), "service__case", _of_a_service(Paper)),
    Owner(Exhibit, ("sha256",), "service__case", _of_a_service(Exhibit)),
]


def also(owner: Owner) -> None:
    """A room above the engine says what it keeps of a case, so that it goes with the case; said twice, it is one."""
    if owner not in OWNERS:
        OWNERS.append(owner)


# Columns that repeat the digest of an owner's file, or hold the digest of something that is no file. Any other column
# of a court's table that is called a SHA-256 keeps its file.
ASIDE = frozenset(
    {
        ("waybill", "papers_sha256"),
        ("waybill", "receipt_sha256"),
        ("inquiry", "letter_sha256"),
        ("broughtfile", "sha256"),
        ("roundfile", "sha256"),
        ("roundfile", "kept_sha256"),
        ("visitreport", "sha256"),
        ("snapshot", "sha256"),
        ("report", "sha256"),
        ("erasure", "sha256"),
        ("unerased", "sha256"),
    }
)


def _others() -> Iterator[tuple[type[Any], str]]:
    owned = {owner.model for owner in OWNERS}
    for model in tenant_models():
        for column in model._meta.local_fields:
            is_digest = column.name.endswith("sha256")
            if is_digest and model not in owned and (model._meta.model_name, column.name) not in ASIDE:
                yield model, column.name


def _named(digests: Sequence[str]) -> list[File]:
    """Every row, of the courts in scope, that stands for one of these files."""
    found: list[File] = []
    for owner in OWNERS:
        if not owner.columns:
            continue
        which = Q()
        for column in owner.columns:
            which |= Q(**{f"{column}__in": digests})
        found += [one for one in owner.files(which) if one.sha256 in digests]
    return found


def _named_elsewhere(digests: Sequence[str]) -> set[str]:
    """Those of these files that some other record of the courts in scope names."""
    return {
        sha256
        for model, column in _others()
        for sha256 in model.objects.filter(**{f"{column}__in": digests}).values_list(column, flat=True)
    }


def erased(files: Iterable[File]) -> dict[UUID, Fact]:
    """The facts that erased these files, by their row; rows made after the erasure stand for a file put again."""
    by_court: dict[UUID, list[File]] = {}
    for one in files:
        by_court.setdefault(one.court, []).append(one)
    gone: dict[UUID, Fact] = {}
    for court, own in by_court.items():
        facts = erasing.erasures(court, {one.sha256 for one in own})
        gone |= {one.row: facts[one.sha256] for one in own if one.sha256 in facts and _is_before(one, facts)}
    return gone


def content(row: Document | Paper | Exhibit) -> bytes | None:
    """The bytes that a row stands for, as they are printed or shown; None where they were erased, so that nobody of a
    court sees by another's row what its own had deleted. Raises `vault.NotInVault` where they are simply not there."""
    sha256 = row.pdf_sha256 if isinstance(row, Document) else row.sha256
    return None if reason(row) else vault.get(sha256)


def reason(row: Model) -> str:
    """What a page says in the place of a row's file where it was erased; empty where it was not."""
    return next(iter(reasons([row]).values()), "")


def reasons(rows: Iterable[Model]) -> dict[UUID, str]:
    """The same for many rows of one table, by their id."""
    rows = list(rows)
    files = [one for owner in OWNERS if rows and isinstance(rows[0], owner.model) for one in _files_of(owner, rows)]
    return {row: erasing.words(fact) for row, fact in erased(files).items()}


def _files_of(owner: Owner, rows: Iterable[Any]) -> Iterator[File]:
    return owner.files(Q(id__in=[row.id for row in rows]))


def _is_before(file: File, facts: dict[str, Fact]) -> bool:
    return file.made_at <= facts[file.sha256].happened_at


def needed(sha256: str) -> bool:
    """Whether any record of any court still stands for the file, or any court has just been sent it: then its bytes
    stay."""
    with for_every_court():
        return spoken_for(sha256) or brought(sha256)


def brought(sha256: str) -> bool:
    """Whether the courts in scope were sent the file and nobody has said yet what it is for (`keeping.strays`)."""
    ours = Q(sha256=sha256) | Q(kept_sha256=sha256)
    return BroughtFile.objects.filter(sha256=sha256).exists() or RoundFile.objects.filter(ours).exists()


def spoken_for(sha256: str) -> bool:
    """The same for the courts in scope."""
    rows = _named([sha256])
    gone = erased(rows)
    return any(one.row not in gone for one in rows) or bool(_named_elsewhere([sha256]))


# ---- the end of a case -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Ends:
    """The day on which everything in each case was over, and why a case is not to be touched."""

    days: dict[UUID, date] = field(default_factory=dict)
    held: dict[UUID, str] = field(default_factory=dict)


# Why a case is left alone, the rows that say so, and how they lead to it.
_HOLDING: tuple[tuple[str, Callable[[], QuerySet[Any]], str], ...] = (
    ("案件还有未办结的待办", lambda: WorkItem.objects.filter(done_at=None), "service__case"),
    ("案件还有未审批的更正", lambda: Correction.objects.filter(answered_at=None), "service__case"),
    ("案件文件已采取保留措施", lambda: Hold.objects.filter(lifted_at=None), "case"),
)


def _ends(cases: Sequence[UUID]) -> _Ends:
    ends = _Ends()
    for case, closed_at, outcome in Service.objects.filter(case__in=cases).values_list(
        "case_id", "closed_at", "outcome"
    ):
        if closed_at is None:
            ends.held[case] = "案件还有未办结的送达任务"
            continue
        days = [date.fromisoformat(one["last_day"]) for one in (outcome or {}).get("periods", [])]
        last = max([closed_at.astimezone(BEIJING).date(), *days])
        ends.days[case] = max(ends.days.get(case, last), last)
    for why, rows, way in _HOLDING:
        held = rows().filter(**{f"{way}__in": cases}).values_list(way, flat=True)
        ends.held |= dict.fromkeys(held, why)
    return ends


# ---- what is due ---------------------------------------------------------------------------------------------------


def look(court: Court, *, limit: int = MOST) -> list[Looked]:
    """Files whose years are over, those that may go and those that are held, the oldest cases first; stops at `limit`
    files that may go. Nothing where the policy gives no years. Call inside the court's scope."""
    policy = policy_of(court)
    years = [count for one in PERIODS if (count := policy.years(one))]
    if not years:
        return []
    over = months_after(clock.today(), -12 * min(years))
    cases = Case.objects.annotate(last=Max("services__closed_at")).filter(last__date__lte=over).order_by("last", "id")
    found: list[Looked] = []
    ids = cases.values_list("id", flat=True).iterator()
    while some := list(islice(ids, _CASES)):
        found += _look_at(policy, some)
        if sum(not one.held for one in found) >= limit:
            break
    return _cut(found, limit)


def _cut(found: list[Looked], limit: int) -> list[Looked]:
    may_go = [one for one in found if not one.held][:limit]
    return may_go + [one for one in found if one.held][:limit]


def _look_at(policy: Policy, cases: Sequence[UUID]) -> list[Looked]:
    files = [one for owner in OWNERS for one in owner.files(Q(**{f"{owner.case}__in": cases}))]
    gone, ends = erased(files), _ends(cases)
    there = [one for one in files if one.row not in gone]
    over = [found for one in there if (found := _over(policy, one, ends)) is not None]
    over = _hold(over, _needed_beside(over), "本院其他记录仍需要同一文件")
    going = {one.file.row for one in over if not one.held}
    # Papers hold pictures and copies of documents, never other papers: once over them is enough.
    return _hold(over, _inside([one for one in there if one.row not in going]), "是仍须保存的回证、笔录等文件的一部分")


def _over(policy: Policy, file: File, ends: _Ends) -> Looked | None:
    period = period_of(file.kind)
    years = policy.years(period)
    if not years or file.case not in ends.days:
        return None
    until = months_after(ends.days[file.case], 12 * years)
    return Looked(file, period, until, ends.held.get(file.case, "")) if until < clock.today() else None


def _hold(over: Iterable[Looked], digests: set[str], why: str) -> list[Looked]:
    return [replace(one, held=why) if not one.held and one.file.sha256 in digests else one for one in over]


def _needed_beside(over: Iterable[Looked]) -> set[str]:
    """Files that rows stand for which are not to go: of other cases, or of tables that retention does not know."""
    going = {one.file.row for one in over if not one.held}
    digests = sorted({one.file.sha256 for one in over if not one.held})
    rows = _named(digests)
    gone = erased(rows)
    kept = {one.sha256 for one in rows if one.row not in going and one.row not in gone}
    return kept | _named_elsewhere(digests)


def _inside(kept: Iterable[File]) -> set[str]:
    """Files that kept papers carry within them: deleting the file alone would delete nothing."""
    services: dict[str, set[UUID]] = {}
    for one in kept:
        if one.service is not None:
            services.setdefault(one.kind, set()).add(one.service)
    return {sha256 for kind, within in _WITHIN.items() if kind in services for sha256 in within(services[kind])}


def _attached(services: set[UUID]) -> Iterator[str]:
    for fact in Fact.objects.filter(about__in=services, name="proof.issued"):
        papers = (fact.private or {}).get("statement", {}).get("papers", ())
        yield from (one["sha256"] for one in papers if one["attached"])


def _exhibits(kind: str) -> Callable[[set[UUID]], Iterable[str]]:
    return lambda services: Exhibit.objects.filter(service__in=services, kind=kind).values_list("sha256", flat=True)


def _printed(services: set[UUID]) -> Iterable[str]:
    lines = ServiceDocument.objects.filter(service__in=services)
    return lines.values_list("document__pdf_sha256", flat=True)


# A kind of paper, and the files that it carries for these services.
_WITHIN: dict[str, Callable[[set[UUID]], Iterable[str]]] = {
    "proof": _attached,
    "record": _exhibits("photo"),
    "confirmation": _exhibits("signature"),
    "envelope": _printed,
}
