"""邮寄: where the day's mail stands, pieces by their state, one piece whole, and pieces of which nothing is heard."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case as Choose
from django.db.models import Count, IntegerField, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import PrintSite, Role
from songda.courts.queries import policy_of
from songda.desk import course, pieces
from songda.desk.access import DeskRequest, at_desk
from songda.desk.listing import Column, Listing, Nothing
from songda.desk.pages.files import send
from songda.desk.pages.orders import Link
from songda.desk.people import colleagues, shown_name
from songda.desk.search import PART_OF_NUMBER
from songda.engine import acts as engine
from songda.engine.mail import asking, mailing
from songda.engine.models import WorkItem
from songda.engine.saying import ActRefused
from songda.engine.standing import struck
from songda.evidence.models import Fact
from songda.evidence.queries import course_of
from songda.gateways.models import Dispatch
from songda.lib import clock
from songda.methods import custody, postal
from songda.methods.mailroom import Batch, Manifest, ReceiptImage, ReturnedPiece
from songda.methods.models import Exhibit, Paper, PieceState, Waybill

SHOWN = 100
# Earlier batches stay on the first page while something of them lies in the room.
_STEPS = (PieceState.PRINTING, PieceState.PRINTED, PieceState.COUNTED, PieceState.SEALED)
MAIL_KINDS = (
    *("print_failed", "miscounted", "handover_late", "not_handed_over", "address_gate", "unread_scan"),
    *("carrier_silent", "result_incomplete", "return_disagrees", "not_sent"),
)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch on the first page: how many pieces wait at each step of the room, and how many have left it."""

    batch: Batch
    steps: tuple[int, ...]
    gone: int
    total: int
    earlier: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What waits elsewhere in the zone."""

    to_check: int
    in_store: int
    silent: int
    away: int


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def mail(request: DeskRequest) -> HttpResponse:
    """Today's batches and those not empty yet, what needs a person, and the ways to the zone's other pages."""
    items = WorkItem.objects.filter(Q(role=Role.MAIL) | Q(kind__in=MAIL_KINDS), done_at=None)
    shown = {
        "lines": batch_lines(),
        "steps": [state.label for state in _STEPS],
        "open_lists": Manifest.objects.filter(closed_at=None).select_related("site").order_by("number"),
        "tally": tally(request),
        "custody": policy_of(request.seat.court).mail_custody,
        "items": list(items.select_related("service__case", "service__party", "owner").order_by("due_at", "id")[:20]),
    }
    return render(request, "desk/mail/mail.html", shown)


def batch_lines() -> list[BatchLine]:
    """One query."""
    counted = {f"at_{state}": Count("pieces", filter=Q(pieces__state=state)) for state in _STEPS}
    rows = Batch.objects.select_related("site").annotate(total=Count("pieces"), **counted)
    today = clock.today()
    lines = []
    for row in rows.order_by("-day", "site__name")[: 4 * SHOWN]:
        steps = tuple(int(getattr(row, f"at_{state}")) for state in _STEPS)
        if row.day == today or any(steps):
            total = int(row.total)
            lines.append(BatchLine(row, steps, total - sum(steps), total, row.day < today))
    return lines


def tally(request: DeskRequest) -> Tally:
    return Tally(
        to_check=ReceiptImage.objects.filter(standing="to_check").count(),
        in_store=ReturnedPiece.objects.filter(given_back_at=None).count(),
        silent=custody.pieces().filter(patience_of(request).ended).count(),
        away=custody.away().count(),
    )


def patience_of(request: DeskRequest) -> custody.Patience:
    """How long this court lets a piece be silent, as moments."""
    policy, now = policy_of(request.seat.court), clock.now()
    return custody.Patience(now - policy.hours("carrier_silence_days"), now - policy.hours("result_complete_days"))


# ---- every piece -----------------------------------------------------------------------------------------------


def _link(piece: Waybill) -> Link:
    return Link(reverse("desk:mail_piece", args=[piece.pk]), piece.number or "待取号")


COLUMNS = (
    Column("邮件号", _link, "parts/cells/link.html", sort="number", plain=lambda piece: piece.number),
    Column("受送达人", lambda piece: shown_name(piece.service.party)),
    Column("案号", lambda piece: piece.service.case.number, sort="service__case__number"),
    Column("打印点", lambda piece: piece.site.name, sort="site__name"),
    Column("页数", lambda piece: piece.pages, sort="pages", number=True),
    Column("状态", lambda piece: piece, "parts/cells/piece.html", sort="state", plain=lambda p: p.get_state_display()),
    Column("最近信息", lambda piece: piece.heard_at, "parts/cells/moment.html", sort="heard_at"),
    Column("下单", lambda piece: piece.made_at, "parts/cells/moment.html", sort="made_at"),
)


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER, Role.CLERK, Role.MANAGER)
def all_pieces(request: DeskRequest) -> HttpResponse:
    """Pieces by state, site, and whatever is typed."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "group", "state", "site")}
    listing = Listing(
        request,
        _narrow(custody.pieces(), asked),
        title="邮件",
        columns=COLUMNS,
        order="-made_at",
        nothing=Nothing("没有找到", f"邮件号可以只写末四位以上；姓名、电话要写全；{PART_OF_NUMBER}。"),
    )
    if request.GET.get("export") == "csv":
        return listing.csv("mail")
    shown = {
        "listing": listing,
        "asked": asked,
        "groups": [("", "全部"), *((code, label) for code, (label, _) in pieces.GROUPS.items())],
        "states": PieceState.choices,
        "sites": PrintSite.objects.order_by("name"),
    }
    return render(request, "desk/mail/pieces.html", shown)


