"""The court's settings for the ladder: read by all of the court, changed by its manager, refused where the law bars."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from songda.courts import policy as policies
from songda.courts.actions import decide_policy
from songda.courts.models import COURT_ROLES, Role
from songda.courts.queries import policy_of
from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.policy import PolicyForm, show


@require_http_methods(["GET", "POST"])
@at_desk(*COURT_ROLES)
def policy(request: DeskRequest) -> HttpResponse:
    court, current = request.seat.court, policy_of(request.seat.court)
    may_change = request.seat.holds(Role.MANAGER)
    form = PolicyForm(request.POST or None, initial=PolicyForm.from_policy(current))
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid():
            try:
                decide_policy(court, form.settings(current))
            except policies.PolicyRefused as refused:
                form.refuse(refused.problems)
            else:
                messages.success(request, "送达方案已更改，从现在起对新的步骤生效。")
                return redirect("desk:policy")
    return render(
        request,
        "desk/policy.html",
        {"form": form, "may_change": may_change, "settings": show(current)},
        status=422 if form.errors else 200,
    )
