"""Reading what counterparties write: tables of codes, and fields that may be missing or malformed."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from songda.lib import clock

DATA = Path(__file__).parent / "data"
_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S", "%Y/%m/%d %H:%M:%S")


@lru_cache(maxsize=16)
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of one of our code tables."""
    with (DATA / name).open(encoding="utf-8", newline="") as table:
        return tuple(csv.DictReader(table))


def moment(value: object) -> datetime:
    """A counterparty's time as an aware one. Times without an offset are Beijing's; unreadable ones become now."""
    if isinstance(value, int | float) and 0 < value < 2e11:
        return datetime.fromtimestamp(value, tz=UTC)
    text = str(value or "").strip()
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=clock.BEIJING)
        except ValueError:
            continue
    return _iso(text)


def _iso(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return clock.now()
    return read if read.tzinfo else read.replace(tzinfo=clock.BEIJING)


def text(payload: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is there, as text; empty where none is."""
    for name in names:
        value = payload.get(name)
        if value is not None and not isinstance(value, dict | list):
            return str(value).strip()
    return ""


def items(payload: object, *names: str) -> list[Mapping[str, Any]]:
    """The objects of a list given bare, under one of these names, or one alone; anything else is left out."""
    if isinstance(payload, dict):
        found = next((payload[name] for name in names if isinstance(payload.get(name), list)), [payload])
    else:
        found = payload if isinstance(payload, list) else []
    return [one for one in found if isinstance(one, dict)]
