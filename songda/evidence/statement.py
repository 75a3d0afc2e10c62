"""What a court states in a proof: the law's input and answer as JSON and back, so that anyone can ask the law again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Literal
from uuid import UUID

from songda.evidence.canonical import instant
from songda.law.course import Calendar
from songda.law.explain import explain
from songda.law.explanation import Explanation, Outcome
from songda.law.facts import FACTS
from songda.law.situation import Case, Document, Fact, Party, Recipient, Situation, beijing_day

# Beyond the longest period that starts with service (60 days of notice, 30 of appeal) and a long holiday.
_DAYS_AHEAD = 120
_LAW = files("songda.law")


@cache
def law_version() -> str:
    """Names the law as this program has it: a digest over the tables and rules in `songda.law`, to the byte."""
    sources = sorted((file.name, file.read_bytes()) for file in _LAW.iterdir() if file.name.endswith(".py"))
    return "songda-law " + sha256(b"".join(name.encode() + b"\0" + text for name, text in sources)).hexdigest()[:16]


class OutsideCalendar(LookupError):
    """The law asked about a day that the statement's calendar does not reach."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file the proof speaks of; an attached one travels inside the PDF under this name."""

    name: str
    role: Literal["served", "evidence"]
    sha256: str
    attached: bool


class DaysOff:
    """The calendar the law was given, as far as a statement carries it."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._first, self._last = date.fromisoformat(value["first"]), date.fromisoformat(value["last"])
        self._off = frozenset(date.fromisoformat(day) for day in value["days_off"])

    def is_day_off(self, day: date) -> bool:
        if not self._first <= day <= self._last:
            raise OutsideCalendar(day.isoformat())
        return day in self._off


def make(
    *,
    serial: str,
    issued_at: datetime,
    about: Sequence[UUID],
    recipient_name: str,
    papers: Iterable[Paper],
    facts: Sequence[UUID],
    situation: Situation,
    calendar: Calendar,
    explanation: Explanation,
    supersedes: str | None = None,
) -> dict[str, Any]:
    """The statement. `about` begins with the service; `facts` are the ids of `situation.facts`, in the same order."""
    if len(facts) != len(situation.facts):
        raise ValueError(f"{len(situation.facts)} facts were judged, {len(facts)} are named")
    return {
        "serial": serial,
        "issued_at": instant(issued_at),
        "about": [str(each) for each in about],
        "supersedes": supersedes,
        "law_version": law_version(),
        "recipient_name": recipient_name,
        "papers": [asdict(each) for each in papers],
        "facts": [str(each) for each in facts],
        "situation": {
            "as_of": instant(situation.as_of),
            "case": {**asdict(situation.case), "parties": [asdict(each) for each in situation.case.parties]},
            "recipient": asdict(situation.recipient),
            "documents": [asdict(each) for each in situation.documents],
        },
        "calendar": _calendar(calendar, situation),
        "outcome": outcome(explanation.outcome),
        "sentence": explanation.explanation,
    }


def _calendar(calendar: Calendar, situation: Situation) -> dict[str, Any]:
    days = [beijing_day(situation.as_of), *(fact.day for fact in situation.facts)]
    first, last = min(days), max(days) + timedelta(days=_DAYS_AHEAD)
    reach = (first + timedelta(days=number) for number in range((last - first).days + 1))
    off = [day.isoformat() for day in reach if calendar.is_day_off(day)]
    return {"first": first.isoformat(), "last": last.isoformat(), "days_off": off}


def outcome(found: Outcome | None) -> dict[str, Any] | None:
    """An outcome as a statement carries it."""
    if found is None:
        return None
    return {**asdict(found), "effective_on": found.effective_on.isoformat(), "articles": list(found.articles)}


def situation(stated: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> Situation:
    """The law's input from a statement and the sealed records of its facts, in the order the statement names them."""
    given = stated["situation"]
    parties = tuple(Party(**each) for each in given["case"].get("parties", ()))
    return Situation(
        as_of=datetime.fromisoformat(given["as_of"]),
        case=Case(**{**given["case"], "parties": parties}),
        recipient=Recipient(**given["recipient"]),
        documents=tuple(Document(**each) for each in given["documents"]),
        facts=tuple(_fact(each) for each in records),
    )


def _fact(record: Mapping[str, Any]) -> Fact:
    known = FACTS[record["fact"]].keys
    return Fact(
        fact=record["fact"],
        happened_at=datetime.fromisoformat(record["happened_at"]),
        learnt_at=datetime.fromisoformat(record["learnt_at"]),
        by=record["by"],
        detail={key: value for key, value in record["detail"].items() if key in known},
    )


def explained(stated: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> Explanation:
    """The law's answer by this program. Raises `OutsideCalendar`, `TypeError` or `ValueError` for bad input."""
    return explain(situation(stated, records), DaysOff(stated["calendar"]))


def judge(stated: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The outcome of `explained`, as a statement carries it."""
    return outcome(explained(stated, records).outcome)
