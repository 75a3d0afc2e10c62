"""Find the divisions at the head of an address: province, city, county, functional district, town."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from songda.finding.addresses import divisions as known
from songda.finding.addresses.chains import Step, first_chain, follow, last_chain, readable, skip, within
from songda.finding.addresses.spelling import closest

_TOWN = re.compile(
    r"((?:(?!市(?!镇)|[省县])[\u4e00-\u9fff]){1,7}?(?:街道办事处|街道办|街道|镇|(?<!新)乡|苏木|农场|林场))(?![路街巷]|大道|政府|[东西南北中一二三四五][路街大])"
)
_TOWN_ENDING = re.compile(r"(?:街道办事处|街道办|街道|地区办事处|镇|乡|苏木|民族乡)$")
_NOT_TOWN_NEXT = re.compile(
    r"[\u4e00-\u9fff]{0,3}(?:路|街|大道|巷)|[东西南北中][一二三四五六\d]?段|\d*(?:路|街|弄|桥|新村|小区|花园|花苑|公寓|大厦|广场|工业|家园|村(?!委)|社区|公园|号)"
)
_TOWN_FILLER_STARTS = frozenset("城市县郊其")
_TOWN_FILLER = re.compile(r"(?:城区|市区|县城|城郊|郊区|其它区)(?!街道|镇|乡)")
_ZONE = re.compile(
    r"((?:(?![镇乡县区路街村道])[\u4e00-\u9fff]){0,4}?(?:高新技术(?:产业)?开发区|高新技术产业园区?|经济技术开发区|经济开发区|高新区|经开区|开发区|保税区|投资区|新区))(?![一二三四东西南北中]?[路街])"
)
_REMARK = re.compile(r"\([^)]{1,20}\)")
_ZONE_REACH = 14  # characters of the longest such name
_COUNTY_LIKE = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:自治县|[区县市旗])")


@dataclass(slots=True)
class Note:
    """Something about one field that was not read as written."""

    field: str
    was: str
    why: str


@dataclass(slots=True)
class Levels:
    """What the head of an address says; `code` is the deepest certain division."""

    code: str = ""
    candidates: tuple[str, ...] = ()
    town: str = ""
    town_code: str = ""
    zone: known.Zone | None = None
    zone_text: str = ""
    stated: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    lead: str = ""
    short_alone: str = ""
    rest: str = ""


_LEVELS = {2: "province", 4: "city", 6: "county", 9: "town"}


def level_of(code: str) -> str:
    """province, city, county or town, by the length of a code."""
    return _LEVELS.get(len(code), "")


def _note_steps(levels: Levels, steps: tuple[Step, ...]) -> None:
    for step in steps:
        level = _LEVELS[len(step.codes[0] if len(step.codes) == 1 else _meant(levels.code, step.codes))]
        levels.stated.add(level)
        if step.name.kind == "former":
            levels.notes.append(Note(level, step.name.text, "former name"))


def _meant(code: str, codes: tuple[str, ...]) -> str:
    """Which of a name's divisions lies on the way to the one that was found."""
    return next((c for c in codes if code.startswith(c) or c.startswith(code)), codes[0])


def _note_lead(levels: Levels) -> None:
    """成嘟市 before 武侯区 is 成都市 misspelt."""
    lead = levels.lead and levels.lead.strip(" ,")
    if not lead:
        return
    for digits in (2, 4):
        name = known.name_of(levels.code[:digits]) if len(levels.code) >= digits else ""
        if name and closest(lead, (name,)):
            levels.notes.append(Note(level_of(levels.code[:digits]), lead, "typing error"))


def _misspelt(text: str, at: int, prefix: str) -> tuple[str, int] | None:
    """A county (or, with nothing known, a province or city) with a typing error in its name."""
    found = _COUNTY_LIKE.match(text, at)
    if not found or not 3 <= len(found.group()) <= 7:
        return None
    code = _meant_by(found.group(), prefix)
    return (code, found.end()) if code else None


