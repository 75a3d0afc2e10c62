"""What pages say of conversations: cards beside a service and beside an order."""

from datetime import datetime
from typing import Any

from django import template

from songda.desk import conversation
from songda.desk.access import DeskRequest
from songda.filing.models import Order, Service
from songda.liaison import queries
from songda.lib import clock

register = template.Library()
_LAST = 3


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
