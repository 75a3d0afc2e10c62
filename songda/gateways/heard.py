"""What a counterparty told us, translated into our words: the value that every translation returns."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing heard from outside.

    `key` is our own key where the counterparty repeats it, else empty. `fact` is a name of the vocabulary, or None
    where nothing of legal interest happened (a letter on the road). `unknown` says that the counterparty used a code
    we have no row for: it is kept as it came, and a person must look. `event` is the same for the same event told
    twice. `reference` is the counterparty's own number: a waybill, a message, a job.
    """

    key: str
    fact: str | None
    happened_at: datetime
    detail: Mapping[str, Any]
    reference: str = ""
    event: str = ""
    unknown: bool = False
    image: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A counterparty took our request over; it names it `reference`."""

    reference: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What became of a key: the counterparty's number for it, and all it has to tell so far, oldest first."""

    reference: str
    heard: tuple[Heard, ...] = ()


def fingerprint(*parts: object) -> str:
    """A short name for an event, equal for equal parts, so that a repeated callback is recognised."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]