@lru_cache(maxsize=8192)
def _meant_by(written: str, prefix: str) -> str:
    """The code of the one county under a prefix, or without it of the one province or city, so misspelt."""
    codes = _codes_by_name(prefix)
    return codes.get(closest(written, tuple(codes)), "")


@lru_cache(maxsize=1024)
def _codes_by_name(prefix: str) -> dict[str, str]:
    codes = known.counties(prefix) if prefix else [code for code in known.divisions() if len(code) < 6]
    return {known.name_of(code): code for code in codes if known.name_of(code)}


_TOP_LIKE = re.compile(r"[\u4e00-\u9fff]{2,6}?[省市]")


def _misspelt_top(text: str) -> tuple[str, int] | None:
    found = _TOP_LIKE.match(text)
    if not found or len(found.group()) < 3:
        return None
    code = _meant_by(found.group(), "")
    return (code, found.end()) if code else None


def _spell(levels: Levels, text: str, at: int) -> int:
    """Look past a typing error in the next level; returns where reading goes on."""
    if len(levels.code) not in (2, 4):
        return at
    meant = _misspelt(text, at, levels.code)
    if not meant:
        return at
    levels.notes.append(Note("county", text[at : meant[1]], "typing error"))
    levels.code, at = meant
    levels.stated.add("county")
    return at


def _elsewhere(levels: Levels, text: str, at: int) -> int:
    """Say so when a county is named that lies in another city; returns where reading goes on."""
    for name in known.names().get(text[at : at + 2], ()):
        if name.kind == "full" and text.startswith(name.text, at) and len(name.codes[0]) == 6:
            end = at + len(name.text)
            if readable(text, end, name) and not within(name.codes, levels.code):
                levels.notes.append(Note("county", name.text, f"not in {known.name_of(levels.code)}"))
                return end
            return at
    return at


def _zone(levels: Levels, text: str, at: int) -> int:
    if len(levels.code) < 4:
        return _famous_zone(levels, text, at) if levels.code else at
    for way, zone in _zones_by_head(levels.code[:4]).get(text[at : at + 2], ()):
        if text.startswith(way, at) and (len(levels.code) == 4 or levels.code in zone.counties):
            levels.zone, levels.zone_text = zone, way
            return skip(text, at + len(way))
    return _unlisted_zone(levels, text, at)


@lru_cache(maxsize=1024)
def _zones_by_head(city: str) -> dict[str, tuple[tuple[str, known.Zone], ...]]:
    """Ways to write a city's zones under their first two characters, longest first."""
    found: dict[str, list[tuple[str, known.Zone]]] = {}
    for way, zone in known.zones().get(city, ()):
        found.setdefault(way[:2], []).append((way, zone))
    return {head: tuple(ways) for head, ways in found.items()}


def _unlisted_zone(levels: Levels, text: str, at: int) -> int:
    near = text[at : at + _ZONE_REACH]
    found = _ZONE.match(text, at) if "区" in near or "产业园" in near else None
    if not found:
        return at
    levels.zone_text = found.group(1)
    return skip(text, found.end())


def _famous_zone(levels: Levels, text: str, at: int) -> int:
    """天府新区 or 成都高新区 with no city before it names its city, too; the town decides between two."""
    ways = [one for one in _famous_ways().get(text[at : at + 2], ()) if one[0].startswith(levels.code)]
    ways = [one for one in ways if text.startswith(one[1], at)]
    if not ways:
        return at
    longest = max(len(way) for _, way, _ in ways)
    end = skip(text, at + longest)
    fitting = [one for one in ways if len(one[1]) == longest]
    city, way, zone = next((one for one in fitting if _has_town(one[2], text, end)), fitting[0])
    levels.code, levels.zone, levels.zone_text = city, zone, way
    return end


