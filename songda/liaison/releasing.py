"""What may leave a court: words a person let go, in which nothing names a case or anybody in it.

Names are encrypted at rest, so every stretch of Chinese letters in the text is asked for by its blind index: a text
with the name of any party of this court does not leave, whether or not the writer knew whose it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from songda.filing import case_number
from songda.filing.models import Agent, Party, Service
from songda.liaison import masks
from songda.lib import crypto
from songda.methods.models import Waybill

LONGEST = 500
# A person's name has two letters or more; an organisation's seldom more than thirty.
_SHORTEST_NAME, _LONGEST_NAME = 2, 30
_AT_ONCE = 4000
_LETTERS = re.compile(r"[\u3400-\u9fff·（）()]{2,}")
# What looks like a part of a case number, even where the whole is not written.
_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("案号", re.compile(r"[（(〔\[]\s*(?:19|20)\d{2}\s*[）)〕\]]")),
    ("案号", re.compile(r"\d+\s*号\s*(?:案|之|民|刑|执|行)")),
    ("任务编号", re.compile(r"\b20\d{6}-\d{3,}\b", re.ASCII)),
    ("邮件号码", re.compile(r"(?<![0-9A-Za-z])(?:[A-Z]{2}\d{9}[A-Z]{2}|\d{13})(?![0-9A-Za-z])", re.ASCII)),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the text stays here. Says what it is and where it begins, never the data itself."""

    what: str
    place: int | None = None

    def __str__(self) -> str:
        where = f"（第{self.place + 1}个字起）" if self.place is not None else ""
        return f"含有{self.what}{where}"


def problems(text: str) -> list[Problem]:
    """Everything in the text that may not leave the court in force; empty when it may."""
    found = [Problem(one.sort.label, one.start) for one in masks.find(text)]
    found += [Problem("案号", one.start) for one in case_number.find(text)]
    found += [Problem(what, match.start()) for what, looks in _NUMBERS for match in looks.finditer(text)]
    found += _known_numbers(text)
    places = sorted({(one.place or 0, one.what) for one in found})
    return [Problem(what, place) for place, what in places] + [
        Problem("当事人或者代理人的姓名、名称", at) for at in _names(text)
    ]


def _known_numbers(text: str) -> list[Problem]:
    """Numbers that mean a service or a parcel of this court, however they look."""
    words = {match[0].upper(): match.start() for match in re.finditer(r"[0-9A-Za-z-]{6,24}", text)}
    services = Service.objects.filter(number__in=words).values_list("number", flat=True)
    parcels = Waybill.objects.filter(number__in=words).values_list("number", flat=True)
    return [Problem("任务编号", words[one]) for one in services] + [Problem("邮件号码", words[one]) for one in parcels]


def _names(text: str) -> list[int]:
    """Where names of this court's parties begin. Agents' names carry no index and are few: each is looked for."""
    places: set[int] = set()
    stretches = iter(_stretches(text))
    while some := dict(islice(stretches, _AT_ONCE)):
        known = Party.objects.filter(name_index__in=some).values_list("name_index", flat=True)
        places |= {some[index] for index in known}
    for name in _agents():
        if len(name) >= _SHORTEST_NAME and name in text:
            places.add(text.index(name))
    return sorted(places)


def _agents() -> Iterable[str]:
    return {agent.name for agent in Agent.objects.only("name", "court_id").order_by("-id")[:_AT_ONCE]}


def _stretches(text: str) -> Iterator[tuple[str, int]]:
    """The blind index of every stretch of letters that could be a name, and where it begins."""
    for run in _LETTERS.finditer(text):
        letters = run[0]
        for start in range(len(letters) - _SHORTEST_NAME + 1):
            for end in range(start + _SHORTEST_NAME, min(start + _LONGEST_NAME, len(letters)) + 1):
                yield crypto.blind_index(letters[start:end], purpose="name"), run.start() + start
