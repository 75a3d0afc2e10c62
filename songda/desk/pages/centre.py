"""The zones' queues in their simple form: calls, visits and approvals are work items; mail goes by print site."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from songda.courts.models import Role
from songda.desk.access import DeskRequest, at_desk
from songda.engine.models import WorkItem
from songda.engine.work import WORK

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Queue:
    """A page that lists open work items of some kinds."""

    title: str
    words: str
    kinds: tuple[str, ...]
    empty: str


APPROVALS = Queue(
    "审批",
    "公告送达、送达方式、更正和对外查询，由法官决定；每件附有穷尽核对和法律依据。",
    tuple(code for code, kind in WORK.items() if kind.role == Role.JUDGE),
    "没有待批事项",
)


def _queue(request: DeskRequest, queue: Queue) -> HttpResponse:
    items = WorkItem.objects.filter(kind__in=queue.kinds, done_at=None)
    shown = items.select_related("service__case", "service__party", "owner").order_by("due_at", "id")[:SHOWN]
    return render(request, "desk/queue.html", {"queue": queue, "items": list(shown)})


@require_GET
@at_desk(Role.JUDGE)
def approvals(request: DeskRequest) -> HttpResponse:
    return _queue(request, APPROVALS)
