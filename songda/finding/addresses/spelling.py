"""Typing errors in names of divisions: one wrong, missing, doubled or swapped character, or one that sounds alike."""

from functools import lru_cache

from rapidfuzz.distance import OSA


@lru_cache(maxsize=4096)
def _sound(name: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # takes a tenth of a second to load and is rarely needed

    return tuple(lazy_pinyin(name))


# Sounds that speakers of the south, and their keyboards, do not tell apart.
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


@lru_cache(maxsize=16384)
def _heard(char: str) -> str:
    """One character for all that sound alike: the first syllable heard gets the first, and so on."""
    if not "\u4e00" <= char <= "\u9fff":
        return char
    syllable = _sound(char)[0]
    for written, heard in _MERGED:
        syllable = syllable.replace(written, heard)
    return chr(_SYLLABLES + _numbers.setdefault("l" + syllable[1:] if syllable[0] == "n" else syllable, len(_numbers)))


_SYLLABLES = 0xF0000  # a private plane: no address holds these
_numbers: dict[str, int] = {}


def heard(text: str) -> str:
    """A text in which characters that sound alike are one, for comparing: 阎家嘴 and 闫家嘴 become equal."""
    return "".join(map(_heard, text))


@lru_cache(maxsize=4096)
def closest(written: str, names: tuple[str, ...]) -> str:
    """The one name that was probably meant, empty when none or several could be."""
    near = [name for name in names if _near(written, name)]
    if len(near) <= 1:
        return near[0] if near else ""
    alike = [name for name in near if _sound(name) == _sound(written)]
    return alike[0] if len(alike) == 1 else ""


def _near(written: str, name: str) -> bool:
    """One error in a name of three characters or more whose kind (区, 县, 市) is as written."""
    if written[-1] != name[-1] or min(len(written), len(name)) < 3:
        return False
    return OSA.distance(written, name, score_cutoff=1) <= 1
