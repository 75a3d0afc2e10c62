"""What stands below the divisions: village, road, number, place, building, unit, floor, room."""

import re
from dataclasses import dataclass

_HAN = "\u4e00-\u9fff"
_ONES = "一二三四五六七八九十"

_VILLAGE = re.compile(
    rf"[{_HAN}]{{1,8}}?(?:村民委员会|村委会|村民委|居民委员会|居委会|行政村|自然村|社区|嘎查|大队|(?<!新)村(?!民|[路街口里桥]|花园|小区|公寓|[东西南北中]路|大道))"
    r"(?:居委会|委会|村委会)?"
)
_NO_ROAD_IN_VILLAGE = re.compile(r"[路街巷弄]|大道|小区|花园|大厦")
_GROUP = re.compile(rf"第?(?:\d+|[{_ONES}]+)(?:村民小组|小组|组(?!团)|社(?!区)|生产队|队)")
_NAMED_GROUP = re.compile(rf"[{_HAN}]{{1,4}}(?:村民小组|小组|组)(?=\d|$)")
_ROAD = re.compile(
    rf"(?:[GSXY]?\d+(?:国道|省道|县道|乡道)|\d+号?(?:大街|路|街)|"
    rf"(?:[{_HAN}A-Z]{{1,10}}?|[{_HAN}]{{0,4}}\d{{1,3}}号?)"
    r"(?:高速公路|公路|大道|大街|街(?!道|坊)|路(?!口|桥)|胡同|巷(?![口子])|国道|省道|县道|[一二三四五六七八九十]线|快速路|步行街|里弄|环线|[东西南北中][一二三四]?段(?=\d)))"
)
_AREA_IN_ROAD = re.compile(
    rf"([{_HAN}]*?(?:工业园区|工业区|开发区|园区|工业城|产业园|科技园|经济区|集聚区|开发区|[经高]\w区|新区|保税区|街道|社区|管委会|基地|市场|镇|区(?!间)))"
    rf"(?=[{_HAN}A-Z\d]{{3,}})"
)
_ROAD_TAIL = re.compile(
    rf"(?:[东西南北中上下内外前后]?[{_ONES}\d]{{0,2}}(?:段|支路|支巷|横巷|横路|巷|条(?=\d|胡同)|横街|胡同)|[东西南北]路|[东西南北中]段|[{_HAN}]{{2}}段(?=\d)|\d{{1,2}}街(?=\d)|[东西南北](?=\d))"
)
_CROSSING = re.compile(
    r"(?:与|和|及|跟|、|/)[^\d,]{1,10}?(?:路|街|大道)(?:交叉口|交汇处|路口|交口|口|交界处)|(?:交叉口|交汇处)"
)
_NUMBER = re.compile(
    r"(?:第|门牌|附|[甲乙丙丁])?([A-Z]?\d+(?:[-~、/]\d+)*(?:之\d+|附\d+)?)\s*(号院?|弄|支弄)(?!楼|大街|[路街线库桥门]|公馆|地块)"
    r"((?:之\d+|附\d+|-\d+|副\d+)(?:号(?!楼))?)?"
)
_NUMBER_AND_ROOM = re.compile(r"\d{1,3}-\d{3,}号")
_BARE_NUMBER = re.compile(r"\d+(?:[-~之]\d+)*(?!\d|[-]?[号幢栋座楼层室米期区组队路街单巷弄#年月小A-Za-z]|单元)")

