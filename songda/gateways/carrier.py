"""Court mail (法院专递): orders out, scans in.

The order interface is signed JSON in the style of the carrier's open platform; what scans mean is in `scans`. A court's
letter is finished only when its result code, the image of its receipt and its closing are all there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from songda.gateways.errors import AlreadyDone, GiveUp, TryAgain
from songda.gateways.heard import Accepted, Known
from songda.gateways.numbers import is_waybill
from songda.gateways.reading import text
from songda.gateways.scans import because_of_return, translate_scan, translate_scans
from songda.gateways.signing import verify_message
from songda.gateways.wire import Endpoint, exchange, hand_over

__all__ = [
    "CarrierConfig",
    "CarrierOrder",
    "Correspondent",
    "because_of_return",
    "cancel",
    "look_up",
    "order",
    "tell_handover",
    "translate_scan",
    "translate_scans",
    "verify_callback",
]


@dataclass(frozen=True, slots=True)
class CarrierConfig:
    """The carrier's open platform and the customer account that is billed."""

    endpoint: Endpoint
    account: str


@dataclass(frozen=True, slots=True)
class Correspondent:
    """The one who sends or the one who is to receive."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    phone: str = field(default="", repr=False)
    postcode: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class CarrierOrder:
    """One letter under our key. `site` is the print site that hands it over; the receipt names the `contents`."""

    key: str
    sender: Correspondent
    recipient: Correspondent
    pages: int
    weight_g: int
    site: str
    kind: str = "person"
    case_number: str = field(default="", repr=False)
    contents: tuple[str, ...] = ()
    # "site": the site hands it over without a list; "manifest": it is on its way once a list was told.
    handover: str = "site"

    def as_message(self) -> dict[str, Any]:
        """The order in the carrier's words."""
        return {
            "key": self.key,
            "bizProductNo": "court_mail",
            "sender": _correspondent(self.sender),
            "receiver": _correspondent(self.recipient) | {"kind": self.kind},
            "cargo": {"pages": self.pages, "weight": self.weight_g, "contents": list(self.contents)},
            "caseNumber": self.case_number,
            "site": self.site,
            "receiptRequired": True,
            "handover": self.handover,
        }


def _correspondent(one: Correspondent) -> dict[str, str]:
    return {
        "name": one.name,
        "address": one.address,
        "mobile": one.phone,
        "postCode": one.postcode,
        "division": one.division,
    }


def order(config: CarrierConfig, letter: CarrierOrder) -> Accepted:
    """Ask for a letter to be carried; `reference` is its waybill number.

    Raises AlreadyDone(Accepted) where the key was ordered before: its waybill is the first one's.
    """
    if letter.pages < 1 or letter.weight_g < 1:
        raise GiveUp("a letter has pages and weight")
    message = letter.as_message() | {"account": config.account}
    try:
        return _with_good_number(hand_over(config.endpoint, "/carrier/orders", message, "waybillNo"))
    except AlreadyDone as known:
        raise AlreadyDone(_with_good_number(known.reply)) from None


def _with_good_number(reply: object) -> Accepted:
    if not isinstance(reply, Accepted) or not is_waybill(reply.reference):
        raise GiveUp("carrier's number is no waybill number")
    return reply


def cancel(config: CarrierConfig, key: str) -> None:
    """Withdraw an order; raises GiveUp where the letter is already on its way or nobody knows it."""
    reply = exchange(config.endpoint, "POST", f"/carrier/orders/{quote(key, safe='')}/cancel", {})
    if reply.status == 404:
        raise GiveUp("no such order")
    if reply.status == 409:
        raise GiveUp("already on its way")


def tell_handover(config: CarrierConfig, key: str, manifest: str) -> Accepted:
    """Tell the carrier that the letter was handed to its people, on which list; told twice is told once.

    Raises GiveUp where nobody knows the key.
    """
    path = f"/carrier/orders/{quote(key, safe='')}/handover"
    reply = exchange(config.endpoint, "POST", path, {"manifest": manifest})
    if reply.status == 404:
        raise GiveUp("no such order")
    return Accepted(manifest)


def look_up(config: CarrierConfig, key: str) -> Known | None:
    """What became of a key, all its scans oldest first; None where the carrier never heard of it."""
    reply = exchange(config.endpoint, "GET", f"/carrier/orders/{quote(key, safe='')}")
    if reply.status == 404:
        return None
    waybill = text(reply.body, "waybillNo")
    if not waybill:
        raise TryAgain("answer names no waybill")
    heard = translate_scans(reply.body.get("responseItems") or [])
    return Known(waybill, tuple(sorted(heard, key=lambda one: one.happened_at)))


def verify_callback(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """The id of a genuine callback; raises BadSignature for any other."""
    return verify_message(secret, headers, body)
