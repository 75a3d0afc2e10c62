"""Folding news into figures and counters, and making all of them again."""

from collections import Counter as Bag
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Count, Min, Q

from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.insight import figures
from songda.insight.figures import Happened, Known
from songda.insight.measures import MEASURES, Place, places
from songda.insight.models import CaseFigure, Counter, PieceFigure, ServiceFigure
from songda.lib import rows
from songda.lib.ids import uuid7
from songda.lib.tenancy import for_every_court
from songda.methods.models import Waybill

BATCH = 500
# Whoever folds holds this; two at once would count the same figure's change twice.
_FOLDING = 0x50_4C_41_54


def fold(limit: int = BATCH) -> int:
    """Take the oldest news and bring figures and counters up to date with it, as one transaction.

    A crash leaves news and counters as they were. Folding the same news twice changes nothing: a figure is drawn
    from all facts of its service, and counters move by the difference. Returns how much news was taken."""
    with for_every_court(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLDING])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "DELETE FROM songda_arrival WHERE id IN (SELECT id FROM songda_arrival ORDER BY at LIMIT %s)"
            " RETURNING about",
            [limit],
        )
        news = [about for (about,) in cursor.fetchall()]
        if news:
            _bring_up_to_date(sorted(set(news)))
        return len(news)


def rebuild() -> None:
    """Make every figure and counter again from facts and rows, as one transaction; readers see the old until then."""
    with for_every_court(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FOLDING])
        for table in (Counter, CaseFigure, PieceFigure, ServiceFigure):
            table.objects.all().delete()
        for ids in _batches(Service.objects.order_by("id").values_list("id", flat=True).iterator()):
            _figures(ids)
        recount()


def recount() -> None:
    """Count all figures anew, by the database. Call inside a scope over every court, with no counters there."""
    for measure in MEASURES.values():
        rows = measure.of._default_manager.filter(**measure.conditions())
        day = measure.day or None
        named = [name for name in (day, measure.by) if name]
        counted = rows.order_by().values("court_id", *named).annotate(many=Count("id"))
        Counter.objects.bulk_create(
            Counter(
                court_id=row["court_id"],
                measure=measure.name,
                day=row[day] if day else None,
                label=str(row[measure.by]) if measure.by else "",
                n=row["many"],
            )
            for row in counted.iterator()
        )


