"""Papers, proofs and exhibits, from the vault to people of the court."""

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from songda.desk.access import DeskRequest, at_desk
from songda.filing.models import Document
from songda.lib import vault
from songda.methods.models import Exhibit, Paper

# Shown in the page; anything else is only ever downloaded.
_SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})


def send(sha256: str, name: str, media_type: str) -> HttpResponse:
    """A file from the vault; what a browser should not open is downloaded."""
    try:
        content = vault.get(sha256)
    except vault.NotInVault as error:
        raise Http404("file") from error
    shown = media_type in _SHOWN
    response = HttpResponse(content, content_type=media_type if shown else "application/octet-stream")
    way = "inline" if shown else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_GET
@xframe_options_sameorigin
@at_desk()
def document(_: DeskRequest, document_id: UUID) -> HttpResponse:
    found = get_object_or_404(Document, pk=document_id)
    return send(found.sha256, found.filename, found.media_type)


@require_GET
@at_desk()
def paper(_: DeskRequest, paper_id: UUID) -> HttpResponse:
    found = get_object_or_404(Paper, pk=paper_id)
    return send(found.sha256, f"{found.title}.pdf", "application/pdf")


@require_GET
@at_desk()
def exhibit(_: DeskRequest, exhibit_id: UUID) -> HttpResponse:
    found = get_object_or_404(Exhibit, pk=exhibit_id)
    # A voice is heard for a reason only.
    if found.kind == "recording":
        return HttpResponseRedirect(reverse("desk:call_recording", args=[found.pk]))
    ending = found.media_type.rpartition("/")[2]
    return send(found.sha256, f"{found.get_kind_display()}.{ending}", found.media_type)
