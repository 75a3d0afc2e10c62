"""Proofs that go to the file: 送达回证, 电子送达凭证, and the note that corrects one.

They say everything whole: a proof that hid who signed would prove nothing, and its signed bundle says the same. Papers
for eyes that need less (lists, slips) are given words already masked, by the one rule there is (`lib.masking`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from songda.law.explanation import Explanation
from songda.papers import barcodes, words
from songda.papers.parts import Enclosure, Happening, LastDay, Matter, Picture, Receipt, listed
from songda.papers.render import Attachment, plain, render


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the law makes of the facts. `result` and `method` are codes of `words`; `sentence` names rule and facts."""

    result: str
    method: str | None
    effective_on: date | None
    sentence: str
    articles: tuple[str, ...] = ()
    rebuttable: bool = False
    periods: tuple[LastDay, ...] = ()

    @classmethod
    def of(cls, explanation: Explanation) -> Self:
        """The law's own answer, ready to print. Raises ValueError where service has not ended: nothing to prove yet."""
        outcome = explanation.outcome
        if outcome is None:
            raise ValueError("service has no outcome yet")
        return cls(
            result=outcome.result,
            method=outcome.method,
            effective_on=outcome.effective_on,
            sentence=explanation.explanation,
            articles=outcome.articles,
            rebuttable=outcome.rebuttable,
            periods=tuple(LastDay(each.name, each.last_day, each.articles) for each in explanation.periods),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOfService:
    """送达回证: the form, the finding with its law, the course of the service, the digests of what was served."""

    matter: Matter
    serial: str
    made_at: datetime
    verify_url: str
    recipient: str
    place: str
    papers: tuple[Enclosure, ...]
    finding: Finding
    receipt: Receipt | None = None
    served_by: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    remarks: str = ""
    course: tuple[Happening, ...] = ()
    exhibits: tuple[Picture, ...] = ()
    """The scan of the mail receipt, the photograph of a posted notice: printed on sheets after the proof."""
    replaces: str = ""
    """Serial of the proof that this one corrects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRecord:
    """One electronic way, its four moments kept apart: a moment that nobody reported stays None and prints 未记录."""

    channel: str
    """A code of `words.CHANNELS`."""
    address: str
    address_source: str = ""
    """Such as 送达地址确认书确认, or 协查获得."""
    sent_at: datetime | None = None
    reached_at: datetime | None = None
    opened_at: datetime | None = None
    signed_at: datetime | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectronicProof:
    """电子送达凭证 (在线诉讼规则 29-33): consent, each way's moments, the finding, the signature where there is one."""

    matter: Matter
    serial: str
    made_at: datetime
    verify_url: str
    recipient: str
    consent: str
    """How and when electronic service was agreed to; empty where it was not."""
    papers: tuple[Enclosure, ...]
    channels: tuple[ChannelRecord, ...]
    finding: Finding
    receipt: Receipt | None = None
    course: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One item of a proof as it stood and as it stands."""

    item: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """更正说明: ties the proof that was wrong to the one that takes its place; the old one stays as history."""

    matter: Matter
    serial: str
    made_at: datetime
    verify_url: str
    recipient: str
    old_serial: str
    old_sha256: str
    new_serial: str
    new_sha256: str
    reason: str
    changes: tuple[Change, ...]
    proposed_by: str
    agreed_by: str


def proof_of_service(paper: ProofOfService, *, attachments: Sequence[Attachment] = ()) -> bytes:
    """送达回证 as PDF. Raises KeyError for a code that `words` does not know."""
    data = {
        **plain(paper),
        **_receipt(paper.receipt),
        "served_by": plain(listed(paper.served_by)),
        "witnesses": plain(listed(paper.witnesses)),
        "finding": _finding(paper.finding),
        "qr": barcodes.qr(paper.verify_url),
    }
    return render("proof_of_service", data, made_at=paper.made_at, attachments=attachments)


def electronic_proof(paper: ElectronicProof, *, attachments: Sequence[Attachment] = ()) -> bytes:
    """电子送达凭证 as PDF. Raises KeyError for a code that `words` does not know."""
    data = {
        **plain(paper),
        **_receipt(paper.receipt),
        "channels": [_channel(each) for each in paper.channels],
        "finding": _finding(paper.finding),
        "qr": barcodes.qr(paper.verify_url),
    }
    return render("electronic_proof", data, made_at=paper.made_at, attachments=attachments)


def correction(paper: Correction, *, attachments: Sequence[Attachment] = ()) -> bytes:
    """更正说明 as PDF."""
    data = {**plain(paper), "qr": barcodes.qr(paper.verify_url)}
    return render("correction", data, made_at=paper.made_at, attachments=attachments)


def _finding(finding: Finding) -> dict[str, Any]:
    periods = [{**plain(each), "name": words.PERIODS[each.name]} for each in finding.periods]
    return {
        **plain(finding),
        "result": words.RESULTS[finding.result],
        "method": words.METHODS[finding.method] if finding.method else None,
        "periods": periods,
    }


def _receipt(receipt: Receipt | None) -> dict[str, Any]:
    if receipt is None:
        return {"receipt": None}
    own = receipt.signer == "self"
    return {
        "receipt": {
            **plain(receipt),
            "relation": plain(receipt.relation or words.SIGNERS[receipt.signer]),
            "own": own,
        }
    }


def _channel(record: ChannelRecord) -> dict[str, Any]:
    return {**plain(record), "channel": words.CHANNELS[record.channel]}
