"""Whether a report from the street can be as it says: a table of checks, none of which refuses a fact.

What does not fit is kept with the fact as a code and shown to the desk; what weighs opens a work item.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import dist

from songda.methods.whereabouts import on_plane

_COARSE_METRES = 500
_CLOCK = timedelta(minutes=2)
_PLAN = timedelta(hours=2)
_UPLOAD = timedelta(hours=24)
_QUICK, _QUICK_COUNT = timedelta(minutes=5), 2
# Metres a second that nobody moves in a town; below this distance a position may be off by itself.
_TOO_FAST, _NEAR = 40.0, 1_000.0
# How far from a division's centre its addresses may lie, by the digits of its code.
_REACH = {6: 45_000.0, 4: 200_000.0, 2: 1_200_000.0}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phone said it was, with its accuracy in metres."""

    latitude: float
    longitude: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another report of the same courier."""

    at: datetime
    place: Place | None
    same_door: bool


@dataclass(frozen=True, slots=True)
class Reported:
    """A report as the checks look at it."""

    happened_at: datetime
    received_at: datetime
    place: Place | None
    planned_at: datetime
    opens: datetime
    shuts: datetime
    # The centre of the address's smallest known division, and how many digits its code has.
    centre: tuple[float, float] | None
    digits: int
    earlier: tuple[Earlier, ...]
    skew: timedelta
    skew_at_start: timedelta
    is_genuine: bool
    is_another_couriers: bool
    was_over: bool
    is_round_stale: bool
    files_missing: bool
    used_before: bool
    is_unlawful: bool
    has_reason: bool
    names_opponent: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A remark's words, whether it weighs enough for a person to look, and its test."""

    words: str
    is_serious: bool
    finds: Callable[[Reported], bool]


def _apart(one: Place, other: Place) -> float:
    """Metres that two phones were apart at the least, whatever their accuracy hid."""
    length = dist(on_plane(one.longitude, one.latitude), on_plane(other.longitude, other.latitude))
    return max(length - one.accuracy - other.accuracy, 0.0)


def _far(said: Reported) -> bool:
    if said.place is None or said.centre is None or said.digits not in _REACH:
        return False
    centre = Place(said.centre[1], said.centre[0], 0.0)
    return _apart(said.place, centre) > _REACH[said.digits]


def _too_fast(said: Reported) -> bool:
    here = said.place
    return here is not None and any(
        (way := _apart(here, one.place)) > _NEAR and way > _TOO_FAST * abs((said.happened_at - one.at).total_seconds())
        for one in said.earlier
        if one.place is not None
    )


def _too_many(said: Reported) -> bool:
    near = [one for one in said.earlier if not one.same_door and abs(said.happened_at - one.at) <= _QUICK]
    return len(near) >= _QUICK_COUNT


CHECKS: dict[str, Check] = {
    "forged": Check("报告签名与登记的手机密钥不符", True, lambda said: not said.is_genuine),
    "no_place": Check("手机没有给出位置", False, lambda said: said.place is None),
    "coarse": Check(
        "定位误差超过500米", False, lambda said: said.place is not None and said.place.accuracy > _COARSE_METRES
    ),
    "far": Check("定位远离送达地址所在区划", True, _far),
    "too_fast": Check("与另一次上门之间的移动速度不可能", True, _too_fast),
    "too_many": Check("五分钟内第三次上门", True, _too_many),
    "off_plan": Check("与计划时间相差两小时以上", False, lambda said: abs(said.happened_at - said.planned_at) > _PLAN),
    "wrong_hours": Check("不在计划的时段", False, lambda said: not said.opens <= said.happened_at <= said.shuts),
    "photo_again": Check("照片此前已用于另一次上门", True, lambda said: said.used_before),
    "skew": Check("手机时钟与平台相差两分钟以上", False, lambda said: abs(said.skew) > _CLOCK),
    "clock_changed": Check("行程中手机时钟被调整", True, lambda said: abs(said.skew - said.skew_at_start) > _CLOCK),
    "another": Check("报告前该件已改派他人", False, lambda said: said.is_another_couriers),
    "over": Check("报告到达前该件已有结果", False, lambda said: said.was_over),
    "late": Check("上门后超过24小时才上传", False, lambda said: said.received_at - said.happened_at > _UPLOAD),
    "stale_round": Check("行程已经过期", False, lambda said: said.is_round_stale),
    "file_missing": Check("报告所附的文件没有上传", True, lambda said: said.files_missing),
    "unlawful": Check("依法不能这样送达，投递员说明了理由", True, lambda said: said.is_unlawful and said.has_reason),
    "unexplained": Check(
        "依法不能这样送达，也没有说明理由", True, lambda said: said.is_unlawful and not said.has_reason
    ),
    "opposing_name": Check("签收人或者拒收人与对方当事人同名", True, lambda said: said.names_opponent),
}


def remarks(said: Reported) -> list[str]:
    """The codes of everything that does not fit, in the table's order."""
    return [code for code, check in CHECKS.items() if check.finds(said)]


def weighs(codes: list[str]) -> bool:
    """Whether a person has to look."""
    return any(CHECKS[code].is_serious for code in codes if code in CHECKS)
