"""Papers, proofs and exhibits, from the vault to people of the court."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import Role
from songda.desk.access import DeskRequest, at_desk
from songda.engine.keeping import retention
from songda.engine.proving.dossier import put_together
from songda.engine.saying import ActRefused
from songda.filing.models import Document, Order
from songda.liaison.models import Attachment
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
    is_page = media_type in _SHOWN
    response = HttpResponse(content, content_type=media_type if is_page else "application/octet-stream")
    way = "inline" if is_page else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def shown(
    request: DeskRequest, row: Document | Paper | Exhibit | Attachment, title: str, name: str, media_type: str
) -> HttpResponse:
    """The file, or, where retention law had it deleted, what is left of it: digest and reason."""
    if reason := retention.reason(row):
        left = {"title": title, "reason": reason, "sha256": row.sha256}
        return render(request, "desk/erased.html", left, status=410)
    return send(row.sha256, name, media_type)


@require_GET
@xframe_options_sameorigin
@at_desk()
def document(request: DeskRequest, document_id: UUID) -> HttpResponse:
    found = get_object_or_404(Document, pk=document_id)
    return shown(request, found, found.title, found.filename, found.media_type)


@require_GET
@at_desk()
def paper(request: DeskRequest, paper_id: UUID) -> HttpResponse:
    found = get_object_or_404(Paper, pk=paper_id)
    return shown(request, found, found.title, f"{found.title}.pdf", "application/pdf")


@require_GET
@at_desk()
def exhibit(request: DeskRequest, exhibit_id: UUID) -> HttpResponse:
    found = get_object_or_404(Exhibit, pk=exhibit_id)
    # A voice is heard for a reason only.
    if found.kind == "recording":
        return HttpResponseRedirect(reverse("desk:call_recording", args=[found.pk]))
    ending = found.media_type.rpartition("/")[2]
    title = found.get_kind_display()
    return shown(request, found, title, f"{title}.{ending}", found.media_type)


@require_POST
@at_desk(Role.CLERK, Role.JUDGE, Role.MANAGER)
def dossier(request: DeskRequest, order_id: UUID) -> HttpResponse:
    """结果入卷: one button, one bundle, and the fact of who took it."""
    order = get_object_or_404(Order.objects.select_related("court", "case"), pk=order_id)
    try:
        made = put_together(order, request.seat.person)
    except ActRefused as refused:
        messages.error(request, refused.message)
        return redirect("desk:order", order.pk)
    response = HttpResponse(made.content, content_type="application/zip")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.filename)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
