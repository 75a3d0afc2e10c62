"""Limits for each network address.

Many phones share one address of their operator: the limits stop machines, the tries of one link are limited apart.
"""

from django.http import HttpRequest

from songda.gateways import knocking
from songda.gateways.knocking import WINDOW as WINDOW
from songda.gateways.knocking import address_of as address_of

# door -> tries in a window
LIMITS = {"link": 60, "message": 30, "proof": 60, "law_firm": 240, "law_firm_wrong": 60}


def knock(request: HttpRequest, door: str) -> bool:
    """Count one try; whether it is still within the limit."""
    return knocking.knock(door, knocking.network_of(request), LIMITS[door])


def is_open(request: HttpRequest, door: str) -> bool:
    """Whether the limit leaves room for another try, without counting one."""
    return knocking.is_open(door, knocking.network_of(request), LIMITS[door])
