"""Say whether two addresses are the same place, one part of the other or near it, or different places.

Equal keys decide at once. Otherwise a small learnt model does: a linear part and shallow trees over the figures of
`likeness`, kept as plain numbers in `data/match.json` and added up here, so that each verdict can name its reasons.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import exp
from typing import Any, Literal

from songda.finding.addresses.address import Address
from songda.finding.addresses.divisions import DATA
from songda.finding.addresses.keys import same_detail
from songda.finding.addresses.likeness import likeness
from songda.finding.addresses.reading import parse

Relation = Literal["same", "part", "different"]
RELATIONS: tuple[Relation, ...] = ("different", "part", "same")

# What to tell a person about a figure: when it speaks for being alike, and against.
TELL = {
    "county": ("区县一致", "区县不同"),
    "town": ("乡镇街道一致", "乡镇街道不同"),
    "road": ("道路名称相近", "道路名称不同"),
    "number": ("门牌号一致", "门牌号不同"),
    "building": ("楼栋一致", "楼栋不同"),
    "room": ("房号一致", "房号不同"),
    "place": ("地点名称相近", "地点名称不同"),
    "core": ("地点名称相近", "地点名称不同"),
    "digits": ("数字相符", "数字不符"),
    "telling": ("关键文字相符", "关键文字不符"),
}
_ALIKE_FROM = {"road": 0.8, "place": 0.7, "core": 0.7, "digits": 0.6, "telling": 0.6}
MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Match:
    """`score` runs from 0 (different) over 0.5 (part) to 1 (same); `chances` in the order different, part, same."""

    relation: Relation
    score: float
    reasons: tuple[str, ...]
    chances: tuple[float, float, float]

    def as_json(self) -> dict[str, Any]:
        """What `songda address match` prints."""
        return {"relation": self.relation, "score": round(self.score, 4), "reasons": list(self.reasons)}


@dataclass(frozen=True, slots=True)
class Model:
    """The learnt numbers; every tree is nodes of (figure, threshold, left, right, mean of what lies below)."""

    names: tuple[str, ...]
    rarity: dict[str, float]
    mean: list[float]
    scale: list[float]
    coefficients: list[list[float]]
    intercepts: list[float]
    start: list[float]
    trees: list[list[list[list[float]]]]
    weights: list[float]


@cache
def _model() -> Model:
    stored = json.loads((DATA / "match.json").read_text(encoding="utf-8"))
    return Model(names=tuple(stored.pop("names")), **stored)


def _softmax(values: list[float]) -> list[float]:
    top = max(values)
    powers = [exp(value - top) for value in values]
    return [power / sum(powers) for power in powers]


def _leaf(tree: list[list[float]], row: list[float]) -> Iterator[tuple[int, float]]:
    """The way down a tree: each figure asked and by how much the answer moved the sum; the root's mean comes first."""
    yield -1, tree[0][4]
    at = 0
    while tree[at][0] >= 0:
        figure, threshold, left, right, mean = tree[at]
        at = int(left if row[int(figure)] <= threshold else right)
        yield int(figure), tree[at][4] - mean


def _linear(model: Model, row: list[float]) -> list[list[float]]:
    standard = [(value - mean) / scale for value, mean, scale in zip(row, model.mean, model.scale, strict=True)]
    return [[c * z for c, z in zip(line, standard, strict=True)] for line in model.coefficients]


def _sums(model: Model, row: list[float]) -> tuple[list[float], list[list[float]]]:
    """The chances of each relation, and how much each figure moved each of them."""
    moved = _linear(model, row)
    linear = [sum(line) + start for line, start in zip(moved, model.intercepts, strict=True)]
    grown = list(model.start)
    for stage in model.trees:
        for relation, tree in enumerate(stage):
            for figure, change in _leaf(tree, row):
                grown[relation] += change
                if figure >= 0:
                    moved[relation][figure] += change
    pairs = zip(_softmax(linear), _softmax(grown), model.weights, strict=True)
    weighted = [(a + b) * weight for a, b, weight in pairs]
    return [value / sum(weighted) for value in weighted], moved


def _reasons(figures: dict[str, float], moved: list[float]) -> tuple[str, ...]:
    strength = dict(zip(figures, map(abs, moved), strict=True))
    told = sorted((name for name in TELL if _tells(name, figures[name])), key=lambda name: -strength[name])
    words = (TELL[name][figures[name] < _ALIKE_FROM.get(name, 0)] for name in told)
    return tuple(dict.fromkeys(words))[:MOST_REASONS]


def _tells(name: str, value: float) -> bool:
    """Zero says nothing of fields that agree or differ; below zero nothing of likenesses."""
    return value >= 0 if name in _ALIKE_FROM else value != 0


def _cities_apart(a: Address, b: Address) -> bool:
    """Both say their city, and not the same one; a guessed city says nothing."""
    said = all(x.city and "city" not in x.guessed for x in (a, b))
    return said and a.code[:4] != b.code[:4]


def match(a: str | Address, b: str | Address) -> Match:
    """Compare two addresses, read or not."""
    first = a if isinstance(a, Address) else parse(a)
    second = b if isinstance(b, Address) else parse(b)
    if same_detail(first, second):
        return Match("same", 1.0, ("地址归一后一致",), (0.0, 0.0, 1.0))
    if _cities_apart(first, second):
        return Match("different", 0.0, ("城市不同",), (1.0, 0.0, 0.0))
    model = _model()
    figures = likeness(first, second, lambda pair: model.rarity.get(pair, 1.0))
    chances, moved = _sums(model, list(figures.values()))
    best = max(range(3), key=chances.__getitem__)
    score = chances[2] + chances[1] / 2
    return Match(RELATIONS[best], score, _reasons(figures, moved[best]), (chances[0], chances[1], chances[2]))
