"""Where the type comes from: folders named here, never the machine's own fonts, so that paper is alike everywhere."""

import os
from functools import cache
from pathlib import Path

import typst

_CHECKOUT = Path(__file__).resolve().parents[2]
_BUILT = _CHECKOUT / "build" / "assets" / "fonts"
_PACKAGES = _CHECKOUT / "node_modules" / "@expo-google-fonts"
_WEIGHTS = (
    "noto-serif-sc/400Regular",
    "noto-serif-sc/700Bold",
    "noto-sans-sc/400Regular",
    "noto-sans-sc/700Bold",
)


class NoFonts(RuntimeError):
    """No folder of fonts was found; a court paper is never set in whatever type a machine happens to have."""


def folders() -> tuple[Path, ...]:
    """The folders that hold the type: `SONGDA_FONTS` (several joined as in PATH), else the checkout's own.

    A court that owns 仿宋_GB2312 or 方正小标宋 adds its folder to `SONGDA_FONTS`; the templates prefer those families.
    """
    named = os.environ.get("SONGDA_FONTS")
    if named:
        return _holding_fonts([Path(name) for name in named.split(os.pathsep) if name])
    if any(_BUILT.rglob("*.[to]tf")):
        return (_BUILT,)
    return _holding_fonts([_PACKAGES / weight for weight in _WEIGHTS])


def files() -> tuple[Path, ...]:
    """Every font file of the folders, in a fixed order."""
    return tuple(sorted(path for folder in folders() for path in folder.rglob("*.[to]tf")))


@cache
def loaded() -> typst.Fonts:
    """The fonts as the typesetter wants them, read once in a process."""
    paths = [str(folder) for folder in folders()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)


def _holding_fonts(candidates: list[Path]) -> tuple[Path, ...]:
    missing = [str(path) for path in candidates if not any(path.rglob("*.[to]tf"))]
    if missing:
        raise NoFonts(f"no fonts in {', '.join(missing)}; set SONGDA_FONTS or run `make assets`")
    return tuple(candidates)
