"""Court codes and case-type codes: tables shipped with their sources, never computed.

A code is `observed` where a published judgment carried it with the court's name, `listed` where a public
announcement names it, and `derived` where it only follows from the division's statistics code. Courts keep old codes
after a division is renamed, so a derived row is a hint for a person and never refuses anything.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_DATA = files("songda.filing") / "data"


def _rows(name: str) -> list[dict[str, str]]:
    """Rows of a shipped table; lines that begin with # name its source."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@dataclass(frozen=True, slots=True)
class Court:
    code: str
    name: str
    basis: str
    """observed, listed or derived."""


@dataclass(frozen=True, slots=True)
class CaseType:
    code: str
    name: str
    procedure: str | None
    """A procedure the law knows, or None where a clerk must choose."""


@cache
def courts() -> dict[str, Court]:
    """Every court by its code."""
    return {row["code"]: Court(**row) for row in _rows("court_codes.csv")}


@cache
def _codes_by_name() -> dict[str, str]:
    return {court.name: court.code for court in reversed(courts().values())}


def court_of(code: str) -> Court | None:
    """The court that a code names, None where the table does not know it."""
    return courts().get(code)


def code_of(name: str) -> str | None:
    """The code of a court by its full name, with or without the province in front."""
    return _codes_by_name().get(name)


TYPES: dict[str, CaseType] = {
    row["code"]: CaseType(row["code"], row["name"], row["procedure"] or None) for row in _rows("case_types.csv")
}
TYPE_CODES: frozenset[str] = frozenset(TYPES)


def procedure_of(case_type: str) -> str | None:
    """The procedure that a case-type code stands for; None where it does not settle it (案件类型 such as 民特)."""
    known = TYPES.get(case_type)
    return known.procedure if known else None
