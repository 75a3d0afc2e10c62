"""What a fact carries: service (an effect), or nothing though it looks like it (turned away, with the reason)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .articles import Article
from .explanation import Bar
from .situation import Fact


@dataclass(frozen=True, slots=True)
class Effect:
    """A fact that serves on `day`. `basis` is what a rebuttal aims at; `said` names the fact in Chinese."""

    result: str
    method: str
    day: date
    fact: Fact
    articles: tuple[Article, ...]
    said: str
    basis: str
    rebuttable: bool = False


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A fact that serves nobody, why, and the article's code."""

    fact: Fact
    said: str
    why: str
    article: str


Carried = Iterator[Effect | TurnedAway]


def turned_away(fact: Fact, said: str, bar: Bar) -> TurnedAway:
    return TurnedAway(fact, said, bar.why, bar.article)
