"""What is written can be read: WCAG 2.2 AA contrast for every pair of text and ground, by day and by night."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "songda/static/songda/tokens.css").read_text(encoding="utf-8")
DAY_SHEET, NIGHT_SHEET = TOKENS.split("@media (prefers-color-scheme: dark)")

_TINTED = ("ok", "warn", "danger", "info", "calm", "seal")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "link") for ground in ("ground", "surface", "surface-2")),
    *((tint, f"{tint}-ground") for tint in _TINTED),
    *(("ink", f"{tint}-ground") for tint in _TINTED),
    *((tint, "surface") for tint in ("seal", "danger", "warn", "ok")),
    *((tint, "surface-2") for tint in ("danger", "warn")),
    *((ink, bar) for ink in ("on-brand", "on-brand-2") for bar in ("brand", "brand-2")),
    ("on-action", "action"),
    ("on-action", "action-hover"),
    ("ink-2", "seal-ground"),
]
EDGES = [(edge, ground) for edge in ("line-strong", "focus") for ground in ("surface", "ground")]


def _colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", sheet))


DAY = _colours(DAY_SHEET)
NIGHT = {**DAY, **_colours(NIGHT_SHEET)}


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out_from_its_ground_by_four_and_a_half(palette: dict[str, str], ink: str, ground: str) -> None:
    assert _contrast(palette[ink], palette[ground]) >= 4.5


@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_stand_out_by_three(palette: dict[str, str], edge: str, ground: str) -> None:
    assert _contrast(palette[edge], palette[ground]) >= 3


def test_black_on_white_is_twenty_one_so_the_measure_itself_is_right() -> None:
    assert round(_contrast("#000000", "#ffffff"), 1) == 21.0