@cache
def _famous_ways() -> dict[str, tuple[tuple[str, str, known.Zone], ...]]:
    found: dict[str, list[tuple[str, str, known.Zone]]] = {}
    for city in _CITIES_OF_FAMOUS_ZONES:
        for way, zone in known.zones()[city]:
            if len(way) >= 4 and way not in _COMMON_ZONES:
                found.setdefault(way[:2], []).append((city, way, zone))
    return {head: tuple(ways) for head, ways in found.items()}


def _has_town(zone: known.Zone, text: str, at: int) -> bool:
    return any(text.startswith(name, at) for county in zone.counties for name, _ in known.towns(county))


_CITIES_OF_FAMOUS_ZONES = ("5101", "5107", "5114", "5115", "5001", "6101", "4201")
_COMMON_ZONES = frozenset(
    {"高新技术产业开发区", "高新技术开发区", "经济技术开发区", "国家高新区", "高新南区", "高新西区", "东部新区"}
)


@lru_cache(maxsize=4096)
def _towns_by_head(county: str) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Name, name without its kind, and code of a county's towns under their first two characters, longest first."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for name, code in known.towns(county):
        found.setdefault(name[:2], []).append((name, _TOWN_ENDING.sub("", name), code))
    return {head: tuple(towns) for head, towns in found.items()}


def _town_at(text: str, at: int, county: str) -> tuple[str, str, int] | None:
    towns = _towns_by_head(county).get(text[at : at + 2])
    if not towns:
        return None
    for name, _, code in towns:
        if text.startswith(name, at):
            return name, code, at + len(name)
    for name, stem, code in towns:
        if len(stem) >= 2 and stem != name and text.startswith(stem, at):
            end = at + len(stem)
            ending = _TOWN_ENDINGS.match(text, end)
            if ending:
                return text[at : ending.end()], code, ending.end()
            if stem[-1] not in "路街桥巷" and not _NOT_TOWN_NEXT.match(text, end) and stem != text[at:]:
                return name, code, end
    return None


_TOWN_ENDINGS = re.compile(r"街道办事处|街道办|街道|地区|镇|乡|区")


def _town(levels: Levels, text: str, at: int) -> int:
    if len(levels.code) == 6:
        found = _town_at(text, at, levels.code)
        if found:
            levels.town, levels.town_code, end = found
            levels.stated.add("town")
            return skip(text, end)
    written = _TOWN.match(text, at)
    if not written:
        return at
    levels.town = written.group(1)
    levels.stated.add("town")
    _place_town(levels)
    return skip(text, written.end())


def _towns(levels: Levels, text: str, at: int) -> int:
    """A town, or two of which the one with a code counts."""
    filler = _TOWN_FILLER.match(text, at) if text[at : at + 1] in _TOWN_FILLER_STARTS else None
    at = _town(levels, text, filler.end() if filler else at)
    if not levels.town or levels.town_code:
        return at
    first = levels.town
    after = _town(levels, text, at)
    if not levels.town_code:
        levels.town = first
        return at
    return after


_OFFICE = re.compile("街道办事处$|街道办$")


def _place_town(levels: Levels) -> None:
    """A town can say which county is meant, or which of several of the same name."""
    name = _OFFICE.sub("街道", levels.town)
    codes = [c for c in known.towns_by_name().get(name, ()) if c.startswith(levels.code)]
    if levels.candidates:
        codes = [c for c in codes if c.startswith(levels.candidates)]
    if len(codes) == 1 and len(levels.code) < 6 and (levels.code or levels.candidates or len(name) >= 4):
        levels.town_code = codes[0]
        levels.code = codes[0][:6]
    elif len(codes) == 1 and len(levels.code) == 6:
        levels.town_code = codes[0]


def _settle_zone(levels: Levels) -> None:
    if levels.zone and len(levels.code) == 4:
        levels.code = levels.zone.counties[0]


def _settle_undivided(levels: Levels) -> None:
    """东莞市 has no counties: its towns hang on the code of the city repeated."""
    single = levels.code + "00"
    if single in known.UNDIVIDED:
        levels.code = single


