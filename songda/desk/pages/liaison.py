"""联络: a person's inbox, and one conversation about an order, a service or a parcel."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songda.courts.models import Role
from songda.desk import conversation, words
from songda.desk.access import DeskRequest, at_desk
from songda.desk.conversation import heading
from songda.desk.forms.liaison import IrregularityForm, NoteForm, WordsForm
from songda.desk.pages.files import shown as shown_file
from songda.desk.people import shown_name
from songda.engine.acts import ActRefused
from songda.liaison import actions, irregularities, queries
from songda.liaison.mentions import WORDS, colleagues
from songda.liaison.models import Attachment, Irregularity, Note, Thread
from songda.liaison.queries import ZONES, Asked, Subject
from songda.lib.ids import uuid7

_MOST_OPEN = 50
_OPEN_FIRST = F("item__done_at").desc(nulls_first=True)


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    label: str


TABS = (Tab("", "我参与的"), Tab("mentions", "提到我的"), Tab("irregularities", "异常"), Tab("all", "全院"))
STATES = {"unread": "有新留言", "irregular": "有未结异常", "open": "正在送达", "closed": "已办结"}


# ---- the inbox -------------------------------------------------------------------------------------------------


@require_GET
@at_desk()
def inbox(request: DeskRequest) -> HttpResponse:
    """Mine, what calls me, what is wrong, all of the court; asked again by itself."""
    tab = request.GET.get("tab", "")
    shown: dict[str, Any] = {"tabs": TABS, "tab": tab, "zones": ZONES, "states": STATES}
    shown |= _wrong(request) if tab == "irregularities" else _talks(request, tab)
    return render(request, "desk/liaison/inbox_live.html" if request.htmx else "desk/liaison/inbox.html", shown)


def _talks(request: DeskRequest, tab: str) -> dict[str, Any]:
    asked = Asked(
        tab=tab,
        zone=request.GET.get("zone", ""),
        state=request.GET.get("state", ""),
        words=request.GET.get("q", "").strip()[:60],
    )
    found = queries.inbox(request.seat.person, request.seat.roles, asked)
    return {"asked": asked, "briefs": conversation.briefs(found, request.seat.person), "most": queries.SHOWN}


def _wrong(request: DeskRequest) -> dict[str, Any]:
    """What is open, the first due on top, then what was answered last."""
    reader = request.seat.person
    open_ = conversation.wrongs(queries.open_irregularities()[:_MOST_OPEN], reader)
    answered = queries.irregularities().filter(item__done_at__isnull=False).order_by("-item__done_at")
    return {
        "open": open_,
        "answered": conversation.wrongs(answered[:20], reader),
        "timings": queries.timings(),
    }


# ---- one conversation ------------------------------------------------------------------------------------------


def _subject(about: str, subject_id: UUID) -> Subject:
    """What the conversation is about, or 404: what another court holds is not there."""
    found = queries.subject(about, subject_id)
    if found is None:
        raise Http404("subject")
    return found


@require_GET
@at_desk()
def thread(request: DeskRequest, about: str, subject_id: UUID) -> HttpResponse:
    """The whole page; or, asked by itself with `after`, only what is new since (204 where nothing is)."""
    subject = _subject(about, subject_id)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal():
        return _news(request, subject, int(after))
    return _page(request, subject, NoteForm(initial={"key": str(uuid7())}))


def _page(request: DeskRequest, subject: Subject, form: NoteForm) -> HttpResponse:
    shown = {
        **_said(request, subject, 0),
        "form": form,
        "heading": heading(subject),
        "called": _called(subject.court_id),
        "gathered": conversation.gathered(subject.order, request.seat.person),
        "services": _services(subject),
    }
    return render(request, "desk/liaison/thread.html", shown, status=422 if form.errors else 200)


def _said(request: DeskRequest, subject: Subject, after: int) -> dict[str, Any]:
    """Notes after a place, those before it that were taken back since, and what is wrong; they are now read."""
    found, reader = queries.thread_of(subject), request.seat.person
    names = queries.names_in(subject.order.case_id)
    shown: dict[str, Any] = {"subject": subject, "lines": [], "gone": [], "last": 0, "more": False}
    if found is not None:
        notes = queries.notes(found, after=after)
        shown |= {
            "lines": conversation.lines(notes, reader, names),
            "gone": conversation.lines(queries.withdrawn_since(found, after), reader, names) if after else [],
            "last": found.last,
            "more": not after and bool(notes) and notes[0].place > 1,
        }
        actions.read(found, reader, found.last)
    wrong = queries.irregularities().filter(service__in=_all_services(subject)).order_by(_OPEN_FIRST, "-raised_at")
    return shown | {"wrongs": conversation.wrongs(wrong[:10], reader)}


def _all_services(subject: Subject) -> list[UUID]:
    if subject.service is not None:
        return [subject.service.id]
    return list(subject.order.services.values_list("id", flat=True))


def _called(court_id: UUID) -> list[str]:
    """Whom an @ may call at this court: zones first, then people."""
    return [*WORDS, *sorted(colleagues(court_id))]


def _services(subject: Subject) -> list[tuple[str, str]]:
    """The order's services and their parcels, each with its own conversation."""
    rows = subject.order.services.select_related("party").prefetch_related("waybills").order_by("number")
    places = []
    for service in rows:
        places.append((conversation.talk_href(Thread.About.SERVICE, service.pk), shown_name(service.party)))
        places += [
            (conversation.talk_href(Thread.About.PARCEL, piece.pk), f"　邮件 {piece.number or '待编号'}")
            for piece in service.waybills.all()
        ]
    return places


