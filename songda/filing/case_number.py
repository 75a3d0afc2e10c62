"""The grammar of 案号 (法〔2015〕137号): （year）+ court code + case-type code + serial + 号 [之一].

Numbers given before 2016, such as （2015）武侯民初字第1234号, are read too: their court part is a short name and
not a code. A number is kept in one written form, with full-width brackets and no spaces.
"""

import re
from dataclasses import dataclass
from functools import cache

from songda.filing.court_codes import TYPE_CODES

OPEN, CLOSE = "（(〔［[﹝【", "）)〕］]﹞】"
_GAP = r"[ \t　]*"
_DIGITS = str.maketrans("０１２３４５６７８９○〇", "012345678900")
_COURTS = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵黔云滇藏陕甘青宁新兵军"
_CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """One 案号 taken apart. `old_court` is the short name in a number from before 2016 and None in a later one."""

    year: int
    court_code: str
    case_type: str
    serial: str
    suffix: str = ""
    old_court: str | None = None

    def __str__(self) -> str:
        tail = f"号{self.suffix}"
        if self.old_court is not None:
            return f"（{self.year}）{self.old_court}{self.case_type}字第{self.serial}{tail}"
        return f"（{self.year}）{self.court_code}{self.case_type}{self.serial}{tail}"


class NotACaseNumber(ValueError):
    """The text is not a 案号; the message says so in Chinese, for the person who typed it."""


@cache
def _pattern() -> re.Pattern[str]:
    """New numbers by the closed list of type codes; old ones by 字第."""
    spaced = [_GAP.join(code) for code in sorted(TYPE_CODES, key=len, reverse=True)]
    head = rf"[{re.escape(OPEN)}]{_GAP}(?P<year>[12１２][\d○〇 ]{{3,6}}){_GAP}[{re.escape(CLOSE)}]{_GAP}"
    court = rf"(?P<court>最高法(?:知|委赔|商初|商终)?|[{_COURTS}]{_GAP}(?:\d{_GAP}){{0,4}})"
    new = rf"{court}{_GAP}(?P<type>{'|'.join(spaced)})"
    old = (
        rf"(?P<old_court>[一-鿿]{{0,8}}?){_GAP}"
        rf"(?P<old_type>[民刑行执知赔商经破催督保申][一-鿿]{{0,5}}){_GAP}字{_GAP}第?"
    )
    tail = rf"{_GAP}第?{_GAP}(?P<serial>\d[\d ]{{0,8}}){_GAP}号{_GAP}(?P<suffix>之{_GAP}[{_CHINESE}\d]{{1,3}})?"
    return re.compile(f"{head}(?:{new}|{old}){tail}")


def _squeeze(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "").translate(_DIGITS)


def _from_match(found: re.Match[str]) -> CaseNumber:
    old = found["old_type"] is not None
    return CaseNumber(
        year=int(_squeeze(found["year"])),
        court_code=_squeeze(found["court"]),
        case_type=_squeeze(found["type"] or found["old_type"]),
        serial=_squeeze(found["serial"]),
        suffix=_squeeze(found["suffix"]),
        old_court=_squeeze(found["old_court"]) if old else None,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A 案号 met in running text, with where it stands."""

    number: CaseNumber
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Every 案号 in a text, in order."""
    return [Found(_from_match(m), m.start(), m.end()) for m in _pattern().finditer(text)]


def parse(text: str) -> CaseNumber:
    """Read one 案号 and nothing else; raises `NotACaseNumber`."""
    found = _pattern().fullmatch(text.strip())
    if found is None:
        raise NotACaseNumber("案号格式不对，应如（2021）川0191民初1234号")
    return _from_match(found)


def normalise(text: str) -> str:
    """The one written form of a 案号: full-width brackets, half-width digits, no spaces; raises `NotACaseNumber`."""
    return str(parse(text))


_BRACKETS = str.maketrans(dict.fromkeys(OPEN, "（") | dict.fromkeys(CLOSE, "）"))
_PART = re.compile(
    rf"(?:（?(?P<year>[12]\d{{3}})(?:）|(?=[一-鿿])))?(?P<head>(?:[一-鿿]|[{_COURTS}]\d{{1,4}}(?=[一-鿿]))*?)(?:字第?|第)?"
    rf"(?P<serial>\d{{1,9}})(?:号(?P<suffix>(?:之[{_CHINESE}\d]{{1,3}})?))?"
)


@dataclass(frozen=True, slots=True)
class Part:
    """As much of a 案号 as somebody typed: always its whole serial, and what they knew of the rest."""

    year: str
    head: str
    serial: int
    suffix: str

    @property
    def pattern(self) -> str:
        """What a number in its written form looks like that has this part: a regular expression."""
        year = f"^（{self.year}）.*" if self.year else ""
        return f"{year}{self.head}(字第)?0*{self.serial}号{self.suffix}"


def part(text: str) -> Part | None:
    """The part that was typed, such as 初1234, 1234号 or (2026)川0191民初1234; None where there is no serial."""
    found = _PART.fullmatch(_squeeze(text).translate(_BRACKETS))
    if found is None:
        return None
    return Part(found["year"] or "", found["head"], int(found["serial"]), found["suffix"] or "")
