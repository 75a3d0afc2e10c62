"""Measures as data: which figures are counted, on which day, in which classes.

One definition is read three ways: to fold one figure into counters, to count all figures anew in SQL, and to list the
figures behind a number. So a number and its list cannot disagree.
"""

from collections import Counter as Bag
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from songda.insight.figures import WAYS
from songda.insight.models import CaseFigure, PieceFigure, ServiceFigure


@dataclass(frozen=True, slots=True)
class Measure:
    """`day` is the column whose day counts (empty for a gauge of the present), `by` the column of its classes."""

    name: str
    of: type[models.Model]
    day: str
    where: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""

    def counts(self, figure: models.Model) -> tuple[date | None, str] | None:
        """Where this figure is counted: its day and class; None where it is not."""
        if any(getattr(figure, name) != value for name, value in self.where.items()):
            return None
        day = getattr(figure, self.day) if self.day else None
        if self.day and day is None:
            return None
        return day, self.label(figure)

    def label(self, figure: models.Model) -> str:
        return str(getattr(figure, self.by)) if self.by else ""

    def conditions(self) -> dict[str, Any]:
        """The same, as conditions on rows."""
        dated = {f"{self.day}__isnull": False} if self.day else {}
        return {**self.where, **dated}


_S, _P, _C = ServiceFigure, PieceFigure, CaseFigure
_ALL = (
    Measure("started", _S, "started_on"),
    Measure("started_effective", _S, "started_on", {"is_effective": True}, "way"),
    Measure("finished", _S, "finished_on", {}, "result"),
    Measure("effective", _S, "finished_on", {"is_effective": True}, "way"),
    Measure("days", _S, "finished_on", {"is_effective": True}, "days_to_effect"),
    Measure("first_step", _S, "finished_on", {"by_first_step": True}, "way"),
    *(Measure(f"tried_{way}", _S, "finished_on", {f"tried_{way}": True}) for way in WAYS),
    Measure("contact", _S, "started_on", {}, "contact"),
    Measure("finding", _S, "finding_on", {}, "finding"),
    Measure("conformity", _S, "conformity_on"),
    Measure("incident", _S, "incident_on"),
    Measure("standing", _S, "", {"is_open": True}, "step"),
    Measure("piece_state", _P, "made_on", {}, "state"),
    Measure("piece_region", _P, "made_on", {}, "region"),
    Measure("returned", _P, "returned_on", {}, "because"),
    Measure("mail_cases", _C, "mailed_on", {}, "is_centralised"),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}

# Court, measure, day, class: what one counter counts.
Place = tuple[Any, str, date | None, str]


def places(figure: models.Model, court_id: Any) -> "Bag[Place]":
    """Every counter this figure is counted in."""
    found: Bag[Place] = Bag()
    for measure in _ALL:
        if isinstance(figure, measure.of) and (place := measure.counts(figure)) is not None:
            found[(court_id, measure.name, *place)] += 1
    return found
