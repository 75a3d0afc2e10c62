"""A visit behind the link: a cookie of its own, signed, short, bound to one access and sent to its pages only.

It is never the desk's session: who is logged in at the desk is nobody here, and the other way round.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import cache_control

from songda.lib.tenancy import acting_for, for_every_court
from songda.methods import entering
from songda.methods.models import Access
from songda.portal.answers import nothing_here, notice_page

COOKIE = "sd"
# Of the machine's time, from the last page seen: long enough to read a judgment, too short for a lost phone.
SECONDS = 45 * 60
_SALT = "songda.portal.visit"

Page = Callable[..., HttpResponse]

private = cache_control(private=True, no_cache=True, no_store=True, max_age=0)


def admit(access: Access) -> HttpResponse:
    """Let whoever proved to be the recipient in."""
    response = HttpResponseRedirect(reverse("portal:papers", args=[access.id]))
    response.status_code = 303
    return _marked(response, access)


def _marked(response: HttpResponse, access: Access) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        signing.dumps(str(access.id), salt=_SALT),
        max_age=SECONDS,
        path=reverse("portal:papers", args=[access.id]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def leave(access_id: UUID) -> HttpResponse:
    response = notice_page("已退出", "您已退出。需要再次查阅时，请重新打开短信里的链接。", status=200)
    response.delete_cookie(COOKIE, path=reverse("portal:papers", args=[access_id]))
    return response


def _holds(request: HttpRequest, access_id: UUID) -> bool:
    try:
        return bool(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECONDS) == str(access_id))
    except signing.BadSignature:
        return False


def find(access_id: UUID) -> Access | None:
    """The access of this id with all that pages show of it; whose court it is, is not known before."""
    with for_every_court():
        return (
            Access.objects.select_related("service__case", "service__party", "service__court", "contact_point", "court")
            .filter(id=access_id)
            .first()
        )


def behind_link(page: Page) -> Page:
    """A page for a visitor who was let in: `page(request, access, …)` within the court's scope. Whoever was not let
    in, or no longer, is told to open the link again; whether such an access exists is not told."""

    @wraps(page)
    def guarded(request: HttpRequest, access_id: UUID, **rest: Any) -> HttpResponse:
        access = find(access_id) if _holds(request, access_id) else None
        if access is None:
            return notice_page("请重新打开链接", "验证已过期。请重新打开短信或者邮件里的链接，再验证一次。", status=403)
        if shut := entering.shut(access):
            return notice_page("链接已停用", shut.why, status=410)
        try:
            with acting_for(access.court_id):
                response = page(request, access, **rest)
        except Http404:
            return nothing_here()
        return response if response.status_code == 410 else _marked(response, access)

    return private(guarded)
