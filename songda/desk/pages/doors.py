"""In, out, which court, and the demonstration's clock."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songda.desk import shell
from songda.desk.access import SESSION_COURT, DeskRequest, at_desk
from songda.desk.forms.doors import LoginForm, PasswordForm


class Login(auth.LoginView):
    template_name = "desk/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


class Logout(auth.LogoutView):
    next_page = "desk:login"


@require_http_methods(["GET", "POST"])
@at_desk()
def password(request: DeskRequest) -> HttpResponse:
    """A new password; this log-in stays, all others end."""
    form = PasswordForm(request.seat.person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, "密码已修改，其他设备上的登录已失效。")
        return redirect("desk:work")
    return render(request, "desk/password.html", {"form": form}, status=422 if form.errors else 200)


def back(request: HttpRequest) -> str:
    """Where the form that was sent stands, when that is one of our own pages; else the desk."""
    asked = request.POST.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, None) else reverse("desk:work")


@require_GET
@at_desk()
def still(request: DeskRequest) -> HttpResponse:
    """Who sits where now, for a page that was opened a while ago and is about to send what was typed into it; with the
    token of this log-in, which only a page of our own can read."""
    seat = f"{request.seat.person.pk} {request.seat.court.code}"
    answer = JsonResponse({"seat": seat, "token": get_token(request)})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@at_desk()
def at_court(request: DeskRequest) -> HttpResponse:
    """Sit down at another court of one's own."""
    codes = {court.code: court for court in request.seat.other_courts}
    court = codes.get(request.POST.get("court", ""))
    if court is None:
        raise Http404
    request.session[SESSION_COURT] = court.code
    messages.success(request, f"现在在{court.name}工作。")
    return redirect("desk:work")


@require_POST
@at_desk()
def clock(request: DeskRequest) -> HttpResponse:
    """Move the platform's time; there is no such door outside a demonstration."""
    if shell.played_clock() is None:
        raise Http404
    shell.ahead(request.POST.get("ahead", ""), request.POST.get("speed", ""))
    return redirect(back(request))
