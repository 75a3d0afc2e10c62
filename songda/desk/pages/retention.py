"""文件保存期限: what may be deleted now and what keeps the rest, the list two persons decide on, and the cases held."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from songda.courts.models import COURT_ROLES, Role
from songda.courts.queries import policy_of
from songda.courts.retention import PERIODS
from songda.desk.access import DeskRequest, at_desk
from songda.engine.keeping import erasure, retention
from songda.engine.models import ErasureOrder, Hold
from songda.engine.saying import ActRefused
from songda.filing import case_number
from songda.filing.models import Case

ROLES = frozenset({*COURT_ROLES, Role.AUDITOR})
_LATEST = 10


@require_GET
@at_desk(*ROLES)
def files(request: DeskRequest) -> HttpResponse:
    """A dry run: nothing on this page is deleted by looking at it."""
    seat, policy = request.seat, policy_of(request.seat.court)
    found = retention.look(seat.court)
    orders = ErasureOrder.objects.select_related("asked_by", "answered_by")
    waiting = orders.filter(answered_at=None).first()
    return render(
        request,
        "desk/retention.html",
        {
            "periods": [(one, policy.years(one)) for one in PERIODS],
            "free": [one for one in found if not one.held],
            "held": [one for one in found if one.held],
            "most": retention.MOST,
            "waiting": waiting,
            "past": orders.exclude(answered_at=None).order_by("-answered_at")[:_LATEST],
            "holds": Hold.objects.filter(lifted_at=None).select_related("case", "set_by").order_by("-set_at"),
            "may_ask": waiting is None and seat.holds(*erasure.MAY_ASK),
            "may_grant": waiting is not None
            and waiting.asked_by_id != seat.person.id
            and seat.holds(*erasure.MAY_GRANT),
            "may_hold": seat.holds(*erasure.MAY_ASK, *erasure.MAY_GRANT),
            "may_lift": seat.holds(*erasure.MAY_GRANT),
        },
    )


def _say(request: DeskRequest, act: Callable[[], str]) -> HttpResponse:
    """Do it and say what was done, or why not."""
    try:
        messages.success(request, act())
    except ActRefused as refused:
        messages.error(request, refused.message)
    return redirect("desk:retention")


@require_POST
@at_desk(*ROLES)
def ask(request: DeskRequest) -> HttpResponse:
    """Put the files that may go on a list for a second person."""

    def act() -> str:
        order = erasure.ask(request.seat.court, request.seat.person, request.POST.get("reason", ""))
        return f"已提出删除{len(order.files)}个文件，等待第二人审批。"

    return _say(request, act)


@require_POST
@at_desk(*ROLES)
def answer(request: DeskRequest, order_id: UUID) -> HttpResponse:
    get_object_or_404(ErasureOrder, pk=order_id)
    granted = request.POST.get("answer") == "grant"

    def act() -> str:
        order = erasure.answer(order_id, request.seat.person, granted=granted)
        return f"已批准删除{order.erased}个文件，摘要和理由留在账本中。" if granted else "已退回，文件全部保留。"

    return _say(request, act)


@require_POST
@at_desk(*ROLES)
def hold(request: DeskRequest) -> HttpResponse:
    """Keep a case's files whatever their years."""

    def act() -> str:
        case = Case.objects.filter(number=case_number.normalise(request.POST.get("case", ""))).first()
        if case is None:
            raise ActRefused("本院没有这个案号的案件")
        erasure.hold(case, request.seat.person, request.POST.get("reason", ""))
        return f"{case.number}的文件已采取保留措施。"

    return _say(request, act)


@require_POST
@at_desk(*ROLES)
def lift(request: DeskRequest, hold_id: UUID) -> HttpResponse:
    get_object_or_404(Hold, pk=hold_id)

    def act() -> str:
        erasure.lift(hold_id, request.seat.person, request.POST.get("reason", ""))
        return "保留措施已解除。"

    return _say(request, act)
