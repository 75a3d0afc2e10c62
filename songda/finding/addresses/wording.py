"""Words of an address as `match` compares them: bare text, pairs of characters, proper names, roads."""

import re
from collections.abc import Callable, Iterable

from songda.finding.addresses.address import Address

Rarity = Callable[[str], float]
"""How telling a pair of characters is, from 0 (found everywhere) to 1."""

UNKNOWN = -1.0
DIGITS = re.compile(r"[A-Za-z]?\d+[A-Za-z]?")
NAME = re.compile(r"[^\d\s,()#/_·-]+")
_PUNCTUATION = re.compile(r"[\s,()_·/#.;:\"'!?*|]+")
ROAD = re.compile(r"[\u4e00-\u9fff\d]{1,7}?(?:路|街(?!道)|大道|巷|胡同|国道|省道|县道|弄)")
HOUSE = re.compile(
    r"([A-Za-z]?\d+[A-Za-z]?|[A-Za-z])(号楼|#楼|栋|幢|座|#|号院|号|弄|单元|期|区|组|排|楼|层|室|村|社|巷|街)"
)

_GENERIC = re.compile(
    r"小区|花园|花苑|公寓|家园|广场|大厦|大楼|写字楼|市场|商场|中心|公司|有限|责任|集团|分公司|工业区|工业园|园区|开发区|社区|新村|超市|酒店|宾馆|便利|[东西南北正后侧]门"
    r"|附近|[东西南北]{1,2}\d+米|交叉口|交汇处|路口"
)


def plain(text: str) -> str:
    return _PUNCTUATION.sub("", text).upper()


def pairs_of(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def weight(pairs: Iterable[str], rarity: Rarity) -> float:
    return sum(rarity(pair) for pair in pairs)


def covered(inner: set[str], outer: set[str], rarity: Rarity) -> float:
    """How much of what is telling in `inner` is in `outer`."""
    whole = weight(inner, rarity)
    return weight(inner & outer, rarity) / whole if whole else UNKNOWN


def longest_common(a: str, b: str) -> str:
    """The longest run of characters found in both, the first of equals."""
    best = ""
    for start in range(len(a)):
        while start + len(best) < len(a) and (longer := a[start : start + len(best) + 1]) in b:
            best = longer
    return best


def ratio(a: str, b: str, score: Callable[[str, str], float]) -> float:
    return score(a, b) / 100 if a and b else UNKNOWN


def roads_of(text: str) -> list[str]:
    return ROAD.findall(text)


def proper(text: str) -> str:
    """The proper name in a name: without numbers and words that any place may bear."""
    return "".join(NAME.findall(re.sub(r"\([^)]*\)?", "", _GENERIC.sub("", HOUSE.sub("", text)))))


def tail_of(address: Address) -> str:
    """The name at the end: what stands after the last road and number."""
    text = address.below
    ends = [match.end() for match in ROAD.finditer(text)]
    start = ends[-1] if ends and ends[-1] < len(text) - 1 else 0
    number = re.match(r"[\d-]+号?(?:附近|旁|靠近)?|[东西南北]*\d+米", text[start:])
    return plain(text[start + (number.end() if number else 0) :])


def core_of(address: Address) -> str:
    return proper(address.place) or proper(tail_of(address))
