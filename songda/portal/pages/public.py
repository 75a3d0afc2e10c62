"""Pages for anyone: is a message genuine, is a proof genuine, which notices are published."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from songda.courts.models import Court
from songda.engine import recipient
from songda.engine.keeping import retention
from songda.engine.proving import issuing
from songda.evidence.queries import course_of
from songda.filing.models import Service
from songda.lib import clock
from songda.lib.tenancy import for_every_court
from songda.methods import entering
from songda.methods.models import Access, Paper, PublicNotice
from songda.methods.queries import read_serial
from songda.portal import limits
from songda.portal.answers import nothing_here, too_many
from songda.portal.forms import MessageForm, ProofForm
from songda.portal.pages.papers import pdf
from songda.portal.visit import private

_NOTICES_A_PAGE = 20
# Papers that carry no proof data (a confirmed address, a stranger's file) are compared by their bytes alone.
_NO_PROOF = {"file.unreadable", "bundle.absent"}


@dataclass(frozen=True, slots=True)
class Genuine:
    """That a court sent such a message, and when; nothing of the case."""

    court: str
    phone: str
    sent: tuple[datetime, ...]


@private
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest) -> HttpResponse:
    """核验短信: whether the court sent the message, for anyone who holds it."""
    if request.method != "POST":
        return render(request, "portal/message.html", {"form": MessageForm()})
    if not limits.knock(request, "message"):
        return too_many()
    form = MessageForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/message.html", {"form": form}, status=422)
    with for_every_court():
        found = _by_link(form.link()) if form.link() else _by_number(form)
    if not form.errors:
        return render(request, "portal/message.html", {"form": form, "found": found, "asked": True})
    return render(request, "portal/message.html", {"form": form}, status=422)


def _by_link(question: dict[str, str]) -> Genuine | None:
    access = entering.find(question.get("key", ""))
    if access is None:
        access = entering.find_by_numbers(*(question.get(name, "") for name in ("qdbh", "sdbh", "sdsin")))
    return _of(access.service, access) if access else None


def _by_number(form: MessageForm) -> Genuine | None:
    court, number = form.cleaned_data["court"], form.cleaned_data["what"].strip()
    if court is None:
        form.add_error("court", "按送达编号核验的，请选择法院")
        return None
    service = Service.objects.select_related("court").filter(court=court, number=number).first()
    return _of(service) if service else None


def _of(service: Service, access: Access | None = None) -> Genuine | None:
    contact = str(access.contact_point_id) if access else ""
    sent = recipient.messages_sent(course_of(service.id), contact)
    if not sent and access is None:
        return None
    return Genuine(service.court.name, service.court.phone, tuple(sent))


# ---- proofs ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper of ours as its verification shows it."""

    title: str
    court: str
    made_at: datetime
    sha256: str
    superseded: str
    # Where the court's own copy was deleted by retention law.
    erased: str = ""


@private
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, serial: str = "") -> HttpResponse:
    """核验凭证: by its serial, by its file, or by both."""
    if request.method != "POST" and not serial:
        return render(request, "portal/proof.html", {"form": ProofForm()})
    if not limits.knock(request, "proof"):
        return too_many()
    form = ProofForm(request.POST or {"serial": serial}, request.FILES)
    if not form.is_valid():
        return render(request, "portal/proof.html", {"form": form}, status=422)
    file, wanted = form.cleaned_data["file"], form.cleaned_data["serial"].strip()
    content = file.read() if file else b""
    digest = hashlib.sha256(content).hexdigest() if file else ""
    known = {"form": form, "asked": True, "serial": wanted, "digest": digest, "found": _issued(wanted, digest)}
    return render(request, "portal/proof.html", {**known, "report": _report(content)})


def _report(content: bytes) -> list[tuple[bool, str]]:
    """What `songda verify` says of the file, line by line, the verdict last; nothing for a file that is no proof."""
    report = issuing.check(content) if content else None
    if report is None or _NO_PROOF & set(report.wrong):
        return []
    lines = report.lines("zh")
    return list(zip([*(each.holds for each in report.results), report.holds], lines, strict=False))


# Papers that leave our hands with a serial and a code to check them by.
_OURS = ("proof", "confirmation", "slip")


def _issued(serial: str, digest: str) -> list[Issued]:
    """Papers with this serial, or with these bytes where a file was given: the bytes decide."""
    with for_every_court():
        papers = Paper.objects.select_related("court", "superseded_by").filter(kind__in=_OURS)
        if digest:
            papers = papers.filter(sha256=digest)
        else:
            code, number = read_serial(serial)
            of_court = {"court__code": code} if code else {"court__in": Court.objects.all()}
            services = Service.objects.filter(**of_court, number=number)
            papers = papers.filter(service__in=services, title__endswith=f" {serial}")
        return [_as_issued(paper) for paper in papers]


def _as_issued(paper: Paper) -> Issued:
    newer = paper.superseded_by
    return Issued(
        paper.title,
        paper.court.name,
        paper.made_at,
        paper.sha256,
        newer.title if newer else "",
        retention.reason(paper),
    )


# ---- notices ---------------------------------------------------------------------------------------------------


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Published notices, running or ended, of one court or of all."""
    ended = "ended" in request.GET
    with for_every_court():
        shown = PublicNotice.objects.select_related("court").exclude(published_at=None).filter(withdrawn_at=None)
        shown = shown.filter(ends_on__lt=clock.today()) if ended else shown.filter(ends_on__gte=clock.today())
        if court := request.GET.get("court", "").replace("\0", ""):
            shown = shown.filter(court__code=court)
        page = Paginator(shown.order_by("-published_at"), _NOTICES_A_PAGE).get_page(request.GET.get("page"))
        known = {"page": page, "ended": ended, "court": court, "courts": Court.objects.order_by("code")}
        return render(request, "portal/notices.html", known)


def _published(slug: str) -> PublicNotice | None:
    return PublicNotice.objects.select_related("court").filter(slug=slug).exclude(published_at=None).first()


@require_GET
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    with for_every_court():
        found = _published(slug)
        if found is None:
            return nothing_here()
        running = found.withdrawn_at is None and found.ends_on is not None and found.ends_on >= clock.today()
        return render(request, "portal/one_notice.html", {"notice": found, "running": running})


@require_GET
def sheet(_: HttpRequest, slug: str) -> HttpResponse:
    """The notice as the sheet that hangs on the court's board."""
    with for_every_court():
        found = _published(slug)
        paper = Paper.objects.filter(court_id=found.court_id, key=f"notice:{found.id}").first() if found else None
        held = retention.content(paper) if paper else None
    if paper is None or held is None:
        return nothing_here()
    return pdf(held, paper.title, download=False)
