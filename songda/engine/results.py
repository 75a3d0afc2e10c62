"""What follows when a service has an outcome: the conformity check, the fact that says so, the proof, the way back.

A result leaves for the court only when it passes the check (法释〔2004〕13号, 民诉法解释 130, 138: what must be shown);
what fails becomes a work item with the rule named. So does what somebody tells as service and the law does not take
for any, because what it has to show is not there.
"""

from collections.abc import Iterator

from songda.engine import errands
from songda.engine.opening import open_work
from songda.engine.standing import Course, Standing, outcome_key, reckoned, situation_of
from songda.evidence.actions import Told
from songda.evidence.models import Fact
from songda.law.conformity import Finding, conformity
from songda.law.explanation import Outcome
from songda.law.handing import VIA_METHODS
from songda.law.situation import beijing_day
from songda.lib import clock

# What is told as service by people and carriers, by its method; a signature's method is that of where it was given.
_CLAIMS = {"visit.left_in_place": "left_in_place", "call.served": "telephone"}
# Of a claim the rules about what it has to show itself; the others are about results.
_SHOWN_BY_ITSELF = frozenset({"signer", "witnesses", "recording"})


def due_facts(known: Course, standing: Standing) -> list[Told]:
    """The outcome as a fact, once for each outcome; nothing while it fails the check."""
    outcome = standing.explanation.outcome
    if standing.stopped:
        return []
    if outcome is None:
        _open_claims(known)
        return []
    key = outcome_key(outcome, known.facts)
    if any(fact.source_key == key for fact in known.facts):
        return []
    if found := failures(known, outcome):
        _ask_to_mend(known, key, found)
        return []
    errands.issue_proof.defer(court_id=str(known.service.court_id), service_id=str(known.service.id), key=key)
    detail = {
        "result": outcome.result,
        "method": outcome.method,
        "effective_on": outcome.effective_on.isoformat(),
        "articles": list(outcome.articles),
        "rebuttable": outcome.rebuttable,
    }
    return [Told("service.effective", clock.now(), detail=detail, key=key)]


def _ask_to_mend(known: Course, key: str, found: list[Finding]) -> None:
    """A work item with the rules named. Where only the note of a refusal at court is lacking, nothing is wrong with the
    file: a judge or clerk has still to write it (民诉法解释第一百三十一条)."""
    asked = sum(fact.name == "work.done" and fact.detail.get("kind") == "conformity" for fact in known.facts)
    kind = "refusal_note" if {one.rule for one in found} == {"noted"} else "conformity"
    open_work(known.service, kind, f"{kind}:{key}:{asked}", reason=_said(found), detail={"outcome": key})


def _said(found: list[Finding]) -> str:
    return "；".join(f"{one.what}（{one.article or '系统规则'}）" for one in found)


def failures(known: Course, outcome: Outcome) -> list[Finding]:
    """What keeps this result from leaving; a court may accept it after looking, and that is a fact with a person."""
    if _accepted(known, outcome_key(outcome, known.facts)):
        return []
    return _not_met(known, outcome)


def _not_met(known: Course, outcome: Outcome) -> list[Finding]:
    return [one for one in conformity(situation_of(known, clock.now()), outcome) if not one.met]


def _accepted(known: Course, key: str) -> bool:
    return any(fact.name == "conformity.accepted" and fact.detail.get("outcome") == key for fact in known.facts)


# ---- told as service, and none -----------------------------------------------------------------------------------


def _open_claims(known: Course) -> None:
    """An item for each such fact, once: nobody is to believe that the papers are served."""
    for fact, method in _claimed(known):
        claim = Outcome("served", method, beijing_day(fact.happened_at), (), rebuttable=False)
        if found := [one for one in _not_met(known, claim) if one.rule in _SHOWN_BY_ITSELF]:
            detail: dict[str, object] = {"fact": str(fact.id)}
            open_work(known.service, "not_counted", f"claim:{fact.id}", reason=_said(found), detail=detail)


def _claimed(known: Course) -> Iterator[tuple[Fact, str]]:
    for fact in reckoned(known.facts):
        if fact.name == "receipt.signed" and fact.detail.get("via") in VIA_METHODS:
            yield fact, VIA_METHODS[fact.detail["via"]][0]
        elif fact.name in _CLAIMS:
            yield fact, _CLAIMS[fact.name]
