"""交接清单: pieces that change hands, scanned one by one, then closed with both sides' names.

One list is open at a time for a site, so two workers scan into the same one. What is missing or too many is named, and
the list is closed only by who has seen those very names and said what became of them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from songda.courts.models import Court, Person, PrintSite
from songda.engine import actions
from songda.engine.mail.mailing import Scanned, may_handle, scan
from songda.engine.reading import locked
from songda.engine.saying import ActRefused, require, said
from songda.evidence.actions import Told
from songda.evidence.models import Fact
from songda.gateways import dispatch
from songda.gateways.models import Dispatch
from songda.lib import clock, masking, vault
from songda.methods import custody, postal
from songda.methods.actions import keep_paper
from songda.methods.mailroom import Manifest, ReturnedPiece
from songda.methods.models import PieceState, Waybill
from songda.papers.mail import HandoverItem, HandoverList, handover_list
from songda.papers.parts import Matter

_PREFIX = {Manifest.Kind.TO_CARRIER: "JJ", Manifest.Kind.TO_COURT: "TJ"}


def open_list(person: Person, court: Court, site: PrintSite | None = None) -> Manifest:
    """The list into which pieces of this site are scanned; without a site, that of pieces given back to the court."""
    may_handle(person, court.id)
    kind = Manifest.Kind.TO_CARRIER if site else Manifest.Kind.TO_COURT
    there = Manifest.objects.filter(court=court, kind=kind, site=site, closed_at=None)
    try:
        with transaction.atomic():
            return there.first() or _new_list(person, court, kind, site)
    except IntegrityError:
        # Somebody opened it in the same moment.
        return there.get()


def _new_list(person: Person, court: Court, kind: Manifest.Kind, site: PrintSite | None) -> Manifest:
    head = f"{_PREFIX[kind]}{clock.today():%Y%m%d}" + (f"-{site.division_code}" if site else "")
    count = Manifest.objects.filter(court=court, number__startswith=f"{head}-").count()
    return Manifest.objects.create(
        court=court, kind=kind, site=site, number=f"{head}-{count + 1:02d}", opened_by=person, opened_at=clock.now()
    )


# ---- scanning --------------------------------------------------------------------------------------------------


def enlist(person: Person, court: Court, manifest_id: UUID, scanned: str) -> Scanned:
    """Put the scanned piece on the list, if it may change hands."""
    manifest = _held_open(court, manifest_id)
    judge = _to_carrier if manifest.kind == Manifest.Kind.TO_CARRIER else _to_court
    return scan(person, court, manifest.kind, scanned, judge(manifest, person), manifest)


def _held_open(court: Court, manifest_id: UUID) -> Manifest:
    """The list, held: one scan or closing of it at a time."""
    lists = Manifest.objects.select_for_update(of=("self",)).select_related("site")
    manifest = lists.filter(id=manifest_id, court=court).first()
    if manifest is None:
        raise ActRefused("没有这张清单")
    if manifest.closed_at is not None:
        raise ActRefused("清单已经交接，不能再改；请扫入新的清单")
    return manifest


def _to_carrier(manifest: Manifest, person: Person) -> Callable[[Waybill], str]:
    def judge(piece: Waybill) -> str:
        if piece.site_id != manifest.site_id:
            return "elsewhere"
        if piece.manifest_id == manifest.id:
            return "listed_before"
        if piece.state != PieceState.SEALED:
            return _NOT_YET.get(PieceState(piece.state), "gone")
        piece.manifest, piece.listed_at, piece.listed_by = manifest, clock.now(), person
        piece.save(update_fields=["manifest", "listed_at", "listed_by"])
        return "listed"

    return judge


_NOT_YET = {
    PieceState.ORDERED: "not_printed",
    PieceState.PRINTING: "not_printed",
    PieceState.PRINTED: "not_sealed",
    PieceState.COUNTED: "not_sealed",
}


def _to_court(manifest: Manifest, _person: Person) -> Callable[[Waybill], str]:
    def judge(piece: Waybill) -> str:
        back = ReturnedPiece.objects.filter(waybill=piece).first()
        if back is None:
            return "not_returned"
        if back.given_back_at is not None:
            return "given_back"
        if back.manifest_id == manifest.id:
            return "listed_before"
        ReturnedPiece.objects.filter(id=back.id).update(manifest=manifest)
        return "listed"

    return judge


def strike(person: Person, court: Court, manifest_id: UUID, piece_id: UUID) -> None:
    """Take a piece off an open list again: it was scanned by mistake, or is held back."""
    may_handle(person, court.id)
    manifest = _held_open(court, manifest_id)
    Waybill.objects.filter(id=piece_id, manifest=manifest).update(manifest=None, listed_at=None, listed_by=None)
    ReturnedPiece.objects.filter(waybill=piece_id, manifest=manifest).update(manifest=None)


# ---- what does not agree ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """What a list lacks and what was scanned that has no place on it."""

    missing: tuple[Waybill, ...]
    # Number and why, as it was said at the scan.
    extra: tuple[tuple[str, str], ...]

    @cached_property
    def mark(self) -> str:
        """Names this very difference: who closes the list says which one they saw."""
        names = [*(piece.number for piece in self.missing), "|", *(number for number, _ in self.extra)]
        return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra)


def on_list(manifest: Manifest) -> QuerySet[Waybill]:
    """The pieces on a list, in the order in which they were scanned."""
    if manifest.kind == Manifest.Kind.TO_CARRIER:
        return custody.pieces().filter(manifest=manifest).order_by("listed_at", "id")
    return custody.pieces().filter(returned__manifest=manifest).order_by("returned__shelf", "id")


def difference(manifest: Manifest) -> Difference:
    """Sealed pieces of the site that nobody scanned, and scans that were refused and not set right since."""
    if manifest.kind == Manifest.Kind.TO_CARRIER:
        missing = custody.pieces().filter(site=manifest.site, state=PieceState.SEALED, manifest=None).order_by("number")
    else:
        missing = custody.pieces().none()
    there = set(on_list(manifest).values_list("number", flat=True))
    refused = manifest.scans.exclude(verdict__in=_NOT_EXTRA).order_by("at").values_list("number", "verdict")
    extra = {number: verdict for number, verdict in refused if number not in there}
    return Difference(tuple(missing), tuple(sorted(extra.items())))


# A list's own verdicts, and noise that names no piece.
_NOT_EXTRA = ("listed", "listed_before", "malformed")


# ---- closing ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Closing:
    """What closes a list: who takes the pieces over, which difference was seen, and what is said of it."""

    taken_by: str
    seen: str
    remark: str = ""


def close(person: Person, court: Court, manifest_id: UUID, closing: Closing) -> Manifest:
    """Hand the listed pieces over: a paper with both names, and a fact on each piece. Raises ActRefused for an empty
    list, a missing name, or a difference that is not the one seen, or of which nothing is said."""
    may_handle(person, court.id)
    manifest = _held_open(court, manifest_id)
    pieces = list(on_list(manifest))
    _check(manifest, pieces, closing)
    for service_id in sorted({piece.service_id for piece in pieces}):
        locked(service_id)
    manifest.closed_by, manifest.closed_at, manifest.count = person, clock.now(), len(pieces)
    manifest.taken_by, manifest.remark = custody.printable(closing.taken_by), custody.printable(closing.remark)[:300]
    pdf = _paper(court, manifest, pieces)
    manifest.sha256 = vault.put(pdf)
    manifest.save()
    for piece in pieces:
        _hand_over(person, manifest, piece, pdf)
    return manifest


def _check(manifest: Manifest, pieces: list[Waybill], closing: Closing) -> None:
    if not pieces:
        raise ActRefused("清单上还没有邮件")
    if len(custody.printable(closing.taken_by)) < 2:
        raise ActRefused("请填写接收人姓名", "taken_by")
    found = difference(manifest)
    if not found:
        return
    if found.mark != closing.seen:
        raise ActRefused("清单有了变化，请再核对一遍缺少的和多出的邮件", "seen")
    require(closing.remark, "有缺少或者多出的邮件，请说明怎样处理")


def _hand_over(person: Person, manifest: Manifest, piece: Waybill, pdf: bytes) -> None:
    title = f"{manifest.get_kind_display()}清单 {manifest.number}"
    keep_paper(piece.service, kind="manifest", title=title, key=f"manifest:{manifest.id}", pdf=pdf)
    actions.record(piece.service_id, _TOLD[Manifest.Kind(manifest.kind)](person, manifest, piece))


def _taken_by_carrier(person: Person, manifest: Manifest, piece: Waybill) -> list[Told]:
    order = postal.order_key(piece)
    if Dispatch.objects.filter(key=order).exists():
        dispatch.plan(
            piece.court_id,
            key=f"{piece.service_id}:handover:{piece.contact_point_id}:{piece.turn}",
            counterparty="carrier_handover",
            about=piece.service_id,
            request={"order": order, "manifest": manifest.number},
        )
    return [said(person, "mail.handed_over", _detail(manifest, piece), key=f"handed_over:{manifest.id}:{piece.id}")]


def _given_back(person: Person, manifest: Manifest, piece: Waybill) -> list[Told]:
    """The piece itself is with the court, as the law wants of a return; the carrier need not close it any more."""
    ReturnedPiece.objects.filter(waybill=piece).update(given_back_at=manifest.closed_at)
    told = [said(person, "mail.given_back", _detail(manifest, piece), key=f"given_back:{piece.id}")]
    closed = Fact.objects.filter(about=piece.service_id, name="mail.closed", detail__waybill=piece.number)
    if not closed.exists():
        told.append(said(person, "mail.closed", _detail(manifest, piece), key=f"closed:{piece.id}"))
    return told


_TOLD: dict[Manifest.Kind, Callable[[Person, Manifest, Waybill], list[Told]]] = {
    Manifest.Kind.TO_CARRIER: _taken_by_carrier,
    Manifest.Kind.TO_COURT: _given_back,
}


def _detail(manifest: Manifest, piece: Waybill) -> dict[str, Any]:
    return {**postal.about(piece), "manifest": manifest.number, "sha256": manifest.sha256}


def _paper(court: Court, manifest: Manifest, pieces: list[Waybill]) -> bytes:
    """Names of people are masked: who carries a letter reads it off the envelope, who reads a list need not."""
    assert manifest.closed_by is not None
    assert manifest.closed_at is not None
    post, carrier = "邮政驻院服务中心", "邮政揽投部"
    to_carrier = manifest.kind == Manifest.Kind.TO_CARRIER
    return handover_list(
        HandoverList(
            matter=Matter(court.name, None),
            title="邮件交接清单" if to_carrier else "退件交还清单",
            number=manifest.number,
            place=manifest.site.name if manifest.site else court.name,
            made_at=manifest.closed_at,
            given_by=(post, manifest.closed_by.name),
            taken_by=(carrier if to_carrier else court.name, manifest.taken_by),
            remark=manifest.remark,
            items=tuple(_item(piece) for piece in pieces),
        )
    )


def _item(piece: Waybill) -> HandoverItem:
    party = piece.service.party
    back = ReturnedPiece.objects.filter(waybill=piece).first()
    return HandoverItem(
        waybill=piece.number,
        recipient=party.name if party.kind == "organisation" else masking.name(party.name),
        case_number=piece.service.case.number or "",
        pages=piece.pages,
        remark=f"存放 {back.shelf}" if back else "",
    )
