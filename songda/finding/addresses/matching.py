"""Say whether two addresses are the same place, one part of the other or near it, or different places.

Rules decide where they are sure: two divisions with nothing below them, the same door, two cities. Otherwise a small
learnt model does: a linear part and shallow trees over the figures of `likeness`, kept as plain numbers in
`data/match.json` and added up here, so that each verdict can name its reasons.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import exp
from operator import mul
from typing import Any, Literal, NamedTuple

from songda.finding.addresses.address import Address
from songda.finding.addresses.bearings import town_fits
from songda.finding.addresses.divisions import DATA
from songda.finding.addresses.keys import another_door, rooms_differ, same_door
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


ONE_OF_SEVERAL = 0.9  # 朝阳区 is 北京市朝阳区 by name, if not another city's
_SAME_DOOR = Match("same", 1.0, ("地址归一后一致",), (0.0, 0.0, 1.0))
_OTHER_DOOR = Match("part", 0.5, ("同一地点，楼栋、单元或房号不同",), (0.0, 1.0, 0.0))
_PART_OF_DIVISION = Match("part", 0.5, ("行政区划一大一小，大的包含小的",), (0.0, 1.0, 0.0))
_OTHER_DIVISION = Match("different", 0.0, ("行政区划不同",), (1.0, 0.0, 0.0))
_OTHER_COUNTY = Match("different", 0.0, ("对方的区县没有这个乡镇",), (1.0, 0.0, 0.0))
_OTHER_CITY = Match("different", 0.0, ("城市不同",), (1.0, 0.0, 0.0))


class Node(NamedTuple):
    """A question about one figure and where each answer leads; a leaf leads nowhere. `mean` is of what lies below."""

    figure: int
    threshold: float
    left: "Node | None"
    right: "Node | None"
    mean: float


@dataclass(frozen=True, slots=True)
class Model:
    """The learnt numbers; `trees` holds the roots of each relation's trees."""

    names: tuple[str, ...]
    rarity: dict[str, float]
    mean: list[float]
    scale: list[float]
    coefficients: list[list[float]]
    intercepts: list[float]
    start: list[float]
    trees: tuple[tuple[Node, ...], ...]
    trees_share: float
    weights: list[float]


def _grown(stored: list[list[float]], at: int = 0) -> Node:
    """A tree from its list of nodes, linked so that walking it looks nothing up."""
    figure, threshold, left, right, mean = stored[at]
    if figure < 0:
        return Node(-1, threshold, None, None, mean)
    return Node(int(figure), threshold, _grown(stored, int(left)), _grown(stored, int(right)), mean)


@cache
def _model() -> Model:
    stored = json.loads((DATA / "match.json").read_text(encoding="utf-8"))
    trees = tuple(tuple(map(_grown, relation)) for relation in zip(*stored.pop("trees"), strict=True))
    return Model(names=tuple(stored.pop("names")), trees=trees, **stored)


def _softmax(values: list[float]) -> list[float]:
    top = max(values)
    powers = [exp(value - top) for value in values]
    return [power / sum(powers) for power in powers]


def _reached(trees: Iterable[Node], row: list[float]) -> float:
    """The sum of what the leaves say that a row falls into."""
    total = 0.0
    for root in trees:
        figure, threshold, left, right, mean = root
        while left:
            figure, threshold, left, right, mean = left if row[figure] <= threshold else right  # type: ignore[misc]
        total += mean
    return total


def _chances(model: Model, row: list[float], standard: list[float]) -> list[float]:
    sums = (sum(map(mul, line, standard)) for line in model.coefficients)
    linear = [moved + start for moved, start in zip(sums, model.intercepts, strict=True)]
    grown = [start + _reached(trees, row) for start, trees in zip(model.start, model.trees, strict=True)]
    pairs = zip(_softmax(linear), _softmax(grown), model.weights, strict=True)
    weighted = [(a + model.trees_share * b) * weight for a, b, weight in pairs]
    return [value / sum(weighted) for value in weighted]


def _moved(model: Model, row: list[float], standard: list[float], relation: int) -> list[float]:
    """How much each figure moved the sums of one relation; each step down a tree counts by how it changed the mean."""
    moved = list(map(mul, model.coefficients[relation], standard))
    for root in model.trees[relation]:
        node = root
        while node.left and node.right:
            below = node.left if row[node.figure] <= node.threshold else node.right
            moved[node.figure] += below.mean - node.mean
            node = below
    return moved


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


def _division(address: Address) -> tuple[str, ...]:
    """The codes that an address may mean which says a division and nothing else; none where it says more, or less."""
    if address.below or address.zone or (address.town and not address.town_code):
        return ()
    code = address.town_code or address.code
    return (code,) if code else address.candidates


def _holds(larger: tuple[str, ...], smaller: tuple[str, ...]) -> bool:
    return any(code.startswith(larger) for code in smaller)


def _divisions_compared(a: tuple[str, ...], b: tuple[str, ...]) -> Match:
    if set(a) & set(b):
        sure = 1.0 if len(a) == len(b) == 1 else ONE_OF_SEVERAL
        return Match("same", sure, ("行政区划一致",), (0.0, 0.0, 1.0))
    return _PART_OF_DIVISION if _holds(a, b) or _holds(b, a) else _OTHER_DIVISION


def _in_division(division: tuple[str, ...], address: Address) -> bool:
    """A whole county, city or province beside something in it. A town is left to the model: labellers call a search
    that only found the town of a door no match, seven times in eight."""
    return len(division) == 1 and len(division[0]) <= 6 and address.code.startswith(division)


def settled(a: Address, b: Address) -> Match | None:
    """The verdict where a rule decides by itself, None where the model has to weigh."""
    division, other = _division(a), _division(b)
    if division and other:
        return _divisions_compared(division, other)
    if _in_division(division, b) or _in_division(other, a):
        return _PART_OF_DIVISION
    if same_door(a, b):
        return _SAME_DOOR
    if another_door(a, b):
        return _OTHER_DOOR
    if town_fits(a, b) < 0:
        return _OTHER_COUNTY
    return _OTHER_CITY if _cities_apart(a, b) else None


def match(a: str | Address, b: str | Address) -> Match:
    """Compare two addresses, read or not."""
    first = a if isinstance(a, Address) else parse(a)
    second = b if isinstance(b, Address) else parse(b)
    return settled(first, second) or _weighed(first, second)


def _weighed(a: Address, b: Address) -> Match:
    model = _model()
    figures = likeness(a, b, lambda pair: model.rarity.get(pair, 1.0))
    row = list(figures.values())
    standard = [(value - mean) / scale for value, mean, scale in zip(row, model.mean, model.scale, strict=True)]
    chances = _chances(model, row, standard)
    if rooms_differ(a, b):  # whatever the rest is like, another room is not the same place
        chances = [chances[0], chances[1] + chances[2], 0.0]
    best = max(range(3), key=chances.__getitem__)
    reasons = _reasons(figures, _moved(model, row, standard, best))
    return Match(RELATIONS[best], chances[2] + chances[1] / 2, reasons, (chances[0], chances[1], chances[2]))