def _narrow(rows: QuerySet[Waybill], asked: dict[str, str]) -> QuerySet[Waybill]:
    if asked["group"] in pieces.GROUPS:
        rows = rows.filter(state__in=pieces.GROUPS[asked["group"]][1])
    if asked["state"] in PieceState.values:
        rows = rows.filter(state=asked["state"])
    if asked["site"].isdecimal():
        rows = rows.filter(site__division_code=asked["site"])
    return pieces.about(rows, asked["q"]) if asked["q"] else rows


# ---- one piece -------------------------------------------------------------------------------------------------


def find(piece_id: UUID) -> Waybill:
    piece = custody.pieces().select_related("counted_by", "sealed_by", "manifest").filter(pk=piece_id).first()
    if piece is None:
        raise Http404("piece")
    return piece


@require_GET
@at_desk()
def one(request: DeskRequest, piece_id: UUID) -> HttpResponse:
    """One piece: what it should hold, who did what with it when, every scan with who says so, and what comes next."""
    piece = find(piece_id)
    facts = custody.facts_about(piece)
    printed = next((fact.happened_at for fact in reversed(facts) if fact.name == "papers.printed"), None)
    back = ReturnedPiece.objects.filter(waybill=piece).select_related("taken_in_by").first()
    shown = {
        "piece": piece,
        "lines": piece.service.lines.select_related("document"),
        "next": pieces.next_of(piece, policy_of(request.seat.court), printed),
        "facts": _timeline(piece),
        "printed_at": printed,
        "back": back,
        "carrier_reason": back.carrier_says if back else "",
        "jobs": _jobs(piece),
        "work": list(WorkItem.objects.filter(service=piece.service, kind__in=MAIL_KINDS, done_at=None)),
        "papers": list(Paper.objects.filter(service=piece.service, kind__in=("envelope", "manifest", "label"))),
        "receipt": Exhibit.objects.filter(service=piece.service, sha256=piece.receipt_sha256 or "-").first(),
        "may_handle": request.seat.holds(Role.MAIL),
        "may_print": piece.state in custody.IN_THE_ROOM and piece.manifest_id is None,
        "may_ask": bool(piece.number) and piece.state not in custody.IN_THE_ROOM | custody.ENDED,
    }
    return render(request, "desk/mail/piece.html", shown)


def _timeline(piece: Waybill) -> list[course.Told]:
    """Everything said about the piece, what was struck too."""
    told = [fact for fact in course_of(piece.service_id) if piece.number and fact.detail.get("waybill") == piece.number]
    exhibits = {
        shown.sha256: course.Evidence(shown.get_kind_display(), reverse("desk:exhibit", args=[shown.pk]))
        for shown in Exhibit.objects.filter(service=piece.service)
    }
    out = struck(Fact.objects.filter(about=piece.service_id, name="service.corrected"))
    return course.timeline(told, out, colleagues(told), exhibits)


JOB_WORDS = {
    "planned": "等打印机",
    "under_way": "正在发往打印机",
    "done": "打印机已接收",
    "failed": "打印失败",
    "unknown": "结果不明",
}


@dataclass(frozen=True, slots=True)
class Job:
    """One print job of a piece as the page shows it."""

    copy: int
    words: str
    trouble: str
    at: datetime
    is_bad: bool


def _jobs(piece: Waybill) -> list[Job]:
    """The piece's print jobs, the newest first: where each stands, and what the printer complains of."""
    mine = f":print:{piece.contact_point_id}:" + (f"{piece.turn}:" if piece.turn else "") + "job"
    rows = Dispatch.objects.filter(about=piece.service_id, counterparty__in=("printing", "print_watch"))
    found: dict[int, list[Dispatch]] = {}
    for row in rows.order_by("planned_at"):
        if mine in row.key:
            found.setdefault(postal.copy_of(row), []).append(row)
    return [_job(copy, found[copy]) for copy in sorted(found, reverse=True)]


