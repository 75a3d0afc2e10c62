"""看板与指标: boards for court and post, the wall, the catalogue of indicators, and the list behind every number."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from songda.courts.models import COURT_ROLES, POST_ROLES, Court, Membership, Role
from songda.desk import alarms, boards, words
from songda.desk.access import DeskRequest, Seat, at_desk
from songda.desk.boards import VIEWS, Chart, Ground
from songda.desk.listing import XLSX, Column, Listing, Nothing, inert
from songda.desk.pages.orders import Link
from songda.insight import queries
from songda.insight.classes import FINDING, PIECES, WAYS, city, day_class
from songda.insight.figures import MOST_DAYS
from songda.insight.indicators import INDICATORS, Part, value
from songda.insight.measures import MEASURES
from songda.insight.models import CaseFigure, PieceFigure, ServiceFigure
from songda.insight.queries import Span
from songda.law.facts import RETURN_REASONS
from songda.lib import clock
from songda.lib.tenancy import acting_for

P = ParamSpec("P")
_OF_VIEW = {
    "court": frozenset({*COURT_ROLES, Role.AUDITOR}),
    "post": frozenset(POST_ROLES),
    "both": frozenset({*COURT_ROLES, *POST_ROLES, Role.AUDITOR}),
}
BoardPage = Callable[Concatenate[DeskRequest, Ground, P], HttpResponse]


def views_of(seat: Seat) -> list[boards.View]:
    """The boards this person may look at."""
    return [view for code, view in VIEWS.items() if seat.roles & _OF_VIEW[code]]


def _courts(seat: Seat, view: boards.View) -> tuple[Court, ...]:
    if not view.every_court:
        return (seat.court,)
    held = Membership.objects.filter(person=seat.person, role__in=POST_ROLES).values("court")
    return tuple(Court.objects.filter(id__in=held).order_by("code"))


def _asked(request: HttpRequest, courts: tuple[Court, ...]) -> tuple[Court, ...]:
    """All of them, or the one the address names; 404 for one that is none of them."""
    code = request.GET.get("court")
    found = tuple(court for court in courts if code is None or court.code == code)
    if not found:
        raise Http404("court")
    return found


def on_board(page: BoardPage[P]) -> Callable[Concatenate[DeskRequest, str, P], HttpResponse]:
    """Open the scope of the courts a board looks over. Only who has a role on its side looks."""

    @wraps(page)
    def scoped(request: DeskRequest, view: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if view not in VIEWS:
            raise Http404
        chosen = VIEWS[view]
        if chosen not in views_of(request.seat):
            raise PermissionDenied
        courts = _asked(request, _courts(request.seat, chosen))
        with acting_for(*(court.id for court in courts)):
            return page(request, Ground(chosen, courts), *args, **kwargs)

    return cast(Callable[Concatenate[DeskRequest, str, P], HttpResponse], scoped)


@require_GET
@at_desk()
def home(request: DeskRequest) -> HttpResponse:
    """The board of one's own side; both for who sits on both."""
    mine = views_of(request.seat)
    if not mine:
        raise PermissionDenied
    return redirect("desk:board", mine[0].code)


# ---- boards ----------------------------------------------------------------------------------------------------


def _live(request: DeskRequest, ground: Ground) -> dict[str, Any]:
    return {
        "ground": ground,
        "tops": boards.tops(ground),
        "values": boards.indicators(ground),
        "alarms": boards.calling(ground),
        "calling": alarms.first(ground.ids),
        "clocks": ground.clocks.next,
        "hearings": queries.hearings_at_risk(ground.ids),
        "stream": boards.stream(ground),
        "now": clock.now(),
        "here": request.seat.court.id,
    }


def _context(request: DeskRequest, ground: Ground) -> dict[str, Any]:
    shown = [(code, boards.CHARTS[code].title) for code in ground.view.charts]
    return {**_live(request, ground), "view": ground.view, "views": views_of(request.seat), "charts": shown}


@require_GET
@at_desk()
@on_board
def board(request: DeskRequest, ground: Ground) -> HttpResponse:
    return render(request, "desk/boards/board.html", _context(request, ground))


@require_GET
@at_desk()
@on_board
def live(request: DeskRequest, ground: Ground) -> HttpResponse:
    """The numbers and lists of a board, asked for again and again: a change is there within two seconds."""
    part = "wall_live" if request.GET.get("on") == "wall" else "live"
    return render(request, f"desk/boards/{part}.html", _live(request, ground))


@require_GET
@at_desk()
@on_board
def data(request: DeskRequest, ground: Ground) -> HttpResponse:
    """What the charts draw, asked for again and again: a change is there within two seconds."""
    asked = WALL_CHARTS if request.GET.get("on") == "wall" else ground.view.charts
    return JsonResponse({code: boards.chart(code, ground).plain() for code in asked})


