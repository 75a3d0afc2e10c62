"""One contract for every people-finding source: a telecom operator, a register, the post's address base.

A question names its inquiry, its legal ground and who authorised it, and discloses no more than the source needs: where
a source can match a keyed hash, the ID number goes as one, and goes in the clear only where the question says that it
may. A source answers at once (200), or takes the question (202) and calls back. "Not found" is an answer, and so is
"I need the number". A source that wants the sealed 协查函 fetches it from the address that goes along. The contract is
published in `docs/sources.openapi.json`.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import quote

from songda.gateways.errors import GiveUp, TryAgain
from songda.gateways.heard import Heard, Known, fingerprint
from songda.gateways.reading import items, moment, text
from songda.gateways.signing import verify_message
from songda.gateways.wire import Endpoint, Reply, exchange

Asked = Literal["phone", "address"]


@dataclass(frozen=True, slots=True)
class SourceKind:
    """What kind of source one is. `authority` is what asking it takes by default; `address_rank` is the law's rank
    (RULES 3) of an address it gives; `letter` says whether it wants the sealed 协查函 with the question."""

    code: str
    name: str
    answers: tuple[Asked, ...]
    matches_hash: bool
    authority: Literal["standing", "each_case"]
    letter: bool
    address_rank: str
    patience: timedelta


SOURCES: dict[str, SourceKind] = {
    kind.code: kind
    for kind in (
        SourceKind(
            "telecom_a", "实名手机号（电信）", ("phone",), True, "standing", False, "unknown", timedelta(minutes=3)
        ),
        SourceKind(
            "telecom_b", "实名手机号（移动）", ("phone",), True, "standing", False, "unknown", timedelta(minutes=3)
        ),
        SourceKind(
            "telecom_c", "实名手机号（联通）", ("phone",), True, "standing", False, "unknown", timedelta(minutes=3)
        ),
        SourceKind("household", "户籍登记", ("address",), False, "each_case", True, "registered", timedelta(minutes=8)),
        SourceKind(
            "market_register",
            "市场主体登记",
            ("phone", "address"),
            False,
            "standing",
            False,
            "registered",
            timedelta(minutes=2),
        ),
        SourceKind(
            "post_addresses",
            "邮政地址库",
            ("phone", "address"),
            True,
            "standing",
            False,
            "civil_life",
            timedelta(minutes=2),
        ),
        SourceKind(
            "earlier_services",
            "法院既往送达记录",
            ("phone", "address"),
            True,
            "standing",
            False,
            "other_proceedings",
            timedelta(minutes=1),
        ),
        SourceKind(
            "generic",
            "其他信息平台",
            ("phone", "address"),
            False,
            "standing",
            True,
            "unknown",
            timedelta(minutes=5),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One connected source. `hash_secret` is agreed with the source, for matching without disclosing."""

    code: str
    kind: str
    endpoint: Endpoint
    hash_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """The person or organisation looked for. `id_number` is an ID number or a USCC; empty where we know none."""

    name: str = field(repr=False)
    kind: Literal["person", "organisation"] = "person"
    id_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One question under our key. `letter_sha256` names the sealed 协查函 that goes along, where there is one, and
    `letter_url` where the source fetches it. `with_number` lets a source that can match a hash have the number."""

    key: str
    inquiry: str
    ground: str
    authority: str
    subject: Subject
    asks: tuple[Asked, ...]
    letter_sha256: str = ""
    letter_url: str = field(default="", repr=False)
    with_number: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One contact point that a source gave; `as_of` is the day its record is from, None where it does not say."""

    kind: Asked
    value: str = field(repr=False)
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said. Not found is `found == ()` with `pending` false. Pending: it will call back."""

    key: str
    reference: str
    pending: bool = False
    needs_number: bool = False
    found: tuple[Found, ...] = ()
    price_fen: int = 0
    quota_left: int | None = None


def keyed_hash(secret: str, id_number: str) -> str:
    """The ID number as a value that only a holder of the number and the secret can compare."""
    return hmac.new(secret.encode(), id_number.strip().upper().encode(), hashlib.sha256).hexdigest()


def ask(config: SourceConfig, question: Question) -> Answer:
    """Put one question. A key asked before is answered again without a second charge, so it is not an error.

    Raises TryAgain (with the source's own wish where it named one: rate limits, outages) or GiveUp.
    """
    kind = SOURCES.get(config.kind)
    if kind is None:
        raise GiveUp("unknown kind of source")
    asks = [one for one in question.asks if one in kind.answers]
    if not asks:
        raise GiveUp("source does not answer this")
    message = _message(config, kind, question, asks)
    try:
        return _answer(question.key, exchange(config.endpoint, "POST", "/inquiries", message))
    except GiveUp as no:
        raise GiveUp(_REFUSALS.get(no.reason, no.reason)) from None


# What the contract's refusals say to people.
_REFUSALS = {
    "http 400": "平台不受理该问题",
    "http 403": "平台不认可本平台的签名",
    "http 422": "平台未取得或者未能核验协查函",
}


def _message(config: SourceConfig, kind: SourceKind, question: Question, asks: list[Asked]) -> dict[str, Any]:
    subject: dict[str, str] = {"name": question.subject.name, "kind": question.subject.kind}
    number = question.subject.id_number
    by_hash = bool(number) and kind.matches_hash and bool(config.hash_secret)
    if by_hash:
        subject["idHash"] = keyed_hash(config.hash_secret, number)
    if number and (question.with_number or not by_hash):
        subject["idNumber"] = number
    message: dict[str, Any] = {
        "key": question.key,
        "inquiry": question.inquiry,
        "ground": question.ground,
        "authority": question.authority,
        "subject": subject,
        "asks": asks,
    }
    if question.letter_sha256:
        message["letter"] = {"sha256": question.letter_sha256, "url": question.letter_url}
    return message


def look_up(config: SourceConfig, key: str) -> Answer | None:
    """What became of a key; None where the source never heard of it."""
    reply = exchange(config.endpoint, "GET", f"/inquiries/{quote(key, safe='')}")
    return None if reply.status == 404 else _answer(key, reply)


def _answer(key: str, reply: Reply) -> Answer:
    if reply.status == 404:
        raise GiveUp("no such door at the source")
    state = text(reply.body, "state")
    if state not in ("found", "not_found", "pending", "needs_number"):
        raise TryAgain("answer has no state we know")
    return _read(reply.body, key)


def _read(body: Mapping[str, Any], key: str) -> Answer:
    price, quota = body.get("priceFen"), body.get("quotaLeft")
    return Answer(
        key=text(body, "key") or key,
        reference=text(body, "reference"),
        pending=text(body, "state") == "pending",
        needs_number=text(body, "state") == "needs_number",
        found=tuple(_found(one) for one in items(body.get("contacts")) if _is_contact(one)),
        price_fen=price if isinstance(price, int) else 0,
        quota_left=quota if isinstance(quota, int) else None,
    )


def _is_contact(one: Mapping[str, Any]) -> bool:
    return text(one, "kind") in ("phone", "address") and bool(text(one, "value"))


def _found(one: Mapping[str, Any]) -> Found:
    kind: Asked = "phone" if text(one, "kind") == "phone" else "address"
    return Found(kind, text(one, "value"), _day(text(one, "asOf")))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def verify_callback(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """The id of a genuine callback; raises BadSignature for any other."""
    return verify_message(secret, headers, body)


def speaker_of(payload: object) -> str:
    """The source a callback says it is of; empty where it says none. Its door has held that against the signature."""
    return text(payload, "source") if isinstance(payload, Mapping) else ""


def translate_answers(payload: object) -> list[Answer]:
    """The answers of a callback; one without a key or a state we know is left out."""
    known = ("found", "not_found", "needs_number")
    return [_read(one, "") for one in items(payload, "answers") if text(one, "key") and text(one, "state") in known]


def heard_of(answer: Answer, source: str, at: str = "") -> Heard:
    """An answer as a fact: `inquiry.answered {source, found, kinds}`; the contacts themselves are not in it."""
    return Heard(
        key=answer.key,
        fact="inquiry.answered",
        happened_at=moment(at),
        detail={
            "source": source,
            "found": bool(answer.found),
            "kinds": sorted({one.kind for one in answer.found}),
            "price_fen": answer.price_fen,
        },
        reference=answer.reference,
        event=fingerprint("inquiry", source, answer.key),
    )


def known_of(answer: Answer, source: str) -> Known:
    """An answer in the form that every gateway's look-up has."""
    return Known(answer.reference, () if answer.pending else (heard_of(answer, source),))