def _start(text: str) -> tuple[Levels, int]:
    levels = Levels()
    begin, path = first_chain(text)
    code, end, steps = last_chain(text, path)
    levels.lead = text[:begin]
    levels.code = code
    if code and not code.startswith(path[0]):
        levels.notes.append(Note("county", text[begin : path[1]], "two divisions given"))
    _note_lead(levels)
    if len(steps) == 1 and steps[0].name.kind == "short" and len(code) == 6:
        levels.short_alone = steps[0].name.text
    if steps and not code:
        levels.candidates = steps[-1].codes
    _note_steps(levels, steps)
    if not steps:
        end = _famous_zone(levels, text, 0)
        top = None if end else _misspelt_top(text)
        if top:
            levels.notes.append(Note(level_of(top[0]), text[: top[1]], "typing error"))
            _, (levels.code, end, steps) = 0, follow(text, top[1], top[0], 1)
            levels.stated.add(level_of(top[0]))
            _note_steps(levels, steps)
    return levels, end


def _county_awry(levels: Levels, text: str, at: int) -> int:
    """A county misspelt, or one of another city."""
    after = _spell(levels, text, at)
    if after == at:
        return skip(text, _elsewhere(levels, text, at))
    return _zone(levels, text, skip(text, after))


# Divisions of the Xinjiang Production and Construction Corps and the cities they run.
_CORPS_CITIES = {
    "一": "阿拉尔市",
    "二": "铁门关市",
    "三": "图木舒克市",
    "四": "可克达拉市",
    "五": "双河市",
    "六": "五家渠市",
    "七": "胡杨河市",
    "八": "石河子市",
    "九": "白杨市",
    "十": "北屯市",
    "十二": "乌鲁木齐市",
    "十三": "新星市",
    "十四": "昆玉市",
}
_CORPS = re.compile(
    r"(?:新疆)?(?:生产建设)?兵团(?:第?([一二三四五六七八九十]{1,2})师)?|^(?:新疆)?农([一二三四五六七八九十]{1,2})师"
)


def _corps(found: re.Match[str]) -> str:
    city = _CORPS_CITIES.get(found.group(1) or found.group(2) or "", "")
    return "新疆" + ("" if found.string.startswith(city, found.end()) else city)


def _resume(levels: Levels, text: str, at: int) -> tuple[str, int]:
    """Read on behind a few strange words amid the divisions (浙江省委托件杭州市); the words are kept for the rest."""
    heads = known.names()
    for start in range(at + 1, min(at + MOST_STRANGE, len(text) - 2)):
        if text[start : start + 2] not in heads:
            continue
        code, end, steps = follow(text, start, levels.code)
        if steps and len(code) > len(levels.code) and (_surely(steps[0]) or text[start - 1] in "/-_ ,"):
            levels.code = code
            _note_steps(levels, steps)
            return text[at:start], end
    return "", at


MOST_STRANGE = 9  # characters


def _surely(step: Step) -> bool:
    return step.name.kind == "full" and len(step.name.text) >= 3


def read(text: str) -> Levels:
    """Read the divisions at the head of a cleaned address."""
    if "兵团" in text or "师" in text[:6]:
        text = _CORPS.sub(_corps, text, count=1)
    levels, at = _start(text)
    if len(levels.code) == 4:
        _settle_undivided(levels)
    if not levels.zone:
        at = _zone(levels, text, at)
    if len(levels.code) in (2, 4) and not levels.zone_text:
        at = _county_awry(levels, text, at)
    strange = ""
    if len(levels.code) in (2, 4) and not levels.zone_text and not levels.notes:
        strange, at = _resume(levels, text, at)
    remark = _REMARK.match(text, at) if text[at : at + 1] == "(" else None
    if remark:
        strange, at = strange + remark.group(), skip(text, remark.end())
    at = _towns(levels, text, at)
    _settle_zone(levels)
    if levels.short_alone and not levels.town_code and at < len(text):
        levels.notes.append(Note("county", levels.short_alone, "short name alone"))
    levels.rest = text[at:] + strange if remark else strange + text[at:]
    return levels
