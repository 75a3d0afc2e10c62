"""In what ways two addresses are alike: the figures from which `match` decides."""

import re
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from songda.finding.addresses.address import Address, canonical
from songda.finding.addresses.bearings import bearings
from songda.finding.addresses.wording import (
    DIGITS,
    HOUSE,
    NAME,
    ROAD,
    UNKNOWN,
    Rarity,
    core_of,
    covered,
    longest_common,
    pairs_of,
    plain,
    proper,
    ratio,
    roads_of,
    tail_of,
    weight,
)

_GATE = re.compile(r"[东西南北正后侧\d]+门(?!口)|入口|出口|停车场|门卫|充电站|快递柜|丰巢")
_SHOP = re.compile(r"店(?:\)|$)|超市|餐|酒店|宾馆|药房|银行|公司|厂|中心|学校|医院|幼儿园|卫生|美容|服装|烟酒|便利")
_NEAR = re.compile(r"附近|旁|对面|隔壁|交叉口|交汇处|路口|\d+米|以[东西南北]|[东西南北]侧")
_CROSSING = re.compile(r"交叉口|交汇处|路口")
_KINDS = {"号楼": "栋", "#楼": "栋", "幢": "栋", "座": "栋", "#": "栋", "层": "楼", "号院": "号"}


def _bare(part: str) -> str:
    return re.sub(r"[^\dA-Z-]", "", canonical(part).upper()) or part


def _same(a: str, b: str) -> float:
    """1 alike, 0 one of them does not say, -1 they differ."""
    if not a or not b:
        return 0.0
    return 1.0 if _bare(a) == _bare(b) else -1.0


def _codes(a: str, b: str) -> float:
    if not a or not b:
        return 0.0
    return 1.0 if a.startswith(b) or b.startswith(a) else -1.0


def _houses(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number, kind in HOUSE.findall(text):
        found.setdefault(_KINDS.get(kind, kind), set()).add(number.upper())
    return found


def _kind_alike(a: set[str], b: set[str]) -> float:
    if not a or not b:
        return 0.0
    return 1.0 if a & b else -1.0


def _divisions(a: Address, b: Address) -> dict[str, float]:
    return {
        "county": _codes(a.code, b.code),
        "town": (1.0 if a.town == b.town else -1.0) if a.town and b.town else 0.0,
        "town_said": float(bool(a.town and a.town[:2] in b.text) or bool(b.town and b.town[:2] in a.text)),
        "depth": float(len(a.code)),
        "depth_other": float(len(b.code)),
    }


def _parts(a: Address, b: Address) -> dict[str, float]:
    roads, others = roads_of(a.below), roads_of(b.below)
    best = max((fuzz.ratio(x, y) for x in roads for y in others), default=-100.0)
    return {
        "road": best / 100,
        "road_said": _said(roads, b.below),
        "road_said_other": _said(others, a.below),
        "number": _same(a.number, b.number),
        "building": _same(a.building, b.building),
        "room": _same(a.room, b.room),
        "village": ratio(a.village, b.village, fuzz.ratio),
        "place": ratio(a.place, b.place, fuzz.ratio),
        "place_part": ratio(a.place, b.place, fuzz.partial_ratio),
    }


def _said(roads: list[str], text: str) -> float:
    if not roads:
        return UNKNOWN
    return sum(road in text or road[-3:] in text for road in roads) / len(roads)


def _numbers(a: Address, b: Address) -> dict[str, float]:
    houses, others = _houses(a.below), _houses(b.below)
    found = {f"n_{kind}": _kind_alike(houses.get(kind, set()), others.get(kind, set())) for kind in "号栋区"}
    found |= {f"has_{kind}": float(kind in houses) for kind in ("号", "栋", "单元", "楼", "室", "区")}
    found |= {f"has_{kind}_other": float(kind in others) for kind in ("号", "栋", "区")}
    digits, digits_other = set(DIGITS.findall(a.below.upper())), set(DIGITS.findall(b.below.upper()))
    common = len(digits & digits_other)
    found["digits"] = common / len(digits) if digits else UNKNOWN
    found["digits_other"] = common / len(digits_other) if digits_other else UNKNOWN
    found["digits_more"] = float(len(digits - digits_other))
    found["digits_more_other"] = float(len(digits_other - digits))
    return found


def _cores(a: Address, b: Address, rarity: Rarity) -> dict[str, float]:
    core, core_other = core_of(a), core_of(b)
    common = longest_common(core, core_other)
    heads = proper(ROAD.sub("", a.below)), proper(ROAD.sub("", b.below))
    return {
        "core": ratio(core, core_other, fuzz.ratio),
        "core_part": ratio(core, core_other, fuzz.partial_ratio),
        "core_said": float(core in b.below) if core else UNKNOWN,
        "core_said_other": float(core_other in a.below) if core_other else UNKNOWN,
        "core_common": len(common) / max(1, min(len(core), len(core_other))),
        "core_telling": weight(pairs_of(common), rarity),
        "core_length": float(len(core)),
        "core_length_other": float(len(core_other)),
        "off_road": ratio(*heads, fuzz.ratio),
        "off_road_part": ratio(*heads, fuzz.partial_ratio),
        "off_road_telling": covered(pairs_of(heads[0]), pairs_of(heads[1]), rarity),
        "off_road_telling_other": covered(pairs_of(heads[1]), pairs_of(heads[0]), rarity),
    }


def _first_number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()[:6]) if found else 0


