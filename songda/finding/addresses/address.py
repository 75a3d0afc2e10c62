"""An address that has been read: its parts, its codes, what was guessed, and one normal way to write it."""

from typing import Any, NamedTuple

from songda.finding.addresses import divisions as known
from songda.finding.addresses.levels import Note

LEVELS = ("province", "city", "county", "town")
PARTS = ("village", "group", "road", "number", "place", "building", "unit", "floor", "room")


class Address(NamedTuple):
    """A postal address taken apart. Empty strings stand for what is not said.

    `code` is the deepest division known (2, 4, 6 or 9 digits); `candidates` the counties it may lie in
    when a name is borne by several; `guessed` the fields that were not written or not written so;
    `zone` a functional district, which is no legal division; `below` the cleaned text under the divisions.
    """

    text: str
    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    zone: str = ""
    village: str = ""
    group: str = ""
    road: str = ""
    number: str = ""
    place: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    rest: str = ""
    below: str = ""
    code: str = ""
    town_code: str = ""
    candidates: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    name: str = ""
    phones: tuple[str, ...] = ()
    postcode: str = ""

    @property
    def codes(self) -> dict[str, str]:
        """Codes of the levels that are known; counties directly under a province have no city."""
        codes = (self.code[:2], self.code[:4], self.code[:6], self.town_code)
        names = (self.province, self.city, self.county, self.town)
        return {level: code for level, code, name in zip(LEVELS, codes, names, strict=True) if name and code}

    @property
    def detail(self) -> str:
        """What stands below the town, in one way of writing."""
        where = (self.village, self.group, self.road) if self.village else (self.road, self.group)
        inside = (self.number, self.place, self.building, self.unit, self.floor, self.room)
        return "".join([canonical(part) for part in (*where, *inside) if part]) + self.rest

    @property
    def normal(self) -> str:
        """The whole address in one way of writing: from province to room, no name, no telephone."""
        city = "" if self.city == self.province else self.city
        zone = self.zone if not self.county else ""
        return "".join((self.province, city, self.county, zone, self.town, self.detail))

    def as_json(self) -> dict[str, Any]:
        """What `songda address parse` prints."""
        shown: dict[str, Any] = {name: value or None for name, value in zip(_SHOWN, self)}  # noqa: B905 - the first fields
        shown["text"] = self.text
        codes = self.codes
        shown["codes"] = {level: codes.get(level) for level in LEVELS}
        shown["guessed"] = list(self.guessed)
        shown["notes"] = [{"field": n.field, "was": n.was, "why": n.why} for n in self.notes]
        if self.candidates:
            shown["candidates"] = [full_name(code) for code in self.candidates]
        shown |= {"name": self.name or None, "phones": list(self.phones), "postcode": self.postcode or None}
        return shown | {"normal": self.normal}


_CANONICAL = (("号楼", "栋"), ("#楼", "栋"), ("幢", "栋"), ("撞", "栋"), ("#", "栋"), ("窒", "室"), ("层", "楼"))


_NOT_CANONICAL = frozenset(written[-1] for written, _ in _CANONICAL)
_SHOWN = ("text", *LEVELS, "zone", *PARTS, "rest")  # the first fields of an address, in their order


def canonical(part: str) -> str:
    """幢, 号楼 and # are one thing, so are 层 and 楼."""
    if part[-1:] not in _NOT_CANONICAL:
        return part
    for written, usual in _CANONICAL:
        if part.endswith(written):
            return part[: -len(written)] + usual
    return part


def full_name(code: str) -> str:
    """四川省成都市武侯区 for 510107; towns too."""
    parts = [known.name_of(code[:digits]) for digits in (2, 4, 6, 9) if len(code) >= digits]
    return "".join(dict.fromkeys(part for part in parts if part))
