"""The gate before anything is printed: can an envelope with this address arrive?"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from songda.finding.addresses import divisions as known
from songda.finding.addresses.address import Address, full_name
from songda.finding.addresses.reading import parse
from songda.finding.addresses.text import LONGEST

Verdict = Literal["complete", "ambiguous", "incomplete", "impossible"]
# The worst finding decides.
_WORST: tuple[Verdict, ...] = ("impossible", "ambiguous", "incomplete", "complete")
MOST_SUGGESTIONS = 5

_ORGANISATION = re.compile(
    r"公司|厂|医院|学校|大学|学院|中学|小学|幼儿园|法院|派出所|委员会|村委会|局$|所$|监狱|看守所|站$|银行|酒店"
)
_SPREAD_OUT = re.compile(r"小区|花园|家园|公寓|苑|园$|城$|府$|新村|广场|大厦|工业区|开发区|工业园")
_NO_ADDRESS = re.compile(r"不详|不明|不清楚|无固定|没有地址|暂无|未知|待查|待定|^[\d\W]+$")
_MASKED = re.compile(r"[Xx]{2,}|\*{2,}|某[某\d]|[?？]{2,}")
_NUMBER = re.compile(r"\d+")
HIGHEST_FLOOR = 130  # no building in China has more floors


@dataclass(frozen=True, slots=True)
class Gate:
    """`verdict` with reasons for the clerk, in Chinese, and whole addresses or divisions that may have been meant."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether printing may go on without a clerk's reason."""
        return self.verdict == "complete"

    def as_json(self) -> dict[str, Any]:
        """What `songda address gate` prints."""
        return {"verdict": self.verdict, "reasons": list(self.reasons), "suggestions": list(self.suggestions)}


@dataclass(frozen=True, slots=True)
class _Finding:
    verdict: Verdict
    reason: str
    suggestions: tuple[str, ...] = ()


_Check = Callable[[Address, str], Iterator[_Finding]]


def _nothing(address: Address, _division: str) -> Iterator[_Finding]:
    if not address.code and not address.candidates and (len(address.below) < 3 or _NO_ADDRESS.search(address.below)):
        yield _Finding("impossible", "没有可识别的地址内容")
    if len(address.text) > LONGEST:
        yield _Finding("impossible", f"超过{LONGEST}字，不像一个地址")


def _contradiction(address: Address, _division: str) -> Iterator[_Finding]:
    for note in address.notes:
        if note.why.startswith("not in"):
            places = known.codes_named(note.was)
            yield _Finding("impossible", f"{full_name(address.code)}没有“{note.was}”", _said_with(address, places))


def _said_with(address: Address, codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(full_name(code) + address.detail for code in codes[:MOST_SUGGESTIONS])


def _division(address: Address, division: str) -> Iterator[_Finding]:
    code = address.town_code or address.code
    if division and code and not (code.startswith(division) or division.startswith(code)):
        where = full_name(division) or division
        yield _Finding(
            "ambiguous", f"地址在{full_name(address.code)}，与所选的{where}不符", _said_with(address, (division,))
        )


def _several(address: Address, _division: str) -> Iterator[_Finding]:
    if address.candidates:
        reason = f"“{address.county or address.text}”不止一处，缺省市"
        yield _Finding("ambiguous", reason, _said_with(address, address.candidates))


_DOUBTS = {
    "typing error": "“{was}”疑为“{now}”之误",
    "short name alone": "只写“{was}”，按{now}理解",
    "two divisions given": "写了两个行政区划，按后一个理解，前一个是“{was}”",
}


def _doubts(address: Address, _division: str) -> Iterator[_Finding]:
    for note in address.notes:
        if note.why in _DOUBTS:
            now = known.name_of(address.code[: {"province": 2, "city": 4}.get(note.field, 6)])
            yield _Finding("ambiguous", _DOUBTS[note.why].format(was=note.was, now=now), (address.normal,))


def _missing_division(address: Address, _division: str) -> Iterator[_Finding]:
    if not address.code and not address.candidates:
        yield _Finding("incomplete", "缺省市区县")
    elif 0 < len(address.code) < 6 and not address.zone and not any(n.why.startswith("not in") for n in address.notes):
        inside = known.counties(address.code) if len(address.code) == 4 else ()
        named = tuple(full_name(code) for code in inside[:MOST_SUGGESTIONS])
        yield _Finding("incomplete", "缺区县", named)


def _missing_detail(address: Address, _division: str) -> Iterator[_Finding]:
    if _names_a_door(address) or not (address.code or address.candidates):
        return
    if address.road and not address.number:
        yield _Finding("incomplete", f"“{address.road}”后缺门牌号")
    elif address.place and _SPREAD_OUT.search(address.place):
        yield _Finding("incomplete", f"“{address.place}”后缺楼栋或房号")
    elif address.village:
        yield _Finding("incomplete", f"“{address.village}”后缺组或门牌号")
    else:
        yield _Finding("incomplete", "缺街道门牌")


def _names_a_door(address: Address) -> bool:
    """A courier can find it: a numbered house, a group of a village, a room in an estate, or an organisation."""
    numbered = address.number and (address.road or address.village or address.place or address.town)
    inside = address.building or address.room or address.unit
    return bool(
        numbered
        or (address.village and address.group)
        or ((address.place or address.road or address.village) and inside)
        or _ORGANISATION.search(address.place + address.village + address.rest)
    )


def _masked(address: Address, _division: str) -> Iterator[_Finding]:
    if _MASKED.search(address.below):
        yield _Finding("incomplete", "门牌被隐去")


def _numbers(address: Address, _division: str) -> Iterator[_Finding]:
    floor = _NUMBER.search(address.floor)
    if floor and not 0 < int(floor.group()[:6]) <= HIGHEST_FLOOR:
        yield _Finding("impossible", f"没有“{address.floor}”这样的楼层")
    for part in (address.number, address.building, address.unit):
        digits = _NUMBER.findall(part)
        if digits and all(int(d) == 0 for d in digits):
            yield _Finding("impossible", f"没有“{part}”这样的编号")


CHECKS: tuple[_Check, ...] = (
    _nothing,
    _contradiction,
    _numbers,
    _division,
    _several,
    _doubts,
    _missing_division,
    _missing_detail,
    _masked,
)


def gate(address: str | Address, division: str = "") -> Gate:
    """Decide whether an address may be printed; `division` is the code chosen beside it, if one was.

    The verdict is that of the worst finding; anything but complete needs a clerk's reason to be printed all the same.
    """
    read = address if isinstance(address, Address) else parse(address)
    found = [finding for check in CHECKS for finding in check(read, division)]
    verdict = next(v for v in _WORST if v == "complete" or any(f.verdict == v for f in found))
    suggestions = dict.fromkeys(s for finding in found for s in finding.suggestions)
    return Gate(verdict, tuple(f.reason for f in found), tuple(suggestions)[:MOST_SUGGESTIONS])