WALL_CHARTS = ("steps", "methods", "days", "zones", "finding", "parcels", "regions")


@require_GET
@at_desk()
@on_board
def wall(request: DeskRequest, ground: Ground) -> HttpResponse:
    """The board for the wall: everything on one screen of 1920 by 1080, nothing of any person."""
    shown = [(code, boards.CHARTS[code].title) for code in WALL_CHARTS]
    return render(request, "desk/boards/wall.html", {**_context(request, ground), "charts": shown})


# ---- the table of a chart, and its export ----------------------------------------------------------------------


@require_GET
@at_desk()
@on_board
def table(request: DeskRequest, ground: Ground, code: str) -> HttpResponse:
    if code not in boards.CHARTS:
        raise Http404
    found = boards.chart(code, ground)
    export = _EXPORTS.get(request.GET.get("export", ""))
    if export is not None:
        return export(found)
    return render(request, "desk/boards/table.html", {"chart": found, "ground": ground, "view": ground.view})


def _lines(found: Chart) -> list[list[Any]]:
    return [list(found.columns), *([row.label, *(cell.value for cell in row.cells)] for row in found.rows)]


def _csv(found: Chart) -> HttpResponse:
    target = io.StringIO()
    csv.writer(target).writerows([inert(one) for one in line] for line in _lines(found))
    # The mark at the beginning tells Excel that this is UTF-8.
    return _file(found, "\ufeff".encode() + target.getvalue().encode(), "csv", "text/csv; charset=utf-8")


def _xlsx(found: Chart) -> HttpResponse:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(found.title)
    for at, line in enumerate(_lines(found)):
        sheet.write_row(at, 0, line)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(found.columns) - 1, 16)
    book.close()
    return _file(found, target.getvalue(), "xlsx", XLSX)


def _file(found: Chart, content: bytes, ending: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.code}-{clock.today():%Y%m%d}.{ending}"'
    return response


_EXPORTS: dict[str, Callable[[Chart], HttpResponse]] = {"csv": _csv, "xlsx": _xlsx}


# ---- indicators ------------------------------------------------------------------------------------------------


@require_GET
@at_desk()
@on_board
def indicators(request: DeskRequest, ground: Ground) -> HttpResponse:
    """The catalogue: every indicator with its definition, its value now, and what was sealed."""
    shown = [value(one, ground.tally) for one in INDICATORS.values()]
    sealed = queries.snapshots(ground.ids)
    context = {"view": ground.view, "views": views_of(request.seat), "values": shown, "span": ground.span}
    return render(request, "desk/boards/indicators.html", {**context, "sealed": sealed, "codes": INDICATORS})


def _span(request: DeskRequest, default: Span) -> Span:
    """The days asked for; anything else than two days in order is the board's own period."""
    try:
        first, last = (date.fromisoformat(request.GET.get(name, "")) for name in ("first", "last"))
    except ValueError:
        return default
    return Span(first, last) if first <= last else default


@require_GET
@at_desk()
@on_board
def indicator(request: DeskRequest, ground: Ground, code: str) -> HttpResponse:
    """The list an indicator is counted from: its numerator, or with `side=bottom` its denominator."""
    if code not in INDICATORS:
        raise Http404
    about = INDICATORS[code]
    span = _span(request, ground.span)
    parts = about.bottom if request.GET.get("side") == "bottom" else about.top
    found = value(about, queries.tally(ground.ids, span))
    context = {"about": about, "value": found, "codes": INDICATORS, "side": request.GET.get("side", "top")}
    if not parts:
        return render(request, "desk/boards/behind.html", {**context, "view": ground.view, "span": span})
    return _list(request, ground, parts[0], span, about.name, **context)


@require_GET
@at_desk()
@on_board
def behind(request: DeskRequest, ground: Ground, measure: str) -> HttpResponse:
    """The list behind one counter."""
    if measure not in MEASURES:
        raise Http404
    only, label = _class_asked(request, measure)
    title = f"{TITLES[measure]}：{label}" if label else TITLES[measure]
    if ground.view.every_court and "court" in request.GET:
        title += f"（{ground.courts[0].short_name}）"
    return _list(request, ground, Part(measure, only=only), _span(request, ground.span), title)


def _class_asked(request: DeskRequest, measure: str) -> tuple[tuple[str, ...], str]:
    """The classes the address names, and how they are said: one by its label, or some days by least and most."""
    label = request.GET.get("label")
    if label is not None:
        return (label,), _LABELS.get(measure, str)(label)
    asked = (request.GET.get(name, "") for name in ("least", "most"))
    try:
        least, most = (max(0, min(int(one), MOST_DAYS)) for one in asked)
    except ValueError:
        return (), ""
    return tuple(str(days) for days in range(least, most + 1)), day_class(least, most)


