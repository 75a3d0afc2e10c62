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
        found = {level: self.code[:digits] for level, digits in (("province", 2), ("city", 4), ("county", 6))}
        if self.town_code:
            found["town"] = self.town_code
        return {level: code for level, code in found.items() if getattr(self, level) and code}

    @property
    def detail(self) -> str:
        """What stands below the town, in one way of writing."""
        order = PARTS if self.village else ("road", "group", *PARTS[3:])
        return "".join((*(canonical(getattr(self, part)) for part in order), self.rest))

    @property
    def normal(self) -> str:
        """The whole address in one way of writing: from province to room, no name, no telephone."""
        city = "" if self.city == self.province else self.city
        zone = self.zone if not self.county else ""
        return "".join((self.province, city, self.county, zone, self.town, self.detail))

    def as_json(self) -> dict[str, Any]:
        """What `songda address parse` prints."""
        fields = (*LEVELS, "zone", *PARTS, "rest")
        shown: dict[str, Any] = {"text": self.text} | {name: getattr(self, name) or None for name in fields}
        codes = self.codes
        shown["codes"] = {level: codes.get(level) for level in LEVELS}
        shown["guessed"] = list(self.guessed)
        shown["notes"] = [{"field": n.field, "was": n.was, "why": n.why} for n in self.notes]
        if self.candidates:
            shown["candidates"] = [full_name(code) for code in self.candidates]
        shown |= {"name": self.name or None, "phones": list(self.phones), "postcode": self.postcode or None}
        return shown | {"normal": self.normal}


_CANONICAL = (("号楼", "栋"), ("#楼", "栋"), ("幢", "栋"), ("撞", "栋"), ("#", "栋"), ("窒", "室"), ("层", "楼"))


def canonical(part: str) -> str:
    """幢, 号楼 and # are one thing, so are 层 and 楼."""
    for written, usual in _CANONICAL:
        if part.endswith(written):
            return part[: -len(written)] + usual
    return part


def full_name(code: str) -> str:
    """四川省成都市武侯区 for 510107; towns too."""
    parts = [known.name_of(code[:digits]) for digits in (2, 4, 6, 9) if len(code) >= digits]
    return "".join(dict.fromkeys(part for part in parts if part))
