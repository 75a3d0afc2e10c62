"""Who is at the desk: the person, the court they work at now, and their roles there.

A page is reached only through `at_desk`: it asks for a log-in, opens the scope of one court, and keeps the person
inside it. What belongs to another court is not found, as if it did not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import quote, urlsplit

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django_htmx.middleware import HtmxDetails

from songda.courts.models import Court, Membership, Person, Role
from songda.lib.tenancy import acting_for

P = ParamSpec("P")
SESSION_COURT = "desk_court"


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place at one court, and the other courts at which they have one."""

    person: Person
    court: Court
    roles: frozenset[str]
    other_courts: tuple[Court, ...]

    def holds(self, *roles: str) -> bool:
        return bool(self.roles & frozenset(roles))

    @property
    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in sorted(self.roles)]


class DeskRequest(HttpRequest):
    """A request that has passed `at_desk`."""

    seat: Seat
    htmx: HtmxDetails


def seat_of(request: HttpRequest) -> Seat:
    """The person's seat at the court they chose, else at the first they have; nobody without a court sits."""
    person = cast(Person, request.user)
    courts: dict[str, Court] = {}
    roles: dict[str, set[str]] = {}
    for held in Membership.objects.filter(person=person).select_related("court").order_by("court__code", "role"):
        courts[held.court.code] = held.court
        roles.setdefault(held.court.code, set()).add(held.role)
    if not courts:
        raise PermissionDenied
    chosen = request.session.get(SESSION_COURT)
    code = chosen if chosen in courts else next(iter(courts))
    others = tuple(court for other, court in courts.items() if other != code)
    return Seat(person, courts[code], frozenset(roles[code]), others)


def _log_in_again(request: HttpRequest) -> HttpResponseBase:
    """To the log-in, and from there back to the page the form stood on: many addresses that take a form show nothing
    by themselves."""
    came = urlsplit(request.headers.get("Referer", ""))
    from_here = came.netloc == request.get_host() and came.path != request.path
    back = came.path if from_here else resolve_url("desk:work")
    return redirect(f"{resolve_url('desk:login')}?lost=1&next={quote(back)}")


Page = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def at_desk(*roles: str) -> Callable[[Page[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Only for people logged in, at their court; with `roles`, only for those who hold one of them there."""

    def dress(page: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @login_required
        @wraps(page)
        def seated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            seat = seat_of(request)
            if roles and not seat.holds(*roles):
                raise PermissionDenied
            own = cast(DeskRequest, request)
            own.seat = seat
            with acting_for(seat.court.id):
                return page(own, *args, **kwargs)

        @wraps(page)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated:
                return seated(request, *args, **kwargs)
            # A part of a page is no place for a log-in: the page that asked says it (songda.js, sending.js).
            if "HX-Request" in request.headers:
                return HttpResponse(status=401)
            return _log_in_again(request) if request.method == "POST" else seated(request, *args, **kwargs)

        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], asked)

    return dress
