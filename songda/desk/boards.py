"""What stands on a board: figures, indicators and charts. A chart is its table; a number has the list behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse

from songda.courts.models import Court
from songda.desk import alarms, queues, words
from songda.engine.models import WorkItem
from songda.insight import queries
from songda.insight.classes import DAY_CLASSES, FINDING, PIECES, WAYS, ZONES, city, day_class
from songda.insight.indicators import INDICATORS, Value, percent, value
from songda.insight.queries import Span
from songda.law.facts import RETURN_REASONS
from songda.lib import clock

# How far back a board's rates look, and its line of days.
DAYS = 30
TREND_DAYS = 14
REGIONS = 8


@dataclass(frozen=True, slots=True)
class View:
    """A board: for whom, with which indicators and charts. `every_court`: over all courts the person's post serves."""

    code: str
    label: str
    words: str
    indicators: tuple[str, ...]
    charts: tuple[str, ...]
    every_court: bool = False


_RESULTS = ("success_by_finished", "electronic_rate", "days_median", "days_p90", "first_step")
_POST = ("contact_in_5", "found_in_10", "returns")
_WATCHED = ("conformity_failures", "incidents")

VIEWS: dict[str, View] = {
    view.code: view
    for view in (
        View(
            "court",
            "法院看板",
            "本院的委托走到哪里、哪些快到期、结果如何。",
            ("centralised_rate", *_RESULTS, "notice_rate", *_WATCHED),
            ("trend", "steps", "methods", "days", "hours", "zones", "queues", "returns"),
        ),
        View(
            "post",
            "邮政看板",
            "本中心服务的各法院：各区负荷、邮件去向、协查与退回。",
            ("centralised_rate", *_POST, "success_by_started", "electronic_rate", "days_median", *_WATCHED),
            ("zones", "queues", "hours", "parcels", "regions", "finding", "returns", "courts", "days", "trend"),
            every_court=True,
        ),
        View(
            "both",
            "联席看板",
            "法院和邮政看同一组数：指标、各环节、各区负荷。",
            ("centralised_rate", *_RESULTS, *_POST, "incidents", "conformity_failures", "notice_rate", "cost"),
            (
                "methods",
                "trend",
                "steps",
                "zones",
                "queues",
                "days",
                "hours",
                "courts",
                "finding",
                "parcels",
                "regions",
                "returns",
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Cell:
    value: int | float | str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart is its table; `shape` says how the browser draws it, `drawn` how many of its columns."""

    code: str
    title: str
    shape: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    drawn: int

    def plain(self) -> dict[str, Any]:
        return {
            "shape": self.shape,
            "names": self.columns[1 : 1 + self.drawn],
            "labels": [row.label for row in self.rows],
            "series": [[row.cells[at].value for row in self.rows] for at in range(self.drawn)],
        }


@dataclass(frozen=True)
class Ground:
    """A view over courts at this moment; each question is asked once, when something needs it."""

    view: View
    courts: tuple[Court, ...]
    span: Span = field(default_factory=lambda: Span.days_until_today(DAYS))

    @cached_property
    def ids(self) -> list[UUID]:
        return [court.id for court in self.courts]

    @cached_property
    def by_court(self) -> dict[UUID, dict[str, dict[str, int]]]:
        return queries.tallies(self.ids, self.span)

    @cached_property
    def tally(self) -> dict[str, dict[str, int]]:
        return queries.together(self.by_court.values())

    @cached_property
    def today(self) -> dict[str, dict[str, int]]:
        return queries.tally(self.ids, Span.days_until_today(1))

    @cached_property
    def clocks(self) -> queries.Clocks:
        return queries.clocks(self.ids)

    @cached_property
    def hours(self) -> list[int]:
        return queries.orders_by_hour(self.ids)

    def count(self, measure: str, label: str, span: Span | None = None) -> Cell:
        """A counter of the period, with the list behind it."""
        return Cell(self.tally.get(measure, {}).get(label, 0), self.behind(measure, label, span or self.span))

    def behind(self, measure: str, label: str | None, span: Span, **more: str | int) -> str:
        """Where the list behind a counter is. `more`: least and most of a class of days, or one court of several."""
        asked: dict[str, str | int] = {"first": span.first.isoformat(), "last": span.last.isoformat(), **more}
        if label is not None:
            asked["label"] = label
        return f"{reverse('desk:behind', args=[self.view.code, measure])}?{urlencode(asked)}"

    def listed(self, which: str, **asked: str | int) -> str:
        """Where a list of what is open now, or came today, is."""
        question = f"?{urlencode(asked)}" if asked else ""
        return f"{reverse('desk:board_list', args=[self.view.code, which])}{question}"


# ---- charts ----------------------------------------------------------------------------------------------------

Maker = Callable[[Ground], Sequence[Row]]
STEPS = tuple(
    code for code in words.STEPS if code not in {"served", "presumed_served", "deemed_served", "not_served", "stopped"}
)


def _steps(ground: Ground) -> list[Row]:
    found = ground.tally.get("standing", {})
    return [
        Row(words.step(code).label, (ground.count("standing", code),))
        for code in (*STEPS, *sorted(set(found) - set(STEPS)))
        if found.get(code)
    ]


def _methods(ground: Ground) -> list[Row]:
    rows = []
    for code, label in WAYS.items():
        tried = sum(ground.tally.get(f"tried_{code}", {}).values())
        worked = ground.count("effective", code)
        share = percent(int(worked.value) / tried) if tried else "—"
        rows.append(Row(label, (Cell(tried, ground.behind(f"tried_{code}", None, ground.span)), worked, Cell(share))))
    return rows


def _days(ground: Ground) -> list[Row]:
    found = ground.tally.get("days", {})
    rows = []
    for first, last in DAY_CLASSES:
        n = sum(many for days, many in found.items() if first <= int(days) <= last)
        href = ground.behind("days", None, ground.span, least=first, most=last)
        rows.append(Row(day_class(first, last), (Cell(n, href),)))
    return rows


def _trend(ground: Ground) -> list[Row]:
    span = Span.days_until_today(TREND_DAYS)
    measures = ("started", "effective", "returned")
    found = queries.by_day(ground.ids, span, *measures)
    rows = []
    for at in range(TREND_DAYS):
        day = span.first + timedelta(days=at)
        cells = [Cell(found[name][at], ground.behind(name, None, Span(day, day))) for name in measures]
        rows.append(Row(f"{day.month}月{day.day}日", tuple(cells)))
    return rows


def _hours(ground: Ground) -> list[Row]:
    present = clock.now().astimezone(clock.BEIJING).hour
    return [
        Row(f"{hour}时", (Cell(n, ground.listed("orders", hour=hour)),))
        for hour, n in enumerate(ground.hours)
        if n or 8 <= hour <= max(18, present)
    ]


def _zones(ground: Ground) -> list[Row]:
    open_ = WorkItem.objects.filter(court_id__in=ground.ids, done_at=None).order_by()
    counted = open_.values_list("role").annotate(all=Count("id"), late=Count("id", filter=Q(due_at__lt=clock.now())))
    by_role = {role: (many - late, late) for role, many, late in counted}
    rows = []
    for zone, roles in ZONES.items():
        held = [by_role.get(role, (0, 0)) for role in roles]
        numbers = {"in_time": sum(one[0] for one in held), "late": sum(one[1] for one in held)}
        numbers["all"] = sum(numbers.values())
        cells = (Cell(n, ground.listed("work", zone=zone, late=which)) for which, n in numbers.items())
        rows.append(Row(zone, tuple(cells)))
    return rows


def _queues(ground: Ground) -> list[Row]:
    counts = queues.counts(ground.ids)
    return [
        Row(f"{one.zone}：{one.label}", (Cell(counts[one.code], ground.listed("queue", code=one.code)),))
        for one in queues.QUEUES
    ]


def _by_label(measure: str, labels: Mapping[str, str]) -> Maker:
    def rows(ground: Ground) -> list[Row]:
        return [Row(label, (ground.count(measure, code),)) for code, label in labels.items()]

    return rows


def _regions(ground: Ground) -> list[Row]:
    found = ground.tally.get("piece_region", {})
    most = sorted(found, key=lambda code: (-found[code], code))[:REGIONS]
    return [Row(city(code), (ground.count("piece_region", code),)) for code in most]


def _courts(ground: Ground) -> list[Row]:
    return [Row(court.short_name, tuple(_of_court(ground, court))) for court in ground.courts]


def _of_court(ground: Ground, court: Court) -> Iterator[Cell]:
    own = ground.by_court.get(court.id, {})
    for measure in ("started", "effective"):
        yield Cell(sum(own.get(measure, {}).values()), ground.behind(measure, None, ground.span, court=court.code))
    for code in ("centralised_rate", "success_by_finished"):
        href = f"{reverse('desk:indicator', args=[ground.view.code, code])}?court={court.code}"
        yield Cell(value(INDICATORS[code], own).shown, href)


@dataclass(frozen=True, slots=True)
class ChartKind:
    title: str
    shape: str
    columns: tuple[str, ...]
    rows: Maker
    drawn: int = 1


CHARTS: dict[str, ChartKind] = {
    "trend": ChartKind("近十四日", "lines", ("日期", "受理", "生效", "退回"), _trend, 3),
    "steps": ChartKind("所处环节", "bars", ("环节", "任务"), _steps),
    "methods": ChartKind("各方式成效", "columns", ("方式", "用过的任务", "由此生效", "成功率"), _methods, 2),
    "days": ChartKind("生效用时", "columns", ("用时", "任务"), _days),
    "hours": ChartKind("今日委托", "columns", ("时段", "委托"), _hours),
    "zones": ChartKind("各区负荷", "stacked", ("岗位", "期限内", "已超期", "合计"), _zones, 2),
    "queues": ChartKind("各区在办", "bars", ("环节", "件数"), _queues),
    "parcels": ChartKind("邮件状态", "bars", ("状态", "件数"), _by_label("piece_state", PIECES)),
    "regions": ChartKind("邮件去向", "bars", ("地区", "件数"), _regions),
    "returns": ChartKind("退回原因", "bars", ("原因", "件数"), _by_label("returned", RETURN_REASONS)),
    "finding": ChartKind("协查找人", "bars", ("结果", "次数"), _by_label("finding", FINDING)),
    "courts": ChartKind("各法院", "columns", ("法院", "受理", "生效", "集约送达率", "成功率"), _courts, 2),
}


def chart(code: str, ground: Ground) -> Chart:
    kind = CHARTS[code]
    return Chart(code, kind.title, kind.shape, kind.columns, tuple(kind.rows(ground)), kind.drawn)


# ---- figures and indicators ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """A number on top of a board."""

    label: str
    shown: str
    href: str
    late: bool = False


def tops(ground: Ground) -> list[Figure]:
    day = Span.days_until_today(1)

    def today(label: str, measure: str) -> Figure:
        return Figure(label, f"{sum(ground.today.get(measure, {}).values()):,}", ground.behind(measure, None, day))

    open_ = sum(ground.tally.get("standing", {}).values())
    clocks = ground.clocks
    return [
        Figure("今日委托", f"{sum(ground.hours):,}", ground.listed("orders")),
        today("今日受理任务", "started"),
        today("今日生效", "effective"),
        Figure("正在送达", f"{open_:,}", ground.behind("standing", None, day)),
        Figure("1小时内到期", _capped(clocks.within_hour), ground.listed("due", within="hour")),
        Figure("已超期", _capped(clocks.late), ground.listed("due", within="late"), late=clocks.late > 0),
    ]


def _capped(n: int) -> str:
    return f"{queries.MOST}+" if n > queries.MOST else str(n)


def calling(ground: Ground) -> list[Figure]:
    """What calls for somebody now, kind by kind; and incidents of the board's period, which must be none."""
    counts = alarms.counts(ground.ids)
    figures = [
        Figure(one.label, _capped(n := counts[one.code]), ground.listed("alarm", code=one.code), late=n > 0)
        for one in alarms.ALARMS
    ]
    incidents = sum(ground.tally.get("incident", {}).values())
    href = ground.behind("incident", None, ground.span)
    return [*figures, Figure("近30日责任事故", f"{incidents:,}", href, late=incidents > 0)]


def indicators(ground: Ground) -> list[Value]:
    return [value(INDICATORS[code], ground.tally) for code in ground.view.indicators]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A fact in the live stream, in words."""

    title: str
    side: str
    at: Any
    court: str
    number: str
    effect: bool


def stream(ground: Ground) -> list[Spoken]:
    names = {court.id: court.short_name for court in ground.courts}
    return [
        Spoken(
            words.fact(one.name).title,
            words.fact(one.name).side,
            one.learnt_at,
            one.court,
            one.number,
            one.name == "service.effective",
        )
        for one in queries.stream(ground.ids, names)
    ]
