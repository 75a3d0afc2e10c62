"""One key for one place, so that nobody sends a second piece of mail to the same door unknowingly."""

import re

from songda.finding.addresses.address import Address
from songda.finding.addresses.reading import parse
from songda.finding.addresses.text import number

_NUMERAL = re.compile("[零一二三四五六七八九十百]+")
_KIND = re.compile(r"(?:号楼|#楼|号栋|栋|幢|撞|座|单元|室|号房|房间?|号院|号|楼|层|户|铺|#|第|附|之|大楼)")
_MARKS = re.compile(r"[^\w]|_")


def _digits(text: str) -> str:
    return _NUMERAL.sub(lambda found: str(number(found.group())), text)


def _worth(part: str) -> str:
    """The number in 3栋, 3号楼 or 第3幢; 70号附3号 stays two numbers."""
    numbers = re.findall(r"[甲乙丙丁A-Z]*\d+[A-Z]*", _digits(part).upper())
    return "-".join(numbers) if numbers else _KIND.sub("", part).upper()


def _words(text: str) -> str:
    return _MARKS.sub("", _digits(text)).upper()


def _where(address: Address) -> str:
    """The road and number where both are said, which names a door by itself; else everything that is said."""
    if address.road and address.number:
        return f"{_words(address.road)}{_words(address.group)}#{_worth(address.number)}"
    spoken = (address.village, address.group, address.road, address.number, address.place)
    return _words("".join(spoken))


def _inside(address: Address) -> str:
    floor = "" if address.room else _worth(address.floor)
    return "|".join((_worth(address.building), _worth(address.unit), floor, _worth(address.room)))


def _area(address: Address) -> str:
    town = "" if address.road and address.number else address.town_code or address.town
    return f"{address.code[:6] or address.county}|{town}"


def same_place_key(address: str | Address) -> str:
    """Equal for every way of writing one address; empty where nothing below the divisions is said.

    3-2-501, 3栋2单元501室 and 三号楼二单元501 give one key; so do 一环路南1段 and 一环路南一段. A road with its number
    stands for the place, so the name of the estate beside it does not matter.
    """
    read = address if isinstance(address, Address) else parse(address)
    where = _where(read)
    inside = _inside(read)
    return f"{_area(read)}|{where}|{inside}" if where or inside.strip("|") else ""


def _inside_together(a: Address, b: Address) -> bool:
    """No division of one contradicts the other's."""
    if a.town_code and b.town_code and a.town_code != b.town_code:
        return bool(a.road and a.number)
    return a.code.startswith(b.code) or b.code.startswith(a.code)


def _same_spot(a: Address, b: Address) -> bool:
    """One road and number, or one estate or village, in divisions that may be one.

    A village or road with nothing more is found all over the country: then both must say where.
    """
    if not _where(a) or _where(a) != _where(b) or not _inside_together(a, b):
        return False
    return bool(a.number or a.place or (a.code and b.code))


def same_door(a: Address, b: Address) -> bool:
    """Alike below the divisions, whatever one leaves out.

    A road with its number may be a whole estate or a row of shops: without a room the names beside it must agree too.
    """
    return _same_spot(a, b) and _inside(a) == _inside(b) and (_names_agree(a, b) or _same_room(a, b))


def another_door(a: Address, b: Address) -> bool:
    """One spot, but another building, unit, floor or room of it: the first that both say and say differently."""
    return _same_spot(a, b) and any(_differ(a, b, part) for part in ("building", "unit", "floor", "room"))


def rooms_differ(a: Address, b: Address) -> bool:
    """Both say a room, and not the same one."""
    return _differ(a, b, "room")


def _differ(a: Address, b: Address, part: str) -> bool:
    said, other = _worth(getattr(a, part)), _worth(getattr(b, part))
    return bool(said and other) and said != other


def _beside(address: Address) -> str:
    return _words(address.place + address.rest)


def _names_agree(a: Address, b: Address) -> bool:
    return _beside(a) == _beside(b)


def _same_room(a: Address, b: Address) -> bool:
    """A room is said, and no place is named that the other names otherwise."""
    name, other = _beside(a), _beside(b)
    return bool(a.room and b.room) and (name in other or other in name)
