"""How long something lasts, as people say it: one rule for every page, paper and export."""

from datetime import timedelta

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
# Under this many seconds a tenth is worth saying.
_SHORT = 10
# A unit, its word with nothing smaller beside it, its word before a smaller one, the smaller one and its word.
_SCALE = (
    (_DAY, "天", "天", _HOUR, "小时"),
    (_HOUR, "小时", "小时", _MINUTE, "分"),
    (_MINUTE, "分钟", "分", timedelta(seconds=1), "秒"),
)


def took(length: timedelta) -> str:
    """How long something took, in its two largest units: 2天3小时, 1小时5分, 50分10秒, 42秒, 2.4秒."""
    tenths = round(length.total_seconds() * 10)
    if tenths < _SHORT * 10:
        return f"{tenths / 10:g}秒"
    whole = timedelta(seconds=(tenths + 5) // 10)
    for unit, alone, before, smaller, word in _SCALE:
        if whole >= unit:
            rest = whole % unit // smaller
            return f"{whole // unit}{before}{rest}{word}" if rest else f"{whole // unit}{alone}"
    return f"{whole.seconds}秒"


def roughly(length: timedelta) -> str:
    """What is left or has passed, in its largest whole unit: 3天, 2小时, 5分钟."""
    for unit, alone, *_ in _SCALE:
        if length >= unit:
            return f"{length // unit}{alone}"
    return "不到1分钟"
