"""Personal data in free text: numbers and names that nobody has to read to work, found and hidden on the screen.

The text itself is kept whole and encrypted; who gives a reason reads it whole.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from songda.filing.accounts import PLATFORMS, Platform
from songda.lib import masking

# Full-width digits are digits: one letter for one letter, so that places stay.
_NARROW = str.maketrans("０１２３４５６７８９－＋＠．", "0123456789-+@.")


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of personal data: what it is called, how it looks, how it is masked. Where the look has a group `it`, only
    that is hidden."""

    label: str
    looks: re.Pattern[str]
    mask: Callable[[str], str]


# Letters and digits beside it make it something else: a digest, a parcel's number.
_ALONE = r"(?<![0-9A-Za-z])(?:{})(?![0-9A-Za-z])"


_DAY = r"(?:19|20)\d\d[年./-]\d"


def _account_at(platform: Platform) -> Sort:
    """A name says nothing by itself; written after its platform it is somebody's account."""
    words = "|".join(re.escape(word) for word in sorted((platform.label, *platform.words), key=len, reverse=True))
    looks = rf"(?:{words})(?:账号|账户|号)?[\s：:是为]*(?!{_DAY})(?P<it>{platform.looks})(?![0-9A-Za-z年月日])"
    return Sort("账号", re.compile(looks, re.ASCII | re.IGNORECASE), masking.account)


SORTS: tuple[Sort, ...] = (
    *(_account_at(platform) for platform in PLATFORMS.values()),
    Sort("电子邮箱", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), masking.email),
    Sort("证件号码", re.compile(_ALONE.format(r"(?:\d[ -]?){17}[\dXx]"), re.ASCII), masking.id_number),
    Sort("银行卡号", re.compile(_ALONE.format(r"(?:\d[ -]?){15,18}\d"), re.ASCII), masking.id_number),
    Sort(
        "证件号码",
        re.compile(_ALONE.format(r"\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"), re.ASCII),
        masking.id_number,
    ),
    Sort(
        "电话",
        re.compile(_ALONE.format(r"(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"), re.ASCII),
        masking.phone,
    ),
    Sort("电话", re.compile(_ALONE.format(r"0\d{2,3}[ -]?\d{7,8}"), re.ASCII), masking.phone),
    Sort("证件号码", re.compile(_ALONE.format(r"[A-Z]{1,2}\d{8}"), re.ASCII), masking.id_number),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of personal data in a text: from where to where, of which sort."""

    start: int
    end: int
    sort: Sort


def find(text: str) -> list[Found]:
    """Numbers and addresses of people in this text, in order; none overlaps another."""
    plain = text.translate(_NARROW)
    found: list[Found] = []
    for sort in SORTS:
        for match in sort.looks.finditer(plain):
            start, end = match.span("it" if "it" in sort.looks.groupindex else 0)
            if all(end <= one.start or one.end <= start for one in found):
                found.append(Found(start, end, sort))
    return sorted(found, key=lambda one: one.start)


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text with the middles of numbers hidden, and of these people's names all but the first letter."""
    return _names_masked(_replaced(text, lambda one, piece: one.sort.mask(piece)), names)


def stripped(text: str, names: Iterable[str] = ()) -> str:
    """The text without them: what stands in their place says only what was there."""
    text = _replaced(text, lambda one, _: f"［{one.sort.label}］")
    for name in _longest_first(names):
        text = text.replace(name, "［姓名］")
    return text


def _replaced(text: str, put: Callable[[Found, str], str]) -> str:
    parts, at = [], 0
    for one in find(text):
        parts += [text[at : one.start], put(one, text[one.start : one.end])]
        at = one.end
    return "".join([*parts, text[at:]])


def _names_masked(text: str, names: Iterable[str]) -> str:
    for name in _longest_first(names):
        text = text.replace(name, masking.name(name))
    return text


def _longest_first(names: Iterable[str]) -> list[str]:
    """So that 邓春 does not cut 邓春生 in two."""
    return sorted({name for name in names if len(name) > 1}, key=lambda name: (-len(name), name))
