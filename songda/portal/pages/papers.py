"""Behind the link: one page with what is known, the papers, and the acts in their order."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songda.engine import recipient
from songda.engine.reading import course
from songda.filing.models import Document
from songda.lib import vault
from songda.methods.models import Access, Paper
from songda.papers import pages as pictures
from songda.portal import visit
from songda.portal.forms import PLATFORMS, ConfirmForm, SignForm
from songda.portal.showing import Shown, shown

# Sharp on a phone held sideways; a page of print is some 85 KB.
_PICTURE_WIDTH = 1000


@require_http_methods(["GET", "HEAD", "POST"])
@visit.behind_link
def papers(request: HttpRequest, access: Access) -> HttpResponse:
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("action", ""))
        if act is None:
            raise Http404("action")
        return act(request, access)
    return _page(request, access)


def _page(request: HttpRequest, access: Access, status: int = 200, **forms: Any) -> HttpResponse:
    known = course(access.service)
    state = shown(access, known)
    done = _DONE.get(request.GET.get("done", ""), "")
    words = {"access": access, "state": state, "done": done, "platforms": PLATFORMS, **forms}
    return render(request, _template(state), words, status=status)


def _template(state: Shown) -> str:
    return "portal/papers.html" if state.consent is True else "portal/consent.html"


_DONE = {
    "confirmed": "已记录您确认的送达地址。",
    "signed": "已记录您的签收。",
    "signed_before": "您已经签收过，无需再次签名。",
}


def _again(access: Access, done: str = "", part: str = "") -> HttpResponse:
    tail = f"?done={done}#{part}" if done else ""
    response = HttpResponseRedirect(reverse("portal:papers", args=[access.id]) + tail)
    response.status_code = 303
    return response


# ---- acts ------------------------------------------------------------------------------------------------------


def _consent(_: HttpRequest, access: Access) -> HttpResponse:
    recipient.consent(access)
    return _again(access)


def _decline(_: HttpRequest, access: Access) -> HttpResponse:
    recipient.decline(access)
    return _again(access)


def _confirm(request: HttpRequest, access: Access) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not _has_agreed(access) or not form.is_valid():
        return _page(request, access, 422, confirm=form)
    recipient.confirm(access, form.said())
    return _again(access, "confirmed", "sign")


def _sign(request: HttpRequest, access: Access) -> HttpResponse:
    known = course(access.service)
    form = SignForm(request.POST, signers=recipient.signers_of(known), recipient=access.service.party.name)
    if not _has_agreed(access) or not form.is_valid():
        return _page(request, access, 422, sign=form)
    said = form.cleaned_data
    kept = recipient.sign(access, signer=said["signer"], name=said["name"], picture=said["signature"])
    return _again(access, "signed" if kept else "signed_before", "known")


def _has_agreed(access: Access) -> bool:
    return recipient.consent_of(course(access.service)) is True


_ACTS: dict[str, Callable[[HttpRequest, Access], HttpResponse]] = {
    "consent": _consent,
    "decline": _decline,
    "confirm": _confirm,
    "sign": _sign,
}


@require_POST
def leave(_: HttpRequest, access_id: UUID) -> HttpResponse:
    return visit.leave(access_id)


# ---- papers ----------------------------------------------------------------------------------------------------


def _document(access: Access, document_id: UUID) -> Document:
    """A paper of this service; any other one does not exist here, and none where electronic service is not agreed."""
    line = access.service.lines.select_related("document").filter(document_id=document_id).first()
    if line is None or not _has_agreed(access):
        raise Http404("document")
    return line.document


@require_GET
@visit.behind_link
def document(request: HttpRequest, access: Access, document_id: UUID) -> HttpResponse:
    found = _document(access, document_id)
    recipient.open_papers(access)
    text = pictures.text(vault.get(found.pdf_sha256))
    known = {"access": access, "document": found, "numbers": range(1, found.pages + 1), "text": text}
    return render(request, "portal/document.html", known)


@require_GET
@visit.behind_link
def picture(_: HttpRequest, access: Access, document_id: UUID, number: int) -> HttpResponse:
    found = _document(access, document_id)
    try:
        content, media_type = pictures.picture(vault.get(found.pdf_sha256), number, width=_PICTURE_WIDTH)
    except pictures.NoSuchPage as error:
        raise Http404("page") from error
    return HttpResponse(content, content_type=media_type, headers={"X-Content-Type-Options": "nosniff"})


@require_GET
@xframe_options_sameorigin
@visit.behind_link
def file(request: HttpRequest, access: Access, document_id: UUID) -> HttpResponse:
    found = _document(access, document_id)
    recipient.open_papers(access)
    return pdf(vault.get(found.pdf_sha256), found.title, download="download" in request.GET)


@require_GET
@visit.behind_link
def kept(_: HttpRequest, access: Access, paper_id: UUID) -> HttpResponse:
    """A paper made of this service for its recipient: the proof, the address confirmation."""
    found = _own_papers(access).filter(id=paper_id).first()
    if found is None:
        raise Http404("paper")
    return pdf(vault.get(found.sha256), found.title, download=True)


def _own_papers(access: Access) -> Any:
    return Paper.objects.filter(service=access.service, kind__in=("proof", "confirmation"))


@require_GET
@visit.behind_link
def everything(_: HttpRequest, access: Access) -> HttpResponse:
    """All papers of the service, and what was made of it, in one file."""
    if not _has_agreed(access):
        raise Http404("papers")
    recipient.download(access)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as folder:
        for place, (title, sha256) in enumerate(_contents(access), 1):
            folder.writestr(f"{place:02d}-{_plain(title)}.pdf", vault.get(sha256))
    name = f"{access.service.case.number}文书.zip"
    return _named(HttpResponse(out.getvalue(), content_type="application/zip"), name, download=True)


def _contents(access: Access) -> list[tuple[str, str]]:
    lines = access.service.lines.select_related("document")
    own = _own_papers(access).filter(superseded_by=None).order_by("made_at")
    return [
        *((line.document.title, line.document.pdf_sha256) for line in lines),
        *((paper.title, paper.sha256) for paper in own),
    ]


def _plain(title: str) -> str:
    """A title as the name of a file on any machine."""
    return "".join("_" if sign in '\\/:*?"<>|' or ord(sign) < 32 else sign for sign in title)[:80]


def pdf(content: bytes, title: str, *, download: bool) -> HttpResponse:
    return _named(HttpResponse(content, content_type="application/pdf"), f"{_plain(title)}.pdf", download=download)


def _named(response: HttpResponse, name: str, *, download: bool) -> HttpResponse:
    way = "attachment" if download else "inline"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
