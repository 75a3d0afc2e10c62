"""出具回证: a proof is stated, sealed and printed, each in a transaction of its own that may be repeated.

The statement (the law's input and answer) is kept with the fact `proof.issued`, whose seal it needs before anything is
printed. Who is killed between two steps goes on from that fact: the same serial, the same statement, one paper.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from songda import verify
from songda.courts.models import Court
from songda.engine.keeping import retention
from songda.engine.proving import proofs
from songda.engine.reading import course, locked
from songda.engine.standing import outcome_key, reckoned, situation_of, stand
from songda.evidence import bundle, chop, founding, heads, pades, proving, publishing, sealing, statement
from songda.evidence.actions import Told, append
from songda.evidence.heads import Authority
from songda.evidence.models import Fact
from songda.evidence.statement import Paper as StatedPaper
from songda.filing.models import Service
from songda.gateways import dispatch, switchboard
from songda.law.facts import FACTS
from songda.lib import clock, crypto
from songda.lib.tenancy import acting_for
from songda.methods.actions import keep_paper
from songda.methods.models import Exhibit, Paper
from songda.methods.queries import enclosures_of, serial_of
from songda.papers import fonts
from songda.papers.render import Attachment
from songda.verify_report import Report

# Larger exhibits (recordings, photographs) are named by their digest and stay in the court's file.
_LARGEST_ATTACHED = 256 * 1024
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "application/pdf": "pdf"}
_LEGEND = "送达专用章"


def issue(court_id: UUID, service_id: UUID, key: str) -> Paper | None:
    """The proof of the outcome that `key` names, made once. None where that outcome no longer stands: its successor
    has a proof of its own. Raises `proving.NotYetSealed` where a fact of it cannot be sealed."""
    with acting_for(court_id):
        if paper := Paper.objects.filter(service_id=service_id, key=key).first():
            return paper
        if not _state(service_id, key):
            return None
    sealing.seal_everything(court_id)
    heads.stamped_now(court_id, time_authority())
    with acting_for(court_id):
        return _print(service_id, key)


def time_authority() -> Authority | None:
    """Who stamps checkpoints, by the settings; None where nobody is named, or the roots are not there to be read."""
    try:
        url, roots = switchboard.time_stamps()
        return heads.read_authority(url, roots)
    except (switchboard.NotConnected, OSError, ValueError):
        return None


def check(pdf: bytes) -> Report:
    """What `songda verify` says of a proof, by the anchors of the court that it names."""
    claimed = verify.claimed_court(pdf)
    ours = Court.objects.filter(id=claimed).values_list("id", flat=True) if claimed else ()
    return verify.check(pdf, [publishing.trust_of(court) for court in ours])


# ---- stating ---------------------------------------------------------------------------------------------------


def _state(service_id: UUID, key: str) -> bool:
    """Record `proof.issued` with its statement, once; False where there is nothing to state."""
    known, now = course(locked(service_id)), clock.now()
    if _issued(known.facts, key):
        return True
    explanation = stand(known, now).explanation
    if explanation.outcome is None or outcome_key(explanation.outcome, known.facts) != key:
        return False
    earlier = [fact.detail["serial"] for fact in known.facts if fact.name == "proof.issued"]
    judged = [fact for fact in reckoned(known.facts) if fact.name in FACTS]
    stated = statement.make(
        serial=serial_of(known.service, str(len(earlier) + 1)),
        issued_at=now,
        about=[known.service.id, known.service.order_id],
        recipient_name=known.service.party.name,
        papers=[*_served(known.service), *(each.stated for each in _exhibits(known.service, judged))],
        facts=[fact.id for fact in judged],
        situation=situation_of(known, now),
        calendar=known.calendar,
        explanation=explanation,
        supersedes=earlier[-1] if earlier else None,
    )
    told = Told("proof.issued", now, detail=bundle.seal_statement(stated), private={"statement": stated})
    append(known.service.court_id, service_id, replace(told, key=f"proof:{key}"))
    return True


def _issued(facts: Iterable[Fact], key: str) -> Fact | None:
    return next((fact for fact in facts if fact.source_key == f"proof:{key}"), None)


def _served(service: Service) -> list[StatedPaper]:
    return [StatedPaper(each.name, "served", each.sha256, attached=False) for each in enclosures_of(service)]


@dataclass(frozen=True, slots=True)
class _Shown:
    """Something seen or signed that a fact names: as the statement has it, and its bytes where it travels along."""

    stated: StatedPaper
    attachment: Attachment | None


def _exhibits(service: Service, facts: Sequence[Fact]) -> list[_Shown]:
    """The exhibits of these facts, each once, in the order in which they were kept."""
    named = {one for fact in facts for one in (fact.detail.get("exhibit"), *fact.detail.get("exhibits", ())) if one}
    kept = {
        row.sha256: row for row in Exhibit.objects.filter(service=service, sha256__in=named).order_by("-made_at", "-id")
    }
    return [_shown(number, row) for number, row in enumerate(reversed(kept.values()), start=1)]


def _shown(number: int, row: Exhibit) -> _Shown:
    name = f"{row.kind}-{number}.{_ENDINGS.get(row.media_type, 'bin')}"
    content = retention.content(row)
    attached = content is not None and len(content) <= _LARGEST_ATTACHED
    attachment = Attachment(name, content, row.media_type, row.get_kind_display()) if content and attached else None
    return _Shown(StatedPaper(name, "evidence", row.sha256, attached=attached), attachment)


# ---- printing --------------------------------------------------------------------------------------------------


def _print(service_id: UUID, key: str) -> Paper:
    """Print, sign and keep what was stated, tie it to the proof it replaces, tell the court's system."""
    service = locked(service_id)
    known = course(service)
    told = _issued(known.facts, key)
    assert told is not None
    assert told.private is not None
    stated: Mapping[str, Any] = told.private["statement"]
    facts = _in_order(known.facts, stated["facts"])
    proof = proofs.Issue(
        serial=stated["serial"],
        made_at=datetime.fromisoformat(stated["issued_at"]),
        explanation=statement.explained(stated, [sealing.record_of(fact) for fact in facts]),
        replaces=stated["supersedes"] or "",
    )
    known = replace(
        known, facts=tuple(fact for fact in known.facts if fact.learnt_at <= proof.made_at and fact != told)
    )
    pdf = proofs.proof_of(known, proof, _attachments(service, stated, facts))
    paper = keep_paper(service, kind="proof", title=_title(proof), key=key, pdf=signed(service, pdf, _title(proof)))
    _link(service)
    if stated["outcome"] is not None:
        _tell_court(paper, key, stated["outcome"])
    return paper


