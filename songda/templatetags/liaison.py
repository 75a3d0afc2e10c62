"""What pages say of conversations and of what calls for help: cards beside a service, an order, on a board."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import template
from django.db.models import QuerySet

from songda.courts.models import Court, Role
from songda.desk import conversation
from songda.desk.access import DeskRequest
from songda.engine.models import WorkItem
from songda.engine.work import WORK
from songda.filing.models import Order, Service
from songda.insight.queries import MOST
from songda.liaison import queries
from songda.liaison.irregularities import WORK_KIND
from songda.lib import clock
from songda.templatetags import songda as words

register = template.Library()
_LAST = 3
_SHOUTED = 6


@register.filter
def span(length: timedelta | None) -> str:
    """A stretch of time in its largest whole unit."""
    return "" if length is None else words.span(length)


@register.filter
def is_over(moment: datetime) -> bool:
    return moment < clock.now()


@register.inclusion_tag("desk/liaison/card.html", takes_context=True)
def conversation_card(context: dict[str, Any], service: Service) -> dict[str, Any]:
    """The last words between court and post about a service, what is new and what is wrong."""
    request: DeskRequest = context["request"]
    subject, reader = queries.of_service(service), request.seat.person
    thread = queries.thread_of(subject)
    notes = queries.notes(thread, most=_LAST) if thread else []
    return {
        "lines": conversation.lines(notes, reader, queries.names_in(service.case_id)),
        "unread": queries.unread_in(reader, [thread]).get(thread.id, 0) if thread else 0,
        "wrongs": conversation.wrongs(queries.open_of(service), reader),
        "service": service,
    }


@register.inclusion_tag("desk/liaison/order_card.html", takes_context=True)
def order_card(context: dict[str, Any], order: Order) -> dict[str, Any]:
    """The conversations of an order, those of its services and of their parcels."""
    request: DeskRequest = context["request"]
    return {"gathered": conversation.gathered(order, request.seat.person), "order": order}


@dataclass(frozen=True, slots=True)
class Calling:
    """Something that calls for a manager: at which service, what, whose turn it is, how long it is over."""

    service: Service
    court: Court
    what: str
    whose: str
    due_at: datetime


@register.inclusion_tag("desk/boards/calling.html")
def calling(courts: list[UUID], here: UUID) -> dict[str, Any]:
    """What was called up, and irregularities that wait for an answer, at these courts: the longest over on top."""
    waiting = WorkItem.objects.filter(court_id__in=courts, done_at=None)
    wrong = waiting.filter(kind=WORK_KIND)
    up = waiting.filter(escalated_at__isnull=False).exclude(kind=WORK_KIND)
    first = [
        *up.select_related("service__case", "court").order_by("due_at")[:_SHOUTED],
        *wrong.select_related("service__case", "court").order_by("due_at")[:_SHOUTED],
    ]
    return {
        "rows": [_calling(item) for item in sorted(first, key=lambda item: item.due_at)[:_SHOUTED]],
        "up": _capped(up),
        "wrong": _capped(wrong),
        "here": here,
    }


def _calling(item: WorkItem) -> Calling:
    what = item.reason if item.kind == WORK_KIND else WORK[item.kind].label
    return Calling(item.service, item.court, what, str(Role(item.escalated_to or item.role).label), item.due_at)


def _capped(items: QuerySet[WorkItem]) -> str:
    many = items.order_by()[: MOST + 1].count()
    return f"{MOST}+" if many > MOST else str(many)
