"""Weekly and monthly reports: made once, from numbers that are sealed with them.

A month's report says what its snapshot says. A week's numbers are counted when the week is over and everything of it is
folded, and are sealed by the report itself. Both files lie in the vault; their digests are a fact in the ledger of
every court the report covers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Min

from songda.courts.models import Court, Membership, Role
from songda.courts.queries import calendar_of
from songda.evidence.actions import Told, append
from songda.evidence.models import Speaker
from songda.insight import sentences, telling, workbook
from songda.insight.loads import loads
from songda.insight.models import Arrival, Counter, PostReport, Report, Reported, Snapshot
from songda.insight.queries import Span, by_day, tallies, together
from songda.insight.sealing import TREND, digest
from songda.insight.telling import Said
from songda.lib import clock, vault
from songda.lib.ids import uuid7
from songda.lib.tenancy import acting_for
from songda.papers.parts import Matter
from songda.papers.report import Drawing, ReportPaper, Sheet, report

READY = time(8)
RHYTHMS = ("week", "month")
# How far back weeks are made up for when the platform was not running. Months are made for every sealed one.
WEEKS_BACK = 4
# Whose circle of courts the post's reports follow.
LOOKING_AFTER = (Role.POST_LIAISON, Role.POST_MANAGER)
_NAMES = {"week": "集约送达周报", "month": "集约送达月报"}
Counters = Mapping[str, Mapping[str, int]]


class NotReady(ValueError):
    """The period is not over, not counted yet, or not sealed."""


# ---- which are due ---------------------------------------------------------------------------------------------


def week_of(day: date) -> Span:
    """Monday to Sunday."""
    first = day - timedelta(days=day.weekday())
    return Span(first, first + timedelta(days=6))


def _span(rhythm: str, day: date) -> Span:
    return week_of(day) if rhythm == "week" else Span.month(day)


def _before(rhythm: str, span: Span) -> Span:
    return _span(rhythm, span.first - timedelta(days=1))


def ready_at(court: Court, span: Span) -> datetime:
    """The morning of the first working day after the period."""
    calendar, day = calendar_of(court), span.last + timedelta(days=1)
    while calendar.is_day_off(day):
        day += timedelta(days=1)
    return datetime.combine(day, READY, clock.BEIJING)


def _first_day(courts: Sequence[UUID]) -> date | None:
    found: date | None = Counter.objects.filter(court_id__in=courts).aggregate(day=Min("day"))["day"]
    return found


def _weeks(courts: Sequence[Court]) -> list[Span]:
    """The weeks that are over and may be reported, the oldest first."""
    began = _first_day([court.id for court in courts])
    spans = [week_of(clock.today() - timedelta(weeks=back)) for back in range(WEEKS_BACK, 0, -1)]
    return [span for span in spans if began is not None and span.last >= began and _is_time(courts, span)]


def _months(courts: Sequence[Court]) -> list[Span]:
    """The months that every court with numbers of that month has sealed."""
    ids = [court.id for court in courts]
    sealed: dict[date, set[UUID]] = {}
    for court_id, month in Snapshot.objects.filter(court_id__in=ids).values_list("court_id", "month"):
        sealed.setdefault(month, set()).add(court_id)
    began = dict(Counter.objects.filter(court_id__in=ids).values_list("court_id").annotate(day=Min("day")))
    spans = [Span.month(month) for month in sorted(sealed)]
    return [
        span
        for span in spans
        if _is_time(courts, span)
        and sealed[span.first] >= {court for court, day in began.items() if day is not None and day <= span.last}
    ]


def _is_time(courts: Sequence[Court], span: Span) -> bool:
    return clock.now() >= max(ready_at(court, span) for court in courts)


_SPANS = {"week": _weeks, "month": _months}


# ---- the numbers -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """For whom, and over which days. `side`: court or post."""

    side: str
    rhythm: str
    span: Span
    courts: tuple[Court, ...]

    @property
    def ids(self) -> list[UUID]:
        return [court.id for court in self.courts]


def _numbers(ground: Ground, span: Span) -> dict[str, Counters]:
    """Each court's counters of these days: a month's as it was sealed, a week's as they are counted now."""
    codes = {court.id: court.code for court in ground.courts}
    if ground.rhythm == "month":
        rows = Snapshot.objects.filter(court_id__in=ground.ids, month=span.first)
        return {codes[one.court_id]: one.values["counters"] for one in rows}
    found = tallies(ground.ids, span)
    # A gauge of the present belongs to no week.
    return {
        codes[court]: {measure: dict(labels) for measure, labels in sorted(own.items()) if measure != "standing"}
        for court, own in found.items()
    }


