"""What the law answers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a method may not be used, now or ever, and the article that says so."""

    why: str
    article: str


@dataclass(frozen=True, slots=True)
class MethodVerdict:
    method: str
    barred: Bar | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result of service. `method` is None only where nothing served: a payment order that lapsed."""

    result: str
    method: str | None
    effective_on: date
    articles: tuple[str, ...]
    rebuttable: bool


@dataclass(frozen=True, slots=True)
class Period:
    name: str
    last_day: date
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`explanation` is one Chinese sentence naming the facts and the articles."""

    step: str
    allowed_methods: tuple[MethodVerdict, ...]
    outcome: Outcome | None
    periods: tuple[Period, ...]
    explanation: str
