"""How often a door was knocked at, counted in the database so that every process counts together.

Who knocks is kept as a keyed digest: a network address, or whatever else one of its kind is known by.
"""

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from songda.gateways.models import Knock
from songda.lib import clock, crypto

WINDOW = timedelta(minutes=10)
# A whole network of this size belongs to one subscriber.
_IPV6_SUBSCRIBER = 64

_COUNT = f"""
INSERT INTO {Knock._meta.db_table} (door, who, "window", count) VALUES (%s, %s, %s, 1)
ON CONFLICT (door, who, "window") DO UPDATE SET count = {Knock._meta.db_table}.count + 1
RETURNING count
"""


def knock(door: str, who: str, most: int) -> bool:
    """Count one try; whether it is still within the limit for this window of time."""
    window = _window()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [door, _digest(who), window])
        (count,) = cursor.fetchone()
    if count == 1:
        Knock.objects.filter(window__lt=window - WINDOW).delete()
    return bool(count <= most)


def is_open(door: str, who: str, most: int) -> bool:
    """Whether the limit leaves room for another try, without counting one."""
    found = Knock.objects.filter(door=door, who=_digest(who), window=_window()).first()
    return found is None or found.count < most


def _window() -> datetime:
    now = clock.now()
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % WINDOW


def _digest(who: str) -> str:
    return crypto.blind_index(who, purpose="knock")


def address_of(request: HttpRequest) -> str:
    """The caller's network address; behind the proxy that ends TLS, the one which that proxy saw."""
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.USES_TLS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def network_of(request: HttpRequest) -> str:
    """What stands for the caller's subscriber: an IPv4 address, or the IPv6 network it lies in."""
    address = address_of(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, _IPV6_SUBSCRIBER), strict=False))
