"""What a report says, made of its numbers and of nothing else: tables, charts, and the definitions beside them.

The numbers (`Said`) are sealed with the report; so the same report can be typeset again, to the byte, years later.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from songda.insight.classes import DAY_CLASSES, FINDING, PIECES, WAYS, city, day_class
from songda.insight.indicators import INDICATORS, Indicator, Tally, percent, shown, value
from songda.insight.loads import by_zone
from songda.law.facts import RETURN_REASONS

# A report's numbers as they are sealed (see reports.py): plain JSON.
Said = Mapping[str, Any]
REGIONS = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with what it is: text, count, rate (a share), days, points (of percent), change (of a count)."""

    value: str | int | float | None
    kind: str = "text"

    @property
    def shown(self) -> str:
        return "—" if self.value is None else _SHOWN[self.kind](self.value)


def _signed(number: float, words: str) -> str:
    return f"+{words}" if number > 0 else words


_SHOWN: dict[str, Callable[[Any], str]] = {
    "text": str,
    "count": lambda n: f"{n:,}",
    "rate": percent,
    "days": lambda n: f"{n:,.0f} 天",
    "points": lambda n: _signed(n, f"{n:,.1f}百分点"),
    "change": lambda n: _signed(n, f"{n:,.0f}"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """`note` says what its numbers count. The first column names the row."""

    code: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A simple chart: `shape` is bars (lying), columns (standing) or lines."""

    title: str
    shape: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    series: tuple[tuple[int, ...], ...]


def text(words: str) -> Cell:
    return Cell(words)


def count(n: int) -> Cell:
    return Cell(n, "count")


def rate(top: int, bottom: int) -> Cell:
    return Cell(top / bottom if bottom else None, "rate")


def total(tally: Tally | None, measure: str, *labels: str) -> int:
    """How many a measure counted, in these classes or in all."""
    found = (tally or {}).get(measure, {})
    return sum(n for label, n in found.items() if not labels or label in labels)


def span_words(said: Said) -> str:
    """The days a report covers."""
    first, last = (date.fromisoformat(said[name]) for name in ("first", "last"))
    if said["rhythm"] == "month":
        return f"{first.year}年{first.month}月"
    return f"{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日"


def period(said: Said) -> tuple[str, str]:
    """This period and the one before it, as sentences call them."""
    return ("本月", "上月") if said["rhythm"] == "month" else ("本周", "上周")


# ---- indicators ------------------------------------------------------------------------------------------------

_KIND = {"rate": "rate", "count": "count", "median": "days", "p90": "days", "unmeasured": "text"}


def _cell(indicator: Indicator, number: float | None) -> Cell:
    kind = _KIND[indicator.kind]
    return Cell(int(number) if kind == "count" and number is not None else number, kind)


def change(indicator: Indicator, now: float | None, before: float | None) -> Cell:
    """How the indicator moved: a share by points of percent, what is counted by how many."""
    if now is None or before is None:
        return Cell(None)
    if indicator.kind == "rate":
        return Cell(round((now - before) * 100, 1), "points")
    return Cell(now - before, "change")


def _met(meets: bool | None) -> str:
    return "" if meets is None else "达标" if meets else "未达标"


def _indicators(said: Said) -> Table:
    rows = []
    for one in INDICATORS.values():
        now = value(one, said["now"])
        before = value(one, said["before"]) if said["before"] is not None else None
        rows.append(
            (
                text(one.name),
                _cell(one, now.value),
                _cell(one, before.value if before else None),
                change(one, now.value, before.value if before else None),
                text(shown(one, one.target) if one.target is not None else ""),
                text(_met(now.meets)),
                count(now.top) if one.top else text(""),
                count(now.bottom) if one.bottom else text(""),
            )
        )
    columns = ("指标", "本期", "上期", "变化", "目标", "是否达标", "分子（计入）", "分母")
    missing = "；".join(f"{one.name}：{one.missing}" for one in INDICATORS.values() if one.missing)
    return Table("indicators", "指标", columns, tuple(rows), f"每项指标的定义见“指标定义”。{missing}。")


# ---- tables ----------------------------------------------------------------------------------------------------


def _methods(said: Said) -> Table:
    rows = []
    for code, label in WAYS.items():
        tried, worked = total(said["now"], f"tried_{code}"), total(said["now"], "effective", code)
        before = total(said["before"], "effective", code), total(said["before"], f"tried_{code}")
        rows.append((text(label), count(tried), count(worked), rate(worked, tried), rate(*before)))
    note = "用过：期间内办结的任务中用过该方式的；由此生效：以该方式生效的；成功率 = 由此生效 ÷ 用过。"
    return Table("methods", "各方式成效", ("方式", "用过的任务", "由此生效", "成功率", "上期成功率"), tuple(rows), note)


def _days(said: Said) -> Table:
    found, every = said["now"].get("days", {}), total(said["now"], "days")
    rows = []
    for first, last in DAY_CLASSES:
        n = sum(many for days, many in found.items() if first <= int(days) <= last)
        rows.append((text(day_class(first, last)), count(n), rate(n, every)))
    note = "期间内办结且生效的任务，按受理之日至生效之日的自然日分列；当日生效计0天。"
    return Table("days", "生效用时", ("用时", "任务", "占比"), tuple(rows), note)


def _labelled(code: str, title: str, names: tuple[str, str], labels: Mapping[str, str], note: str) -> "Maker":
    """A table of one measure in its classes."""

    def make(said: Said) -> Table:
        every = total(said["now"], code)
        rows = tuple(
            (
                text(label),
                count(total(said["now"], code, one)),
                rate(total(said["now"], code, one), every),
                count(total(said["before"], code, one)) if said["before"] is not None else Cell(None),
            )
            for one, label in labels.items()
        )
        return Table(code, title, (*names, "占比", "上期"), rows, note)

    return make


def _regions(said: Said) -> Table:
    found, every = said["now"].get("piece_region", {}), total(said["now"], "piece_region")
    most = sorted(found, key=lambda code: (-found[code], code))
    rows = [(text(city(code)), count(found[code]), rate(found[code], every)) for code in most[:REGIONS]]
    if rest := sum(found[code] for code in most[REGIONS:]):
        rows.append((text("其他地区"), count(rest), rate(rest, every)))
    return Table(
        "regions", "邮件去向", ("地区", "件数", "占比"), tuple(rows), "期间内交办的邮件，按收件地址所在的市分列。"
    )


def _zones(said: Said) -> Table:
    rows = tuple(
        (text(zone), *(count(n) for n in kinds.values()), rate(kinds["done"] - kinds["done_late"], kinds["done"]))
        for zone, kinds in by_zone(said["loads"]).items()
    )
    columns = ("岗位", "新增待办", "办结", "其中逾期办结", "期末未办", "其中已超期", "按期办结率")
    return Table("zones", "各区负荷", columns, rows, "待办按岗位统计；按期办结率 =（办结 − 逾期办结）÷ 办结。")


def _trend(said: Said) -> Table:
    days, first = said["days"], date.fromisoformat(said["first"])
    rows = []
    for at in range(len(days["started"])):
        day = first + timedelta(days=at)
        cells = (count(days[name][at]) for name in ("started", "effective", "returned"))
        rows.append((text(f"{day.month}月{day.day}日"), *cells))
    return Table(
        "trend", "逐日", ("日期", "受理任务", "生效任务", "退回邮件"), tuple(rows), "均归入发生之日（北京时间）。"
    )


def _courts(said: Said) -> Table:
    rows = []
    for court in said["courts"]:
        own = said["by_court"].get(court["code"], {})
        central, finished, median = (
            value(INDICATORS[code], own) for code in ("centralised_rate", "success_by_finished", "days_median")
        )
        rows.append(
            (
                text(court["short_name"]),
                count(total(own, "started")),
                count(total(own, "effective")),
                Cell(central.value, "rate"),
                Cell(finished.value, "rate"),
                Cell(median.value, "days"),
                *(count(total(own, measure)) for measure in ("returned", "conformity", "incident")),
            )
        )
    columns = ("法院", "受理", "生效", "邮政集约送达率", "成功率", "用时中位数", "退回", "合规未通过", "责任事故")
    note = "各列的定义与“指标定义”相同，成功率按办结计算。只列数字，不含任何案件信息。"
    return Table("courts", "各法院", columns, tuple(rows), note)


Maker = Callable[[Said], Table]
_MADE: dict[str, Maker] = {
    "indicators": _indicators,
    "methods": _methods,
    "days": _days,
    "returned": _labelled(
        "returned", "退回原因", ("原因", "件数"), RETURN_REASONS, "期间内退回的邮件，按投递局报告的原因分列。"
    ),
    "finding": _labelled(
        "finding", "协查找人", ("结果", "次数"), FINDING, "期间内发起的协查，按第一次协查的结果分列。"
    ),
    "zones": _zones,
    "piece_state": _labelled(
        "piece_state", "邮件状态", ("状态", "件数"), PIECES, "期间内交办的邮件，按统计时所到的状态分列。"
    ),
    "regions": _regions,
    "courts": _courts,
    "trend": _trend,
}
_OF_SIDE = {
    "court": ("indicators", "methods", "days", "returned", "finding", "zones", "piece_state", "regions", "trend"),
    "post": (
        *("indicators", "courts", "methods", "days", "returned", "finding"),
        *("zones", "piece_state", "regions", "trend"),
    ),
}


def tables(said: Said) -> list[Table]:
    """The tables of a court's or of the post's report, in their order."""
    return [_MADE[code](said) for code in _OF_SIDE[said["side"]]]


def definitions() -> list[tuple[str, ...]]:
    """Each indicator with its published definition; the heads come first."""
    heads = ("指标", "公式", "分子", "分母", "不计", "计时", "来源", "举例")
    return [
        heads,
        *(
            (
                *(one.name, one.formula, one.numerator, one.denominator),
                *(one.exclusions, one.clock, one.source, one.worked),
            )
            for one in INDICATORS.values()
        ),
    ]


# ---- charts ----------------------------------------------------------------------------------------------------

# Which table is drawn, as what, by which of its columns.
_DRAWN: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("trend", "lines", (1, 2, 3)),
    ("methods", "columns", (1, 2)),
    ("days", "columns", (1,)),
    ("returned", "bars", (1,)),
    ("zones", "bars", (2, 3)),
    ("piece_state", "bars", (1,)),
)


def pictures(made: Sequence[Table]) -> list[Picture]:
    """The charts of these tables; one with nothing in it is left out."""
    by_code = {table.code: table for table in made}
    drawn = [_picture(by_code[code], shape, columns) for code, shape, columns in _DRAWN if code in by_code]
    return [one for one in drawn if any(n for values in one.series for n in values)]


def _picture(table: Table, shape: str, columns: tuple[int, ...]) -> Picture:
    return Picture(
        table.title,
        shape,
        tuple(table.columns[at] for at in columns),
        tuple(row[0].shown for row in table.rows),
        tuple(tuple(int(row[at].value or 0) for row in table.rows) for at in columns),
    )