def _job(copy: int, rows: Sequence[Dispatch]) -> Job:
    last = max(rows, key=lambda row: row.counterparty == "print_watch")
    came_out = last.counterparty == "print_watch" and last.state == Dispatch.State.DONE
    bad = last.state in {Dispatch.State.FAILED, Dispatch.State.UNKNOWN} or (bool(last.problem) and not came_out)
    words = "已打印" if came_out else JOB_WORDS[last.state]
    if last.counterparty == "print_watch" and last.state in {Dispatch.State.PLANNED, Dispatch.State.UNDER_WAY}:
        words = "打印中"
    return Job(copy, words, "" if came_out else trouble_words(last.problem), last.planned_at, bad)


def trouble_words(problem: str) -> str:
    """A print job's problem for people."""
    known = {
        "print job stopped": "打印机停住了",
        "print job aborted": "打印机中止了作业",
        "print job cancelled": "作业在打印机上被取消",
        "print job waiting": "",
        "print job printing": "",
        "printer lost the job": "打印机上找不到这份作业",
        "printer unreachable": "连不上打印机",
    }
    for said, words in known.items():
        if problem.startswith(said):
            rest = problem.removeprefix(said).strip()
            return f"{words}：{rest}" if rest and words else words or rest
    return problem


@require_POST
@at_desk(Role.MAIL)
def label(request: DeskRequest, piece_id: UUID) -> HttpResponse:
    """The waybill's label. It shows name, address and telephone whole, so that it was printed is kept as a fact."""
    piece = find(piece_id)
    if not piece.number:
        messages.error(request, "还没有邮件号，不能打印面单。")
        return redirect("desk:mail_piece", piece.pk)
    engine.reveal(piece.service, request.seat.person, "label", "填写或核对邮件面单")
    paper = postal.label(piece, request.build_absolute_uri(reverse("desk:mail_piece", args=[piece.pk])))
    return send(paper.sha256, f"面单{piece.number}.pdf", "application/pdf")


@require_POST
@at_desk(Role.MAIL)
def print_again(request: DeskRequest, piece_id: UUID) -> HttpResponse:
    piece = find(piece_id)
    try:
        mailing.print_again(request.seat.person, request.seat.court, piece.pk, request.POST.get("reason", ""))
    except ActRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "原件作废，已重新送往打印点；打印后须重新核页、封装。")
    return redirect("desk:mail_piece", piece.pk)


# ---- silence ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Silent:
    """A piece of which nothing is heard: for how long, what was last, and the work item that it opened."""

    piece: Waybill
    since: datetime
    last: str
    item: WorkItem | None
    asked: datetime | None
    is_late: bool


@require_GET
@at_desk(Role.MAIL, Role.POST_MANAGER)
def silent(request: DeskRequest) -> HttpResponse:
    """Pieces with the carrier by the age of the last word about them, those past the court's limit on top."""
    late = custody.pieces().filter(patience_of(request).ended)
    on_top = Choose(When(id__in=late.values("id"), then=0), default=1, output_field=IntegerField())
    rows = (late | custody.away()).order_by(on_top, Coalesce("heard_at", "made_at"), "id")
    policy = policy_of(request.seat.court)
    shown = {
        "rows": _silences(list(rows[:SHOWN]), set(late.values_list("id", flat=True))),
        "days": policy.carrier_silence_days,
        "unfinished_days": policy.result_complete_days,
    }
    return render(request, "desk/mail/silent.html", {**shown, "may_handle": request.seat.holds(Role.MAIL)})


# What the mail room is asked about a piece that does not move.
_ABOUT_SILENCE = ("carrier_silent", "handover_late", "result_incomplete")


def _silences(rows: Sequence[Waybill], late: Set[UUID]) -> list[Silent]:
    """Two queries, however many rows."""
    services = [piece.service_id for piece in rows]
    items = WorkItem.objects.filter(service__in=services, kind__in=_ABOUT_SILENCE, done_at=None)
    opened = {item.service_id: item for item in items}
    told = Fact.objects.filter(about__in=services, detail__has_key="waybill").order_by("happened_at", "id")
    last: dict[str, str] = {}
    asked: dict[str, datetime] = {}
    for fact in told:
        number = str(fact.detail["waybill"])
        if fact.name in custody.CARRIED | {"mail.handed_over"}:
            last[number] = fact.name
        elif fact.name == "mail.looked_up":
            asked[number] = fact.happened_at
    return [
        Silent(
            piece,
            piece.heard_at or piece.made_at,
            last.get(piece.number, ""),
            opened.get(piece.service_id),
            asked.get(piece.number),
            piece.id in late,
        )
        for piece in rows
    ]


@require_POST
@at_desk(Role.MAIL)
def ask(request: DeskRequest, piece_id: UUID) -> HttpResponse:
    """Ask the carrier about one piece; back to where it was asked."""
    try:
        answer = asking.ask(request.seat.person, request.seat.court, piece_id)
    except ActRefused as refused:
        raise PermissionDenied(refused.message) from refused
    told: dict[str, Any] = {"ok": messages.success, "warn": messages.warning, "danger": messages.error}
    told[answer.tone](request, f"{answer.words}。")
    if request.POST.get("back") == "silent":
        return redirect("desk:mail_silent")
    return redirect("desk:mail_piece", piece_id)