# The lookahead holds what the others begin with: most characters are passed over by it alone.
_TOKEN = re.compile(
    r"(?=[A-Za-z\d甲乙丙丁东西南北第负地首顶-])(?:"
    r"(?P<building>\d{1,2}[A-Za-z](?=\d{3,4}(?!\d))|第?(?:[A-Za-z]?\d+(?:[-~]\d+)?[A-Za-z]?|[A-Za-z]|[甲乙丙丁])(?:号楼|#楼|号栋|号?院?[栋幢撞]|号?座|#|排|号大楼|号库|号厂房))"
    r"|(?P<unit>(?:第?\d+|[A-Za-z]|[东西南北甲乙])(?:单元|门栋|门(?=\d)|梯|单(?=\d)))"
    r"|(?P<floor>(?:负|地下|B|-|第)?\d+[A-Z]?(?:楼|层|[Ff](?![A-Za-z0-9]))|首层|顶楼|顶层)"
    r"|(?P<chain>(?<![A-Za-z\d])(?:\d+|[A-Za-z]\d*)[-/_]+\d+[A-Za-z]?(?:[-/_]+\d+[A-Za-z]?)?室?"
    r"(?![号幢栋座楼层米期区组队路街A-Za-z\d]|单元))"
    r"|(?P<room>第?[A-Za-z]?-?\d+[A-Za-z]?(?:[-、]\d+)*(?:室|号房间?|房间?|号铺|铺(?!路)|户|号户|号?档口?|号商铺|号店铺|窒))"
    r"|(?P<number>第?[A-Z]?\d+(?:[-~、]\d+)*(?:之\d+)?(?:号|弄)(?:之\d+|附\d+号?|-\d+(?!\d))?)"
    r"|(?P<digits>(?<![A-Za-z\d#])[A-Za-z]?-?\d{1,5}[A-Za-z]?(?![A-Za-z\d#]|[期区米年月天组队排店小线路桥元分总速道中医])))"
)
# Inside these a 号 counts houses; elsewhere it is the number in the road or village.
_ESTATE = re.compile(r"(?:小区|花园|花苑|新村|公寓|家园|广场|大厦|大楼|市场|中心|园|苑|城|区|期|府|庭|坊|店)$")
_EDGES = " ,-_/、()#:;."
_BETWEEN = frozenset(" ,-_/、:;.")
# What some patterns begin with: a look at one character spares most lines the trial of a whole pattern.
_GROUP_STARTS = frozenset("第0123456789" + _ONES)
_NUMBER_STARTS = frozenset("第门附甲乙丙丁0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CROSSING_STARTS = frozenset("与和及跟、/交")
_AREA_ENDS = frozenset("区园城地场镇道会")
_FLOOR_AS_BUILDING = re.compile(r"\s*(?:[\dA-Z东西甲乙]+单元|\d+[-]\d|[\d]+门)")


@dataclass(slots=True)
class Details:
    """The written parts; empty where the address does not say."""

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


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] in _BETWEEN:
        at += 1
    return at


def _village(found: Details, text: str, at: int) -> int:
    match = _VILLAGE.match(text, at)
    if match and not _NO_ROAD_IN_VILLAGE.search(match.group()):
        found.village = match.group()
        at = _skip(text, match.end())
        named = _NAMED_GROUP.match(text, at)
        if named:
            found.group = named.group()
            return _skip(text, named.end())
    return _group(found, text, at)


def _road(found: Details, text: str, at: int) -> int:
    match = _ROAD.match(text, at)
    if not match:
        return at
    end = match.end()
    area = None if _AREA_ENDS.isdisjoint(text[at:end]) else _AREA_IN_ROAD.match(text, at, end)
    if area:
        found.place = area.group(1)
        at = area.end()
    tail = _ROAD_TAIL.match(text, end)
    if tail:
        end = tail.end()
    crossing = _CROSSING.match(text, end) if text[end : end + 1] in _CROSSING_STARTS else None
    if crossing:
        end = crossing.end()
    found.road = text[at:end]
    return _skip(text, end)


def _lane(found: Details, text: str, end: int) -> int:
    """398弄5支弄12号: lanes number the place, the 号 after them is the building."""
    match = _NUMBER.match(text, end)
    while match and match.group(2) == "支弄":
        found.number += match.group()
        end = match.end()
        match = _NUMBER.match(text, end)
    if match and match.group(2) != "弄":
        found.building = match.group()
        end = match.end()
    return end


def _group(found: Details, text: str, at: int) -> int:
    match = _GROUP.match(text, at) if text[at : at + 1] in _GROUP_STARTS else None
    if not match:
        return at
    found.group = match.group()
    return _skip(text, match.end())