def _news(request: DeskRequest, subject: Subject, after: int) -> HttpResponse:
    found = queries.thread_of(subject)
    if found is None or found.last <= after:
        return HttpResponse(status=204)
    return render(request, "desk/liaison/news.html", _said(request, subject, after) | {"heading": heading(subject)})


@require_POST
@at_desk()
def say(request: DeskRequest, about: str, subject_id: UUID) -> HttpResponse:
    """Keep a note. Without a script the page comes again; with one only what is new, and an empty form."""
    subject = _subject(about, subject_id)
    form = NoteForm(request.POST, request.FILES)
    if not (form.is_valid() and _kept(request, subject, form)):
        return _composer(request, subject, form) if request.htmx else _page(request, subject, form)
    if not request.htmx:
        return redirect("desk:thread", about, subject_id)
    after = request.POST.get("after", "0")
    shown = _said(request, subject, int(after) if after.isdecimal() else 0) | {"heading": heading(subject)}
    fresh = {"form": NoteForm(initial={"key": str(uuid7())}), "called": _called(subject.court_id), "fresh": True}
    return render(request, "desk/liaison/news.html", shown | fresh)


def _kept(request: DeskRequest, subject: Subject, form: NoteForm) -> bool:
    given = form.cleaned_data
    return _did(form, lambda: actions.say(subject, request.seat.person, given["text"], given["attached"], given["key"]))


def _did(form: Any, act: Callable[[], object]) -> bool:
    """Whether it was done; what is refused stands in the form, at its field."""
    try:
        with transaction.atomic():
            act()
    except ActRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


def _composer(request: DeskRequest, subject: Subject, form: NoteForm) -> HttpResponse:
    """The form with what was typed and what is wrong with it, in its own place."""
    shown = {"subject": subject, "form": form, "called": _called(subject.court_id), "heading": heading(subject)}
    answer = render(request, "desk/liaison/composer.html", shown)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#composer", "outerHTML"
    return answer


# ---- notes and their files -------------------------------------------------------------------------------------


def _note(note_id: UUID) -> Note:
    found = queries.note(note_id)
    if found is None:
        raise Http404("note")
    return found


@require_POST
@at_desk()
def reveal(request: DeskRequest, note_id: UUID) -> HttpResponse:
    """The whole text, once a reason is given; who looked and why is kept before it is shown."""
    found, reason = _note(note_id), request.POST.get("reason", "")
    if reason not in words.REVEAL_REASONS:
        raise PermissionDenied
    try:
        text = actions.reveal(found, request.seat.person, reason)
    except ActRefused as refused:
        messages.error(request, refused.message)
        return _back(found)
    if request.htmx:
        return render(request, "desk/liaison/revealed.html", {"text": text})
    shown = {"text": text, "heading": heading(queries.subject_of(found.thread))}
    return render(request, "desk/liaison/revealed_page.html", shown)


def _back(note: Note) -> HttpResponse:
    subject = queries.subject_of(note.thread)
    return redirect("desk:thread", subject.about, subject.id)


@require_POST
@at_desk()
def withdraw(request: DeskRequest, note_id: UUID) -> HttpResponse:
    """Take back one's own note, with a reason."""
    found = _note(note_id)
    try:
        with transaction.atomic():
            actions.withdraw(found, request.seat.person, request.POST.get("reason", ""))
    except ActRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已撤回；撤回的时间和理由留在会话中。")
    return _back(found)


@require_GET
@at_desk()
def file(request: DeskRequest, attachment_id: UUID) -> HttpResponse:
    """A file of a note; that this person opened it is kept."""
    found = get_object_or_404(Attachment.objects.select_related("note"), pk=attachment_id)
    try:
        actions.open_file(found, request.seat.person)
    except ActRefused as refused:
        raise Http404("withdrawn") from refused
    return shown_file(request, found, "联络附件", found.filename, found.media_type)


# ---- irregularities --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@at_desk(*(frozenset(Role.values) - {str(Role.AUDITOR)}))
def raise_one(request: DeskRequest, about: str, subject_id: UUID) -> HttpResponse:
    """Say what is wrong; the other side gets a work item with a time."""
    subject = _subject(about, subject_id)
    services = {} if subject.service else {str(one.pk): shown_name(one.party) for one in _parties(subject)}
    form = IrregularityForm(services, request.POST if request.method == "POST" else None)
    if form.is_valid() and _raised(request, subject, form):
        messages.success(request, "已提出，对方已收到待办。")
        return redirect("desk:thread", about, subject_id)
    shown = {"form": form, "heading": heading(subject), "subject": subject}
    return render(request, "desk/liaison/irregularity.html", shown, status=422 if form.errors else 200)


def _parties(subject: Subject) -> Any:
    return subject.order.services.select_related("party").order_by("number")


def _raised(request: DeskRequest, subject: Subject, form: IrregularityForm) -> bool:
    given = form.cleaned_data
    if given.get("service"):
        subject = _subject(Thread.About.SERVICE, UUID(given["service"]))
    person = request.seat.person
    return _did(
        form, lambda: irregularities.raise_one(subject, person, given["kind"], given["severity"], given["words"])
    )


@require_POST
@at_desk()
def reopen(request: DeskRequest, irregularity_id: UUID) -> HttpResponse:
    """Not content with the answer: ask again, with a reason."""
    one = get_object_or_404(Irregularity, pk=irregularity_id)
    form = WordsForm(request.POST)
    reason = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        with transaction.atomic():
            irregularities.reopen(one, request.seat.person, reason)
    except ActRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已重新提出，对方的时限重新计算。")
    return redirect("desk:thread", *(("parcel", one.waybill_id) if one.waybill_id else ("service", one.service_id)))
