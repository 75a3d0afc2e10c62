"""What a door of the sandbox answers over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer: JSON where the body is an object, a page where it is text."""

    status: int
    body: Mapping[str, Any] | str
    headers: Mapping[str, str] = field(default_factory=dict)


def refused(status: int, code: str) -> Answer:
    """An error as providers write them."""
    return Answer(status, {"code": code})


def done_before(known: Mapping[str, Any]) -> Answer:
    """A key that was known: 409 with the first answer."""
    return Answer(409, known["answer"])
