"""Which of several places lies nearest to an address, as far as division codes can tell."""

from collections.abc import Iterable
from functools import cache
from math import asin, cos, radians, sin, sqrt

from songda.finding.addresses.divisions import DATA

EARTH_KM = 6371.0
_LEVELS = (9, 6, 4, 2)


@cache
def _centres() -> dict[str, tuple[float, float]]:
    rows = (line.split(" ") for line in (DATA / "centres.txt").read_text(encoding="utf-8").splitlines())
    return {code: (float(longitude), float(latitude)) for code, longitude, latitude in rows}


def shared_level(code: str, other: str) -> int:
    """Digits of the lowest division two codes share: 9, 6, 4, 2 or 0."""
    return next((n for n in _LEVELS if len(code) >= n and code[:n] == other[:n]), 0)


def centre(code: str) -> tuple[float, float] | None:
    """Longitude and latitude of a division's centre, else of the division it lies in; None where neither is known."""
    known = _centres()
    return next((known[code[:n]] for n in (6, 4, 2) if len(code) >= n and code[:n] in known), None)


def distance_km(code: str, other: str) -> float | None:
    """Rough kilometres between the centres of two divisions, None where one is not known."""
    here, there = centre(code), centre(other)
    if here is None or there is None:
        return None
    (x1, y1), (x2, y2) = (tuple(map(radians, point)) for point in (here, there))
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _farness(code: str, other: str) -> tuple[int, float, str]:
    distance = distance_km(code, other)
    return -min(shared_level(code, other), 6), float("inf") if distance is None else distance, other


def nearest(code: str, candidates: Iterable[str]) -> str | None:
    """The candidate that shares the smallest division with `code`; among equals the one with the nearer centre.

    A print site in the same county is chosen before one in a neighbouring county, one in the same city before
    one across the border of the city, since court mail is sorted that way. None when there is no candidate or no code.
    """
    return min(candidates, key=lambda other: _farness(code, other), default=None) if code else None
