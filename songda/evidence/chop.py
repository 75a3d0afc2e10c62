"""The court's round red chop (印章) as lines to draw: letters become outlines, so the paper needs no font for it."""

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

# 42 mm, the diameter of a court's chop, in points.
DIAMETER = 119.06
_RED = "0.78 0.06 0.06"
_RIM = 3.4
_NAME_HEIGHT, _LEGEND_SIZE = 15.0, 10.5
_ARC = math.radians(250)
# How far four Bézier curves reach to make a circle of radius one.
_KAPPA = 0.5522847498


class _Outline(BasePen):  # type: ignore[misc]
    """Collects a glyph's outline as PDF path operators."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.path: list[str] = []

    def _moveTo(self, to: tuple[float, float]) -> None:  # noqa: N802  the library's name
        self.path.append(f"{to[0]:g} {to[1]:g} m")

    def _lineTo(self, to: tuple[float, float]) -> None:  # noqa: N802
        self.path.append(f"{to[0]:g} {to[1]:g} l")

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.path.append(" ".join(f"{x:g} {y:g}" for x, y in points) + " c")

    def _closePath(self) -> None:  # noqa: N802
        self.path.append("h")


@lru_cache(maxsize=64)
def draw(name: str, legend: str, font: Path) -> bytes:
    """PDF drawing operators for a square of `DIAMETER` points: rim, star, the name on an arc, the legend below.

    Raises `KeyError` where the font lacks a character.
    """
    with TTFont(font, lazy=True) as face:
        parts = [f"{_RED} rg {_RED} RG", _rim(), _star(), *_around(name, face), *_below(legend, face)]
    return "\n".join(parts).encode()


def _rim() -> str:
    middle, radius = DIAMETER / 2, (DIAMETER - _RIM) / 2
    reach = radius * _KAPPA
    quarters = []
    for turn in range(4):
        cos, sin = round(math.cos(turn * math.pi / 2)), round(math.sin(turn * math.pi / 2))
        points = [(radius, reach), (reach, radius), (0.0, radius)]
        turned = [(middle + x * cos - y * sin, middle + x * sin + y * cos) for x, y in points]
        quarters.append(" ".join(f"{x:.2f} {y:.2f}" for x, y in turned) + " c")
    return f"{_RIM} w {middle + radius:.2f} {middle:.2f} m {' '.join(quarters)} h S"


def _star() -> str:
    middle, radius = DIAMETER / 2, 17.0
    # Every second corner in turn; filled by the nonzero rule the five lines make a star.
    corners = [math.pi / 2 + turn * 4 * math.pi / 5 for turn in range(5)]
    points = [f"{middle + radius * math.cos(a):.2f} {middle + radius * math.sin(a):.2f}" for a in corners]
    return f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:]) + " h f"


def _around(name: str, face: TTFont) -> list[str]:
    """The name clockwise on the upper arc, each character upright to the rim."""
    radius = DIAMETER / 2 - _RIM - 2.5 - _NAME_HEIGHT
    step = min(_ARC / max(len(name) - 1, 1), math.radians(34))
    # A long name is cut narrower, as engravers do, and stays as tall.
    width = min(_NAME_HEIGHT, radius * step)
    drawn = []
    for place, character in enumerate(name):
        angle = math.pi / 2 + step * ((len(name) - 1) / 2 - place)
        x, y = DIAMETER / 2 + radius * math.cos(angle), DIAMETER / 2 + radius * math.sin(angle)
        drawn.append(_glyph(character, face, at=(x, y), turn=angle - math.pi / 2, size=(width, _NAME_HEIGHT)))
    return drawn


def _below(legend: str, face: TTFont) -> list[str]:
    left = DIAMETER / 2 - _LEGEND_SIZE * (len(legend) - 1) / 2
    return [
        _glyph(character, face, at=(left + place * _LEGEND_SIZE, 20.0), turn=0.0, size=(_LEGEND_SIZE, _LEGEND_SIZE))
        for place, character in enumerate(legend)
    ]


def _glyph(character: str, face: TTFont, *, at: tuple[float, float], turn: float, size: tuple[float, float]) -> str:
    """One character of a width and a height, the middle of its foot at a point, turned about it."""
    glyphs, name = face.getGlyphSet(), face.getBestCmap()[ord(character)]
    pen = _Outline(glyphs)
    glyphs[name].draw(pen)
    wide, tall = (length / face["head"].unitsPerEm for length in size)
    cos, sin, half = math.cos(turn), math.sin(turn), glyphs[name].width / 2
    x, y = at[0] - half * wide * cos, at[1] - half * wide * sin
    matrix = f"{cos * wide:.6f} {sin * wide:.6f} {-sin * tall:.6f} {cos * tall:.6f} {x:.3f} {y:.3f} cm"
    return f"q {matrix} {' '.join(pen.path)} f Q"
