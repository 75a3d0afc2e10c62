"""The mail room's acts: counting, sealing, and putting pieces on a list that changes hands.

Each takes what a scanner read and answers with a verdict; whatever was scanned is kept, a wrong scan too. A piece is
held while it is judged, so that two workers never do the same twice; a scan repeated changes nothing and says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from songda.courts.models import Court, Membership, Person, Role
from songda.courts.queries import holds
from songda.engine import actions
from songda.engine.reading import locked
from songda.engine.saying import ActRefused, require, said
from songda.evidence.actions import Told
from songda.lib import clock
from songda.lib.tenancy import acting_for
from songda.methods import custody, postal
from songda.methods.custody import IN_THE_ROOM
from songda.methods.mailroom import MailScan, Manifest
from songda.methods.models import PieceState, Waybill

# What came of a scan: its tone, and the sentence that is shown and spoken.
VERDICTS: dict[str, tuple[str, str]] = {
    "countable": ("ok", "请清点张数"),
    "counted": ("ok", "核页相符，{pages} 页，可以封装"),
    "counted_before": ("info", "已经核过，{pages} 页"),
    "miscounted": ("danger", "页数不符：应有 {pages} 页，清点 {counted} 页，不得封装"),
    "sealed": ("ok", "已封装"),
    "sealed_before": ("info", "已经封装过"),
    "listed": ("ok", "已列入清单"),
    "listed_before": ("info", "已在本清单上"),
    "not_printed": ("danger", "还没有打印完成"),
    "not_counted": ("danger", "还没有核页，不得封装"),
    "not_sealed": ("danger", "还没有封装，不得交接，请取出"),
    "gone": ("danger", "已经交给邮政，请核对是否拿错"),
    "elsewhere": ("danger", "是{site}的邮件，请取出"),
    "not_returned": ("danger", "没有退件入库记录，请先入库"),
    "given_back": ("danger", "已经交还法院"),
    "taken_in": ("ok", "退件已入库"),
    "in_before": ("info", "已经入库"),
    "not_gone": ("danger", "还没有交寄，不能作为退件入库"),
    "other_court": ("danger", "是{court}的邮件，请取出"),
    "unknown": ("danger", "本院没有这个邮件号，请取出核对"),
    "malformed": ("danger", "不是邮件号，请再扫一次"),
}


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of one scan."""

    code: str
    number: str
    tone: str
    words: str
    piece: Waybill | None = None


Judge = Callable[[Waybill], str]


def may_handle(person: Person, court_id: UUID) -> None:
    """Raises ActRefused for who does not work in this court's mail room."""
    if not holds(person, court_id, Role.MAIL):
        raise ActRefused("您没有办理邮寄的角色")


def scan(
    person: Person, court: Court, place: str, scanned: str, judge: Judge, manifest: Manifest | None = None, **more: Any
) -> Scanned:
    """Find the piece, hold it, let `judge` act on it, keep the scan. Call inside the court's scope."""
    may_handle(person, court.id)
    sought = custody.seek(scanned)
    piece = _held(sought.piece) if sought.piece else None
    code = judge(piece) if piece else sought.trouble
    where = _elsewhere(person, court, sought.number) if code == "unknown" else ""
    code = "other_court" if where else code
    MailScan.objects.create(
        court=court,
        place=place,
        number=sought.number,
        verdict=code,
        person=person,
        at=clock.now(),
        waybill=piece,
        manifest=manifest,
    )
    tone, words = VERDICTS[code]
    shown = {
        "pages": piece.pages if piece else 0,
        "site": piece.site.name if piece else "",
        "court": where,
        **more,
    }
    return Scanned(code, sought.number, tone, words.format(**shown), piece)


def _held(piece: Waybill) -> Waybill:
    """The service first, then the piece: whoever changes anything of a service takes it first."""
    locked(piece.service_id)
    return custody.locked(piece.id)


def _elsewhere(person: Person, court: Court, number: str) -> str:
    """The other court whose piece this is, where the person works in its mail room too; else nothing is said."""
    others = (
        Membership.objects.filter(person=person, role=Role.MAIL).exclude(court=court).values_list("court", flat=True)
    )
    if not others:
        return ""
    with acting_for(*others):
        found = Waybill.objects.filter(number=number).select_related("court").first()
    return found.court.short_name if found else ""


