"""The link in the message: verify, and say that it is not me."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from songda.courts.queries import policy_of
from songda.engine import recipient
from songda.lib.tenancy import acting_for, for_every_court
from songda.methods import entering
from songda.methods.models import Access
from songda.portal import limits, visit
from songda.portal.answers import notice_page, too_many, unknown_link
from songda.portal.forms import DoorForm

_MOST = 200


def _named(request: HttpRequest) -> Access | None:
    """The access the link names, counted against its sender where there is none."""
    token = request.GET.get("key", "")[:_MOST]
    with for_every_court():
        access = entering.find(token)
    if access is None:
        limits.knock(request, "link")
    return access


@visit.private
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """The page an SMS leads to."""
    if not limits.is_open(request, "link"):
        return too_many()
    access = _named(request)
    if access is None:
        return unknown_link()
    if shut := entering.shut(access):
        return notice_page("链接已停用", shut.why, status=410)
    if access.level == Access.Level.LINK and request.method != "HEAD":
        return visit.admit(access)
    return _enter(request, access) if request.method == "POST" else _door(request, access)


def _enter(request: HttpRequest, access: Access) -> HttpResponse:
    form = DoorForm(request.POST)
    form.is_valid()
    with acting_for(access.court_id):
        refused = entering.may_enter(access, policy_of(access.court), **form.cleaned_data)
    if refused is None:
        return visit.admit(access)
    limits.knock(request, "link")
    return _door(request, access, refused)


def _door(request: HttpRequest, access: Access, refused: entering.Refused | None = None) -> HttpResponse:
    asks_identity = access.level == Access.Level.LINK_AND_IDENTITY or bool(access.service.party.id_number)
    known = {"access": access, "court": access.court, "refused": refused, "asks_identity": asks_identity}
    status = 200 if refused is None else 429 if refused.until else 403
    return render(request, "portal/door.html", known, status=status)


@visit.private
@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest) -> HttpResponse:
    """不是我本人: only the link is asked for, because who got it by mistake knows nothing else."""
    if not limits.is_open(request, "link"):
        return too_many()
    access = _named(request)
    if access is None:
        return unknown_link()
    if shut := entering.shut(access):
        return notice_page("链接已停用", shut.why, status=410)
    if request.method != "POST":
        return render(request, "portal/not_me.html", {"court": access.court, "key": request.GET["key"]})
    with acting_for(access.court_id):
        recipient.not_me(access)
    return notice_page("已停用", "谢谢。这个号码已停止用于本案，链接也已停用。文书内容没有向您显示。", status=200)


@visit.private
@require_GET
def law_firm_page(request: HttpRequest) -> HttpResponse:
    """The address law firms' software and its users know; its question stands behind the #, where no server sees it."""
    return render(request, "portal/law_firm.html")
