"""At the scanner: a batch is counted and sealed, pieces are scanned onto the list on which they change hands.

A scan is answered in JSON for the page's own script, which never loses one; without the script the same form is sent
as any form is, and the answer stands on the page it comes back to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import PrintSite, Role
from songda.courts.queries import policy_of
from songda.desk.access import DeskRequest, at_desk
from songda.desk.pages.files import send
from songda.desk.people import shown_name
from songda.engine.mail import lists as engine
from songda.engine.mail import mailing
from songda.engine.mail.lists import Closing
from songda.engine.mail.mailing import VERDICTS, Scanned
from songda.engine.models import WorkItem
from songda.engine.saying import ActRefused
from songda.gateways.numbers import normalised
from songda.lib import clock
from songda.methods import custody
from songda.methods.mailroom import Batch, MailScan, Manifest
from songda.methods.models import PieceState, Waybill
from songda.papers.mail import BatchItem
from songda.papers.mail import Manifest as PackingList
from songda.papers.mail import manifest as packing_list
from songda.papers.parts import Matter

TONES = {"ok": messages.success, "info": messages.info, "danger": messages.error}
LAST_SCANS = 12


@dataclass(frozen=True, slots=True)
class Station:
    """What a worker does at a batch: its name, what they scan for, and where the scan goes."""

    code: str
    label: str
    words: str
    needs_sheets: bool = False


STATIONS = (
    Station("count", "核页", "扫描封面条码，清点张数后回车；页数相符才能封装。", needs_sheets=True),
    Station("seal", "封装", "核过页的装入封套，扫描封面条码即登记封装。"),
)
_BY_CODE = {station.code: station for station in STATIONS}


# ---- scanning --------------------------------------------------------------------------------------------------


def _count(request: DeskRequest, number: str) -> Scanned:
    sheets = request.POST.get("sheets", "").strip()
    if not (sheets.isascii() and sheets.isdecimal() and len(sheets) < 6):
        raise ActRefused("请清点后填写张数", "sheets")
    return mailing.count(request.seat.person, request.seat.court, number, int(sheets))


def _seal(request: DeskRequest, number: str) -> Scanned:
    return mailing.seal(request.seat.person, request.seat.court, number)


def _look(request: DeskRequest, number: str) -> Scanned:
    return mailing.look(request.seat.person, request.seat.court, number)


SCANS: dict[str, Callable[[DeskRequest, str], Scanned]] = {"count": _count, "look": _look, "seal": _seal}


@require_POST
@at_desk(Role.MAIL)
def scan(request: DeskRequest, place: str) -> HttpResponse:
    """One scan at a station."""
    if place not in SCANS:
        raise Http404("station")
    return answer(request, lambda number: SCANS[place](request, number))


@require_POST
@at_desk(Role.MAIL)
def enlist(request: DeskRequest, manifest_id: UUID) -> HttpResponse:
    """One scan onto a list."""
    seat = request.seat
    return answer(request, lambda number: engine.enlist(seat.person, seat.court, manifest_id, number))


def answer(request: DeskRequest, act: Callable[[str], Scanned]) -> HttpResponse:
    """Do the act of one scan and say what came of it: to the script, or on the page one comes back to."""
    number = request.POST.get("number", "")
    try:
        told = said(act(number))
    except ActRefused as refused:
        told = {"code": "refused", "tone": "danger", "words": refused.message, "number": normalised(number)[:64]}
    if request.headers.get("accept", "").startswith("application/json"):
        return JsonResponse(told)
    TONES[told["tone"]](request, f"{told['number']}：{told['words']}。")
    return redirect(_back(request))


def said(scanned: Scanned) -> dict[str, Any]:
    """What came of a scan, for the page: nothing of it names a person whole."""
    piece = scanned.piece
    return {
        "code": scanned.code,
        "tone": scanned.tone,
        "words": scanned.words,
        "number": scanned.number,
        "who": f"{shown_name(piece.service.party)} · {piece.service.case.number}" if piece else "",
        "href": reverse("desk:mail_piece", args=[piece.pk]) if piece else "",
    }


def _back(request: DeskRequest) -> str:
    back = request.POST.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, None) else reverse("desk:mail")


def last_scans(*places: str, **about: Any) -> list[dict[str, Any]]:
    """The latest scans at a place, the newest first, with what came of them."""
    rows = MailScan.objects.filter(place__in=places, **about).select_related("person").order_by("-at", "-id")
    return [
        {"number": row.number, "tone": VERDICTS[row.verdict][0], "label": _LABELS[row.verdict], "row": row}
        for row in rows[:LAST_SCANS]
    ]


_LABELS = {
    "counted": "核页相符",
    "counted_before": "已核过",
    "miscounted": "页数不符",
    "sealed": "已封装",
    "sealed_before": "已封装过",
    "listed": "已列入",
    "listed_before": "已在清单",
    "not_printed": "未打印",
    "not_counted": "未核页",
    "not_sealed": "未封装",
    "gone": "已交出",
    "elsewhere": "他站邮件",
    "not_returned": "未入库",
    "given_back": "已交还",
    "taken_in": "已入库",
    "in_before": "已入库过",
    "not_gone": "未交寄",
    "other_court": "他院邮件",
    "unknown": "没有此号",
    "malformed": "不是邮件号",
}


# ---- a batch ---------------------------------------------------------------------------------------------------


def _batch(batch_id: UUID) -> Batch:
    return get_object_or_404(Batch.objects.select_related("site", "court"), pk=batch_id)


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def batch(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """One site's day: its pieces with the step each is at, the station, and what is wrong."""
    found = _batch(batch_id)
    pieces = list(custody.pieces().filter(batch=found).order_by("made_at", "id"))
    station = _BY_CODE.get(request.GET.get("do", ""), STATIONS[0])
    shown = {
        "batch": found,
        "pieces": pieces,
        "figures": figures(pieces),
        "stations": STATIONS,
        "station": station,
        "action": reverse("desk:mail_scan", args=[station.code]),
        "scans": last_scans(station.code),
        "items": _items(pieces),
        "custody": policy_of(request.seat.court).mail_custody,
        "may_handle": request.seat.holds(Role.MAIL),
    }
    return render(request, "desk/mail/batch.html", shown)