def _days(ground: Ground) -> dict[str, list[int]]:
    """Day by day what came, took effect and came back; a month's as it was sealed."""
    if ground.rhythm == "week":
        return by_day(ground.ids, ground.span, *TREND)
    rows = Snapshot.objects.filter(court_id__in=ground.ids, month=ground.span.first)
    # Seals of the first months have no days in them.
    sealed = [one.values.get("days") or by_day([one.court_id], ground.span, *TREND) for one in rows]
    return {name: [sum(counts) for counts in zip(*(own[name] for own in sealed), strict=True)] for name in TREND}


def gather(ground: Ground) -> dict[str, Any]:
    """All the report says, as plain JSON. Raises NotReady. Call in a scope that holds its courts."""
    # News about a court itself, such as a report made a moment ago, changes no number.
    waits = Arrival.objects.filter(court_id__in=ground.ids).exclude(about=F("court_id"))
    if waits.exists() or clock.today() <= ground.span.last:
        raise NotReady(f"{ground.span.first}")
    by_court, earlier = _numbers(ground, ground.span), _before(ground.rhythm, ground.span)
    before, began = _numbers(ground, earlier), _first_day(ground.ids)
    has_before = any(before.values()) or (began is not None and began <= earlier.last)
    return {
        "side": ground.side,
        "rhythm": ground.rhythm,
        "first": ground.span.first.isoformat(),
        "last": ground.span.last.isoformat(),
        "courts": [{"code": one.code, "name": one.name, "short_name": one.short_name} for one in ground.courts],
        "now": together(by_court.values()),
        "before": together(before.values()) if has_before else None,
        "by_court": by_court if ground.side == "post" else {},
        "days": _days(ground),
        "loads": loads(ground.ids, ground.span),
    }


# ---- the files -------------------------------------------------------------------------------------------------


def title_of(said: Said) -> str:
    """What the report is called."""
    return _NAMES[said["rhythm"]] + ("（邮政）" if said["side"] == "post" else "")


def _heading(said: Said) -> str:
    return "邮政集约送达中心" if said["side"] == "post" else str(said["courts"][0]["name"])


def _about(said: Said) -> str:
    if said["side"] == "court":
        return "数据范围：本院全部集约送达委托"
    return f"数据范围：{'、'.join(court['short_name'] for court in said['courts'])}。只列数字，不含任何案件信息"


def pdf(said: Said, made_at: datetime) -> bytes:
    """The report to read and to print. The same numbers and time give the same bytes."""
    made = telling.tables(said)
    return report(
        ReportPaper(
            matter=Matter(_heading(said), None),
            title=title_of(said),
            about=_about(said),
            days=telling.span_words(said),
            made_at=made_at,
            digest=digest(dict(said)),
            sentences=tuple(sentences.summary(said)),
            sheets=tuple(_sheet(one) for one in made),
            drawings=tuple(
                Drawing(title=one.title, shape=one.shape, names=one.names, labels=one.labels, series=one.series)
                for one in telling.pictures(made)
            ),
            definitions=tuple(telling.definitions()),
        )
    )


def _sheet(table: telling.Table) -> Sheet:
    rows = tuple(tuple(cell.shown for cell in row) for row in table.rows)
    return Sheet(title=table.title, columns=table.columns, rows=rows, note=table.note)


def xlsx(said: Said, made_at: datetime) -> bytes:
    """The report to reckon on with. The same numbers and time give the same bytes."""
    title = f"{_heading(said)}{title_of(said)}"
    made = telling.tables(said)
    return workbook.workbook(said, title=title, sentences=sentences.summary(said), tables=made, made_at=made_at)


