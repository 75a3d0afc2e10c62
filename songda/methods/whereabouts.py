"""Where an address lies on a plane, as far as its words tell: there is no map here, and the page says so.

A county has the centre the division tables give; a town, a road and a house number move the spot away from it, always
the same way for the same words. So stops of one road lie in a row, roads of one town near one another and towns of one
county nearer than those of the next; a distance is good for putting stops in order, not for telling how far one drives.
"""

import hashlib
import math
import re
from typing import NamedTuple

from songda.finding.addresses import Address
from songda.finding.addresses.nearness import centre

BASIS = "顺序按行政区划中心、乡镇街道、道路和门牌号推算：平台没有地图，不知道实际道路和路况，请结合实际调整。"

_ORIGIN = (104.0, 30.0)
_METRES_A_DEGREE = 111_320.0
# How far the spot of a town, a road, a housing estate may lie from that of what it belongs to, in metres.
_TOWN, _ROAD, _ESTATE = 5_000.0, 1_500.0, 400.0
_METRES_A_NUMBER = 4.0
# Streets are longer than straight lines.
_DETOUR = 1.35
# Metres a second: in town by electric bicycle, further out by car.
_SLOW, _FAST, _FAR = 5.0, 9.0, 6_000.0


class Spot(NamedTuple):
    """Metres east and north of a point near Chengdu."""

    east: float
    north: float


def on_plane(longitude: float, latitude: float) -> Spot:
    """A position of the earth on the plane."""
    shrink = math.cos(math.radians(latitude))
    return Spot((longitude - _ORIGIN[0]) * _METRES_A_DEGREE * shrink, (latitude - _ORIGIN[1]) * _METRES_A_DEGREE)


def on_earth(spot: Spot) -> tuple[float, float]:
    """Longitude and latitude of a spot of the plane."""
    latitude = _ORIGIN[1] + spot.north / _METRES_A_DEGREE
    return _ORIGIN[0] + spot.east / (_METRES_A_DEGREE * math.cos(math.radians(latitude))), latitude


def spot_of(address: Address) -> Spot:
    """The address on the plane; the same words give the same spot."""
    here = centre(address.code) or _ORIGIN
    spot = on_plane(*here)
    town = address.town_code or address.town or address.zone
    road = address.road or address.village
    if town:
        spot = _aside(spot, f"{address.code}{town}", _TOWN)
    if road:
        # A road without its town lies somewhere in the county.
        spot = _aside(spot, f"{address.code}{road}", _ROAD if town else _TOWN)
        spot = _along(spot, road, _number(address.number))
    elif address.place:
        spot = _aside(spot, f"{address.code}{address.place}", _ESTATE if town else _TOWN)
    return spot


def _turn(words: str) -> tuple[float, float]:
    """Two numbers from 0 to 1 that the words always give."""
    digest = hashlib.sha256(words.encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32, int.from_bytes(digest[4:8]) / 2**32


def _aside(spot: Spot, words: str, most: float) -> Spot:
    angle, share = _turn(words)
    length = most * math.sqrt(share)
    return Spot(spot.east + length * math.cos(math.tau * angle), spot.north + length * math.sin(math.tau * angle))


def _along(spot: Spot, road: str, number: int) -> Spot:
    angle, _ = _turn(f"along {road}")
    length = number * _METRES_A_NUMBER
    return Spot(spot.east + length * math.cos(math.tau * angle), spot.north + length * math.sin(math.tau * angle))


def _number(words: str) -> int:
    """The first number of a house; a road has no more than some thousands of them."""
    found = re.search(r"\d+", words)
    return min(int(found[0]), 3_000) if found else 0


def metres(one: Spot, other: Spot) -> int:
    """How far one goes from spot to spot, streets being no straight lines."""
    return round(_DETOUR * math.dist(one, other))


def seconds(length: int) -> int:
    """How long that takes."""
    return round(min(length, _FAR) / _SLOW + max(length - _FAR, 0) / _FAST)
