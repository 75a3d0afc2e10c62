"""回执: images of receipts brought to the platform, each matched to its piece by the barcode that stands on it.

What no barcode matches waits for a person, who types the number; what was brought before is noticed by its digest. A
matched image is the receipt that the rule of complete results asks for (法释〔2004〕13号 6).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from songda.courts.models import Court, Person
from songda.engine import actions
from songda.engine.mail.mailing import may_handle
from songda.engine.reading import locked
from songda.engine.saying import ActRefused, require, said
from songda.evidence.models import Fact
from songda.gateways.numbers import is_waybill, normalised
from songda.law.facts import SIGNERS
from songda.lib import clock, vault
from songda.methods import custody, postal
from songda.methods.actions import keep_exhibit
from songda.methods.custody import IN_THE_ROOM
from songda.methods.mailroom import ReceiptImage
from songda.methods.models import Exhibit, PieceState, Waybill
from songda.papers.scans import NotAReceipt, Sheet, opened

MOST_FILES = 50
Standing = ReceiptImage.Standing


@dataclass(frozen=True, slots=True)
class File:
    """A file as somebody brought it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one image: matched, to_check, known (brought before) or refused, and why."""

    name: str
    page: int
    outcome: str
    why: str = ""
    number: str = ""


def bring(person: Person, court: Court, files: Iterable[File]) -> list[Brought]:
    """Take images of receipts in; one that is refused holds up no other. Raises ActRefused for too many at once."""
    may_handle(person, court.id)
    files = list(files)
    if len(files) > MOST_FILES:
        raise ActRefused(f"一次最多上传 {MOST_FILES} 个文件", "files")
    return [one for file in files for one in _file(person, court, file)]


def _file(person: Person, court: Court, file: File) -> list[Brought]:
    name, source = custody.printable(file.name)[-100:], hashlib.sha256(file.content).hexdigest()
    if ReceiptImage.objects.filter(source_sha256=source).exists():
        return [Brought(name, 1, "known", "这份文件已经上传过")]
    try:
        sheets = opened(file.content)
    except NotAReceipt as no:
        return [Brought(name, 1, "refused", str(no))]
    return [_sheet(person, court, name, source, sheet) for sheet in sheets]


def _sheet(person: Person, court: Court, name: str, source: str, sheet: Sheet) -> Brought:
    sha256 = hashlib.sha256(sheet.content).hexdigest()
    if _is_known(sha256):
        return Brought(name, sheet.page, "known", "同一影像已经入档")
    piece, number, why = _whose(sheet.codes)
    image = ReceiptImage.objects.create(
        court=court,
        sha256=vault.put(sheet.content),
        media_type=sheet.media_type,
        source_sha256=source,
        filename=name,
        page=sheet.page,
        number=number,
        standing=Standing.TO_CHECK,
        why=why,
        brought_by=person,
        brought_at=clock.now(),
    )
    if piece is not None and not why:
        _match(image, piece, person)
        return Brought(name, sheet.page, "matched", "", number)
    return Brought(name, sheet.page, "to_check", why, number)


def _is_known(sha256: str) -> bool:
    """Brought before, or told by the carrier itself."""
    brought = ReceiptImage.objects.filter(sha256=sha256)
    return brought.exists() or Exhibit.objects.filter(kind="receipt", sha256=sha256).exists()


def _whose(codes: Iterable[str]) -> tuple[Waybill | None, str, str]:
    """The piece that an image's codes name, the number, and why a person must look; no reason where nobody must."""
    numbers = [normalised(code) for code in codes if is_waybill(code)]
    if not numbers:
        return None, "", "没有读出条码"
    if len(numbers) > 1:
        return None, numbers[0], "一页上有几个邮件号"
    piece = custody.pieces().filter(number=numbers[0]).first()
    if piece is None:
        return None, numbers[0], "本院没有这个邮件号"
    return piece, numbers[0], _doubt(piece)


def _doubt(piece: Waybill) -> str:
    """Why this piece's receipt wants a person's eye; empty where a barcode is enough."""
    if piece.state in IN_THE_ROOM or piece.state == PieceState.ORDERED:
        return "这件邮件还没有交寄"
    delivered = Fact.objects.filter(about=piece.service_id, name="mail.delivered", detail__waybill=piece.number).last()
    unclear = delivered is not None and delivered.detail.get("signer", "other") == "other"
    return "投递信息没有写明签收人，请从回执读出" if unclear else ""


# ---- settling --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person reads off a receipt. `signer` is a code of the law, empty where the receipt names none."""

    number: str
    signer: str = ""
    id_number_given: bool = False


def settle(person: Person, court: Court, image_id: UUID, reading: Reading) -> Waybill:
    """Match an image by the number a person typed. Raises ActRefused for a number that cannot be, or is nobody's."""
    may_handle(person, court.id)
    image = _open(image_id)
    number = normalised(custody.printable(reading.number))
    if not is_waybill(number):
        raise ActRefused(wrong_number(number), "number")
    if reading.signer and reading.signer not in SIGNERS:
        raise ActRefused("签收人不在可选范围内", "signer")
    piece = custody.pieces().filter(number=number).first()
    if piece is None:
        raise ActRefused("本院没有这个邮件号", "number")
    doubt = _doubt(piece)
    if doubt and not reading.signer:
        raise ActRefused(doubt, "signer" if "签收人" in doubt else "number")
    image.number = number
    _match(image, piece, person, reading)
    return piece


def wrong_number(number: str) -> str:
    """Why a typed number is none: its form, or its check digit."""
    if len(number) == 13 and number[:2].isalpha() and number[2:11].isdigit():
        return "校验位不对，请对照回执再看一遍"
    return "邮件号是 13 位：全数字，或者两位字母、九位数字、两位字母"


def put_aside(person: Person, court: Court, image_id: UUID, reason: str) -> None:
    """An image that is no receipt of ours: it stays on file, with the reason, and asks for nothing more."""
    may_handle(person, court.id)
    require(reason, "请说明为什么不是回执")
    image = _open(image_id)
    image.standing, image.why = Standing.PUT_ASIDE, custody.printable(reason)[:100]
    image.settled_by, image.settled_at = person, clock.now()
    image.save(update_fields=["standing", "why", "settled_by", "settled_at"])


def _open(image_id: UUID) -> ReceiptImage:
    image = ReceiptImage.objects.select_for_update(of=("self",)).filter(id=image_id).first()
    if image is None:
        raise ActRefused("没有这份影像")
    if image.standing != Standing.TO_CHECK:
        raise ActRefused("这份影像已经核对过")
    return image


def _match(image: ReceiptImage, piece: Waybill, person: Person, reading: Reading | None = None) -> None:
    """The image is this piece's receipt: a fact, with what was read off it."""
    service = locked(piece.service_id)
    content = vault.get(image.sha256)
    exhibit = keep_exhibit(service, kind="receipt", content=content, media_type=image.media_type)
    Waybill.objects.filter(id=piece.id).update(receipt_sha256=exhibit.sha256)
    image.standing, image.why, image.waybill = Standing.MATCHED, "", piece
    image.settled_by, image.settled_at = (person if reading else None), clock.now()
    image.save(update_fields=["number", "standing", "why", "waybill", "settled_by", "settled_at"])
    detail: dict[str, Any] = {**postal.about(piece), "exhibits": [exhibit.sha256]}
    if reading and reading.signer:
        detail |= {"signer": reading.signer, "id_number_given": reading.id_number_given}
    told = said(person, "mail.receipt_scanned", detail, key=f"receipt_image:{image.sha256[:40]}")
    actions.record(service.id, told)
