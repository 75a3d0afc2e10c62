"""China's divisions from province to town, read from `data/` on first use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

DATA = Path(__file__).parent / "data"

Kind = Literal["full", "short", "former"]

# Cities that exist only so that counties directly under a province have a place in the statistics.
BARE_CITIES = frozenset({"市辖区", "县", "直辖", "省直辖县级行政区划", "自治区直辖县级行政区划"})
MUNICIPALITIES = {"11": "北京市", "12": "天津市", "31": "上海市", "50": "重庆市"}
# Cities without counties: the statistics repeat the city's own name one level down.
UNDIVIDED = frozenset({"441900", "442000", "460400", "620201"})

PEOPLES = (
    "壮族|回族|维吾尔|藏族|羌族|彝族|苗族|土家族|侗族|布依族|哈尼族|傣族|白族|景颇族|傈僳族|朝鲜族|蒙古族|蒙古|哈萨克族|哈萨克"
    "|柯尔克孜族|柯尔克孜|满族|瑶族|黎族|畲族|仡佬族|水族|仫佬族|毛南族|土族|撒拉族|保安族|东乡族|裕固族|鄂伦春|锡伯"
    "|塔吉克|拉祜族|佤族|纳西族|普米族|怒族|独龙族|布朗族|各族|达斡尔族"
)  # fmt: skip
SHORT_PROVINCES = {"15": "内蒙古", "45": "广西", "54": "西藏", "64": "宁夏", "65": "新疆", "81": "香港", "82": "澳门"}
NICKNAMES = {  # what people write beside the full and the cut-off name
    "45": ("广西省", "广西自治区"), "65": ("新疆省", "新疆自治区"), "15": ("内蒙", "内蒙古省"), "54": ("西藏省",),
    "64": ("宁夏省", "宁夏自治区"),
    "1525": ("锡盟",), "1522": ("兴安盟",), "5226": ("黔东南州",), "5227": ("黔南州",), "5223": ("黔西南州",),
    "4331": ("湘西州",), "4228": ("恩施州",), "5133": ("甘孜州",), "5132": ("阿坝州",), "5134": ("凉山州",),
    "510112": ("龙泉",), "510181": ("都江堰",), "429021": ("神农架",), "3301": ("杭洲市",), "3303": ("温洲市",),
    "659002": ("农一师阿拉尔市",), "659001": ("农八师石河子市",),
    "81": ("香港特区",), "310115": ("浦东区",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Division:
    """A province (2 digits), city (4) or county (6); `name` is empty where the statistics only fill a gap."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write some divisions of one level."""

    text: str
    kind: Kind
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Zone:
    """A functional district: people write it like a county, but it is none."""

    name: str
    city: str
    counties: tuple[str, ...]


@cache
def _lines() -> tuple[tuple[str, str], ...]:
    text = (DATA / "divisions.txt").read_text(encoding="utf-8")
    return tuple((code, rest) for code, _, rest in (line.partition(" ") for line in text.splitlines()))


@cache
def divisions() -> dict[str, Division]:
    """Every division down to counties, by code."""
    found = {}
    for code, rest in _lines():
        name = rest.partition(" ")[0]
        found[code] = Division(code, _shown(code, name))
    return found


def _shown(code: str, name: str) -> str:
    if code in UNDIVIDED:
        return ""
    if name in BARE_CITIES:
        return MUNICIPALITIES.get(code[:2], "")
    return name


@cache
def _town_texts() -> dict[str, str]:
    return {code: rest.partition(" ")[2] for code, rest in _lines() if len(code) == 6}


@lru_cache(maxsize=4096)
def towns(county: str) -> tuple[tuple[str, str], ...]:
    """Name and nine-digit code of every town of a county, longest name first."""
    pairs = [(entry[3:], county + entry[:3]) for entry in _town_texts().get(county, "").split(" ") if entry]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=1024)
def counties(prefix: str) -> tuple[str, ...]:
    """Codes of the counties under a province or city."""
    return tuple(code for code in divisions() if len(code) == 6 and code.startswith(prefix))


@cache
def towns_by_name() -> dict[str, tuple[str, ...]]:
    """Codes of every town of a name, over the country."""
    found: dict[str, list[str]] = {}
    for county, text in _town_texts().items():
        for entry in text.split(" "):
            if entry:
                found.setdefault(entry[3:], []).append(county + entry[:3])
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def name_of(code: str) -> str:
    """The name of a division or town, empty where there is none."""
    if len(code) == 9:
        return next((name for name, town in towns(code[:6]) if town == code), "")
    known = divisions().get(code)
    return known.name if known else ""


