"""Further figures for `match`: what sounds alike, what is named behind the road, which house, which town."""

import re
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from songda.finding.addresses import divisions as known
from songda.finding.addresses.address import Address
from songda.finding.addresses.spelling import heard
from songda.finding.addresses.text import number
from songda.finding.addresses.wording import (
    HOUSE,
    ROAD,
    UNKNOWN,
    Rarity,
    core_of,
    covered,
    pairs_of,
    plain,
    proper,
    ratio,
    roads_of,
    weight,
)

_NUMERAL = re.compile("[零一二三四五六七八九十百两]+")
_BRACKETS = re.compile(r"\(([^)]*)\)?")
_TOWN_KIND = re.compile(r"(?:街道办事处|街道办|街道|地区|镇|乡)$")
_TOWARDS = re.compile(r"[东西南北中前后]?[一二三四五六\d]?(?:路|街|大道|大街|巷|支路|段)$")
_LEADS_UP = re.compile(r"^.*?(?:附近|旁边?|对面|\d+米|交叉口|交汇处|路口|(?<=\d)号(?!楼))")
_WHERE_A_NAME_STARTS = "-、之0123456789号层,"
_BUILDINGS = frozenset(("号楼", "#楼", "栋", "幢", "座", "#", "排"))
_INSIDE = ("building", "unit", "floor", "room")
_ENTRANCE = re.compile(r"[东西南北正后侧\d]+门|店|入口|出口|停车场")
_NUMBER = re.compile(r"\d+")


def _in_digits(text: str) -> str:
    """Every numeral in digits, those in names too: 二六一弄 and 261弄, 第五生活区 and 5区 may then meet."""
    return _NUMERAL.sub(lambda found: str(number(found.group())), text)


@lru_cache(maxsize=4096)
def _stems(county: str) -> frozenset[str]:
    """The names of a county's towns without their kind."""
    stems = (_TOWN_KIND.sub("", name) for name, _ in known.towns(county))
    return frozenset(stem for stem in stems if len(stem) >= 2)


def town_fits(a: Address, b: Address) -> float:
    """Whether the county of `b` has the town of `a`, which names no county: 1 or -1; 0 where nobody can tell."""
    if len(b.code) != 6 or len(a.code) == 6 or not b.code.startswith(a.code) or not a.town:
        return 0.0
    return 1.0 if _TOWN_KIND.sub("", a.town) in _stems(b.code) else -1.0


def _starts_with_town(a: Address, b: Address) -> float:
    """衙前成虎路 starts with the name of a town of 萧山区, though it does not say 镇."""
    if len(b.code) != 6 or a.code:
        return 0.0
    text = a.town or a.below
    return float(any(text[:length] in _stems(b.code) for length in (2, 3, 4)))


def _divisions(a: Address, b: Address) -> dict[str, float]:
    return {
        "town_fits": town_fits(a, b),
        "town_fits_other": town_fits(b, a),
        "town_first": _starts_with_town(a, b),
        "town_first_other": _starts_with_town(b, a),
    }


@lru_cache(maxsize=256)
def _named(text: str) -> str:
    """The name a courier looks for: without brackets, and behind all roads, numbers and directions that lead to it."""
    text = _BRACKETS.sub("", text)
    found = _LEADS_UP.match(text)
    while found and found.end() < len(text) - 1:
        text = text[found.end() :]
        found = _LEADS_UP.match(text)
    end = max((road.end() for road in ROAD.finditer(text)), default=0)
    return (text[end:] if end < len(text) - 1 else text).lstrip(_WHERE_A_NAME_STARTS)


def _found_in(inner: str, outer: str) -> float:
    if not inner or not outer:
        return UNKNOWN
    if len(inner) <= len(outer):
        return fuzz.partial_ratio(inner, outer) / 100
    return LCSseq.similarity(inner, outer) / len(inner)


