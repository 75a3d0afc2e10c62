"""What indicators need to know of one service, read from its row and its facts. Pure: the same facts, in whatever
order they came, give the same figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from songda.lib.clock import BEIJING

CONTACT_WITHIN = timedelta(minutes=5)
FOUND_WITHIN = timedelta(minutes=10)
# Beyond this many days a service counts in the last class of the histogram.
MOST_DAYS = 180


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact without its private part."""

    id: UUID
    name: str
    at: datetime
    learnt_at: datetime
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A service as its row gives it, with what other tables add."""

    created_at: datetime
    closed_at: datetime | None
    step: str
    due_at: datetime | None
    hearing_at: datetime | None
    result: str
    result_method: str
    effective_on: date | None
    could_be_called: bool
    conformity_failed_at: datetime | None
    pieces_made_at: tuple[datetime, ...]


WAYS = ("electronic", "postal", "field", "notice", "other")
_TRIES = {
    "message.sent": "electronic",
    "content.available": "electronic",
    "papers.printed": "postal",
    "mail.accepted": "postal",
    "visit.failed": "field",
    "visit.left_in_place": "field",
    "notice.published": "notice",
    "letter.prepared": "other",
    "call.served": "other",
    "collection.appointed": "other",
}
_TRIES_BY_VIA = {"electronic": "electronic", "mail": "postal", "visit": "field"}
_CONTACTS = frozenset({"call.attempted", "message.sent"})
_WAY_OF_METHOD = {"electronic": "electronic", "postal": "postal", "left_in_place": "field", "notice": "notice"}
_EFFECTIVE = frozenset({"served", "presumed_served", "deemed_served"})


def day_of(moment: datetime | None) -> date | None:
    """The day in Beijing."""
    return moment.astimezone(BEIJING).date() if moment else None


def standing(facts: Iterable[Happened]) -> list[Happened]:
    """Facts that no granted correction has struck, in the order in which they happened."""
    facts = list(facts)
    corrected = [fact.detail for fact in facts if fact.name == "service.corrected"]
    struck = {str(one) for detail in corrected for one in (detail.get("fact_id"), *detail.get("along_with", ()))}
    return sorted((fact for fact in facts if str(fact.id) not in struck), key=lambda fact: (fact.at, fact.id))


def _way_tried(fact: Happened) -> str:
    if fact.name in {"receipt.signed", "receipt.refused"}:
        return _TRIES_BY_VIA.get(str(fact.detail.get("via")), "other")
    return _TRIES.get(fact.name, "")


def _way_of(method: str, tried: list[str]) -> str:
    """Handing over in person is the visit's success where there was one, else the window's."""
    if method == "direct":
        return "field" if "field" in tried else "other"
    return _WAY_OF_METHOD.get(method, "other" if method else "")


def figure(known: Known, facts: Iterable[Happened]) -> dict[str, Any]:
    """The columns of a ServiceFigure, but for its keys."""
    told = list(facts)
    counting = standing(told)
    tried = list(dict.fromkeys(way for fact in counting if (way := _way_tried(fact))))
    is_effective = known.result in _EFFECTIVE and known.effective_on is not None
    way = _way_of(known.result_method, tried) if is_effective else ""
    started_on = day_of(known.created_at)
    return {
        "started_on": started_on,
        "finished_on": day_of(known.closed_at),
        "is_open": known.closed_at is None,
        "step": known.step,
        "due_at": known.due_at,
        "hearing_at": known.hearing_at,
        "result": known.result or ("stopped" if known.closed_at else ""),
        "way": way,
        "is_effective": is_effective,
        "days_to_effect": _days(started_on, known.effective_on) if is_effective else None,
        **{f"tried_{one}": one in tried for one in WAYS},
        "by_first_step": is_effective and tried == [way],
        "contact": _contact(known, counting),
        **_finding(counting),
        "conformity_on": day_of(known.conformity_failed_at),
        "incident_on": _incident(told),
        "mailed_on": day_of(min(known.pieces_made_at, default=None)),
        "letter_on": day_of(_first(counting, "letter.sent")),
    }


def _days(started: date | None, effective: date | None) -> int:
    assert started is not None
    assert effective is not None
    return min(max((effective - started).days, 0), MOST_DAYS)


def _first(facts: Iterable[Happened], name: str) -> datetime | None:
    return next((fact.at for fact in facts if fact.name == name), None)


def _contact(known: Known, facts: Iterable[Happened]) -> str:
    first = next((fact.at for fact in facts if fact.name in _CONTACTS), None)
    if first is not None:
        return "in_time" if first - known.created_at <= CONTACT_WITHIN else "late"
    return "waiting" if known.could_be_called else ""


def _finding(facts: list[Happened]) -> dict[str, Any]:
    """How the first inquiry went: the clock runs from its opening to the first answer that found something."""
    opened = next((fact for fact in facts if fact.name == "inquiry.opened"), None)
    if opened is None:
        return {"finding": "", "finding_on": None}
    found = min(
        (fact.learnt_at for fact in facts if fact.name == "inquiry.answered" and fact.detail.get("found")),
        default=None,
    )
    if found is not None:
        how = "in_time" if found - opened.learnt_at <= FOUND_WITHIN else "late"
    else:
        how = "none" if any(fact.name == "inquiry.closed" for fact in facts) else "open"
    return {"finding": how, "finding_on": day_of(opened.learnt_at)}


def _incident(told: list[Happened]) -> date | None:
    """A result that had gone to the court and was afterwards corrected: handled wrongly, or told wrongly."""
    went = min((fact.learnt_at for fact in told if fact.name == "service.effective"), default=None)
    if went is None:
        return None
    corrected = (fact.learnt_at for fact in told if fact.name == "service.corrected" and fact.learnt_at >= went)
    return day_of(min(corrected, default=None))


# ---- pieces of mail --------------------------------------------------------------------------------------------

# What a piece has come to, the furthest last.
_STATES = {
    "papers.printed": "printed",
    "mail.accepted": "on_its_way",
    "mail.attempt_failed": "not_met",
    "mail.held": "held",
    "mail.delivered": "delivered",
    "mail.returned": "returned",
}
STATES = ("printing", *_STATES.values())


def piece(number: str, contact: str, division: str, made_at: datetime, facts: Iterable[Happened]) -> dict[str, Any]:
    """The columns of a PieceFigure, but for its keys."""
    own = [fact for fact in standing(facts) if _is_about(fact, number, contact)]
    reached = [_STATES[fact.name] for fact in own if fact.name in _STATES]
    returned = next((fact for fact in own if fact.name == "mail.returned"), None)
    return {
        "made_on": day_of(made_at),
        "state": max(reached, key=STATES.index, default="printing"),
        "region": division[:4],
        "returned_on": day_of(returned.at) if returned else None,
        "because": str(returned.detail.get("because", "other")) if returned else "",
    }


def _is_about(fact: Happened, number: str, contact: str) -> bool:
    said = fact.detail.get("waybill")
    return said == number if said else fact.detail.get("contact") == contact
