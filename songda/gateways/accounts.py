"""Messages to accounts: instant messages, and the platforms of litigation and of lawyers (在线诉讼规则第二十九条).

One provider's interface stands before all platforms, in the style of official accounts: an account is asked for its
open id, and to the open id goes a message of a template that the platform has approved, with a text and a link.

A message is `sent` when the platform took it over. That says nothing of the person: platforms take messages over for
people who never look, and report as delivered what lies in a folder. Only a read receipt is told as `reached`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from songda.gateways.errors import AlreadyDone, GiveUp
from songda.gateways.heard import Accepted, Heard, Known, fingerprint
from songda.gateways.reading import items, moment, rows, text
from songda.gateways.signing import verify_message
from songda.gateways.wire import Endpoint, exchange

LONGEST_TEXT = 600


@dataclass(frozen=True, slots=True)
class AccountConfig:
    """The provider we use."""

    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class AccountMessage:
    """One message under our key. `template` names the approved one; the card shows title and text, and opens `link`,
    which is empty where the message brings no papers."""

    key: str
    platform: str
    account: str = field(repr=False)
    template: str
    title: str = field(repr=False)
    text: str = field(repr=False)
    link: str = field(default="", repr=False)


def send(config: AccountConfig, message: AccountMessage) -> Accepted:
    """Hand one message to the provider.

    Raises AlreadyDone(Accepted) where the key was sent before; GiveUp where the account is not known or has blocked the
    court (its `reason` is one of `REFUSALS`), or where the message can never be sent.
    """
    if not message.account or len(message.text) > LONGEST_TEXT:
        raise GiveUp("no account, or text too long")
    said = {
        "key": message.key,
        "platform": message.platform,
        "openId": _open_id(config, message),
        "template": message.template,
        "title": message.title,
        "text": message.text,
        "link": message.link,
    }
    reply = exchange(config.endpoint, "POST", "/accounts/messages", said)
    accepted = _judged(reply.body)
    if reply.status == 409:
        raise AlreadyDone(accepted)
    return accepted


def _open_id(config: AccountConfig, message: AccountMessage) -> str:
    """What the platform calls this account towards the court. It travels in a body: addresses are kept in logs."""
    asked = {"platform": message.platform, "account": message.account}
    found = text(exchange(config.endpoint, "POST", "/accounts/openids", asked).body, "openId")
    if not found:
        raise GiveUp("no_such_account")
    return found


def _judged(body: Mapping[str, Any]) -> Accepted:
    """What the provider answered. Raises GiveUp unless it took the message over; an answer we have no row for is no
    success."""
    row = _table("account_answers.csv").get(text(body, "status"))
    reference = text(body, "messageId")
    if row is None:
        raise GiveUp("unknown answer")
    if row["reason"] or not reference:
        raise GiveUp(row["reason"] or "not taken over")
    return Accepted(reference, {"status": row["code"]})


def look_up(config: AccountConfig, key: str) -> Known | None:
    """What became of a key; None where the provider never heard of it. Raises GiveUp where it refused the message."""
    reply = exchange(config.endpoint, "GET", f"/accounts/messages/{quote(key, safe='')}")
    if reply.status == 404:
        return None
    return Known(_judged(reply.body).reference, tuple(translate_receipts(reply.body.get("receipts") or [])))


def verify_callback(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """The id of a genuine callback; raises BadSignature for any other."""
    return verify_message(secret, headers, body)


def translate_receipts(payload: object) -> list[Heard]:
    """Receipts in our words: `message.reached` for a read one, or `message.failed` with its reason."""
    return [_receipt(one) for one in items(payload, "receipts", "data")]


def _receipt(one: Mapping[str, Any]) -> Heard:
    code = text(one, "status").lower()
    row = _table("account_receipts.csv").get(code)
    reference, key, at = text(one, "messageId"), text(one, "key"), text(one, "reportTime")
    detail: dict[str, Any] = {"channel": "account", "code": code}
    if row and row["reason"]:
        detail["reason"] = row["reason"]
    return Heard(
        key=key,
        fact=(row["fact"] or None) if row else None,
        happened_at=moment(at),
        detail=detail,
        reference=reference,
        event=fingerprint("account", reference or key, code),
        unknown=row is None,
    )


def _table(name: str) -> dict[str, Mapping[str, str]]:
    return {row["code"]: row for row in rows(name)}


# Why a provider refuses a message at once, as a failed message says it.
REFUSALS = frozenset(row["reason"] for row in rows("account_answers.csv") if row["reason"])
