"""What follows when a service has an outcome: the conformity check, the fact that says so, the proof, the way back.

A result leaves for the court only when it passes the check (法释〔2004〕13号, 民诉法解释 130, 138: what must be shown);
what fails becomes a work item with the rule named.
"""

from songda.engine import errands
from songda.engine.performing import open_work
from songda.engine.standing import Course, Standing, outcome_key, situation_of
from songda.evidence.actions import Told
from songda.law.conformity import Finding, conformity
from songda.law.explanation import Outcome
from songda.lib import clock


def due_facts(known: Course, standing: Standing) -> list[Told]:
    """The outcome as a fact, once for each outcome; nothing while it fails the check."""
    outcome = standing.explanation.outcome
    if outcome is None or standing.stopped:
        return []
    key = outcome_key(outcome, known.facts)
    if any(fact.source_key == key for fact in known.facts):
        return []
    if found := failures(known, outcome):
        reason = "；".join(f"{one.what}（{one.article or '系统规则'}）" for one in found)
        if {one.rule for one in found} == {"noted"}:
            open_work(known.service, "refusal_note", f"refusal_note:{key}", reason=reason, detail={"outcome": key})
            return []
        asked = sum(fact.name == "work.done" and fact.detail.get("kind") == "conformity" for fact in known.facts)
        open_work(known.service, "conformity", f"conformity:{key}:{asked}", reason=reason, detail={"outcome": key})
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


def failures(known: Course, outcome: Outcome) -> list[Finding]:
    """What keeps this result from leaving; a court may accept it after looking, and that is a fact with a person."""
    if _accepted(known, outcome_key(outcome, known.facts)):
        return []
    situation = situation_of(known, clock.now())
    return [one for one in conformity(situation, outcome) if not one.met]


def _accepted(known: Course, key: str) -> bool:
    return any(fact.name == "conformity.accepted" and fact.detail.get("outcome") == key for fact in known.facts)
