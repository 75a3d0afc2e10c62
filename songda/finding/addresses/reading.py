"""Read addresses: one at a time, or a list in which 同上 repeats the line above."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from songda.finding.addresses import details, levels
from songda.finding.addresses import divisions as known
from songda.finding.addresses.address import LEVELS, PARTS, Address
from songda.finding.addresses.text import clean, count_in_digits

_DITTO = re.compile(
    r"^[ (]*(?:住址|住所地?|地址|送达地址)?[:：]?\s*(?:同上一?[行户]?|同前|〃|\"\s*\"?$)(?:述?地址)?[ ,，。;；:：)）]*"
)
_TOP = ("province", "city", "county")


def parse(text: str) -> Address:
    """Read one address. Never raises for text that is no address: then most parts are empty."""
    cleaned = clean(text)
    found = levels.read(cleaned.body)
    under = count_in_digits(found.rest)
    below = details.read(under)
    code = found.code
    names = _names_above(code) if len(code) == 6 or not found.candidates else _names_shared(code, found.candidates)
    lead = found.lead and found.lead.strip(" ,:")
    name = cleaned.name
    if lead and not name and len(lead) <= 3 and not found.notes:
        name = lead
    return Address(  # in the order of its fields: by name it takes as long as reading does
        text,
        *names,
        found.town,
        found.zone.name if found.zone else found.zone_text,
        below.village,
        below.group,
        below.road,
        below.number,
        below.place,
        below.building,
        below.unit,
        below.floor,
        below.room,
        below.rest,
        under,
        code,
        found.town_code,
        () if code else found.candidates,
        _guessed(found, names),
        tuple(found.notes),
        name,
        cleaned.phones,
        cleaned.postcode,
    )


@lru_cache(maxsize=8192)
def _names_above(code: str) -> tuple[str, str, str]:
    """Names of province, city and county on the way to a division; empty below it."""
    province, city, county = (known.name_of(code[:digits]) if len(code) >= digits else "" for digits in (2, 4, 6))
    return province, city, county


def _names_shared(code: str, candidates: tuple[str, ...]) -> tuple[str, str, str]:
    """The same where the county is one of several, which may all have one name."""
    names = {known.name_of(candidate) for candidate in candidates}
    return (*_names_above(code)[:2], names.pop() if len(names) == 1 else "")


def _guessed(found: levels.Levels, names: tuple[str, str, str]) -> tuple[str, ...]:
    """Levels that are given but were not written, or not written so."""
    written = found.stated
    if found.notes:
        written = written - {note.field for note in found.notes if not note.why.startswith("not in")}
    missing = [level for level, name in zip(_TOP, names) if name and level not in written]  # noqa: B905 - both are three
    return tuple(missing)


def parse_lines(lines: Iterable[str]) -> Iterator[Address]:
    """Read a list; 同上 stands for the address above, 同上3栋 for its building 3."""
    above: Address | None = None
    for line in lines:
        address = _below(above, line) if above and _DITTO.match(line) else parse(line)
        above = address
        yield address


def _below(above: Address, line: str) -> Address:
    remainder = line[_DITTO.match(line).end() :] if _DITTO.match(line) else ""  # type: ignore[union-attr]
    own = parse(remainder) if remainder.strip() else Address("")
    parts = [part for part in PARTS if getattr(own, part)]
    first = PARTS.index(parts[0]) if parts else len(PARTS)
    fields = {part: getattr(own, part) for part in PARTS[first:]}
    repeated = (*LEVELS, *PARTS[:first])
    guessed = tuple(field for field in repeated if getattr(above, field))
    return above._replace(text=line, **fields, guessed=guessed, name=own.name, phones=own.phones)
