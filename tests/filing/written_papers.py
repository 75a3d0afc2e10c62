"""Papers of every kind of case, invented for the tests, with what a careful clerk reads in them (papers.txt)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KINDS = {"p": "person", "o": "organisation"}


@dataclass(frozen=True)
class Paper:
    title: str
    text: str
    expected: dict[str, Any]


def _party(line: str) -> dict[str, Any]:
    role, name, kind, *rest = line.split("|")
    address, number, phone, legal, agents = (rest + [""] * 5)[:5]
    return {
        "role": role,
        "name": name,
        "kind": _KINDS[kind],
        "address": address or None,
        "id_number": number or None,
        "phone": phone or None,
        "legal_representative": legal or None,
        "agents": agents.split("、") if agents else [],
    }


def _paper(written: str) -> Paper:
    title, _, rest = written.partition("\n")
    text, _, expected = rest.partition("\n---\n")
    first, *parties = expected.strip("\n").split("\n")
    number, court, kind = first.split("|")
    heading = {"case_number": number or None, "court": court or None, "kind": kind or None}
    return Paper(title.strip(), text, {**heading, "parties": [_party(line) for line in parties]})


def _papers(file: str) -> list[Paper]:
    written = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return [_paper(part) for part in f"\n{written}".split("\n=== ")[1:]]


PAPERS = [*_papers("papers.txt"), *_papers("papers_of_many_courts.txt")]
ROUGH_PAPERS = _papers("rough_papers.txt")
"""Papers whose lines a scanner or a screen has broken: they make sense as text only."""
