"""通知文本: what is sent to whom at which stage, as it will look; a manager may decide on another within the rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from songda.courts.models import Court, Role
from songda.courts.queries import policy_of
from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.calls import TextForm
from songda.desk.pages.calls import CALLERS, ZONE
from songda.finding.audience import AUDIENCES
from songda.methods import wording
from songda.methods.messages import Wording
from songda.methods.wording import CHANNELS, STAGES, Chosen


@dataclass(frozen=True, slots=True)
class Preview:
    """One text as it will look on a phone or in a mailbox, filled with nobody's data."""

    stage: str
    audience: str
    channel: str
    shown: str
    subject: str
    units: int
    segments: int
    whose: str
    is_own: bool
    # The audience has no text of its own and gets the one for everybody.
    borrowed: bool


def _sample(court: Court) -> dict[str, str]:
    firm = "https://songda.example/zxfw/…" if policy_of(court).law_firm_link else ""
    return {**wording.SAMPLE, "court": court.name, "phone": court.phone, "law_firm_link": firm}


def preview(court: Court, stage: str, audience: str, channel: str, text: Chosen | None = None) -> Preview:
    """How this text will look; the one in force where none is given."""
    chosen = text or wording.chosen(stage, audience, channel)
    values = _sample(court)
    shown = wording.filled(chosen.text, values)
    if channel == "sms":
        shown = f"【{court.name}】{shown}"
    key, _, version = chosen.label.partition("@")
    return Preview(
        stage=stage,
        audience=audience,
        channel=channel,
        shown=shown,
        subject=wording.filled(chosen.subject, values),
        units=len(shown),
        segments=wording.length(channel, court.name, wording.filled(chosen.text, values)),
        whose="平台文本" if version == "0" else f"本院第{version}版",
        is_own=version != "0",
        borrowed=key.split("/")[1] != audience,
    )


@require_GET
@at_desk(*CALLERS, Role.JUDGE)
def texts(request: DeskRequest) -> HttpResponse:
    """All texts of a channel, stage by stage, as each audience gets them."""
    channel = request.GET.get("channel", "sms")
    if channel not in CHANNELS:
        raise Http404
    rows = [
        (stage, about, [(label, preview(request.seat.court, stage, who, channel)) for who, label in AUDIENCES.items()])
        for stage, about in STAGES.items()
    ]
    shown = {"places": ZONE, "rows": rows, "channel": channel, "channels": CHANNELS}
    return render(request, "desk/call_texts.html", {**shown, "limit": policy_of(request.seat.court).sms_segments})


@require_http_methods(["GET", "POST"])
@at_desk(*CALLERS, Role.JUDGE)
def text(request: DeskRequest, stage: str, audience: str, channel: str) -> HttpResponse:
    """One text: as it will look, its earlier versions, and, for the court's manager, the text itself."""
    if stage not in STAGES or audience not in AUDIENCES or channel not in CHANNELS:
        raise Http404
    court, key = request.seat.court, (stage, audience, channel)
    now = wording.chosen(*key)
    form = TextForm(channel, request.POST or None, initial={"text": now.text, "subject": now.subject})
    tried: Preview | None = None
    if request.method == "POST":
        if not request.seat.holds(Role.MANAGER):
            raise PermissionDenied
        if form.is_valid():
            said = form.cleaned_data
            if "preview" in request.POST:
                tried = _tried(court, key, said, form)
            elif _decided(request, key, said, form):
                return redirect("desk:call_text", *key)
    context = {
        "places": ZONE,
        "stage": STAGES[stage],
        "audience": AUDIENCES[audience],
        "channel": CHANNELS[channel],
        "preview": tried or preview(court, *key),
        "is_tried": tried is not None,
        "form": form,
        "may_change": request.seat.holds(Role.MANAGER),
        "blanks": [
            (name, wording.NAMES[name], name in STAGES[stage].required) for name in sorted(STAGES[stage].allowed)
        ],
        "versions": list(
            Wording.objects.filter(stage=stage, audience=audience, channel=channel)
            .select_related("decided_by")
            .order_by("-version")
        ),
        "limit": policy_of(court).sms_segments,
    }
    return render(request, "desk/call_text.html", context, status=422 if form.errors else 200)


def _tried(court: Court, key: tuple[str, str, str], said: Mapping[str, str], form: TextForm) -> Preview:
    """How the typed text would look; what keeps it from being sent stands at the field."""
    stage, _, channel = key
    for problem in wording.problems(stage, channel, said.get("subject", ""), said["text"], policy_of(court)):
        form.add_error("text", f"{problem.why}（{problem.basis}）")
    return preview(court, *key, Chosen(said["text"], said.get("subject", ""), "/".join(key) + "@0"))


def _decided(request: DeskRequest, key: tuple[str, str, str], said: Mapping[str, str], form: TextForm) -> bool:
    try:
        wording.decide(request.seat.court, request.seat.person, key, said.get("subject", ""), said["text"])
    except wording.WordingRefused as refused:
        for problem in refused.problems:
            form.add_error("text", f"{problem.why}（{problem.basis}）")
        return False
    messages.success(request, "已保存，从现在起发出的通知用这个文本。" if said["text"].strip() else "已恢复平台文本。")
    return True