def codes_named(text: str) -> tuple[str, ...]:
    """Every division with exactly this name."""
    return next((n.codes for n in names().get(text[:2], ()) if n.text == text and n.kind == "full"), ())


def _stem(name: str) -> str:
    """The part people keep when they drop what kind of division it is."""
    if name.endswith(("自治州", "自治县", "自治旗")):
        return _without_peoples(name[:-3])
    for ending in ("地区", "林区", "特区", "盟", "省", "市", "区", "县", "州"):
        if name.endswith(ending):
            return name[: -len(ending)]
    return name


def _without_peoples(stem: str) -> str:
    peoples = PEOPLES.split("|")
    while (ending := next((p for p in peoples if stem.endswith(p)), None)) and len(stem) > len(ending):
        stem = stem[: -len(ending)]
    return stem


# What a county may have been called before, or be called by who does not know it was upgraded.
_OTHER_ENDINGS = {"区": ("县", "市"), "市": ("县", "区"), "县": ("区", "市")}


def _other_endings(division: Division) -> tuple[str, ...]:
    if division.code[:2] == "71":
        return ()
    if len(division.code) == 4:
        return ("地区",) if division.name.endswith("市") else ()
    return _OTHER_ENDINGS.get(division.name[-1], ())


def _ways(division: Division) -> Iterator[tuple[str, Kind]]:
    name, code = division.name, division.code
    if len(code) == 4 and code[:2] in MUNICIPALITIES:
        return
    yield name, "full"
    stem = SHORT_PROVINCES.get(code) or _stem(name)
    if len(stem) >= 2:
        yield stem, "short"
        yield from ((stem + ending, "former") for ending in _other_endings(division))
    if name.endswith(("自治州", "自治县")):
        yield stem + name[-1], "short"
    elif name.endswith("族区"):
        yield _without_peoples(name[:-1]), "short"
        yield _without_peoples(name[:-1]) + "区", "short"
    for nickname in NICKNAMES.get(code, ()):
        yield nickname, "short"


def _former() -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in (DATA / "former.txt").read_text(encoding="utf-8").splitlines():
        name, _, became = line.split(" ")
        yield name, tuple(became.split(","))


def _all_ways() -> Iterator[tuple[str, Kind, tuple[str, ...]]]:
    for division in divisions().values():
        if division.name:
            for text, kind in _ways(division):
                yield text, kind, (division.code,)
    for text, codes in _former():
        yield text, "former", codes


_ORDER: dict[Kind, int] = {"full": 0, "former": 1, "short": 2}


@cache
def names() -> dict[str, tuple[Name, ...]]:
    """Every way to write a division, under its first two characters, longest first and full names before others."""
    merged: dict[tuple[str, Kind], dict[str, None]] = {}
    full = {d.name for d in divisions().values()}
    for text, kind, codes in _all_ways():
        if len(text) >= 2 and not (kind == "former" and text in full and len(codes[0]) != 6):
            merged.setdefault((text, kind), {}).update(dict.fromkeys(codes))
    by_head: dict[str, list[Name]] = {}
    for (text, kind), codes_of in merged.items():
        by_head.setdefault(text[:2], []).append(Name(text, kind, tuple(sorted(codes_of, key=len))))
    return {head: tuple(sorted(found, key=_rank)) for head, found in by_head.items()}


def _rank(name: Name) -> tuple[int, int]:
    return -len(name.text), _ORDER[name.kind]


def _zone_rows() -> Iterable[tuple[str, list[str], str, tuple[str, ...]]]:
    for line in (DATA / "zones.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, others, city, inside = (part.strip() for part in line.split("|"))
            yield name, others.split(","), city, tuple(inside.split(","))


@cache
def zones() -> dict[str, tuple[tuple[str, Zone], ...]]:
    """Ways to write the functional districts of a city, longest first, by the city's code."""
    found: dict[str, dict[str, Zone]] = {}
    for name, others, city, inside in _zone_rows():
        for text in (name, *others):
            found.setdefault(city, {}).setdefault(text, Zone(name, city, inside))
    return {city: tuple(sorted(ways.items(), key=lambda way: -len(way[0]))) for city, ways in found.items()}
