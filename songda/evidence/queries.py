"""Reading the ledger."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection

from songda.evidence.models import Fact

# A fact may be in the database unsealed for a moment; one that waits longer than this rings the alarm. The machine's
# own seconds, whatever clock is played.
SEALED_WITHIN = timedelta(seconds=10)


def course_of(about: UUID) -> list[Fact]:
    """Every fact of one service, in the order in which things happened, then in which they were learnt."""
    return list(Fact.objects.filter(about=about).order_by("happened_at", "learnt_at", "id"))


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
