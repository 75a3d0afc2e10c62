"""A week's or a month's report: summary, tables, and simple charts drawn by the typesetter itself."""

from dataclasses import dataclass
from datetime import datetime

from songda.papers.parts import Matter
from songda.papers.render import plain, render


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table as print shows it: every cell is text, the first of a row names it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart: `shape` is bars (lying), columns (standing) or lines; `series` has one run of numbers a name."""

    title: str
    shape: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    series: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPaper:
    """What stands on the report. `digest` is the SHA-256 (hex) of its numbers, as the ledger has it."""

    matter: Matter
    title: str
    about: str
    days: str
    made_at: datetime
    digest: str
    sentences: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    drawings: tuple[Drawing, ...]
    definitions: tuple[tuple[str, ...], ...]
    """Rows of texts; the heads come first."""


def report(paper: ReportPaper) -> bytes:
    """The report as PDF."""
    return render("report", plain(paper), made_at=paper.made_at)