def _mentions(a: Address, b: Address) -> dict[str, float]:
    names = [name for name in (a.city, a.county, a.town, a.village, a.zone) if name]
    others = [name for name in (b.city, b.county, b.town, b.village, b.zone) if name]
    gap = abs(_first_number(a.number) - _first_number(b.number)) if a.number and b.number else 0
    return {
        "mentions": sum(name[:2] in b.text for name in names) / len(names) if names else UNKNOWN,
        "mentions_other": sum(name[:2] in a.text for name in others) / len(others) if others else UNKNOWN,
        "number_gap": float(min(gap, 500)),
        "bare_road": float(not a.place and not a.number),
        "bare_road_other": float(not b.place and not b.number),
        "same_kind_end": float(a.below[-1:] == b.below[-1:]),
    }


def _text(a: Address, b: Address, rarity: Rarity) -> dict[str, float]:
    left, right = plain(a.below), plain(b.below)
    words, words_other = "".join(NAME.findall(a.below)), "".join(NAME.findall(b.below))
    common = longest_common(words, words_other)
    pairs, pairs_other = pairs_of(words), pairs_of(words_other)
    tail, tail_other = tail_of(a), tail_of(b)
    return {
        "ratio": ratio(left, right, fuzz.ratio),
        "partial": ratio(left, right, fuzz.partial_ratio),
        "tokens": ratio(words, words_other, fuzz.ratio),
        "in_order": LCSseq.similarity(left, right) / max(len(left), 1),
        "in_order_other": LCSseq.similarity(left, right) / max(len(right), 1),
        "telling": covered(pairs, pairs_other, rarity),
        "telling_other": covered(pairs_other, pairs, rarity),
        "telling_missing": weight(pairs - pairs_other, rarity),
        "telling_missing_other": weight(pairs_other - pairs, rarity),
        "common": float(len(common)),
        "common_telling": weight(pairs_of(common), rarity),
        "common_share": len(common) / max(1, min(len(words), len(words_other))),
        "tail": ratio(tail, tail_other, fuzz.ratio),
        "tail_part": ratio(tail, tail_other, fuzz.partial_ratio),
        "tail_telling": covered(pairs_of(tail), pairs_other, rarity),
        "tail_telling_other": covered(pairs_of(tail_other), pairs, rarity),
        "tail_length": float(len(tail)),
        "tail_length_other": float(len(tail_other)),
        "length": float(len(left)),
        "length_other": float(len(right)),
    }


_SIGNS = {"gate": _GATE, "shop": _SHOP, "near": _NEAR, "crossing": _CROSSING}


def _signs(a: Address, b: Address) -> dict[str, float]:
    found = {}
    for name, pattern in _SIGNS.items():
        found[name] = float(bool(pattern.search(a.below)))
        found[f"{name}_other"] = float(bool(pattern.search(b.below)))
    return found


def likeness(a: Address, b: Address, rarity: Rarity) -> dict[str, float]:
    """Every figure by name, always the same names in the same order; -1 (unknown) where nothing can be compared."""
    return (
        _divisions(a, b)
        | _parts(a, b)
        | _numbers(a, b)
        | _text(a, b, rarity)
        | _signs(a, b)
        | _cores(a, b, rarity)
        | _mentions(a, b)
        | bearings(a, b, rarity)
    )


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The names of the figures, in order."""
    empty = Address("")
    return tuple(likeness(empty, empty, lambda _pair: 1.0))
