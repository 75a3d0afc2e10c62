"""指标目录: every indicator the boards show, as data. What is counted, what is left out, by which clock, from where.

A figure without a public definition is disputed at the first joint meeting; so each carries its own, with an example
that can be worked out by hand, and opens the list it was counted from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import floor


@dataclass(frozen=True, slots=True)
class Part:
    """Figures of one measure, in all classes, `only` in some, or in all `but` some."""

    measure: str
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def takes(self, label: str) -> bool:
        return label in self.only if self.only else label not in self.but


@dataclass(frozen=True, slots=True)
class Worked:
    """An example: the counters of a small month, and the story they tell. What comes out is reckoned by the indicator's
    own formula (`Indicator.worked`); nobody types it. {top} and {bottom} in the story are what was counted."""

    counted: "Tally"
    story: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """`kind`: rate (top / bottom), count (top), median or p90 (of the days in top), unmeasured (`missing` says why)."""

    code: str
    name: str
    kind: str
    formula: str
    numerator: str
    denominator: str
    exclusions: str
    clock: str
    source: str
    example: Worked
    top: tuple[Part, ...] = ()
    bottom: tuple[Part, ...] = ()
    target: float | None = None
    # Whether a small value is the good one.
    low_is_good: bool = False
    missing: str = ""

    @property
    def worked(self) -> str:
        """The example in words, with what the formula makes of its counters."""
        found = value(self, self.example.counted)
        story = self.example.story.format(top=f"{found.top:,}", bottom=f"{found.bottom:,}")
        outcome = f"{found.top:,} ÷ {found.bottom:,} = {found.shown}" if self.kind == "rate" else found.shown
        aim = {None: "", True: "，达到目标", False: "，未达目标"}[found.meets]
        return f"{story}：{outcome}{aim}" if found.value is not None else story


_NO_BOTTOM = "无"
_BY_FINISH = "按办结之日（北京时间）归入当日"
_BY_START = "按委托受理之日（北京时间）归入当日"

_LISTED = (
    Indicator(
        "centralised_rate",
        "邮政集约送达率",
        "rate",
        "使用邮政集约送达的案件 ÷ 使用邮寄送达的案件",
        "至少有一件法院专递由集约送达中心打印、封装并交寄的案件",
        "至少有一件邮寄送达（含转交、委托函件）的案件；一案多件只计一案",
        "全程电子送达、未用邮寄的案件不计；平台之外自行邮寄而未登记的案件平台无从知晓，未计入分母",
        "按案件第一件邮件产生之日归入当日",
        "集约送达中心邮件记录、函件寄出登记",
        Worked({"mail_cases": {"True": 82, "False": 18}}, "当月{bottom}件案件使用邮寄，其中{top}件由集约送达中心寄出"),
        top=(Part("mail_cases", only=("True",)),),
        bottom=(Part("mail_cases"),),
        target=0.8,
    ),
    Indicator(
        "electronic_rate",
        "电子送达率",
        "rate",
        "以电子方式生效的任务 ÷ 全部生效的任务",
        "送达生效且生效方式为电子送达的任务",
        "送达生效（含推定、视为）的任务",
        "未生效而办结（未能送达、停止）的任务不计",
        _BY_FINISH,
        "送达生效事实",
        Worked(
            {"effective": {"electronic": 62, "postal": 33, "field": 4, "notice": 1}},
            "当月{bottom}项任务生效，其中{top}项以电子方式生效",
        ),
        top=(Part("effective", only=("electronic",)),),
        bottom=(Part("effective"),),
    ),
    Indicator(
        "success_by_started",
        "送达成功率（按受理）",
        "rate",
        "同期受理且已生效的任务 ÷ 同期受理的任务",
        "期间内受理、至今已经生效的任务",
        "期间内受理的全部任务，包括仍在办理的",
        "无；刚受理的任务拉低本率，随办理逐日回升",
        _BY_START,
        "委托受理与送达生效事实",
        Worked(
            {"started": {"": 200}, "started_effective": {"electronic": 100, "postal": 50}},
            "当月受理{bottom}项，至今生效{top}项",
        ),
        top=(Part("started_effective"),),
        bottom=(Part("started"),),
    ),
    Indicator(
        "success_by_finished",
        "送达成功率（按办结）",
        "rate",
        "同期办结且生效的任务 ÷ 同期办结的任务",
        "期间内办结且送达生效的任务",
        "期间内办结的全部任务",
        "由当事人或者法院停止的任务不计",
        _BY_FINISH,
        "送达生效、停止事实",
        Worked(
            {
                "finished": {"served": 150, "not_served": 10, "stopped": 7},
                "effective": {"electronic": 90, "postal": 60},
            },
            "当月办结167项，其中停止7项不计，余{bottom}项中生效{top}项",
        ),
        top=(Part("effective"),),
        bottom=(Part("finished", but=("stopped",)),),
    ),
    Indicator(
        "days_median",
        "送达用时（中位数）",
        "median",
        "生效之日 − 受理之日的中位数，以天计",
        "期间内办结且生效的任务，按用时天数分布",
        _NO_BOTTOM,
        "未生效的任务不计；超过180天的按180天计",
        "自然日；受理当日生效计0天",
        "委托受理与送达生效事实",
        Worked({"days": {"0": 1, "1": 1, "9": 1}}, "{top}项任务分别用0、1、9天，中位数"),
        top=(Part("days"),),
        low_is_good=True,
    ),
    Indicator(
        "days_p90",
        "送达用时（九成以内）",
        "p90",
        "使九成任务不超过的最小天数",
        "期间内办结且生效的任务，按用时天数分布",
        _NO_BOTTOM,
        "未生效的任务不计；超过180天的按180天计",
        "自然日；受理当日生效计0天",
        "委托受理与送达生效事实",
        Worked({"days": {"2": 5, "30": 4, "60": 1}}, "{top}项任务中5项用2天、4项用30天、1项用60天，九成以内"),
        top=(Part("days"),),
        low_is_good=True,
    ),
    Indicator(
        "first_step",
        "首次方式成功率",
        "rate",
        "只用一种方式即生效的任务 ÷ 办结的任务",
        "第一种方式即生效、没有用过其他方式的任务",
        "期间内办结的全部任务",
        "由当事人或者法院停止的任务不计",
        _BY_FINISH,
        "各方式的第一件事实、送达生效事实",
        Worked(
            {"finished": {"served": 150, "not_served": 10}, "first_step": {"electronic": 80, "postal": 10}},
            "当月办结{bottom}项，其中{top}项第一种方式即生效",
        ),
        top=(Part("first_step"),),
        bottom=(Part("finished", but=("stopped",)),),
    ),
    Indicator(
        "contact_in_5",
        "5分钟联系率",
        "rate",
        "受理后5分钟内首次联系的任务 ÷ 受理时留有电话或者电子邮箱的任务",
        "受理后5分钟内拨出电话或者发出通知的任务（不论是否接通）",
        "委托受理时即有电话或者电子邮箱的任务",
        "委托中没有电话和电子邮箱的任务不计；尚未联系的按未达标计，联系后更新",
        "自受理时刻起连续计算，不扣除夜间和休息日",
        "电话联系、通知发出事实",
        Worked(
            {"contact": {"in_time": 95, "late": 3, "waiting": 2, "": 20}},
            "当月120项任务中{bottom}项留有电话或者邮箱，{top}项在5分钟内联系",
        ),
        top=(Part("contact", only=("in_time",)),),
        bottom=(Part("contact", but=("",)),),
    ),
    Indicator(
        "found_in_10",
        "10分钟协查查得率",
        "rate",
        "10分钟内查得联系方式的协查 ÷ 已结束的协查",
        "发起后10分钟内至少一个信息平台查得的协查",
        "已经查得或者已经结束的协查；一项任务只计第一次协查",
        "仍在等待答复的协查不计",
        "自发起时刻起连续计算，以平台收到答复的时刻为准；按发起之日归入当日",
        "协查发起、答复、结束事实",
        Worked(
            {"finding": {"in_time": 88, "late": 2, "none": 10, "open": 4}},
            "当月{bottom}次协查已有结果，{top}次在10分钟内查得，另有4次仍在等待答复不计",
        ),
        top=(Part("finding", only=("in_time",)),),
        bottom=(Part("finding", but=("", "open")),),
    ),
    Indicator(
        "returns",
        "退回邮件",
        "count",
        "期间内退回的邮件件数，按原因分列",
        "投递局报告退回的邮件",
        _NO_BOTTOM,
        "经更正删去的退回不计",
        "按退回之日归入当日",
        "邮件退回事实",
        Worked({"returned": {"moved_unreported": 2, "untraceable": 1}}, "当日迁址未告知退回2件，查无此人退回1件，合计"),
        top=(Part("returned"),),
        low_is_good=True,
    ),
    Indicator(
        "notice_rate",
        "公告送达率",
        "rate",
        "以公告方式生效的任务 ÷ 全部生效的任务",
        "以公告期满生效的任务",
        "送达生效（含推定、视为）的任务",
        "公告期未满的任务尚未生效，不计",
        _BY_FINISH,
        "送达生效事实",
        Worked(
            {"effective": {"electronic": 62, "postal": 33, "field": 4, "notice": 1}},
            "当月{bottom}项任务生效，其中{top}项以公告生效",
        ),
        top=(Part("effective", only=("notice",)),),
        bottom=(Part("effective"),),
        low_is_good=True,
    ),
    Indicator(
        "cost",
        "单次有效送达成本",
        "unmeasured",
        "期间费用 ÷ 期间生效的任务",
        "期间内产生的送达费用",
        "期间内生效的任务",
        "—",
        "按月",
        "结算单",
        Worked({}, "结算功能启用之后，以当月费用除以当月生效任务数"),
        missing="平台尚无结算数据，费用无法计量；结算功能启用之前不显示数值",
        low_is_good=True,
    ),
    Indicator(
        "conformity_failures",
        "反馈合规检查未通过",
        "count",
        "结果缺少法定要件、未予反馈的任务数",
        "合规检查未通过而产生待办的任务；一项任务只计一次",
        _NO_BOTTOM,
        "无；法院审查后确认的仍然计入",
        "按第一次未通过之日归入当日",
        "合规检查待办",
        Worked({"conformity": {"": 2}}, "当月{top}项任务的回执缺少签收人证件号码，拦下补正"),
        top=(Part("conformity"),),
        low_is_good=True,
    ),
    Indicator(
        "incidents",
        "责任事故",
        "count",
        "结果反馈法院之后又被更正的任务数",
        "送达生效已经反馈、其后经第二人批准更正的任务",
        _NO_BOTTOM,
        "受送达人依法推翻推定送达的，不是办理差错，不计",
        "按更正之日归入当日",
        "送达生效、更正事实",
        Worked({"incident": {}}, "当月没有结果在反馈法院之后又被更正"),
        top=(Part("incident"),),
        target=0,
        low_is_good=True,
    ),
)
INDICATORS: dict[str, Indicator] = {one.code: one for one in _LISTED}

# By measure, then by class: how many.
Tally = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Value:
    """An indicator's value; None where nothing was counted or nothing can be."""

    indicator: Indicator
    top: int
    bottom: int
    value: float | None

    @property
    def shown(self) -> str:
        return shown(self.indicator, self.value) if self.value is not None else "—"

    @property
    def meets(self) -> bool | None:
        """Whether the target is met; None without a target or a value."""
        target = self.indicator.target
        if target is None or self.value is None:
            return None
        return self.value <= target if self.indicator.low_is_good else self.value >= target