def _title(proof: proofs.Issue) -> str:
    return f"{'电子送达凭证' if proof.is_electronic else '送达回证'} {proof.serial}"


def _in_order(facts: Iterable[Fact], ids: Sequence[str]) -> list[Fact]:
    by_id = {str(fact.id): fact for fact in facts}
    return [by_id[each] for each in ids]


def _attachments(service: Service, stated: Mapping[str, Any], facts: Sequence[Fact]) -> list[Attachment]:
    data = proving.bundle_of(service.court_id, stated)
    shown = [each.attachment for each in _exhibits(service, facts) if each.attachment]
    return [Attachment(bundle.FILE_NAME, data, bundle.MIME_TYPE, "存证数据：事实、证明路径、检查点、时间戳"), *shown]


def signed(service: Service, pdf: bytes, reason: str) -> bytes:
    """The paper with the court's signature and its visible chop; nothing can be changed after it."""
    credential = founding.credential_of(service.court_id)
    font = next(file for file in fonts.files() if "Serif" in file.name and "Bold" in file.name)
    seal = pades.Chop(chop.draw(service.court.name, _LEGEND, font))
    return pades.sign(pdf, credential, at=clock.now(), reason=reason, chop=seal)


def _link(service: Service) -> None:
    """Mark each proof of the service as superseded by the one issued after it, whichever was printed first."""
    issued = Fact.objects.filter(about=service.id, name="proof.issued").order_by("learnt_at", "id")
    keys = [(told or "").removeprefix("proof:") for told in issued.values_list("source_key", flat=True)]
    by_key = {paper.key: paper for paper in Paper.objects.filter(service=service, kind="proof")}
    for older, newer in pairwise(by_key[key] for key in keys if key in by_key):
        Paper.objects.filter(id=older.id, superseded_by=None).update(superseded_by=newer)


def _tell_court(paper: Paper, key: str, outcome: Mapping[str, Any]) -> None:
    """Push the result to the court's case system, where it listens."""
    service = paper.service
    if not service.court.webhook_url:
        return
    dispatch.plan(
        service.court_id,
        key=f"{service.id}:result:{key}",
        counterparty="court_system",
        about=service.id,
        request={
            "url": service.court.webhook_url,
            "secret": crypto.key_for(f"webhook:{service.court_id}").hex(),
            "event": "service.effective",
            "body": {
                "service": str(service.id),
                "number": service.number,
                "case": service.case.number,
                "result": outcome["result"],
                "method": outcome["method"],
                "effective_on": outcome["effective_on"],
                "proof_sha256": paper.sha256,
                "proof": f"/api/v1/services/{service.id}/papers/{paper.id}",
            },
        },
    )
