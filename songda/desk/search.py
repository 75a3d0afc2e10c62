"""Finding an order by what a person has in hand: case number, name, telephone, waybill, the service's own number.

Personal data is encrypted at rest, so names and telephones are found whole, by their blind index, or not at all.
"""

import re
from contextlib import suppress
from typing import Any

from django.db.models import QuerySet

from songda.filing import identity
from songda.filing.models import Order, Service
from songda.filing.queries import cases_numbered
from songda.lib import crypto

_GAPS = re.compile(r"[\s-]")

# What a page says of a search by case number that found nothing.
PART_OF_NUMBER = "案号可以只写一部分，但要有完整的序号"


def orders_about(orders: QuerySet[Order], asked: str) -> QuerySet[Order]:
    """The orders that this text points at, in any of the ways above."""
    of_cases = Order.objects.filter(case__in=cases_numbered(asked)).order_by().values("id")
    return orders.filter(id__in=looked_up(*_ways_to_services(asked), column="order_id").union(of_cases))


def services_about(asked: str) -> QuerySet[Any, Any]:
    """The ids of the services that this text points at, in any of the ways above."""
    return looked_up(Service.objects.filter(case__in=cases_numbered(asked)), *_ways_to_services(asked))


def looked_up(*ways: QuerySet[Any, Any], column: str = "id") -> QuerySet[Any, Any]:
    """The ids that any of these finds. One condition with OR over several tables would read them whole; so each way is
    asked by itself, along its own index."""
    first, *others = (way.order_by().values(column) for way in ways)
    return first.union(*others)


def _ways_to_services(asked: str) -> tuple[QuerySet[Service], ...]:
    name = crypto.blind_index(asked, purpose="name")
    return (
        Service.objects.filter(number=asked.upper()),
        Service.objects.filter(party__name_index=name),
        Service.objects.filter(party__contact_points__value_index__in=ways_to_write(asked)),
        Service.objects.filter(waybills__number=asked.upper()),
    )


def ways_to_write(asked: str) -> list[str]:
    """The blind indexes of a telephone or e-mail: as typed, without spaces, and in its international form."""
    ways = {asked, _GAPS.sub("", asked)}
    with suppress(identity.NotValid):
        ways.add(identity.phone(asked).e164)
    return [crypto.blind_index(way, purpose="contact") for way in sorted(ways)]