def counted(tally: Tally, parts: tuple[Part, ...]) -> int:
    return sum(n for part in parts for label, n in tally.get(part.measure, {}).items() if part.takes(label))


def quantile(histogram: Mapping[str, int], share: float) -> float | None:
    """The least value that at least this share of the counted does not exceed. Histograms of courts may be added."""
    total = sum(histogram.values())
    seen = 0
    for value in sorted(histogram, key=int):
        seen += histogram[value]
        if total and seen >= share * total:
            return float(value)
    return None


def _rate(_: Indicator, _tally: Tally, top: int, bottom: int) -> float | None:
    return top / bottom if bottom else None


def _count(_: Indicator, _tally: Tally, top: int, _bottom: int) -> float | None:
    return float(top)


def _quantile(share: float) -> "Reckon":
    def reckon(indicator: Indicator, tally: Tally, _top: int, _bottom: int) -> float | None:
        return quantile(tally.get(indicator.top[0].measure, {}), share)

    return reckon


Reckon = Callable[[Indicator, Tally, int, int], float | None]
_RECKON: dict[str, Reckon] = {
    "rate": _rate,
    "count": _count,
    "median": _quantile(0.5),
    "p90": _quantile(0.9),
    "unmeasured": lambda *_: None,
}


def percent(share: float) -> str:
    """With one decimal, halves rounded up as people do."""
    return f"{floor(share * 1000 + 0.5) / 10:.1f}%"


_SHOWN: dict[str, Callable[[float], str]] = {
    "rate": percent,
    "count": lambda value: f"{value:,.0f}",
    "median": lambda value: f"{value:,.0f} 天",
    "p90": lambda value: f"{value:,.0f} 天",
}


def shown(indicator: Indicator, number: float) -> str:
    """A number in the indicator's unit."""
    return _SHOWN[indicator.kind](number)


def value(indicator: Indicator, tally: Tally) -> Value:
    """What the indicator is, given the counters of a period."""
    top, bottom = counted(tally, indicator.top), counted(tally, indicator.bottom)
    return Value(indicator, top, bottom, _RECKON[indicator.kind](indicator, tally, top, bottom))


def values(tally: Tally) -> list[Value]:
    return [value(one, tally) for one in _LISTED]
