"""Finding an order by what a person has in hand: case number, name, telephone, waybill, the service's own number.

Personal data is encrypted at rest, so names and telephones are found whole, by their blind index, or not at all.
"""

import re
from contextlib import suppress
from typing import Any

from django.db.models import Q, QuerySet

from songda.filing import case_number, identity
from songda.filing.models import Case, Order, Service
from songda.lib import crypto

_GAPS = re.compile(r"[\s-]")


def orders_about(orders: QuerySet[Order], asked: str) -> QuerySet[Order]:
    """The orders that this text points at, in any of the ways above. Each way is looked up along its own index."""
    name = crypto.blind_index(asked, purpose="name")
    ways = [
        _services(number=asked),
        _services(party__name_index=name),
        _services(party__contact_points__value_index__in=ways_to_write(asked)),
        _services(waybills__number=asked.upper()),
        Order.objects.filter(case__in=cases_numbered(asked)).order_by().values("id"),
    ]
    return orders.filter(id__in=ways[0].union(*ways[1:]))


def cases_numbered(asked: str) -> QuerySet[Case]:
    """The cases whose number this is, or is a part of that has the whole serial. Along the index of serials; what else
    was typed is compared only in the few cases of that serial."""
    part = case_number.part(asked)
    if part is None:
        return Case.objects.none()
    return Case.objects.filter(serial=part.serial, number__regex=part.pattern)


def _services(**conditions: Any) -> QuerySet[Any, Any]:
    return Service.objects.filter(**conditions).order_by().values("order_id")


def service_about(asked: str) -> Q:
    """Rows about a service that this text points at: its case, its number, its recipient's name or telephone."""
    return (
        Q(service__case__in=cases_numbered(asked))
        | Q(service__number__iexact=asked)
        | Q(service__party__name_index=crypto.blind_index(asked, purpose="name"))
        | Q(contact_point__value_index__in=ways_to_write(asked))
    )


def ways_to_write(asked: str) -> list[str]:
    """The blind indexes of a telephone or e-mail: as typed, without spaces, and in its international form."""
    ways = {asked, _GAPS.sub("", asked)}
    with suppress(identity.NotValid):
        ways.add(identity.phone(asked).e164)
    return [crypto.blind_index(way, purpose="contact") for way in sorted(ways)]