def _tell(piece: Waybill, person: Person, name: str, private: dict[str, Any] | None = None, **detail: Any) -> None:
    actions.record(piece.service_id, said(person, name, {**postal.about(piece), **detail}, private))
    piece.refresh_from_db(fields=["state", "heard_at"])


# ---- counting --------------------------------------------------------------------------------------------------


def count(person: Person, court: Court, scanned: str, sheets: int) -> Scanned:
    """A person counted the printed pages of a piece: one page a sheet, as jobs are printed on one side."""

    def judge(piece: Waybill) -> str:
        code = _before_sealing(piece)
        if code:
            return code
        agrees = sheets == piece.pages
        if agrees and piece.counted_at is not None:
            return "counted_before"
        if not agrees and piece.counted_at is None and piece.counted_pages == sheets:
            return "miscounted"
        piece.counted_pages, piece.counted_by = sheets, person
        piece.counted_at = clock.now() if agrees else None
        piece.save(update_fields=["counted_pages", "counted_by", "counted_at"])
        if agrees:
            _tell(piece, person, "mail.counted", pages=sheets)
        else:
            _tell(piece, person, "mail.miscounted", pages=sheets, expected=piece.pages)
        return "counted" if agrees else "miscounted"

    if sheets < 0:
        raise ActRefused("页数填写有误", "sheets")
    return scan(person, court, "count", scanned, judge, counted=sheets)


def look(person: Person, court: Court, scanned: str) -> Scanned:
    """Before the sheets are counted: whether this piece is to be counted at all. Kept is only a scan that went wrong,
    for the count itself will be."""
    piece = custody.seek(scanned).piece
    if piece is None or _before_sealing(piece):
        return scan(person, court, "count", scanned, lambda held: _before_sealing(held) or "countable")
    may_handle(person, court.id)
    tone, words = VERDICTS["countable"]
    return Scanned("countable", piece.number, tone, words, piece)


def _before_sealing(piece: Waybill) -> str:
    """Why a piece cannot be counted; empty where it can."""
    if piece.state in {PieceState.ORDERED, PieceState.PRINTING}:
        return "not_printed"
    if piece.state == PieceState.SEALED:
        return "sealed_before"
    return "" if piece.state in IN_THE_ROOM else "gone"


# ---- sealing ---------------------------------------------------------------------------------------------------


def seal(person: Person, court: Court, scanned: str) -> Scanned:
    """The counted papers are in their envelope and it is shut."""

    def judge(piece: Waybill) -> str:
        if code := _before_sealing(piece):
            return code
        if piece.counted_at is None:
            return "not_counted" if piece.counted_pages is None else "miscounted"
        piece.sealed_at, piece.sealed_by = clock.now(), person
        piece.save(update_fields=["sealed_at", "sealed_by"])
        _tell(piece, person, "mail.sealed", pages=piece.counted_pages)
        return "sealed"

    piece = custody.seek(scanned).piece
    return scan(person, court, "seal", scanned, judge, counted=piece.counted_pages if piece else 0)


# ---- printing anew ---------------------------------------------------------------------------------------------


def print_again(person: Person, court: Court, piece_id: UUID, reason: str) -> Waybill:
    """Discard what was printed of a piece and print it again, with a reason. Raises ActRefused once it has left."""
    may_handle(person, court.id)
    piece = Waybill.objects.filter(id=piece_id).first()
    if piece is None:
        raise ActRefused("没有这件邮件")
    piece = _held(piece)
    actions.record(piece.service_id, discarded(piece, person, reason))
    return piece


def discarded(piece: Waybill, person: Person, reason: str) -> list[Told]:
    """Send the piece's papers to the printer once more; the fact says who had it done and why."""
    require(reason, "作废重印须说明理由")
    if not piece.number:
        raise ActRefused("还没有邮件号，不能打印")
    if piece.state not in IN_THE_ROOM:
        raise ActRefused("邮件已经交出，不能重印")
    if piece.manifest_id is not None:
        raise ActRefused("邮件在交接清单上，请先从清单移出")
    postal.print_anew(piece)
    detail = {**postal.about(piece), "copy": piece.copy}
    return [said(person, "papers.discarded", detail, {"reason": reason}, key=f"discarded:{piece.id}:{piece.copy}")]
