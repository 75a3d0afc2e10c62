"""Where a service stands: its facts told to the law and to the ladder, and their answers put together."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from songda.courts.policy import Policy
from songda.engine import ladder
from songda.engine.stations import STATIONS, WITHHELD
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.law import situation as law
from songda.law.course import Calendar
from songda.law.deadlines import Deadline, deadlines
from songda.law.electronic import account_bar
from songda.law.explain import explain
from songda.law.explanation import Explanation, Outcome
from songda.law.facts import FACTS
from songda.methods.electronic import CHANNEL_OF

_LETTER_KINDS = {
    "soldier": "forwarded",
    "prisoner": "forwarded",
    "abroad": "abroad",
    "hk_macao": "hk_macao",
    "taiwan": "taiwan",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole answer for one service at one moment."""

    step: str
    explanation: Explanation
    decision: ladder.Do | ladder.Wait | None
    passed: tuple[tuple[str, str], ...]
    due_at: datetime | None
    stopped: bool

    @property
    def is_over(self) -> bool:
        return self.due_at is None


@dataclass(frozen=True, slots=True)
class Course:
    """All that is known about one service, read in one go."""

    service: Service
    facts: tuple[Fact, ...]
    contacts: tuple[ContactPoint, ...]
    policy: Policy
    calendar: Calendar


def struck(facts: Iterable[Fact]) -> set[str]:
    """Facts that a granted correction has taken out of the reckoning; they stay in the ledger."""
    corrected = [fact.detail for fact in facts if fact.name == "service.corrected"]
    return {str(one) for detail in corrected for one in (detail.get("fact_id"), *detail.get("along_with", ()))}


def _complete_mail(facts: Iterable[Fact]) -> set[str]:
    """Pieces of which the code, the receipt's image and the closing are all there."""
    seen: dict[str, set[str]] = {}
    for fact in facts:
        seen.setdefault(str(fact.detail.get("waybill", "")), set()).add(fact.name)
    return {piece for piece, names in seen.items() if {"mail.receipt_scanned", "mail.closed"} <= names}


