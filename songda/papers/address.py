"""送达地址确认书: the address a party gives, what the court told them, and their confirmation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from songda.papers import barcodes, words
from songda.papers.parts import Matter
from songda.papers.render import plain, render

PROCEDURES = ("第一审程序", "第二审程序", "审判监督程序", "执行程序")
"""What a confirmation may cover; it carries on unless changed in writing (民诉法解释 137)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedReceiver:
    """指定代收人: whose signature counts as the recipient's own (法释〔2004〕13号 7)."""

    name: str
    relation: str
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectronicAddress:
    """An electronic address a party gives. `channel` is a code of `words.CHANNELS`."""

    channel: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressConfirmation:
    """送达地址确认书 with the items of 法发〔2017〕19号 1-3 and 法释〔2004〕13号 4."""

    matter: Matter
    serial: str
    made_at: datetime
    verify_url: str
    party: str
    role: str
    """Such as 被告."""
    address: str
    postcode: str
    phone: str
    id_number: str = ""
    consent: bool | None = None
    """Whether electronic service is agreed to; None where the party has not said."""
    electronic: tuple[ElectronicAddress, ...] = ()
    receiver: NamedReceiver | None = None
    agent: str = ""
    """The litigation agent who confirms; the agent's address counts as the party's (法发〔2017〕19号 2)."""
    confidential: bool = False
    scope: tuple[str, ...] = PROCEDURES
    signature: bytes = b""
    confirmed_on: date | None = None
    clerk: str = ""


def address_confirmation(paper: AddressConfirmation) -> bytes:
    """送达地址确认书 as PDF: filled and signed, or with the signature left to the pen."""
    data = {
        **plain(paper),
        "electronic": [_electronic(each) for each in paper.electronic],
        "procedures": [{"name": each, "covered": each in paper.scope} for each in PROCEDURES],
        "qr": barcodes.qr(paper.verify_url),
    }
    return render("address_confirmation", data, made_at=paper.made_at)


def _electronic(address: ElectronicAddress) -> dict[str, Any]:
    return {"channel": words.CHANNELS[address.channel], "value": plain(address.value)}
