"""Questions about cases: which one is meant, and when its judgment is final."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from songda.filing import case_number
from songda.filing.models import Case, Service
from songda.law.periods import final_on


@dataclass(frozen=True, slots=True)
class Finality:
    """When a first-instance judgment becomes final unless appealed; `open` counts the parties whose period has not
    begun, because nothing has been served on them yet."""

    on: date | None
    open: int
    parties: int


def finality_of(case: Case) -> Finality | None:
    """None where the case has no judgment under way (民事诉讼法第一百七十一条, 民诉法解释第二百四十四条)."""
    services = Service.objects.filter(case=case, lines__document__kind="judgment").exclude(step="stopped").distinct()
    last_days = [_appeal_ends(service) for service in services]
    if not last_days:
        return None
    return Finality(final_on(last_days), sum(day is None for day in last_days), len(last_days))


def _appeal_ends(service: Service) -> date | None:
    # Where the result is withheld there is an answer of the law and no result yet.
    periods = (service.outcome or {}).get("periods", []) if service.result else []
    return next((date.fromisoformat(one["last_day"]) for one in periods if one["name"] == "appeal"), None)


def cases_numbered(asked: str) -> QuerySet[Case]:
    """The cases whose number this is, or is a part of that has the whole serial. Along the index of serials; what else
    was typed is compared only in the few cases of that serial."""
    part = case_number.part(asked)
    if part is None:
        return Case.objects.none()
    return Case.objects.filter(serial=part.serial, number__regex=part.pattern)