def _batches(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    batch: list[UUID] = []
    for one in ids:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _bring_up_to_date(ids: Sequence[UUID]) -> None:
    change: Bag[Place] = Bag()
    for figure, before in _figures(ids):
        change.update(places(figure, figure.court_id))
        if before is not None:
            change.subtract(places(before, before.court_id))
    _count(change)


Changed = tuple[Any, Any]


def _figures(ids: Sequence[UUID]) -> list[Changed]:
    """Draw the figures of these services, their pieces and their cases; each with what it was before."""
    services = list(Service.objects.filter(id__in=ids).select_related("case"))
    facts = _facts(ids)
    pieces = _pieces(services, facts)
    drawn = _services(services, facts)
    kept = [*_keep(ServiceFigure, "service_id", drawn), *_keep(PieceFigure, "waybill_id", pieces)]
    return [*kept, *_keep(CaseFigure, "case_id", _cases({service.case_id for service in services}))]


def _facts(ids: Sequence[UUID]) -> dict[UUID, list[Happened]]:
    found: dict[UUID, list[Happened]] = defaultdict(list)
    rows = Fact.objects.filter(about__in=ids).values_list("about", "id", "name", "happened_at", "learnt_at", "detail")
    for about, *rest in rows:
        found[about].append(Happened(*rest))
    return found


def _services(services: Sequence[Service], facts: dict[UUID, list[Happened]]) -> list[ServiceFigure]:
    ids = [service.id for service in services]
    callable_ = _could_be_called(services)
    failed = dict(
        Service.objects.filter(id__in=ids, work_items__kind="conformity")
        .annotate(at=Min("work_items__opened_at"))
        .values_list("id", "at")
    )
    made: dict[UUID, list[Any]] = defaultdict(list)
    for service_id, made_at in Waybill.objects.filter(service__in=ids).values_list("service_id", "made_at"):
        made[service_id].append(made_at)
    return [
        ServiceFigure(
            id=uuid7(),
            court_id=one.court_id,
            service_id=one.id,
            case_id=one.case_id,
            **figures.figure(
                Known(
                    created_at=one.created_at,
                    closed_at=one.closed_at,
                    step=one.step,
                    due_at=one.due_at,
                    hearing_at=one.case.hearing_at,
                    result=one.result,
                    result_method=one.result_method,
                    effective_on=one.effective_on,
                    could_be_called=one.id in callable_,
                    conformity_failed_at=failed.get(one.id),
                    pieces_made_at=tuple(made[one.id]),
                ),
                facts[one.id],
            ),
        )
        for one in services
    ]


def _could_be_called(services: Sequence[Service]) -> set[UUID]:
    """Services of whose recipient the order itself named a telephone or an e-mail."""
    parties = {
        party_id
        for (party_id,) in ContactPoint.objects.filter(
            Q(kind="phone") | Q(kind="email"), party__in=[one.party_id for one in services], source="order"
        ).values_list("party_id")
    }
    return {service.id for service in services if service.party_id in parties}


def _pieces(services: Sequence[Service], facts: dict[UUID, list[Happened]]) -> list[PieceFigure]:
    waybills = Waybill.objects.filter(service__in=[one.id for one in services])
    rows = waybills.values_list(
        "id", "court_id", "service_id", "number", "contact_point_id", "contact_point__division_code", "made_at"
    )
    return [
        PieceFigure(
            id=uuid7(),
            court_id=court_id,
            waybill_id=waybill_id,
            service_id=service_id,
            **figures.piece(number, str(contact), division, made_at, facts[service_id]),
        )
        for waybill_id, court_id, service_id, number, contact, division, made_at in rows
    ]


def _cases(ids: set[UUID]) -> list[CaseFigure]:
    """A case used mail from the first piece or letter of any of its services."""
    rows = (
        ServiceFigure.objects.filter(case__in=ids)
        .values("case_id", "court_id")
        .annotate(mailed=Min("mailed_on"), letter=Min("letter_on"))
    )
    return [
        CaseFigure(
            id=uuid7(),
            court_id=row["court_id"],
            case_id=row["case_id"],
            mailed_on=min((day for day in (row["mailed"], row["letter"]) if day), default=None),
            is_centralised=row["mailed"] is not None,
        )
        for row in rows
    ]


def _keep(model: Any, key: str, drawn: Iterable[Any]) -> list[Changed]:
    """Write the figures that are new or other than before."""
    drawn = list(drawn)
    before = {
        getattr(one, key): one for one in model.objects.filter(**{f"{key}__in": [getattr(d, key) for d in drawn]})
    }
    columns = [field.attname for field in model._meta.concrete_fields if field.attname != "id"]
    changed = []
    for figure in drawn:
        old = before.get(getattr(figure, key))
        if old is not None and all(getattr(old, name) == getattr(figure, name) for name in columns):
            continue
        if old is not None:
            figure.id = old.id
        changed.append((figure, old))
    model.objects.bulk_create([figure for figure, old in changed if old is None])
    rows.write([figure for figure, old in changed if old is not None], *_settable(model))
    return changed


def _settable(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if not field.primary_key]


def _count(change: "Bag[Place]") -> None:
    """Move the counters, in one statement and one order, so that nobody waits for another in a ring."""
    moved = sorted(((*place, n) for place, n in change.items() if n), key=str)
    if not moved:
        return
    courts, measures, days, labels, counts = (list(column) for column in zip(*moved, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO songda_counter (id, court_id, measure, day, label, n)"
            " SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::date[], %s::text[], %s::int[])"
            " ON CONFLICT (court_id, measure, day, label) DO UPDATE SET n = songda_counter.n + excluded.n",
            [[uuid7() for _ in moved], courts, measures, days, labels, counts],
        )
