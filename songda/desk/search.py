"""Finding an order by what a person has in hand: case number, name, telephone, waybill, the service's own number.

Personal data is encrypted at rest, so names and telephones are found whole, by their blind index, or not at all.
"""

import re
from contextlib import suppress
from typing import Any

from django.db.models import Q, QuerySet

from songda.filing import identity
from songda.filing.models import Order, Service
from songda.lib import crypto

# A case number, and what may be a part of one: it has a figure, no Latin letter, and is no telephone or waybill.
_WHOLE = re.compile(r"（\d{4}）.+号")
_PART = re.compile(r"(?!\d{9})(?=.*[\d（）初终执号])[^A-Za-z@-]+")
_GAPS = re.compile(r"[\s-]")
_BRACKETS = str.maketrans("()〔〕[] ", "（）（）（）　")


def orders_about(orders: QuerySet[Order], asked: str) -> QuerySet[Order]:
    """The orders that this text points at, in any of the ways above. Each way is looked up along its own index; only a
    part of a case number makes the database look through the court's cases."""
    name = crypto.blind_index(asked, purpose="name")
    ways = [
        _services(number=asked),
        _services(party__name_index=name),
        _services(party__contact_points__value_index__in=ways_to_write(asked)),
        _services(waybills__number=asked.upper()),
    ]
    number = asked.translate(_BRACKETS).replace("　", "")
    if _WHOLE.fullmatch(number):
        ways.append(Order.objects.filter(case__number=number).order_by().values("id"))
    elif _PART.fullmatch(number):
        ways.append(Order.objects.filter(case__number__contains=number).order_by().values("id"))
    return orders.filter(id__in=ways[0].union(*ways[1:]))


def _services(**conditions: Any) -> QuerySet[Any, Any]:
    return Service.objects.filter(**conditions).order_by().values("order_id")


def service_about(asked: str) -> Q:
    """Rows about a service that this text points at: its case, its number, its recipient's name or telephone."""
    number = asked.translate(_BRACKETS).replace("　", "")
    return (
        Q(service__case__number__icontains=number)
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
