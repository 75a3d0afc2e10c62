"""通知: every message with how far it came, each moment under its own name; sending again, with a reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.calls import ResendForm
from songda.desk.listing import Column, Listing, Nothing
from songda.desk.pages.calls import CALLERS, ZONE
from songda.desk.pages.orders import Link
from songda.desk.people import shown_name
from songda.desk.search import PART_OF_NUMBER, services_about
from songda.desk.words import value as said
from songda.engine.calls import resending
from songda.engine.saying import ActRefused
from songda.finding.audience import AUDIENCES
from songda.lib import clock, masking
from songda.methods import wording
from songda.methods.messages import Notification

# Until nobody has opened a message for so many hours it is left in peace.
HOURS = (24, 48, 72)
BLACKLISTED = ("opted_out", "rejected")
DEAD = ("no_such_number", "suspended", "no_such_address", "no_such_account", "undeliverable")


@dataclass(frozen=True, slots=True)
class Filter:
    """A tab of the list."""

    code: str
    label: str
    narrow: Callable[[QuerySet[Notification], int], QuerySet[Notification]]


def _since(hours: int) -> Any:
    return clock.now() - timedelta(hours=hours)


FILTERS = (
    Filter("", "全部", lambda rows, _: rows),
    Filter("failed", "未到达", lambda rows, _: rows.filter(failed_at__isnull=False, reached_at=None)),
    Filter(
        "unopened",
        "到达未查阅",
        lambda rows, hours: rows.filter(reached_at__lte=_since(hours), opened_at=None, stage__in=("knock", "reminder")),
    ),
    Filter(
        "silent",
        "已发出无回执",
        lambda rows, _: rows.filter(sent_at__isnull=False, reached_at=None, failed_at=None),
    ),
    Filter("blacklisted", "拒收", lambda rows, _: rows.filter(failed_why__in=BLACKLISTED)),
    Filter("dead", "空号停机", lambda rows, _: rows.filter(failed_why__in=DEAD)),
    Filter("signed", "已签收", lambda rows, _: rows.filter(signed_at__isnull=False)),
)


@dataclass(frozen=True, slots=True)
class State:
    """How far a message came, as a badge, and since when."""

    label: str
    tone: str
    at: Any
    why: str = ""


def state_of(row: Notification) -> State:
    """The furthest moment a fact tells of; a success word only where one does."""
    if row.signed_at:
        return State("已签收", "ok", row.signed_at)
    if row.opened_at:
        return State("已查阅", "ok", row.opened_at)
    if row.failed_at and not row.reached_at:
        return State("未能到达", "danger", row.failed_at, said("reason", row.failed_why))
    if row.reached_at:
        return State("已到达，未查阅" if row.stage in {"knock", "reminder"} else "已到达", "info", row.reached_at)
    return State("已发出，无回执", "warn", row.sent_at) if row.sent_at else State("待发出", "plain", row.planned_at)


def _masked(row: Notification) -> str:
    return masking.BY_KIND[row.contact_point.kind](row.contact_point.value)


def wording_words(label: str) -> str:
    """Which text was sent, in words: `knock/elderly/sms@2` is 首次通知 · 老年人 · 本院第2版."""
    key, _, version = label.partition("@")
    stage, _, rest = key.partition("/")
    audience = AUDIENCES.get(rest.partition("/")[0], "")
    whose = "平台文本" if version == "0" else f"本院第{version}版"
    return f"{wording.STAGES[stage].label} · {audience} · {whose}" if stage in wording.STAGES else "—"


COLUMNS = (
    Column(
        "受送达人",
        lambda row: Link(
            reverse("desk:service", args=[row.service_id]), shown_name(row.service.party), row.service.case.number
        ),
        "parts/cells/link.html",
        plain=lambda row: shown_name(row.service.party),
    ),
    Column("号码、邮箱或者账号", _masked),
    Column(
        "通知",
        lambda row: (
            wording_words(row.wording),
            f"计费{row.segments}条" if row.channel == "sms" else wording.CHANNELS[row.channel],
        ),
        "parts/cells/lines.html",
        plain=lambda row: wording_words(row.wording),
    ),
    Column("发出", lambda row: row.sent_at, "parts/cells/moment.html", sort="sent_at"),
    Column("到达", lambda row: row.reached_at, "parts/cells/moment.html", sort="reached_at"),
    Column("查阅", lambda row: row.opened_at, "parts/cells/moment.html"),
    Column("签收", lambda row: row.signed_at, "parts/cells/moment.html"),
    Column(
        "现状",
        state_of,
        "desk/parts/message_state.html",
        plain=lambda row: "：".join(one for one in (state_of(row).label, state_of(row).why) if one),
    ),
    Column(
        "操作",
        lambda row: Link(reverse("desk:call_resend", args=[row.pk]), "重发", f"第{row.turn + 1}次" if row.turn else ""),
        "parts/cells/link.html",
        plain=lambda row: f"第{row.turn + 1}次",
    ),
)


@require_GET
@at_desk(*CALLERS)
def sent(request: DeskRequest) -> HttpResponse:
    """All messages, the latest first; with filters for those that want a person."""
    tab, asked = request.GET.get("tab", ""), request.GET.get("q", "").strip()
    hours = _hours(request.GET.get("hours", ""))
    chosen = next((one for one in FILTERS if one.code == tab), FILTERS[0])
    rows = Notification.objects.select_related("service__case", "service__party", "contact_point")
    if channel := request.GET.get("channel", ""):
        rows = rows.filter(channel=channel)
    if asked:
        rows = rows.filter(service__in=services_about(asked))
    listing = Listing(
        request,
        chosen.narrow(rows, hours),
        title="通知",
        columns=COLUMNS,
        order="-planned_at",
        nothing=_nothing(chosen, asked),
    )
    if request.GET.get("export") == "csv":
        return listing.csv("messages")
    shown = {"places": ZONE, "listing": listing, "filters": FILTERS, "tab": chosen.code, "asked": asked}
    more = {"hours": hours, "all_hours": HOURS, "channel": channel, "channels": wording.CHANNELS}
    return render(request, "desk/call_messages.html", {**shown, **more})


def _hours(asked: str) -> int:
    return int(asked) if asked.isascii() and asked.isdecimal() and int(asked) in HOURS else HOURS[0]


def _nothing(chosen: Filter, asked: str) -> Nothing:
    if asked:
        return Nothing(
            "没有找到",
            f"姓名、电话、邮件号要写全；{PART_OF_NUMBER}。",
            reverse("desk:call_messages"),
            "看全部通知",
        )
    if chosen.code:
        return Nothing(f"没有“{chosen.label}”的通知", "有了会出现在这里。", reverse("desk:call_messages"), "看全部通知")
    return Nothing("还没有发过通知", "同意电子送达以后，平台按方案发出。")


@require_http_methods(["GET", "POST"])
@at_desk(*CALLERS)
def resend(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """What may be sent to this contact point now, and why not what may not; sent with a reason only."""
    along = ("service__case", "service__party", "service__court", "contact_point")
    row = get_object_or_404(Notification.objects.select_related(*along), pk=message_id)
    choices = resending.choices(row.service, row.contact_point)
    previews = _previews(row, choices)
    form = ResendForm([one for one in choices if not one.refused], request.POST or None)
    if request.method == "POST" and form.is_valid() and _resent(request, row, form):
        return redirect("desk:call_messages")
    earlier = Notification.objects.filter(service=row.service, contact_point=row.contact_point).order_by("-planned_at")
    context = {
        "row": row,
        "form": form,
        "choices": choices,
        "previews": previews,
        "earlier": [(one, state_of(one), wording_words(one.wording)) for one in earlier],
        "masked": _masked(row),
        "name": shown_name(row.service.party),
    }
    return render(request, "desk/call_resend.html", context, status=422 if form.errors else 200)


def _resent(request: DeskRequest, row: Notification, form: ResendForm) -> bool:
    stage, reason = form.cleaned_data["stage"], form.cleaned_data["reason"]
    try:
        with transaction.atomic():
            resending.resend(row.service_id, row.contact_point_id, request.seat.person, stage, reason)
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    messages.success(request, f"已安排发出：{wording.STAGES[stage].label}。到达、查阅以后在这里看得到。")
    return True


def _previews(row: Notification, choices: list[resending.Choice]) -> Mapping[str, str]:
    """Each message that may be sent, filled with sample words: nobody's code or link is shown."""
    sample = {**wording.SAMPLE, "court": row.service.court.name, "phone": row.service.court.phone}
    return {
        one.label: wording.filled(wording.chosen(one.stage, row.audience, row.channel).text, sample)
        for one in choices
        if not one.refused
    }
