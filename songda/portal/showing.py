"""What the recipient's page shows: only what facts carry, in plain words, and the one next step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from songda.engine import recipient
from songda.engine.standing import Course, reckoned
from songda.evidence.models import Fact, Speaker
from songda.filing.models import Document
from songda.methods.models import Access, Paper
from songda.papers import words

# The recipient's own course; what the court and the post do among themselves is not shown here.
_TOLD = {
    "message.sent": "通知短信或者邮件已发出",
    "message.reached": "通知到达您的手机或者邮箱系统",
    "consent.given": "同意电子送达",
    "consent.refused": "不同意电子送达",
    "content.opened": "文书被查阅",
    "contact.added": "确认送达地址",
    "receipt.signed": "签收",
    "service.effective": "送达生效：",
    "proof.issued": "送达凭证已出具",
}


@dataclass(frozen=True, slots=True)
class Known:
    """One line of the course: what, when it happened, who says so."""

    what: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect in law once a fact carries it."""

    result: str
    method: str
    on: date | None
    sentence: str
    periods: tuple[tuple[str, str], ...]
    rebuttable: bool


@dataclass(frozen=True, slots=True)
class Shown:
    consent: bool | None
    documents: tuple[Document, ...]
    known: tuple[Known, ...]
    opened: Fact | None
    signed: Fact | None
    confirmation: Paper | None
    proof: Paper | None
    effect: Effect | None
    signers: dict[str, str]
    stopped: bool
    next_step: str


def shown(access: Access, known: Course) -> Shown:
    service = access.service
    state: dict[str, Any] = {
        "consent": recipient.consent_of(known),
        "documents": tuple(line.document for line in service.lines.select_related("document")),
        "known": tuple(dict.fromkeys(_line(fact) for fact in reckoned(known.facts) if fact.name in _TOLD)),
        "opened": recipient.first(known, "content.opened"),
        "signed": recipient.signed_here(known),
        "confirmation": recipient.confirmation_of(service),
        "proof": Paper.objects.filter(service=service, kind="proof", superseded_by=None).first(),
        "effect": _effect(known),
        "signers": recipient.signers_of(known),
        "stopped": service.step == "stopped",
    }
    next_step = next(words for applies, words in _NEXT if applies(state))
    return Shown(**state, next_step=next_step)


def _line(fact: Fact) -> Known:
    what = _TOLD[fact.name] + words.RESULTS.get(str(fact.detail.get("result", "")), "")
    return Known(what, fact.happened_at, Speaker(fact.speaker).label)


def _effect(known: Course) -> Effect | None:
    """Only the fact makes it so: the cached outcome alone is a calculation, or withheld (then there is no result)."""
    service = known.service
    carried = [fact for fact in reckoned(known.facts) if fact.name == "service.effective"]
    answer = service.outcome or {}
    outcome = answer.get("outcome")
    if not carried or not outcome or not service.result:
        return None
    return Effect(
        result=words.RESULTS[outcome["result"]],
        method=words.METHODS.get(outcome["method"] or "", ""),
        on=service.effective_on,
        sentence=answer.get("explanation", ""),
        periods=tuple((words.PERIODS[one["name"]], one["last_day"]) for one in answer.get("periods", ())),
        rebuttable=bool(outcome["rebuttable"]),
    )


# The first row that applies says what to do next.
_NEXT: tuple[tuple[Callable[[dict[str, Any]], bool], str], ...] = (
    (lambda s: s["stopped"], "法院已停止本次送达，您不需要做什么。"),
    (lambda s: s["signed"] and s["proof"], "您可以下载文书和送达凭证留存，并留意下面的期限。"),
    (lambda s: bool(s["signed"]), "您的签收已记录。送达凭证出具后会显示在本页。"),
    (lambda s: s["consent"] is False, "法院将改用邮寄、上门等方式。您也可以改为同意电子送达。"),
    (lambda s: s["consent"] is None, "请选择是否同意电子送达。"),
    (lambda s: s["opened"] is None, "请点开下面的文书阅读。"),
    (lambda s: s["confirmation"] is None, "请确认您的送达地址，然后手写签名。"),
    (lambda _: True, "请手写签名，确认收到文书。"),
)
