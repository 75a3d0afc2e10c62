"""The top of a paper: which court, what kind of paper, which case."""

import re

from songda.filing import case_number
from songda.filing.extraction.words import KINDS, KINDS_BY_BODY

_COURT = re.compile(
    r"(?:^|\n)(?:中华人民共和国\n)?(?P<court>(?!审理|执行|受理|一审|原审)[一-鿿（）]{2,34}?(?:法院(?:[一-鿿]{2,8}(?:人民法庭|分院))?))(?=\n|$|，|[（(〔\[]\d)"
)
_COURT_INLINE = re.compile(r"^(?P<court>[一-鿿]{2,30}?(?:人民|互联网|金融|海事|知识产权|运输|军事|中级|专门|基层)法院)")
_ADDRESSED = re.compile(r"此致[，：\s]*(?P<court>[一-鿿]{2,34}?法院)")
_AT_FOOT = re.compile(r"\n(?P<court>[一-鿿]{2,30}法院)\n(?=二[〇○零]|\d{4}年)")
_OWN_NUMBER = re.compile(r"(?:案\s*号|受理|关于|审理|本院|执行|立案)[^。\n]{0,12}$")
_SEVERAL = re.compile(r"(\d{1,6})(?:[、，至-]\d{1,6})+(?=号)")
_TITLE = re.compile(r"^[一-鿿、（）()《》“”\d\s]{2,40}$")
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]$")


def court_of(head: str, text: str) -> str | None:
    """The court as its own heading or signature writes it, or as a pleading addresses it (此致)."""
    found = _COURT.search(head) or _COURT_INLINE.match(head) or _ADDRESSED.search(text) or _AT_FOOT.search(text)
    return found["court"] if found else None


def number_of(head: str, text: str, *, has_block: bool) -> str | None:
    """The paper's own case number: from its heading, or from a sentence that says which case this paper is about.

    Numbers of other judgments that the story mentions are never taken.
    """
    in_head = _first_of_heading(head)
    if in_head:
        return in_head
    for found in case_number.find(text):
        before = text[max(0, found.start - 20) : found.start]
        labelled = re.search(r"案\s*号[：:，\s]*$", before) is not None
        if labelled or (not has_block and _OWN_NUMBER.search(before)):
            return str(found.number)
    return None


def _first_of_heading(head: str) -> str | None:
    """The first number of the heading; cases heard together (3300、3457号) stay together."""
    several = _SEVERAL.search(head)
    found = case_number.find(_SEVERAL.sub(r"\1", head))
    if not found:
        return None
    number = str(found[0].number)
    return number.replace(f"{several[1]}号", f"{several[0]}号") if several else number


def title_of(head: str) -> str | None:
    """The line that names the kind of paper, without the court in front of it."""
    for line in head.split("\n"):
        words = _BRACKETED.sub("", line.strip())
        words = re.sub(r"^.{2,34}?法院(?=.)", "", words)
        if _TITLE.match(words) and any(re.search(pattern, words) for pattern, _ in KINDS):
            return words
    return None


def kind_of(title: str | None, text: str) -> str | None:
    """The kind by the paper's title; for a paper without one, by the words in which a court decides."""
    if title:
        return next((kind for pattern, kind in KINDS if re.search(pattern, title)), "other")
    return next((kind for pattern, kind in KINDS_BY_BODY if re.search(pattern, text)), None)
