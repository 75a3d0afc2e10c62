"""移交委托: drag the papers in, look over what was read, one button."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from songda.courts.models import Role
from songda.desk.access import DeskRequest, at_desk
from songda.desk.forms.hand_over import FilesForm, HandOver
from songda.desk.proposal import Proposal, propose
from songda.desk.submission import submit
from songda.filing.checking import remarks

HANDS_OVER = (Role.CLERK, Role.JUDGE, Role.MANAGER)


@require_http_methods(["GET", "POST"])
@at_desk(*HANDS_OVER)
def hand_over(request: DeskRequest) -> HttpResponse:
    """The empty page takes files; what comes back is the proposal, all of it in the form."""
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if not form.is_valid():
        return render(request, "desk/hand_over.html", {"form": form})
    court = request.seat.court
    proposal = propose(form.cleaned_data["papers"], court.id, court.code)
    return _look_over(request, HandOver(court_id=court.id, proposal=proposal), proposal)


@require_POST
@at_desk(*HANDS_OVER)
def confirm(request: DeskRequest) -> HttpResponse:
    """The clerk's one button. What is wrong comes back at its field; everything typed stays."""
    form = HandOver(court_id=request.seat.court.id, data=request.POST)
    if form.is_valid() and (order := submit(request.seat, form)):
        messages.success(request, f"{order.case.number} 已移交，平台已经开始办理。")
        for remark in remarks(party.cleaned_data["name"] for party in form.kept_parties()):
            messages.warning(request, remark)
        return redirect("desk:order", order.pk)
    return _look_over(request, form, None)


def _look_over(request: DeskRequest, form: HandOver, proposal: Proposal | None) -> HttpResponse:
    return render(
        request, "desk/hand_over_confirm.html", {"form": form, "proposal": proposal}, status=200 if proposal else 422
    )
