"""What several papers have in common: the case, the papers served, who signed, what happened, what it started."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """The court and the case, as a heading shows them."""

    court: str
    number: str | None
    cause: str = ""
    """案由, such as 民间借贷纠纷."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One document served: its name, how many copies, and its SHA-256 (hex) where it is on file."""

    name: str
    copies: int = 1
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph or a drawn signature: PNG, JPEG or WebP bytes, with what it shows."""

    data: bytes
    caption: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who took the papers and how they signed. `signer` is a code of `words.SIGNERS`."""

    name: str
    signer: str
    received_on: date | None
    id_number: str = ""
    signature: bytes = b""
    relation: str = ""
    """Printed instead of the code's name where more is known, such as 同住成年家属（妻子）."""
    signature_gone: str = ""
    """Printed in the signature's place where retention law had it deleted."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact in the course of a service: when it happened, when we learnt it, who says so, what it was."""

    happened_at: datetime
    learnt_at: datetime
    by: str
    what: str


@dataclass(frozen=True, slots=True)
class LastDay:
    """A period that service started. `name` is a code of `words.PERIODS`."""

    name: str
    last_day: date
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Who at the court answers questions about a paper."""

    name: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""


def listed(names: Iterable[str]) -> str:
    """Names in a row, as Chinese writes them."""
    return "、".join(names)
