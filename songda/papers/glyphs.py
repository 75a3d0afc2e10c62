"""Which characters our fonts can print, so that a rare name is flagged at intake and never comes out as a box."""

import unicodedata
from functools import cache

from fontTools.ttLib import TTFont

from songda.papers import fonts

# Characters nobody sees, or that turn the reading order of a line round: they could make one name look like another.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@cache
def covered() -> frozenset[int]:
    """The code points for which some loaded font has a glyph."""
    points: set[int] = set()
    for path in fonts.files():
        with TTFont(path, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


def missing(text: str) -> list[str]:
    """The characters of `text` that cannot be printed, each once, in the order they first occur."""
    return [character for character in dict.fromkeys(text) if not _prints(character)]


def printable(text: str) -> str:
    """`text` with what cannot be printed spelled out as 〔U+2C386〕: legible, exact, and never silently lost.

    Line breaks stay; tabs become spaces.
    """
    text = text.replace("\r\n", "\n").replace("\t", " ")
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if character == "\n" or _prints(character) else _named(character) for character in text)


@cache
def _prints(character: str) -> bool:
    return ord(character) in covered() and unicodedata.category(character) not in _UNSEEN


def _named(character: str) -> str:
    return f"〔U+{ord(character):04X}〕"