# ---- making ----------------------------------------------------------------------------------------------------


def make(ground: Ground) -> Report | PostReport:
    """The report of this period: the one that is there, if there is one; else made, kept and put into the ledger of
    every court it covers. Raises NotReady. Call in a scope that holds its courts."""
    if there := _there(ground):
        return there
    said, made_at = gather(ground), clock.now()
    made = _row(ground)
    made.id, made.rhythm, made.first, made.last = uuid7(), ground.rhythm, ground.span.first, ground.span.last
    made.said, made.sha256, made.made_at = said, digest(said), made_at
    made.pdf_sha256, made.xlsx_sha256 = vault.put(pdf(said, made_at)), vault.put(xlsx(said, made_at))
    made.save(force_insert=True)
    for court in ground.courts:
        append(court.id, court.id, Told("report.made", made_at, detail=_detail(ground, made)))
    return made


def _there(ground: Ground) -> Report | PostReport | None:
    same = {"rhythm": ground.rhythm, "first": ground.span.first}
    if ground.side == "court":
        return Report.objects.filter(court=ground.courts[0], **same).first()
    return PostReport.objects.filter(circle=ground.ids, **same).first()


def _row(ground: Ground) -> Report | PostReport:
    return Report(court=ground.courts[0]) if ground.side == "court" else PostReport(circle=ground.ids)


def _detail(ground: Ground, made: Report | PostReport) -> dict[str, str]:
    return {
        "report": str(made.id),
        "side": ground.side,
        "rhythm": ground.rhythm,
        "first": ground.span.first.isoformat(),
        "sha256": made.sha256,
        "pdf": made.pdf_sha256,
        "xlsx": made.xlsx_sha256,
    }


def circles() -> list[tuple[Court, ...]]:
    """The courts somebody of the post looks after, each set once."""
    held: dict[UUID, list[Court]] = {}
    for one in Membership.objects.filter(role__in=LOOKING_AFTER).select_related("court").order_by("court__code"):
        courts = held.setdefault(one.person_id, [])
        if one.court not in courts:
            courts.append(one.court)
    return list(dict.fromkeys(tuple(courts) for courts in held.values()))


def make_due() -> int:
    """Make every report that is due and not there, for each court and for the post. Returns how many."""
    grounds: list[tuple[str, tuple[Court, ...]]] = [("court", (court,)) for court in Court.objects.order_by("code")]
    grounds += [("post", circle) for circle in circles()]
    return sum(_make_missing(side, courts) for side, courts in grounds)


def _make_missing(side: str, courts: tuple[Court, ...]) -> int:
    made = 0
    for rhythm in RHYTHMS:
        with acting_for(*(court.id for court in courts)):
            due = [Ground(side, rhythm, span, courts) for span in _SPANS[rhythm](courts)]
            missing = [ground for ground in due if _there(ground) is None]
        for ground in missing:
            made += _make_one(ground)
    return made


def _make_one(ground: Ground) -> bool:
    """Each in its own transaction; what is not counted yet has its turn later."""
    try:
        with acting_for(*ground.ids):
            make(ground)
    except NotReady:
        return False
    return True


# ---- reading ---------------------------------------------------------------------------------------------------


def of_court(court_id: UUID) -> list[Report]:
    """A court's reports, the newest first."""
    return list(Report.objects.filter(court_id=court_id).order_by("-first", "rhythm"))


def of_post(courts: Sequence[UUID]) -> list[PostReport]:
    """The post's reports over none but these courts, the newest first."""
    return list(PostReport.objects.filter(circle__contained_by=list(courts)).order_by("-first", "rhythm", "-made_at"))


def note_download(courts: Sequence[UUID], made: Reported, form: str, person_id: UUID) -> None:
    """Who took which file, in the ledger of every court it covers. Call in a scope that holds them."""
    digests = {"pdf": made.pdf_sha256, "xlsx": made.xlsx_sha256}
    detail = {"report": str(made.pk), "form": form, "sha256": digests[form]}
    for court_id in courts:
        told = Told("report.downloaded", clock.now(), Speaker.PERSON, str(person_id), detail)
        append(court_id, court_id, told)
