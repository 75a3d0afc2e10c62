"""Letters to others who help to serve: 协查函, 委托送达函, 转交送达函."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from songda.papers.parts import Desk, Enclosure, Matter
from songda.papers.render import plain, render

Forwarder = Literal["army", "prison", "education"]

FORWARDING: Mapping[str, tuple[str, str]] = {
    "army": ("受送达人是军人，通过其所在部队团以上单位的政治机关转交", "第九十二条"),
    "prison": ("受送达人被监禁，通过其所在监所转交", "第九十三条"),
    "education": ("受送达人被采取强制性教育措施，通过其所在强制性教育机构转交", "第九十三条"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A person whose address is asked for, with no more about them than the source needs to find them."""

    name: str
    id_number: str = ""
    known: str = ""
    """What is known already, such as an earlier address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryLetter:
    """协查函: asks one source for the contact points of some people, and carries the form for its answer."""

    matter: Matter
    letter_number: str
    """Such as （2026）川0191协查56号."""
    made_at: datetime
    addressed_to: str
    people: tuple[Sought, ...]
    asked: tuple[str, ...]
    """What is asked for, such as 现住址, 联系电话."""
    answer_by: datetime
    desk: Desk
    basis: str = "《中华人民共和国民事诉讼法》第七十条"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrustingLetter:
    """委托送达函: another court serves, within ten days of receiving it (民诉法解释 134)."""

    matter: Matter
    letter_number: str
    made_at: datetime
    addressed_to: str
    recipient: str
    address: str
    phone: str
    reason: str
    papers: tuple[Enclosure, ...]
    desk: Desk
    basis: str = "《中华人民共和国民事诉讼法》第九十一条"
    hearing: str = ""
    """Time and place of a hearing that the service must precede."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingLetter:
    """转交送达函: the army's political organ, the prison or the institution hands the papers on (民事诉讼法 92-94)."""

    matter: Matter
    letter_number: str
    made_at: datetime
    addressed_to: str
    forwarder: Forwarder
    recipient: str
    papers: tuple[Enclosure, ...]
    desk: Desk
    recipient_detail: str = ""
    """Unit, cell or number by which the recipient is found there."""
    return_by: date | None = None


def inquiry_letter(paper: InquiryLetter) -> bytes:
    """协查函 as PDF, with the answer form on its second page."""
    return render("inquiry_letter", plain(paper), made_at=paper.made_at)


def entrusting_letter(paper: EntrustingLetter) -> bytes:
    """委托送达函 as PDF; the papers and a 送达回证 go with it."""
    return render("entrusting_letter", plain(paper), made_at=paper.made_at)


def forwarding_letter(paper: ForwardingLetter) -> bytes:
    """转交送达函 as PDF; the papers and a 送达回证 go with it."""
    why, article = FORWARDING[paper.forwarder]
    data = {**plain(paper), "why": why, "article": article}
    return render("forwarding_letter", data, made_at=paper.made_at)
