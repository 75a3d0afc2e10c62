"""Text messages: signed requests out, delivery receipts in.

A message is `sent` when the provider took it over, and `reached` only when a receipt from the network says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from songda.gateways.errors import GiveUp
from songda.gateways.heard import Accepted, Heard, Known, fingerprint
from songda.gateways.reading import items, moment, rows, text
from songda.gateways.signing import verify_message
from songda.gateways.wire import Endpoint, exchange, hand_over

ONE_SEGMENT = 70
EACH_OF_MANY = 67
MOST_SEGMENTS = 10
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SmsConfig:
    """The provider we use."""

    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Sms:
    """One message under our key. `signature` is the court's name, without brackets; `text` follows it."""

    key: str
    phone: str = field(repr=False)
    signature: str
    text: str = field(repr=False)

    @property
    def whole(self) -> str:
        """What the phone shows: the signature in its brackets, then the text."""
        return f"【{self.signature}】{self.text}"


def segments(whole: str) -> int:
    """How many messages the networks bill: 70 characters in one, else 67 in each (UTF-16 units)."""
    units = len(whole.encode("utf-16-le")) // 2
    return 1 if units <= ONE_SEGMENT else -(-units // EACH_OF_MANY)


def send(config: SmsConfig, sms: Sms) -> Accepted:
    """Hand one message to the provider.

    Raises AlreadyDone(Accepted) where the key was sent before, GiveUp where the message can never be sent.
    """
    if not _MOBILE.fullmatch(sms.phone):
        raise GiveUp("not a mobile number")
    if segments(sms.whole) > MOST_SEGMENTS:
        raise GiveUp("text too long")
    message = {"key": sms.key, "phone": sms.phone, "signature": sms.signature, "text": sms.text}
    return hand_over(config.endpoint, "/sms/messages", message, "messageId")


def look_up(config: SmsConfig, key: str) -> Known | None:
    """What became of a key; None where the provider never heard of it."""
    reply = exchange(config.endpoint, "GET", f"/sms/messages/{quote(key, safe='')}")
    if reply.status == 404:
        return None
    return Known(text(reply.body, "messageId"), tuple(translate_receipts(reply.body.get("receipts"))))


def verify_callback(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """The id of a genuine callback; raises BadSignature for any other."""
    return verify_message(secret, headers, body)


def translate_receipts(payload: object) -> list[Heard]:
    """Delivery receipts in our words: `message.reached`, or `message.failed` with its reason."""
    return [_receipt(one) for one in items(payload, "receipts", "data")]


def _receipt(one: Mapping[str, Any]) -> Heard:
    code = text(one, "status", "errCode").upper()
    row = _receipt_codes().get(code)
    reference, key, at = text(one, "messageId"), text(one, "key"), text(one, "reportTime")
    detail: dict[str, Any] = {"channel": "sms", "code": code}
    if row and row["reason"]:
        detail["reason"] = row["reason"]
    return Heard(
        key=key,
        fact=(row["fact"] or None) if row else None,
        happened_at=moment(at),
        detail=detail,
        reference=reference,
        event=fingerprint("sms", reference or key, code, at),
        unknown=row is None,
    )


def _receipt_codes() -> dict[str, Mapping[str, str]]:
    return {row["code"]: row for row in rows("sms_receipts.csv")}
