"""One service's course as a page shows it: the four questions, the facts in order, the result in law."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from songda.courts.models import Role
from songda.desk import words
from songda.desk.people import said_by
from songda.engine.stations import WITHHELD
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.lib import clock, masking

# A fact learnt this long after it happened says so: until then nobody could have known.
_AT_ONCE = 120
# Facts that say nothing about how far service has come.
_ASIDE = frozenset(
    {"private.revealed", "proof.issued", "irregularity.raised", "irregularity.answered", "irregularity.reopened"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known, who said so, when, and what comes next by when."""

    what: str
    who: str
    when: datetime | None
    learnt: datetime | None
    next: str
    by: datetime | None
    owner: str = ""
    why: str = ""
    late: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A fact on the timeline."""

    id: str
    title: str
    at: datetime
    learnt_at: datetime | None
    said_by: str
    side: str
    effect: bool
    struck: bool
    more: Sequence[tuple[str, str]] = field(default_factory=tuple)
    # Where the words kept apart from the law's details are read, for a reason; empty where there are none.
    secret: str = ""
    papers: Sequence["Evidence"] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photograph, a receipt's image, a signature: where it is seen."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Result:
    """The result in law as its card shows it."""

    seal: str
    title: str
    words: str
    articles: Sequence[str]
    rebuttable: bool
    none: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A period that runs from this service."""

    name: str
    last_day: date
    articles: Sequence[str]


def timeline(
    facts: Sequence[Fact], struck: set[str], names: dict[str, str], exhibits: Mapping[str, Evidence]
) -> list[Told]:
    """Newest first; what was struck stays, and says so. `exhibits` are found by their digest."""
    return [_told(fact, str(fact.id) in struck, names, exhibits) for fact in reversed(facts)]


def _told(fact: Fact, struck: bool, names: dict[str, str], exhibits: Mapping[str, Evidence]) -> Told:
    said = words.fact(fact.name)
    return Told(
        id=str(fact.id),
        title=said.title,
        at=fact.happened_at,
        learnt_at=_learnt(fact),
        said_by=said_by(fact, names),
        side=said.side,
        effect=fact.name == "service.effective",
        struck=struck,
        more=_more(fact.detail),
        secret=reverse("desk:reveal", args=[fact.about, fact.id]) if fact.private else "",
        papers=[exhibits[one] for one in fact.detail.get("exhibits", ()) if one in exhibits],
    )


def _learnt(fact: Fact) -> datetime | None:
    late = (fact.learnt_at - fact.happened_at).total_seconds() > _AT_ONCE
    return fact.learnt_at if late else None


def _more(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The parts of a fact's detail that have words; ids and digests stay in the ledger."""
    return [
        (words.DETAIL_NAMES[key], words.value(key, value)) for key, value in detail.items() if key in words.DETAIL_NAMES
    ]


def known(service: Service, facts: Sequence[Fact], struck: set[str], names: dict[str, str]) -> Known:
    """The four answers for one service, from its last fact that still counts and its cached standing."""
    told = (fact for fact in reversed(facts) if str(fact.id) not in struck and fact.name not in _ASIDE)
    last = next(told, None)
    is_open = service.closed_at is None
    return Known(
        what=words.fact(last.name).title if last else "已移交，还没有任何事实",
        who=said_by(last, names) if last else "",
        when=last.happened_at if last else None,
        learnt=_learnt(last) if last else None,
        next=_next(service),
        why="" if service.result else (service.outcome or {}).get("explanation", ""),
        by=service.due_at if is_open else None,
        owner=_owner(service) if is_open else "",
        late=is_open and service.due_at is not None and service.due_at < clock.now(),
        done=is_confirmed(service, facts, struck),
    )


def _owner(service: Service) -> str:
    """Whose turn it is, by role: no open service is without an owner."""
    return str(Role(service.owner_role).label) if service.owner_role in Role.values else ""


def _next(service: Service) -> str:
    step = words.step(service.step)
    waits = f"等{service.waiting_for}"
    return f"{step.next}（{waits}）" if service.waiting_for and waits not in step.next else step.next


def is_confirmed(service: Service, facts: Sequence[Fact], struck: set[str]) -> bool:
    """Whether a fact says this very result: it passed the check of what must be shown, or the court accepted it."""
    return service.effective_on is not None and any(
        fact.name == "service.effective"
        and fact.detail.get("result") == service.result
        and fact.detail.get("effective_on") == service.effective_on.isoformat()
        and str(fact.id) not in struck
        for fact in facts
    )


def result(service: Service, facts: Sequence[Fact], struck: set[str]) -> Result | None:
    """The result's card, or None while facts carry none. The seal waits for the fact that says so."""
    answer = service.outcome or {}
    outcome = answer.get("outcome")
    if not outcome or not (service.result or service.step == WITHHELD):
        return None
    is_sealed = service.step != WITHHELD and (is_confirmed(service, facts, struck) or service.result == "not_served")
    seal, title = words.RESULTS[service.result] if is_sealed else words.WITHHELD
    return Result(
        seal=seal,
        title=title,
        words=answer["explanation"] if is_sealed else f"已有事实按法律推算：{answer['explanation']}",
        articles=outcome["articles"],
        rebuttable=outcome["rebuttable"] and is_sealed,
        none=service.result == "not_served" or not is_sealed,
    )


def periods(service: Service) -> list[Period]:
    """What runs from this service, the earliest last day first; nothing while its result is withheld."""
    if service.step == WITHHELD:
        return []
    found = [
        Period(words.PERIODS.get(one["name"], one["name"]), date.fromisoformat(one["last_day"]), one["articles"])
        for one in (service.outcome or {}).get("periods", ())
    ]
    return sorted(found, key=lambda period: period.last_day)


def masked_point(point: ContactPoint) -> str:
    """A contact point with its middle hidden."""
    return masking.BY_KIND[point.kind](point.value)
