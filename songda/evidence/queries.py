"""Reading the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from songda.evidence.models import Fact, Leaf
from songda.lib.tenancy import for_every_court

# A fact may be in the database unsealed for a moment; one that waits longer than this rings the alarm. The machine's
# own seconds, whatever clock is played.
SEALED_WITHIN = timedelta(seconds=10)


def course_of(about: UUID) -> list[Fact]:
    """Every fact of one service, in the order in which things happened, then in which they were learnt."""
    return list(Fact.objects.filter(about=about).order_by("happened_at", "learnt_at", "id"))


def courses_of(abouts: Sequence[UUID]) -> dict[UUID, list[Fact]]:
    """The same of several services, by the service; those without facts are left out."""
    found: dict[UUID, list[Fact]] = {}
    for fact in Fact.objects.filter(about__in=abouts).order_by("happened_at", "learnt_at", "id"):
        found.setdefault(fact.about, []).append(fact)
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not sealed yet, over all courts: how many facts, and for how long the oldest has waited."""

    facts: int
    longest: timedelta

    @property
    def is_late(self) -> bool:
        return self.longest > SEALED_WITHIN


def waiting() -> Waiting:
    """The seal's published lag."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(clock_timestamp() - min(noted_at), '0') FROM songda_unsealed")
        facts, longest = cursor.fetchone()
    return Waiting(facts, longest)


def overdue(limit: int = 100) -> dict[UUID, list[Fact]]:
    """The facts that wait too long for their seal, by court, the longest waiting first, up to `limit` a court."""
    with for_every_court():
        with connection.cursor() as cursor:
            cursor.execute(_OVERDUE, [SEALED_WITHIN.total_seconds(), limit])
            places = {fact: place for place, (fact,) in enumerate(cursor.fetchall())}
        facts = sorted(Fact.objects.filter(id__in=places), key=lambda fact: places[fact.id])
    found: dict[UUID, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.court_id, []).append(fact)
    return found


_OVERDUE = """
SELECT id FROM (
  SELECT id, noted_at, row_number() OVER (PARTITION BY court_id ORDER BY noted_at, id) AS place
  FROM songda_unsealed WHERE noted_at < clock_timestamp() - make_interval(secs => %s)
) late WHERE place <= %s ORDER BY noted_at, id
"""


def sealed_at(fact_id: UUID) -> datetime | None:
    """When a fact got its leaf; None while it waits. Call inside a scope."""
    return Leaf.objects.filter(fact_id=fact_id).values_list("sealed_at", flat=True).first()