def _sounds(a: Address, b: Address) -> dict[str, float]:
    """Likenesses in which characters that sound alike count as one."""
    left, right = heard(_in_digits(plain(a.below))), heard(_in_digits(plain(b.below)))
    core, core_other = heard(_in_digits(core_of(a))), heard(_in_digits(core_of(b)))
    name, name_other = (heard(proper(_in_digits(_named(x.below)))) for x in (a, b))
    in_order = LCSseq.similarity(left, right)
    return {
        "heard": ratio(left, right, fuzz.ratio),
        "heard_part": ratio(left, right, fuzz.partial_ratio),
        "heard_in_order": in_order / max(len(left), 1),
        "heard_in_order_other": in_order / max(len(right), 1),
        "heard_core": ratio(core, core_other, fuzz.ratio),
        "heard_core_part": ratio(core, core_other, fuzz.partial_ratio),
        "heard_core_said": _found_in(core, right),
        "heard_core_said_other": _found_in(core_other, left),
        "heard_name": ratio(name, name_other, fuzz.ratio),
        "heard_name_part": ratio(name, name_other, fuzz.partial_ratio),
        "heard_name_said": _found_in(name, right),
        "heard_name_said_other": _found_in(name_other, left),
        "name_length": float(len(name)),
        "name_length_other": float(len(name_other)),
    }


def _names(a: Address, b: Address, rarity: Rarity) -> dict[str, float]:
    missing = pairs_of(proper(_named(a.below))) - pairs_of(b.below)
    missing_other = pairs_of(proper(_named(b.below))) - pairs_of(a.below)
    aside = " ".join(_BRACKETS.findall(b.below))
    telling = pairs_of(proper(_ENTRANCE.sub("", aside)))
    return {
        "name_missing": weight(missing, rarity),
        "name_missing_other": weight(missing_other, rarity),
        "aside_other": float(len(aside)),
        "aside_said_other": covered(telling, pairs_of(a.below), rarity),
    }


def _buildings(text: str) -> set[str]:
    return {number.upper() for number, kind in HOUSE.findall(text) if kind in _BUILDINGS}


def _building_said(a: Address, b: Address) -> float:
    """Whether `a` says the building that `b` names: as a building (1 or -1), or as some number or other (0.6, -0.6)."""
    asked, said = _buildings(b.below), _buildings(a.below)
    if not asked or said:
        return 0.0 if not asked else 1.0 if asked & said else -1.0
    numbers = set(_NUMBER.findall(a.below))
    if not numbers:
        return 0.1
    return 0.6 if numbers & set(_NUMBER.findall(" ".join(asked))) else -0.6


def _number_fits(a: Address, b: Address) -> float:
    """1 for 3号 and 3号, 0.5 for 7号 and 3-9号, -1 for another number."""
    first, span = _NUMBER.findall(a.number), _NUMBER.findall(b.number)
    if not first or not span:
        return 0.0
    if first[0] == span[0]:
        return 1.0
    inside = len(span) > 1 and "-" in b.number and int(span[0][:6]) <= int(first[0][:6]) <= int(span[-1][:6])
    return 0.5 if inside else -1.0


def _road_stems(text: str) -> set[str]:
    """镇中路 and 镇中东路 have one stem."""
    return {heard((_TOWARDS.sub("", road) or road)[-3:]) for road in roads_of(text)}


def _houses(a: Address, b: Address) -> dict[str, float]:
    stems, stems_other = _road_stems(a.below), _road_stems(b.below)
    road = 0.0 if not stems or not stems_other else 1.0 if stems & stems_other else -1.0
    fits = _number_fits(a, b)
    return {
        "building_said": _building_said(a, b),
        "building_said_other": _building_said(b, a),
        "inside": float(sum(bool(getattr(a, part)) for part in _INSIDE)),
        "inside_other": float(sum(bool(getattr(b, part)) for part in _INSIDE)),
        "road_stem": road,
        "number_fits": fits,
        "number_fits_on_road": fits * max(0.0, road),
    }


def bearings(a: Address, b: Address, rarity: Rarity) -> dict[str, float]:
    """These figures by name, always the same names in the same order."""
    return _divisions(a, b) | _sounds(a, b) | _names(a, b, rarity) | _houses(a, b)
