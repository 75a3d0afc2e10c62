"""卷内目录: the list in front of what goes into a case's file."""

from dataclasses import dataclass
from datetime import datetime

from songda.papers.parts import Matter
from songda.papers.render import plain, render


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLine:
    """One piece: where it lies in the bundle, or why it is only named here."""

    recipient: str
    title: str
    pages: int | None
    made_at: datetime
    sha256: str
    file: str
    absent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """`serial` tells one bundle of the order from the next; `results` says what came of each service, in words."""

    matter: Matter
    serial: str
    made_at: datetime
    filed_by: str
    results: tuple[str, ...]
    lines: tuple[CatalogueLine, ...]


def catalogue(paper: Catalogue) -> bytes:
    """The list as PDF, with the digest of every piece, so that the file can be held against the ledger."""
    data = {**plain(paper), "pages": sum(line.pages or 0 for line in paper.lines if not line.absent)}
    return render("catalogue", data, made_at=paper.made_at)
