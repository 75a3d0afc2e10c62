"""Reading the ledger."""

from uuid import UUID

from songda.evidence.models import Fact


def course_of(about: UUID) -> list[Fact]:
    """Every fact of one service, in the order in which things happened, then in which they were learnt."""
    return list(Fact.objects.filter(about=about).order_by("happened_at", "learnt_at", "id"))
