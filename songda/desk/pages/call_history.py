"""通话记录: all calls, of people and of the robot, with their records and recordings; who listens says why."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from songda.desk import words
from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.calls import RecordingForm
from songda.desk.listing import Column, Listing, Nothing
from songda.desk.pages.calls import CALLERS, ZONE
from songda.desk.pages.orders import Link
from songda.desk.people import shown_name
from songda.desk.search import PART_OF_NUMBER, services_about
from songda.engine import acts
from songda.engine.calls import ends
from songda.engine.saying import ActRefused
from songda.evidence.models import Fact
from songda.lib import clock, masking, vault
from songda.lib.lasting import took
from songda.methods import recordings, telephone
from songda.methods.calls import Call
from songda.methods.models import Exhibit

# Who may hear a call: who makes calls, and who decides on what was said.
HEARERS = (*CALLERS, "judge", "auditor")
# How long one reason lets a person listen.
HEARD_FOR = timedelta(minutes=30)
BY = {"": "全部", "person": "人工", "robot": "机器外呼"}
OUTCOME_TABS: Mapping[str, tuple[str, ...]] = {
    "同意": ("agree",),
    "不同意": ("decline",),
    "未接通": ("no_answer", "busy", "switched_off", "rejected", "blocked"),
    "空号停机": ("no_such_number", "suspended"),
    "不是本人": ("wrong_person",),
}


def _recorded(row: Call) -> Link | None:
    """Where it is heard, or brought; of a call nobody answered there is nothing to hear."""
    if not row.answered and not row.recording_id:
        return None
    if row.recording_id:
        return Link(reverse("desk:call_recording", args=[row.recording_id]), "听录音")
    return Link(reverse("desk:call_upload", args=[row.pk]), "补录音")


COLUMNS = (
    Column("时间", lambda row: row.at, "parts/cells/moment.html", sort="at"),
    Column(
        "受送达人",
        lambda row: Link(
            reverse("desk:service", args=[row.service_id]), shown_name(row.service.party), row.service.case.number
        ),
        "parts/cells/link.html",
        plain=lambda row: shown_name(row.service.party),
    ),
    Column("号码", lambda row: masking.phone(row.contact_point.value)),
    Column("谁打的", lambda row: telephone.name_of(row.person)),
    Column("结果", lambda row: telephone.OUTCOMES.get(row.outcome, row.outcome)),
    Column("时长", lambda row: took(timedelta(seconds=row.seconds)) if row.seconds else "—"),
    Column("下次", lambda row: row.again_at, "parts/cells/moment.html"),
    Column(
        "记录",
        lambda row: Link(reverse("desk:paper", args=[row.record_id]), "联系记录") if row.record_id else None,
        "desk/parts/link_or_none.html",
        plain=lambda row: "有" if row.record_id else "",
    ),
    Column("录音", _recorded, "desk/parts/link_or_none.html", plain=lambda row: "有" if row.recording_id else ""),
)


@require_GET
@at_desk(*HEARERS)
def history(request: DeskRequest) -> HttpResponse:
    """Every call, the latest first."""
    by, asked, tab = request.GET.get("by", ""), request.GET.get("q", "").strip(), request.GET.get("tab", "")
    rows = Call.objects.select_related("service__case", "service__party", "contact_point", "person")
    if by in {"person", "robot"}:
        rows = rows.filter(person__isnull=by == "robot")
    if tab in OUTCOME_TABS:
        rows = rows.filter(outcome__in=OUTCOME_TABS[tab])
    if asked:
        rows = rows.filter(service__in=services_about(asked))
    listing = Listing(
        request, rows, title="通话记录", columns=COLUMNS, order="-at", nothing=_nothing(asked or tab or by)
    )
    if request.GET.get("export") == "csv":
        return listing.csv("call-history")
    shown = {"places": ZONE, "listing": listing, "by": by, "all_by": BY, "tab": tab, "tabs": list(OUTCOME_TABS)}
    return render(request, "desk/call_history.html", {**shown, "asked": asked})


def _nothing(narrowed: str) -> Nothing:
    if narrowed:
        how = f"姓名、电话、邮件号要写全；{PART_OF_NUMBER}。"
        return Nothing("没有找到", how, reverse("desk:call_history"), "看全部通话")
    return Nothing("还没有打过电话", "人工和机器外呼的通话都会记在这里。")


@require_http_methods(["GET", "POST"])
@at_desk(*CALLERS)
def upload(request: DeskRequest, call_id: UUID) -> HttpResponse:
    """A recording for a call that was told without one."""
    along = ("service__case", "service__party", "contact_point", "person")
    row = get_object_or_404(Call.objects.select_related(*along), pk=call_id)
    form = RecordingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _kept(request, row, form):
        return redirect("desk:call_history")
    context = {
        "row": row,
        "form": form,
        "name": shown_name(row.service.party),
        "masked": masking.phone(row.contact_point.value),
        "outcome": telephone.OUTCOMES.get(row.outcome, row.outcome),
        "caller": telephone.name_of(row.person),
    }
    return render(request, "desk/call_upload.html", context, status=422 if form.errors else 200)


def _kept(request: DeskRequest, row: Call, form: RecordingForm) -> bool:
    [shown] = form.cleaned_data["recording"]
    try:
        with transaction.atomic():
            ends.add_recording(row, request.seat.person, shown.content)
    except ActRefused as refused:
        form.add_error("recording", refused.message)
        return False
    messages.success(request, "录音已加密存卷，摘要写入存证账本。")
    return True


# ---- listening ---------------------------------------------------------------------------------------------------


def _find(recording_id: UUID) -> Exhibit:
    along = Exhibit.objects.select_related("service__case", "service__party")
    return get_object_or_404(along, pk=recording_id, kind="recording")


def _what(exhibit: Exhibit) -> str:
    return f"recording:{str(exhibit.pk)[-12:]}"


def may_hear(request: DeskRequest, exhibit: Exhibit) -> bool:
    """Whether this person gave a reason for listening a short while ago: a fact says so."""
    since = clock.now() - HEARD_FOR
    looked = Fact.objects.filter(about=exhibit.service_id, name="private.revealed", happened_at__gte=since)
    me, what = str(request.seat.person.pk), _what(exhibit)
    return any(one.speaker_ref == me and one.detail.get("what") == what for one in looked)


@require_http_methods(["GET", "POST"])
@at_desk(*HEARERS)
def recording(request: DeskRequest, recording_id: UUID) -> HttpResponse:
    """A recording, once a reason is given; who listens and why is kept before anything is heard."""
    exhibit = _find(recording_id)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        if reason not in words.REVEAL_REASONS:
            raise PermissionDenied
        acts.reveal(exhibit.service, request.seat.person, _what(exhibit), reason)
        return redirect("desk:call_recording", recording_id)
    context = {
        "exhibit": exhibit,
        "service": exhibit.service,
        "name": shown_name(exhibit.service.party),
        "seconds": (exhibit.note or {}).get("seconds"),
        "hears": may_hear(request, exhibit),
        "call": Call.objects.filter(recording=exhibit).select_related("person").first(),
        "outcomes": telephone.OUTCOMES,
    }
    return render(request, "desk/call_recording.html", context)


@require_GET
@at_desk(*HEARERS)
def sound(request: DeskRequest, recording_id: UUID) -> HttpResponse:
    """The sound itself, for the page that asked why."""
    exhibit = _find(recording_id)
    if not may_hear(request, exhibit) or exhibit.media_type not in recordings.MEDIA_TYPES:
        raise PermissionDenied
    try:
        content = vault.get(exhibit.sha256)
    except vault.NotInVault as error:
        raise Http404("file") from error
    response = HttpResponse(content, content_type=exhibit.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
