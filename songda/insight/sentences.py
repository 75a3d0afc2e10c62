"""A report's summary: plain sentences by rules, each from the numbers beside it. Nothing is explained, only counted."""

from collections.abc import Callable, Iterator
from datetime import date

from songda.insight.classes import WAYS
from songda.insight.indicators import INDICATORS, Value, percent, shown, value
from songda.insight.loads import by_zone
from songda.insight.telling import Said, period, total
from songda.law.facts import RETURN_REASONS

# A way is called best or worst only from so many tries on. A notice runs out by itself: it is not compared.
ENOUGH = 5
COMPARED = tuple(way for way in WAYS if way != "notice")


def _values(said: Said, code: str) -> tuple[Value, Value | None]:
    """An indicator now and before."""
    one = INDICATORS[code]
    before = value(one, said["before"]) if said["before"] is not None else None
    return value(one, said["now"]), before


def _moved(now: float, before: float | None, then: str, words: Callable[[float], str]) -> str:
    """How a number moved, as the end of a sentence; nothing where there is nothing to compare with."""
    if before is None:
        return ""
    if now == before:
        return f"，与{then}持平"
    return f"，比{then}{'增加' if now > before else '减少'}{words(abs(now - before))}"


def _volume(said: Said) -> Iterator[str]:
    this, then = period(said)
    started, effective = total(said["now"], "started"), total(said["now"], "effective")
    if not started and not total(said["now"], "finished"):
        yield f"{this}没有受理也没有办结的送达任务。"
        return
    was = total(said["before"], "started") if said["before"] is not None else None
    moved = _moved(started, was, then, lambda n: f"{n:,.0f}项")
    yield f"{this}受理送达任务{started:,}项{moved}；{effective:,}项送达生效。"


def _success(said: Said) -> Iterator[str]:
    _, then = period(said)
    now, before = _values(said, "success_by_finished")
    if now.value is None:
        return
    was = before.value if before else None
    moved = _moved(round(now.value * 100, 1), None if was is None else round(was * 100, 1), then, _points)
    electronic, _ = _values(said, "electronic_rate")
    share = f"；生效的任务中，电子送达占{electronic.shown}" if electronic.value is not None else ""
    yield f"办结的任务中，{now.shown}送达生效{moved}{share}。"


def _points(n: float) -> str:
    return f"{n:.1f}个百分点"


def _centralised(said: Said) -> Iterator[str]:
    now, _ = _values(said, "centralised_rate")
    target = now.indicator.target
    if now.value is None or target is None:
        return
    how = "达到" if now.meets else "未达到"
    yield f"邮政集约送达率{now.shown}（{now.top:,} ÷ {now.bottom:,}），{how}{shown(now.indicator, target)}的目标。"


def _speed(said: Said) -> Iterator[str]:
    (median, _), (most, _) = _values(said, "days_median"), _values(said, "days_p90")
    if median.value is None or most.value is None:
        return
    yield f"生效的任务，一半在{_within(median.value)}送达生效，九成在{_within(most.value)}送达生效。"


def _within(days: float) -> str:
    return "受理当日" if days == 0 else f"{days:,.0f}天以内"


def _ways(said: Said) -> Iterator[str]:
    rates = {}
    for code in COMPARED:
        tried = total(said["now"], f"tried_{code}")
        if tried >= ENOUGH:
            rates[WAYS[code]] = (total(said["now"], "effective", code) / tried, tried)
    if len(rates) < 2:
        return
    (best, (high, _)), *_, (worst, (low, _)) = sorted(rates.items(), key=lambda one: -one[1][0])
    if high > low:
        found = f"{best}成功率最高（{percent(high)}），{worst}最低（{percent(low)}）"
        yield f"除公告外，用过{ENOUGH}次以上的方式中，{found}。"


def _returns(said: Said) -> Iterator[str]:
    this, then = period(said)
    found = {label: n for label, n in said["now"].get("returned", {}).items() if n}
    every = sum(found.values())
    was = total(said["before"], "returned") if said["before"] is not None else None
    if not every:
        if total(said["now"], "piece_state"):
            yield f"{this}没有邮件退回。"
        return
    most = max(sorted(found), key=lambda label: found[label])
    moved = _moved(every, was, then, lambda n: f"{n:,.0f}件")
    cause = f"{RETURN_REASONS.get(most, most)}（{found[most]:,}件，占{percent(found[most] / every)}）"
    yield f"退回邮件{every:,}件{moved}，最多的原因是{cause}。"


def _finding(said: Said) -> Iterator[str]:
    now, _ = _values(said, "found_in_10")
    if now.value is not None:
        yield f"结束协查{now.bottom:,}次，其中{now.top:,}次在10分钟内查得，占{now.shown}。"


def _care(said: Said) -> Iterator[str]:
    (failures, _), (incidents, _) = _values(said, "conformity_failures"), _values(said, "incidents")
    held = f"反馈合规检查拦下{failures.top:,}项" if failures.top else "没有结果被反馈合规检查拦下"
    after = f"责任事故{incidents.top:,}例，须逐例查明" if incidents.top else "没有责任事故"
    yield f"{held}；{after}。"


def _zones(said: Said) -> Iterator[str]:
    late = {zone: kinds["overdue"] for zone, kinds in by_zone(said["loads"]).items() if kinds["overdue"]}
    if late:
        said_of = "、".join(f"{zone}{n:,}件" for zone, n in sorted(late.items(), key=lambda one: (-one[1], one[0])))
        yield f"期末超期未办的待办：{said_of}。"


def _courts(said: Said) -> Iterator[str]:
    """The post's report names the courts that stand below the target: the numbers are in the table."""
    if said["side"] != "post":
        return
    one = INDICATORS["centralised_rate"]
    found = {court["short_name"]: value(one, said["by_court"].get(court["code"], {})) for court in said["courts"]}
    below = [name for name, each in found.items() if each.meets is False]
    if below:
        yield f"邮政集约送达率未达目标的法院：{'、'.join(below)}。"


def _compared(said: Said) -> Iterator[str]:
    _, then = period(said)
    if said["before"] is None:
        first = date.fromisoformat(said["first"])
        yield f"{then}没有数据（平台的统计自{first.year}年{first.month}月起），不作比较。"


_RULES = (_volume, _success, _centralised, _speed, _ways, _returns, _finding, _zones, _care, _courts, _compared)


def summary(said: Said) -> list[str]:
    """The report in sentences."""
    return [sentence for rule in _RULES for sentence in rule(said)]