def reckoned(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that count: not struck, and a return only when its piece is complete (法释〔2004〕13号 6)."""
    facts = list(facts)
    out, complete, held = struck(facts), _complete_mail(facts), _held_notices(facts)
    return [
        fact
        for fact in facts
        if str(fact.id) not in out | held
        and not (fact.name == "mail.returned" and fact.detail.get("waybill") and fact.detail["waybill"] not in complete)
    ]


def _held_notices(facts: list[Fact]) -> set[str]:
    """Publications that do not count for now or any more: the judge weighs what turned up, or has stopped the notice.

    The period itself does not stop: where the judge lets the notice stand, it counts from its publication as ever."""
    held: set[str] = set()
    published: set[str] = set()
    approved: set[str] = set()
    for fact in facts:
        if fact.name == "notice.published":
            published.add(str(fact.id))
        elif fact.name == "notice.approved":
            approved.add(str(fact.id))
        elif fact.name == "notice.paused":
            held = held | published
        elif fact.name == "notice.upheld":
            held = held - published
        elif fact.name == "notice.withdrawn":
            held, published, approved = held | published | approved, set(), set()
    return held


def _law_fact(fact: Fact) -> law.Fact:
    keys = FACTS[fact.name].keys
    return law.Fact(
        fact=fact.name,
        happened_at=fact.happened_at,
        learnt_at=fact.learnt_at,
        by=fact.speaker,
        detail={key: value for key, value in fact.detail.items() if key in keys},
    )


def situation_of(course: Course, as_of: datetime) -> law.Situation:
    """The service as the law reads it: no names but those of the case's parties, no numbers."""
    service = course.service
    facts = reckoned(course.facts)
    return law.Situation(
        as_of=as_of,
        case=law.Case(
            number=service.case.number,
            procedure=service.case.procedure,
            parties=tuple(law.Party(party.name, party.role, party.kind) for party in service.case.parties.all()),
        ),
        recipient=law.Recipient(
            kind=service.party.kind,
            capacity=service.party.capacity,
            address_rank=_address_rank(course, facts),
            electronic_consent=None,
            electronic_address=_electronic_address(course),
        ),
        documents=tuple(law.Document(line.document.kind) for line in service.lines.all()),
        facts=tuple(_law_fact(fact) for fact in facts if fact.name in FACTS),
    )


def _address_rank(course: Course, facts: Iterable[Fact]) -> str:
    """The rank of the address at which something came back or was left last, else of the best address."""
    ranks = {str(one.id): one.rank for one in course.contacts if one.kind == "address"}
    used = [ranks[contact] for fact in facts if (contact := str(fact.detail.get("contact", ""))) in ranks]
    if used:
        return used[-1]
    return min(ranks.values(), key=lambda rank: ladder.RANKS[rank], default="unknown")


def _electronic_address(course: Course) -> str:
    """Confirmed on paper, or by the recipient's own word on a recorded call (在线诉讼规则第三十条)."""
    ways = [one for one in course.contacts if one.withdrawn_at is None and _takes_papers(one)]
    if not ways:
        return "none"
    confirmed = any(one.rank == "confirmed" or one.confirmed_at is not None for one in ways)
    return "confirmed" if confirmed else "found"


def _takes_papers(point: ContactPoint) -> bool:
    """Whether papers may be sent there: not to an account that nobody has shown to be the recipient's own."""
    return point.kind in CHANNEL_OF and not (point.kind == "account" and account_bar(point.rank))


def _ground(course: Course, explanation: Explanation, ends: datetime | None, now: datetime) -> ladder.Ground:
    return ladder.Ground(
        now=now,
        policy=course.policy,
        deeds=tuple(ladder.Deed(fact.name, fact.happened_at, fact.detail) for fact in reckoned(course.facts)),
        contacts=tuple(
            ladder.Contact(str(one.id), one.kind, one.rank, one.place_index, one.confidence)
            for one in course.contacts
            if one.withdrawn_at is None
        ),
        places={str(one.id): one.place_index for one in course.contacts if one.place_index},
        barred=_bars(explanation),
        notice_ends=ends,
        letter=_letter(course),
    )


def _bars(explanation: Explanation) -> dict[str, str]:
    return {
        verdict.method: f"{verdict.barred.why}（{verdict.barred.article}）"
        for verdict in explanation.allowed_methods
        if verdict.barred
    }


def _letter(course: Course) -> str:
    by_fact = [fact.detail.get("route", "") for fact in course.facts if fact.name == "route.chosen"]
    return str(by_fact[-1]) if by_fact else _LETTER_KINDS.get(course.service.party.kind, "")


def _stopped(facts: Iterable[Fact]) -> bool:
    turns = [fact.name for fact in facts if fact.name in {"service.stopped", "service.reopened"}]
    return bool(turns) and turns[-1] == "service.stopped"


def stand(course: Course, now: datetime) -> Standing:
    """Where the service stands at this moment. Pure but for the rows it was given."""
    situation = situation_of(course, now)
    explanation = explain(situation, course.calendar)
    if _stopped(course.facts):
        return Standing("stopped", explanation, None, (), None, stopped=True)
    if explanation.outcome is not None:
        return _with_outcome(course, explanation, explanation.outcome, now)
    clocks = deadlines(situation, course.calendar)
    ends = next((_moment(clock) for clock in clocks if clock.name == "notice"), None)
    decision, passed = ladder.decide(_ground(course, explanation, ends, now))
    return Standing(decision.step, explanation, decision, passed, _due(course, decision, clocks, now), stopped=False)


# How long a result may wait for its file to be mended before somebody looks again.
_MENDING = timedelta(days=1)


def outcome_key(outcome: Outcome, facts: Iterable[Fact]) -> str:
    """What names an outcome: the same result by the same way on the same day is said, and proved, once. After a
    correction it is said and proved anew, even where it comes out the same: the course it rests on is another."""
    key = f"outcome:{outcome.result}:{outcome.method}:{outcome.effective_on}"
    corrections = sum(fact.name == "service.corrected" for fact in facts)
    return f"{key}:{corrections}" if corrections else key


def _with_outcome(course: Course, explanation: Explanation, outcome: Outcome, now: datetime) -> Standing:
    """The law has a result. It stands when the check has let it pass, which is a fact; until then it is withheld."""
    key = outcome_key(outcome, course.facts)
    if any(fact.source_key == key for fact in course.facts):
        return Standing(outcome.result, explanation, None, (), None, stopped=False)
    return Standing(WITHHELD, explanation, None, (), now + _MENDING, stopped=False)


def _due(course: Course, decision: ladder.Do | ladder.Wait, clocks: Iterable[Deadline], now: datetime) -> datetime:
    """When somebody looks again: the decision's own time, or the next moment at which time changes the law's answer."""
    if isinstance(decision, ladder.Wait):
        due = decision.until
    else:
        begun = course.service.action_since if course.service.action_key == decision.key else None
        due = (begun or now) + decision.patience
    legal = (_moment(clock) for clock in clocks)
    return min([due, *(moment for moment in legal if moment > now)])


def _moment(clock: Deadline) -> datetime:
    """When the clock tells: with the beginning of its last day, or after the day's end."""
    return ladder.end_of(clock.last_day if clock.after_the_day else clock.last_day - timedelta(days=1))


def cached(standing: Standing) -> dict[str, Any]:
    """The columns of `filing.Service` that hold this answer."""
    explanation, decision = standing.explanation, standing.decision
    outcome = explanation.outcome if standing.step != WITHHELD else None
    station = STATIONS.get(standing.step)
    return {
        "step": standing.step,
        "method": station.method if station else "",
        "owner_role": station.owner if station else "",
        "waiting_for": decision.waiting_for if decision else "",
        "next_action": _next_action(decision),
        "due_at": standing.due_at,
        "result": outcome.result if outcome else "",
        "result_method": (outcome.method or "") if outcome else "",
        "effective_on": outcome.effective_on if outcome else None,
        "outcome": _answer(explanation, standing.passed),
    }


def _next_action(decision: ladder.Do | ladder.Wait | None) -> str:
    if decision is None:
        return ""
    return decision.action if isinstance(decision, ladder.Do) else decision.then


def _answer(explanation: Explanation, passed: tuple[tuple[str, str], ...]) -> Mapping[str, Any]:
    """The law's whole answer as JSON: outcome, periods, verdict on each method, the sentence, rungs passed."""
    plain = asdict(explanation)
    plain["passed"] = [list(one) for one in passed]
    return _jsonable(plain)  # type: ignore[no-any-return]


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