TITLES = {
    "started": "受理的任务",
    "started_effective": "受理且已生效的任务",
    "finished": "办结的任务",
    "effective": "生效的任务",
    "days": "生效的任务",
    "first_step": "首次方式即生效的任务",
    "contact": "受理的任务",
    "finding": "协查",
    "conformity": "合规检查未通过的任务",
    "incident": "反馈之后更正的任务",
    "standing": "正在送达的任务",
    "piece_state": "邮件",
    "piece_region": "邮件",
    "returned": "退回的邮件",
    "mail_cases": "使用邮寄的案件",
    **{f"tried_{way}": f"用过{label}方式的任务" for way, label in WAYS.items()},
}


def _said(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda label: labels.get(label, label)


# How a class of a measure is said, as on its chart.
_LABELS: Mapping[str, Callable[[str], str]] = {
    "standing": lambda label: words.step(label).label,
    "effective": _said(WAYS),
    "piece_state": _said(PIECES),
    "piece_region": city,
    "returned": _said(RETURN_REASONS),
    "finding": _said(FINDING),
}


def mark_here(seat: Seat) -> Callable[[list[Any]], None]:
    """Marks the rows that the person can open where they sit: what another court holds is named, not linked."""

    def mark(rows: list[Any]) -> None:
        for row in rows:
            row.here = row.court_id == seat.court.id

    return mark


def _service_link(row: Any) -> Link:
    href = reverse("desk:service", args=[row.service_id]) if row.here else ""
    # Another court's case stays in its court: the post's people know the service by its number.
    return Link(href, row.service.case.number, row.service.number) if row.here else Link("", row.service.number)


def _service_words(row: Any) -> str:
    return f"{row.service.case.number} {row.service.number}" if row.here else row.service.number


COURT = Column("法院", lambda figure: figure.court.short_name)
SERVICE = Column("任务", _service_link, "parts/cells/link.html", plain=_service_words)
_COLUMNS: dict[type[Any], tuple[Column, ...]] = {
    ServiceFigure: (
        SERVICE,
        COURT,
        Column("环节", lambda figure: words.step(figure.step).label),
        Column("受理", lambda figure: figure.started_on, sort="started_on"),
        Column("办结", lambda figure: figure.finished_on or "", sort="finished_on"),
        Column("生效方式", lambda figure: WAYS.get(figure.way, "")),
        Column(
            "用时（天）", lambda figure: "" if figure.days_to_effect is None else figure.days_to_effect, number=True
        ),
    ),
    PieceFigure: (
        SERVICE,
        COURT,
        Column("邮件号", lambda figure: figure.waybill.number or "待分配"),
        Column("状态", lambda figure: PIECES[figure.state]),
        Column("交办", lambda figure: figure.made_on, sort="made_on"),
        Column("退回", lambda figure: figure.returned_on or "", sort="returned_on"),
        Column("原因", lambda figure: words.value("because", figure.because) if figure.because else ""),
    ),
    CaseFigure: (
        Column("案件", lambda figure: figure.case.number if figure.here else "他院案件"),
        COURT,
        Column("首次邮寄", lambda figure: figure.mailed_on, sort="mailed_on"),
        Column("集约送达", lambda figure: "是" if figure.is_centralised else "否"),
    ),
}
_ALONG: dict[type[Any], tuple[str, ...]] = {
    ServiceFigure: ("service__case", "court"),
    PieceFigure: ("service__case", "waybill", "court"),
    CaseFigure: ("case", "court"),
}
_ORDER: dict[type[Any], str] = {ServiceFigure: "-started_on", PieceFigure: "-made_on", CaseFigure: "-mailed_on"}


def _list(request: DeskRequest, ground: Ground, part: Part, span: Span, title: str, **context: Any) -> HttpResponse:
    model = MEASURES[part.measure].of
    rows: QuerySet[Any] = queries.behind(part, ground.ids, span).select_related(*_ALONG[model])
    nothing = Nothing("没有一件", "这段时间里没有计入的。")
    columns = _COLUMNS[model]
    listing = Listing(
        request,
        rows,
        title=title,
        columns=columns,
        order=_ORDER[model],
        nothing=nothing,
        dress=mark_here(request.seat),
    )
    if request.GET.get("export") == "xlsx":
        return listing.workbook(part.measure)
    # A gauge is of this moment: days do not narrow it.
    is_now = not MEASURES[part.measure].day
    shown = {
        "view": ground.view,
        "span": span,
        "title": title,
        "listing": listing,
        "is_now": is_now,
        "now": clock.now(),
    }
    return render(request, "desk/boards/behind.html", {**shown, **context})
