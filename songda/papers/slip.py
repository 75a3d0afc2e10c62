"""凭条: what the court's counter prints for the person who stands there, on paper 80 mm wide."""

from dataclasses import dataclass
from datetime import datetime

from songda.papers import barcodes
from songda.papers.parts import Matter
from songda.papers.render import plain, render


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A name and what stands beside it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SlipCase:
    """One case on a slip: its number, the papers handed over or waiting, and what follows from them."""

    number: str
    papers: tuple[str, ...]
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """领取通知单 or 领取凭证. `code` is said at the counter; it is printed large where there is one."""

    matter: Matter
    title: str
    serial: str
    made_at: datetime
    verify_url: str
    lines: tuple[SlipLine, ...]
    cases: tuple[SlipCase, ...]
    code: str = ""
    notes: tuple[str, ...] = ()


def slip(paper: Slip) -> bytes:
    """The slip as PDF, 80 mm wide and as long as it has to be. Its QR code leads to where it can be checked."""
    return render("slip", {**plain(paper), "qr": barcodes.qr(paper.verify_url)}, made_at=paper.made_at)
