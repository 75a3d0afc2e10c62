"""Finding an order by what a person has in hand: case number, name, telephone, waybill, the service's own number.

Personal data is encrypted at rest, so names and telephones are found whole, by their blind index, or not at all.
"""

import re
from contextlib import suppress

from django.db.models import Exists, OuterRef, Q, QuerySet

from songda.filing import identity
from songda.filing.models import Order, Service
from songda.finding.models import ContactPoint
from songda.lib import crypto
from songda.methods.models import Waybill

_GAPS = re.compile(r"[\s-]")
_BRACKETS = str.maketrans("()〔〕[] ", "（）（）（）　")


def orders_about(orders: QuerySet[Order], asked: str) -> QuerySet[Order]:
    """The orders that this text points at, in any of the ways above."""
    services = Service.objects.filter(order=OuterRef("pk"))
    number = asked.translate(_BRACKETS).replace("　", "")
    reached = ContactPoint.objects.filter(party=OuterRef("party"), value_index__in=ways_to_write(asked))
    mailed = Waybill.objects.filter(service=OuterRef("pk"), number=asked.upper())
    return orders.filter(
        Q(case__number__icontains=number)
        | Q(Exists(services.filter(number__iexact=asked)))
        | Q(Exists(services.filter(party__name_index=crypto.blind_index(asked, purpose="name"))))
        | Q(Exists(services.filter(Exists(reached))))
        | Q(Exists(services.filter(Exists(mailed))))
    )


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
