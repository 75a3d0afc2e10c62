"""Court mail on paper: the 法院专递 envelope with its receipt, the waybill's label, a print site's list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from songda.papers import barcodes
from songda.papers.parts import Enclosure, Matter
from songda.papers.render import plain, render

NON_DELIVERY = (
    "地址欠详",
    "原址查无此人",
    "迁移新址不明",
    "无此地址",
    "拒收",
    "逾期未领",
    "收件人死亡或单位撤销",
    "其他",
)
"""Reasons a carrier ticks when an item goes back; `MAIL 11` gives some of them consequences."""

RECEIVERS = (
    "本人",
    "法定代理人",
    "诉讼代理人",
    "指定代收人",
    "同住成年家属",
    "法定代表人",
    "主要负责人",
    "办公室、收发室、值班室人员",
)
"""Who may sign a mail receipt (法释〔2004〕13号 9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Where a letter goes to or comes from."""

    name: str
    address: str
    postcode: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One 法院专递: the front above, the receipt that comes back below.

    `barred` names the opposing parties, to whom the courier must not hand it (法释〔2004〕13号 7).
    """

    matter: Matter
    court_code: str
    waybill: str
    """Thirteen characters: digits, or S10 such as XA123456785CN."""
    made_at: datetime
    recipient: Addressee
    sender: Addressee
    papers: tuple[Enclosure, ...]
    barred: tuple[str, ...] = ()
    attempts: int = 3
    """Rows for attempts; three or more within five days before the item may go back (法释〔2004〕13号 6)."""
    size: Literal["c4", "a4"] = "c4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A waybill's label, 100 x 150 mm. `tracking_url` goes into the QR code."""

    matter: Matter
    waybill: str
    made_at: datetime
    recipient: Addressee
    sender: Addressee
    tracking_url: str
    route: str = ""
    """The sorting mark of the carrier, such as 610-高新-07."""
    pieces: int = 1
    weight_grams: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One envelope of a print batch."""

    waybill: str
    recipient: str
    case_number: str
    pages: int
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a print site must print, pack and hand to the carrier in one batch."""

    matter: Matter
    """The court (or the centre) that ordered the batch; its number is usually None: a batch holds many cases."""
    batch: str
    site: str
    made_at: datetime
    items: tuple[BatchItem, ...]


def envelope(paper: Envelope) -> bytes:
    """The front and receipt of one court mail as PDF, C4 or A4 to fold."""
    data = {
        **plain(paper),
        "bars": barcodes.code128(paper.waybill),
        "receivers": plain(RECEIVERS),
        "reasons": plain(NON_DELIVERY),
    }
    return render("envelope", data, made_at=paper.made_at)


def waybill_label(paper: Label) -> bytes:
    """The label that a carrier's scanner reads, as PDF of 100 x 150 mm."""
    data = {
        **plain(paper),
        "bars": barcodes.code128(paper.waybill),
        "qr": barcodes.qr(paper.tracking_url),
    }
    return render("waybill_label", data, made_at=paper.made_at)


def manifest(paper: Manifest) -> bytes:
    """The list that goes with a print batch, one row an envelope, each with its barcode."""
    data = {
        **plain(paper),
        "items": [_row(each) for each in paper.items],
        "pages": sum(each.pages for each in paper.items),
        "bars": barcodes.code128(paper.batch),
    }
    return render("manifest", data, made_at=paper.made_at)


def _row(item: BatchItem) -> dict[str, Any]:
    return {**plain(item), "bars": barcodes.code128(item.waybill)}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverItem:
    """One piece that changes hands."""

    waybill: str
    recipient: str
    case_number: str
    pages: int
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverList:
    """Pieces that went from one side to the other at one time; each side is an organisation and a person's name."""

    matter: Matter
    title: str
    number: str
    place: str
    made_at: datetime
    given_by: tuple[str, str]
    taken_by: tuple[str, str]
    items: tuple[HandoverItem, ...]
    remark: str = ""


def handover_list(paper: HandoverList) -> bytes:
    """The list both sides keep: every piece with its barcode, the counts, and both names."""
    data = {
        **plain(paper),
        "items": [{**plain(each), "bars": barcodes.code128(each.waybill)} for each in paper.items],
        "pages": sum(each.pages for each in paper.items),
        "bars": barcodes.code128(paper.number),
    }
    return render("handover_list", data, made_at=paper.made_at)
