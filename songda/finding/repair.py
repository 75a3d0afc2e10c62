"""Mending a telephone number that cannot be right, or at which nothing arrives: what it may have been meant to be.

Nothing is guessed out of the air: a proposal is the same digits read properly, one superfluous or swapped digit put
right where only a valid number comes of it, or another number known of the same person that differs by a slip.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from songda.filing import identity

# Letters people write, or a scan reads, for digits.
_LIKE_DIGITS = str.maketrans("oOlI|sSbB", "001115588")
# So many slips of the pen may lie between two writings of one number.
_SLIPS = 2
_MOBILE = 11
_MOST = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A number that may have been meant, and why."""

    value: str
    because: str


def compact(value: str) -> str:
    """The number as digits: full-width forms narrowed, look-alike letters read as digits, China's code taken off."""
    narrow = unicodedata.normalize("NFKC", value).translate(_LIKE_DIGITS)
    digits = re.sub(r"\D", "", narrow)
    return re.sub(r"^(?:0086|86)(?=1\d{10})", "", digits)


def is_mobile(value: str) -> bool:
    """Whether text messages can be sent to it."""
    try:
        return identity.phone(value).takes_messages
    except identity.NotValid:
        return False


def is_number(value: str) -> bool:
    """Whether there may be such a number at all."""
    try:
        identity.phone(value)
    except identity.NotValid:
        return False
    return True


def wrong_with(value: str) -> str:
    """What is wrong with the number by its form alone; empty where nothing is."""
    if is_number(value):
        return ""
    digits = compact(value)
    if digits.startswith("1") and len(digits) != _MOBILE:
        return f"手机号应为{_MOBILE}位，这里有{len(digits)}位"
    if len(digits) == _MOBILE and digits.startswith("1"):
        return f"没有以{digits[:3]}开头的手机号"
    return "号码不存在，请核对区号和位数"


def proposals(value: str, others: Iterable[str]) -> list[Proposal]:
    """What the number may have been meant to be, the surest first. `others` are numbers known of the same person."""
    found: dict[str, str] = {}
    for number, because in (*_read_again(value), *_like(value, others), *_mended(compact(value))):
        if number != value and is_number(number):
            found.setdefault(number, because)
    return [Proposal(number, because) for number, because in found.items()][:_MOST]


def _read_again(value: str) -> Iterator[tuple[str, str]]:
    yield compact(value), "去掉多余的符号，把形近的字母读作数字"


def _like(value: str, others: Iterable[str]) -> Iterator[tuple[str, str]]:
    digits = compact(value)
    near = sorted((OSA.distance(digits, compact(one), score_cutoff=_SLIPS), one) for one in set(others))
    for distance, one in near:
        if 0 < distance <= _SLIPS:
            yield one, f"与该人的另一个号码只差{distance}处"


def _mended(digits: str) -> Iterator[tuple[str, str]]:
    if len(digits) == _MOBILE + 1:
        for place in range(len(digits)):
            if place and digits[place] == digits[place - 1]:
                yield digits[:place] + digits[place + 1 :], "多写了一位重复的数字"
    if len(digits) == _MOBILE and not is_number(digits):
        # Only the prefix is checked by anybody: a swap further on cannot be seen.
        for place in (0, 1, 2):
            swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
            yield swapped, f"第{place + 1}、{place + 2}位可能写反了"