def _number(found: Details, text: str, at: int) -> int:
    if text[at : at + 1] not in _NUMBER_STARTS:
        return at
    match = _NUMBER.match(text, at)
    if match and not _NUMBER_AND_ROOM.match(match.group()):
        found.number = match.group().removeprefix("第").removeprefix("门牌")
        end = match.end()
        if match.group(2) == "弄":
            end = _lane(found, text, end)
        return _skip(text, end)
    bare = _BARE_NUMBER.match(text, at) if found.road else None
    if bare and len(bare.group()) < 6:
        found.number = bare.group()
        return _skip(text, bare.end())
    return at


def _chain(found: Details, written: str) -> None:
    """3-2-501 is building, unit, room; 3-501 building and room; 14-13 building and unit."""
    parts = re.split(r"[-/_]+", written)
    if (found.building or found.floor) and len(parts) == 2 and min(map(len, parts)) >= 3:
        found.room = written
    elif found.building and len(parts) == 2:
        if len(parts[0]) >= 3 or found.unit:
            found.room = written
        else:
            found.unit, found.room = parts
    elif len(parts) == 3:
        found.building, found.unit, found.room = (found.building or parts[0]), parts[1], parts[2]
    elif len(parts[1].rstrip("ABCDEFGHabcdefgh室")) >= 3:
        found.building, found.room = parts
    else:
        found.building, found.unit = parts


def _numbered(found: Details, written: str) -> None:
    """12号 after a building is a room, with no number yet the number, otherwise a building."""
    inside = found.building or found.unit or found.floor
    field = "room" if inside else "building" if found.number or _ESTATE.search(found.place) else "number"
    if not getattr(found, field):
        setattr(found, field, written)


def _digits(found: Details, written: str) -> bool:
    """Digits with nothing after them are a room, if anything says there is a house."""
    if found.room or not (
        found.building or found.unit or found.floor or len(written) >= 3 or found.number or found.place
    ):
        return False
    if len(written) < 3 and not found.unit and not found.floor:
        field = "unit" if found.building else "building"
        if getattr(found, field):
            field = "room"
        setattr(found, field, written)
    else:
        found.room = written
    return True


def _floor(found: Details, text: str, match: re.Match[str]) -> None:
    written = match.group()
    is_building = written.endswith("楼") and not found.building and _FLOOR_AS_BUILDING.match(text, match.end())
    if is_building:
        found.building = written
    elif not found.floor:
        found.floor = written


def _take(found: Details, text: str, match: re.Match[str]) -> bool:
    kind, written = match.lastgroup, match.group()
    if kind == "chain":
        if found.room or (found.building and found.unit):
            return False
        _chain(found, written)
    elif kind == "number":
        _numbered(found, written)
    elif kind == "digits":
        return _digits(found, written)
    elif kind == "floor":
        _floor(found, text, match)
    elif kind and not getattr(found, kind):
        setattr(found, kind, written)
    else:
        return False
    return True


def _inside(found: Details, text: str, at: int) -> None:
    """Building, unit, floor and room; what stands before the first is the place, what follows is rest."""
    gaps: list[str] = []
    for match in _TOKEN.finditer(text, at):
        gap = text[at : match.start()].strip(_EDGES)
        if gap:
            _gap(found, gaps, gap)
        if _take(found, text, match):
            at = match.end()
        else:
            gaps.append(match.group())
            at = match.end()
    tail = text[at:].strip(_EDGES)
    if tail:
        _gap(found, gaps, tail)
    found.rest = " ".join(gaps)


def _gap(found: Details, gaps: list[str], gap: str) -> None:
    settled = found.building or found.unit or found.floor or found.room
    if not found.place and not settled:
        found.place = gap
    elif not settled and not gaps and not found.number:
        found.place += gap
    else:
        gaps.append(gap)


def read(text: str) -> Details:
    """Read the part of a cleaned address below its divisions."""
    found = Details()
    at = _village(found, text, _skip(text, 0))
    at = _road(found, text, at)
    at = _number(found, text, at if found.group else _group(found, text, at))
    if at < len(text):
        _inside(found, text, at)
    return found
