"""What a person says by an act: a fact with the person on it, or a refusal that says why."""

from collections.abc import Mapping
from typing import Any

from songda.courts.models import Person
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.lib import clock


class ActRefused(ValueError):
    """The act is not done; the message says why, `field` where the input is wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field


def said(
    person: Person,
    name: str,
    detail: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Told:
    """A fact that happens now because `person` says so."""
    return Told(name, clock.now(), Speaker.PERSON, str(person.id), detail, private, key)


def require(text: str, message: str) -> None:
    """Raises ActRefused with `message` where a reason says nothing."""
    if len(text.strip()) < 2:
        raise ActRefused(message, "reason")
