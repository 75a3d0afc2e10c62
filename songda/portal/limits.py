"""Limits for each network address, counted in the database so that every process counts together.

Many phones share one address of their operator: the limits stop machines, the tries of one link are limited apart.
"""

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from songda.lib import clock, crypto
from songda.portal.models import Knock

WINDOW = timedelta(minutes=10)
# door -> tries in a window
LIMITS = {"link": 60, "message": 30, "proof": 60, "law_firm": 240, "law_firm_wrong": 60}
# A whole network of this size belongs to one subscriber.
_IPV6_SUBSCRIBER = 64

_COUNT = f"""
INSERT INTO {Knock._meta.db_table} (door, who, "window", count) VALUES (%s, %s, %s, 1)
ON CONFLICT (door, who, "window") DO UPDATE SET count = {Knock._meta.db_table}.count + 1
RETURNING count
"""


def knock(request: HttpRequest, door: str) -> bool:
    """Count one try; whether it is still within the limit."""
    window = _window()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [door, _who(request), window])
        (count,) = cursor.fetchone()
    if count == 1:
        Knock.objects.filter(window__lt=window - WINDOW).delete()
    return bool(count <= LIMITS[door])


def is_open(request: HttpRequest, door: str) -> bool:
    """Whether the limit leaves room for another try, without counting one."""
    found = Knock.objects.filter(door=door, who=_who(request), window=_window()).first()
    return found is None or found.count < LIMITS[door]


def _window() -> datetime:
    now = clock.now()
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % WINDOW


def _who(request: HttpRequest) -> str:
    return crypto.blind_index(_network(address_of(request)), purpose="knock")


def address_of(request: HttpRequest) -> str:
    """The caller's network address; behind the proxy that ends TLS, the one which that proxy saw."""
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.USES_TLS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, _IPV6_SUBSCRIBER), strict=False))
