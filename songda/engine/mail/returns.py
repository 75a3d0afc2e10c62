"""退件入库: a returned piece lies with the post again: why, what its cover shows, on which shelf.

What the carrier's scans say stands beside what the cover says. A return is told once: by whoever learns of it first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from songda.courts.models import Court, Person
from songda.engine import actions
from songda.engine.mail.mailing import Scanned, may_handle, scan
from songda.engine.performing import open_work
from songda.engine.reading import locked
from songda.engine.saying import ActRefused, said
from songda.evidence.actions import Told
from songda.evidence.models import Fact
from songda.gateways.reading import rows
from songda.law.facts import RETURN_REASONS
from songda.lib import clock
from songda.methods import custody, postal
from songda.methods.actions import keep_exhibit
from songda.methods.mailroom import ReturnedPiece
from songda.methods.models import PieceState, Waybill
from songda.papers.scans import NotAReceipt, Sheet, opened

# Before the carrier has it, nothing can come back.
_TOO_EARLY = frozenset({PieceState.ORDERED, PieceState.PRINTING, PieceState.PRINTED, PieceState.COUNTED})


@dataclass(frozen=True, slots=True)
class Return:
    """What a person sees on a returned piece. `because` is a code of the law's reasons of return."""

    because: str
    shelf: str
    remark: str = ""
    cover: bytes = b""


def causes() -> Mapping[str, str]:
    """The law's reasons of return, each with the carrier's own words that mean it."""
    words: dict[str, list[str]] = {}
    for row in rows("failure_reasons.csv"):
        words.setdefault(row["because"], []).append(row["name_zh"])
    return {code: _with(name, words.get(code, [])) for code, name in RETURN_REASONS.items()}


def _with(name: str, meant: list[str]) -> str:
    others = [one for one in dict.fromkeys(meant) if one != name][:4]
    return f"{name}（{'、'.join(others)}）" if others else name


def carrier_says(piece: Waybill) -> str:
    """Why the piece came back, by the carrier's own scans; empty while they do not say."""
    told = Fact.objects.filter(about=piece.service_id, detail__waybill=piece.number, speaker="carrier")
    said_so = told.filter(name__in=("mail.returned", "mail.return_scanned")).order_by("learnt_at").last()
    return str(said_so.detail.get("because", "")) if said_so else ""


def take_in(person: Person, court: Court, scanned: str, seen: Return) -> Scanned:
    """A returned piece is back: keep why and where it lies. Raises ActRefused for a wrong cause, a missing shelf, or a
    cover that is no picture; a piece taken in before is said to be so."""
    if seen.because not in RETURN_REASONS:
        raise ActRefused("请选择退回原因", "because")
    if not custody.printable(seen.shelf):
        raise ActRefused("请填写存放位置", "shelf")
    cover = _cover(seen.cover)

    def judge(piece: Waybill) -> str:
        if ReturnedPiece.objects.filter(waybill=piece).exists():
            return "in_before"
        if piece.state in _TOO_EARLY:
            return "not_gone"
        _keep(person, court, piece, seen, cover)
        return "taken_in"

    return scan(person, court, "return", scanned, judge)


def _cover(content: bytes) -> Sheet | None:
    if not content:
        return None
    try:
        sheets = opened(content)
    except NotAReceipt as no:
        raise ActRefused(str(no), "cover") from no
    return sheets[0]


def _keep(person: Person, court: Court, piece: Waybill, seen: Return, cover: Sheet | None) -> None:
    service = locked(piece.service_id)
    theirs = carrier_says(piece)
    exhibit = cover and keep_exhibit(service, kind="receipt", content=cover.content, media_type=cover.media_type)
    ReturnedPiece.objects.create(
        court=court,
        waybill=piece,
        because=seen.because,
        carrier_says=theirs,
        remark=seen.remark.strip(),
        cover_sha256=exhibit.sha256 if exhibit else "",
        shelf=custody.printable(seen.shelf)[:32],
        taken_in_by=person,
        taken_in_at=clock.now(),
    )
    shown = {"exhibits": [exhibit.sha256]} if exhibit else {}
    actions.record(service.id, _told(person, piece, seen, theirs, shown))
    piece.refresh_from_db(fields=["state", "heard_at"])
    if theirs and theirs != seen.because:
        disagree(piece, seen.because, theirs)


def _told(person: Person, piece: Waybill, seen: Return, theirs: str, shown: Mapping[str, Any]) -> list[Told]:
    about = {**postal.about(piece), "because": seen.because, **shown}
    private = {"remark": seen.remark} if seen.remark else None
    told = [] if theirs else [said(person, "mail.returned", about, private, key=f"returned:{piece.id}")]
    if shown:
        told.append(said(person, "mail.receipt_scanned", {**postal.about(piece), **shown}, key=f"cover:{piece.id}"))
    told.append(
        said(person, "mail.shelved", {**about, "shelf": custody.printable(seen.shelf)[:32]}, key=f"shelved:{piece.id}")
    )
    return told


def disagree(piece: Waybill, because: str, theirs: str) -> None:
    """Cover and carrier give different reasons: a person of the mail room finds out which is right."""
    reason = (
        f"邮件 {piece.number}：封面为“{RETURN_REASONS[because]}”，投递局信息为“{RETURN_REASONS.get(theirs, theirs)}”"
    )
    about: dict[str, object] = {"waybill": piece.number, "contact": str(piece.contact_point_id)}
    open_work(piece.service, "return_disagrees", f"return_disagrees:{piece.number}", reason=reason, detail=about)


def heard_after(piece: Waybill, because: str) -> bool:
    """The carrier tells of a return. True where the piece was taken in before: then the return is told already, and
    only what the carrier gives as its reason is new."""
    back = ReturnedPiece.objects.filter(waybill=piece).first()
    if back is None or not Fact.objects.filter(about=piece.service_id, source_key=f"returned:{piece.id}").exists():
        return False
    ReturnedPiece.objects.filter(id=back.id).update(carrier_says=because)
    if because != back.because:
        disagree(piece, back.because, because)
    return True


def move(person: Person, court: Court, piece_id: UUID, shelf: str) -> None:
    """Put a returned piece on another shelf."""
    may_handle(person, court.id)
    if not custody.printable(shelf):
        raise ActRefused("请填写存放位置", "shelf")
    moved = ReturnedPiece.objects.filter(waybill=piece_id, given_back_at=None).update(
        shelf=custody.printable(shelf)[:32]
    )
    if not moved:
        raise ActRefused("这件退件不在库")


def in_store() -> list[ReturnedPiece]:
    """Returned pieces that lie with the post, by shelf."""
    along = ("waybill__service__case", "waybill__service__party", "waybill__site", "taken_in_by", "manifest")
    return list(ReturnedPiece.objects.filter(given_back_at=None).select_related(*along).order_by("shelf", "id"))