def figures(pieces: list[Waybill]) -> list[tuple[str, int]]:
    """How many pieces wait at each step of the room."""
    steps = (PieceState.PRINTING, PieceState.PRINTED, PieceState.COUNTED, PieceState.SEALED)
    counted = [(str(step.label), sum(piece.state == step for piece in pieces)) for step in steps]
    return [*counted, ("已交出", len(pieces) - sum(n for _, n in counted))]


def _items(pieces: list[Waybill]) -> list[WorkItem]:
    services = {piece.service_id for piece in pieces}
    kinds = ("print_failed", "miscounted", "handover_late", "not_handed_over")
    rows = WorkItem.objects.filter(service__in=services, kind__in=kinds, done_at=None)
    return list(rows.select_related("service__case", "service__party", "owner").order_by("due_at"))


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def packing(_: DeskRequest, batch_id: UUID) -> HttpResponse:
    """The batch on paper: what the site prints and packs, one row an envelope, names masked."""
    found = _batch(batch_id)
    rows = custody.pieces().filter(batch=found).exclude(number="").order_by("number")
    paper = PackingList(
        matter=Matter(found.court.name, None),
        batch=found.number,
        site=found.site.name,
        made_at=clock.now(),
        items=tuple(_line(piece) for piece in rows),
    )
    response = HttpResponse(packing_list(paper), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


def _line(piece: Waybill) -> BatchItem:
    lines = piece.service.lines.select_related("document")
    return BatchItem(
        waybill=piece.number,
        recipient=shown_name(piece.service.party),
        case_number=piece.service.case.number or "",
        pages=piece.pages,
        papers=tuple(line.document.title for line in lines),
    )


# ---- lists -----------------------------------------------------------------------------------------------------


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def lists(request: DeskRequest) -> HttpResponse:
    """The lists, open ones first, and the sites where pieces lie sealed."""
    rows = Manifest.objects.select_related("site", "opened_by", "closed_by")
    sealed = list(custody.pieces().filter(state=PieceState.SEALED, manifest=None))
    waiting = {site: sum(piece.site_id == site.id for piece in sealed) for site in {piece.site for piece in sealed}}
    shown = {
        "open": list(rows.filter(closed_at=None).order_by("number")),
        "closed": list(rows.exclude(closed_at=None).order_by("-closed_at")[:100]),
        "sites": sorted(waiting.items(), key=lambda one: one[0].name),
        "may_handle": request.seat.holds(Role.MAIL),
    }
    return render(request, "desk/mail/lists.html", shown)


@require_POST
@at_desk(Role.MAIL)
def open_list(request: DeskRequest) -> HttpResponse:
    """Open the list of a site, or the one of returns where no site is named; an open one is gone on with."""
    division = request.POST.get("site", "")
    site = get_object_or_404(PrintSite, division_code=division) if division else None
    manifest = engine.open_list(request.seat.person, request.seat.court, site)
    return redirect("desk:mail_list", manifest.pk)


def _list(manifest_id: UUID) -> Manifest:
    rows = Manifest.objects.select_related("site", "opened_by", "closed_by", "court")
    return get_object_or_404(rows, pk=manifest_id)


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def one_list(request: DeskRequest, manifest_id: UUID) -> HttpResponse:
    return _show_list(request, _list(manifest_id))


def _show_list(request: DeskRequest, manifest: Manifest, **shown: Any) -> HttpResponse:
    """A list with its station, what is missing or too many, and its closing."""
    difference = engine.difference(manifest) if manifest.closed_at is None else None
    context = {
        "list": manifest,
        "pieces": list(engine.on_list(manifest).select_related("listed_by")),
        "difference": difference,
        "extra": [(number, _LABELS[why]) for number, why in difference.extra] if difference else [],
        "action": reverse("desk:mail_enlist", args=[manifest.pk]),
        "scans": last_scans(manifest.kind, manifest=manifest),
        "may_handle": request.seat.holds(Role.MAIL) and manifest.closed_at is None,
        "taken_by": "",
        "remark": "",
    }
    return render(request, "desk/mail/list.html", context | shown, status=422 if shown else 200)


@require_POST
@at_desk(Role.MAIL)
def strike(request: DeskRequest, manifest_id: UUID, piece_id: UUID) -> HttpResponse:
    try:
        engine.strike(request.seat.person, request.seat.court, manifest_id, piece_id)
    except ActRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已从清单移出。")
    return redirect("desk:mail_list", manifest_id)


@require_POST
@at_desk(Role.MAIL)
def close(request: DeskRequest, manifest_id: UUID) -> HttpResponse:
    """Close the list; what was typed stays where it is refused."""
    given = {name: request.POST.get(name, "") for name in ("taken_by", "seen", "remark")}
    try:
        closed = engine.close(request.seat.person, request.seat.court, manifest_id, Closing(**given))
    except ActRefused as refused:
        return _show_list(request, _list(manifest_id), refused=refused, **given)
    messages.success(request, f"已交接 {closed.count} 件，清单已归档。")
    return redirect("desk:mail_list", closed.pk)


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def list_paper(_: DeskRequest, manifest_id: UUID) -> HttpResponse:
    found = _list(manifest_id)
    if not found.sha256:
        raise Http404("list")
    return send(found.sha256, f"{found.get_kind_display()}清单{found.number}.pdf", "application/pdf")
