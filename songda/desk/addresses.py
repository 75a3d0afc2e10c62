"""An address as the platform reads it, shown while it is being typed."""

from dataclasses import dataclass

from songda.finding.addresses import gate, parse


@dataclass(frozen=True, slots=True)
class Reading:
    """An address as it was read: its divisions from the top, what stands below, and whether mail can go there."""

    divisions: tuple[str, ...]
    detail: str
    passes: bool
    reasons: tuple[str, ...]
    suggestions: tuple[str, ...]


def read_address(given: str) -> Reading | None:
    """None where nothing was written."""
    if not given.strip():
        return None
    read, verdict = parse(given), gate(given)
    divisions = tuple(one for one in (read.province, read.city, read.county, read.town) if one)
    return Reading(divisions, read.detail, verdict.passes, tuple(verdict.reasons), tuple(verdict.suggestions))
