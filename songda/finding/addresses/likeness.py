"""In what ways two addresses are alike: the figures from which `match` decides."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from songda.finding.addresses.address import Address, canonical

Rarity = Callable[[str], float]
"""How telling a pair of characters is, from 0 (found everywhere) to 1."""

UNKNOWN = -1.0
_DIGITS = re.compile(r"[A-Za-z]?\d+[A-Za-z]?")
_NAME = re.compile(r"[^\d\s,()#/_·-]+")
_PUNCTUATION = re.compile(r"[\s,()_·/#.;:\"'!?*|]+")
_GATE = re.compile(r"[东西南北正后侧\d]+门(?!口)|入口|出口|停车场|门卫|充电站|快递柜|丰巢")
_SHOP = re.compile(r"店(?:\)|$)|超市|餐|酒店|宾馆|药房|银行|公司|厂|中心|学校|医院|幼儿园|卫生|美容|服装|烟酒|便利")
_NEAR = re.compile(r"附近|旁|对面|隔壁|交叉口|交汇处|路口|\d+米|以[东西南北]|[东西南北]侧")
_CROSSING = re.compile(r"交叉口|交汇处|路口")
_ROAD = re.compile(r"[\u4e00-\u9fff\d]{1,7}?(?:路|街(?!道)|大道|巷|胡同|国道|省道|县道|弄)")
_HOUSE = re.compile(
    r"([A-Za-z]?\d+[A-Za-z]?|[A-Za-z])(号楼|#楼|栋|幢|座|#|号院|号|弄|单元|期|区|组|排|楼|层|室|村|社|巷|街)"
)
_KINDS = {"号楼": "栋", "#楼": "栋", "幢": "栋", "座": "栋", "#": "栋", "层": "楼", "号院": "号"}


def _plain(text: str) -> str:
    return _PUNCTUATION.sub("", text).upper()


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _weight(pairs: Iterable[str], rarity: Rarity) -> float:
    return sum(rarity(pair) for pair in pairs)


def _covered(inner: set[str], outer: set[str], rarity: Rarity) -> float:
    """How much of what is telling in `inner` is in `outer`."""
    whole = _weight(inner, rarity)
    return _weight(inner & outer, rarity) / whole if whole else UNKNOWN


def _longest_common(a: str, b: str) -> str:
    best, row = "", [0] * (len(b) + 1)
    for i, left in enumerate(a):
        previous, row = row, [0] * (len(b) + 1)
        for j, right in enumerate(b):
            if left == right:
                row[j + 1] = previous[j] + 1
                if row[j + 1] > len(best):
                    best = a[i + 1 - row[j + 1] : i + 1]
    return best


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


def _ratio(a: str, b: str, score: Callable[[str, str], float]) -> float:
    return score(a, b) / 100 if a and b else UNKNOWN


def _tail(address: Address) -> str:
    """The name at the end: what stands after the last road and number."""
    text = address.below
    ends = [match.end() for match in _ROAD.finditer(text)]
    start = ends[-1] if ends and ends[-1] < len(text) - 1 else 0
    number = re.match(r"[\d-]+号?(?:附近|旁|靠近)?|[东西南北]*\d+米", text[start:])
    return _plain(text[start + (number.end() if number else 0) :])


def _roads(text: str) -> list[str]:
    return _ROAD.findall(text)


def _houses(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number, kind in _HOUSE.findall(text):
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
    roads, others = _roads(a.below), _roads(b.below)
    best = max((fuzz.ratio(x, y) for x in roads for y in others), default=-100.0)
    return {
        "road": best / 100,
        "road_said": _said(roads, b.below),
        "road_said_other": _said(others, a.below),
        "number": _same(a.number, b.number),
        "building": _same(a.building, b.building),
        "room": _same(a.room, b.room),
        "village": _ratio(a.village, b.village, fuzz.ratio),
        "place": _ratio(a.place, b.place, fuzz.ratio),
        "place_part": _ratio(a.place, b.place, fuzz.partial_ratio),
    }


def _said(roads: list[str], text: str) -> float:
    if not roads:
        return UNKNOWN
    return sum(road in text or road[-3:] in text for road in roads) / len(roads)


def _numbers(a: Address, b: Address) -> dict[str, float]:
    houses, others = _houses(a.below), _houses(b.below)
    found = {f"n_{kind}": _kind_alike(houses.get(kind, set()), others.get(kind, set())) for kind in "号栋楼期区弄组"}
    found |= {f"has_{kind}": float(kind in houses) for kind in ("号", "栋", "单元", "楼", "室", "区")}
    found |= {f"has_{kind}_other": float(kind in others) for kind in ("号", "栋", "单元", "楼", "室", "区")}
    digits, digits_other = set(_DIGITS.findall(a.below.upper())), set(_DIGITS.findall(b.below.upper()))
    common = len(digits & digits_other)
    found["digits"] = common / len(digits) if digits else UNKNOWN
    found["digits_other"] = common / len(digits_other) if digits_other else UNKNOWN
    found["digits_more"] = float(len(digits - digits_other))
    found["digits_more_other"] = float(len(digits_other - digits))
    return found


_GENERIC = re.compile(
    r"小区|花园|花苑|公寓|家园|广场|大厦|大楼|写字楼|市场|商场|中心|公司|有限|责任|集团|分公司|工业区|工业园|园区|开发区|社区|新村|超市|酒店|宾馆|便利|[东西南北正后侧]门"
    r"|附近|[东西南北]{1,2}\d+米|交叉口|交汇处|路口"
)


def _core(text: str) -> str:
    """The proper name in a name: without numbers and words that any place may bear."""
    return "".join(_NAME.findall(re.sub(r"\([^)]*\)?", "", _GENERIC.sub("", _HOUSE.sub("", text)))))


def _core_of(address: Address) -> str:
    return _core(address.place) or _core(_tail(address))


def _cores(a: Address, b: Address, rarity: Rarity) -> dict[str, float]:
    core, core_other = _core_of(a), _core_of(b)
    common = _longest_common(core, core_other)
    heads = _core(_ROAD.sub("", a.below)), _core(_ROAD.sub("", b.below))
    return {
        "core": _ratio(core, core_other, fuzz.ratio),
        "core_part": _ratio(core, core_other, fuzz.partial_ratio),
        "core_said": float(core in b.below) if core else UNKNOWN,
        "core_said_other": float(core_other in a.below) if core_other else UNKNOWN,
        "core_common": len(common) / max(1, min(len(core), len(core_other))),
        "core_telling": _weight(_pairs(common), rarity),
        "core_length": float(len(core)),
        "core_length_other": float(len(core_other)),
        "off_road": _ratio(*heads, fuzz.ratio),
        "off_road_part": _ratio(*heads, fuzz.partial_ratio),
        "off_road_telling": _covered(_pairs(heads[0]), _pairs(heads[1]), rarity),
        "off_road_telling_other": _covered(_pairs(heads[1]), _pairs(heads[0]), rarity),
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
    left, right = _plain(a.below), _plain(b.below)
    words, words_other = "".join(_NAME.findall(a.below)), "".join(_NAME.findall(b.below))
    common = _longest_common(words, words_other)
    pairs, pairs_other = _pairs(words), _pairs(words_other)
    tail, tail_other = _tail(a), _tail(b)
    return {
        "ratio": _ratio(left, right, fuzz.ratio),
        "partial": _ratio(left, right, fuzz.partial_ratio),
        "tokens": _ratio(words, words_other, fuzz.ratio),
        "in_order": LCSseq.similarity(left, right) / max(len(left), 1),
        "in_order_other": LCSseq.similarity(left, right) / max(len(right), 1),
        "telling": _covered(pairs, pairs_other, rarity),
        "telling_other": _covered(pairs_other, pairs, rarity),
        "telling_missing": _weight(pairs - pairs_other, rarity),
        "telling_missing_other": _weight(pairs_other - pairs, rarity),
        "common": float(len(common)),
        "common_telling": _weight(_pairs(common), rarity),
        "common_share": len(common) / max(1, min(len(words), len(words_other))),
        "tail": _ratio(tail, tail_other, fuzz.ratio),
        "tail_part": _ratio(tail, tail_other, fuzz.partial_ratio),
        "tail_telling": _covered(_pairs(tail), pairs_other, rarity),
        "tail_telling_other": _covered(_pairs(tail_other), pairs, rarity),
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
    )


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The names of the figures, in order."""
    empty = Address("")
    return tuple(likeness(empty, empty, lambda _pair: 1.0))
