"""One word, one meaning: every fact that is told is a fact somebody knows, and the glossary has them all."""

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

from songda.engine.proving.proofs import OWN_FACTS
from songda.law.facts import FACTS

ROOT = Path(__file__).resolve().parents[2]
KNOWN = set(FACTS) | set(OWN_FACTS)
# The calls that tell a fact, and which of their arguments names it.
TELLERS = {"Told": 0, "FactOf": 0, "_said": 1}


def told_names() -> Iterator[tuple[str, str]]:
    """File and name of every fact that the code tells by its name."""
    for path in sorted((ROOT / "songda").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (place := TELLERS.get(_called(node))) is not None:
                for name in _strings(node.args[place : place + 1]):
                    yield path.name, name


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _strings(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_fact_that_is_told_is_known() -> None:
    told = list(told_names())
    assert len(told) > 50
    assert [(file, name) for file, name in told if "." in name and name not in KNOWN] == []


def test_every_fact_a_partners_code_stands_for_is_known_to_the_law() -> None:
    named = [
        (path.name, row["fact"])
        for path in sorted((ROOT / "songda/gateways/data").glob("*.csv"))
        for row in csv.DictReader(path.read_text().splitlines())
        if row.get("fact")
    ]
    assert len(named) > 30
    assert [one for one in named if one[1] not in FACTS] == []


def test_no_fact_of_ours_takes_a_name_of_the_laws() -> None:
    assert not set(OWN_FACTS) & set(FACTS)


def test_the_glossary_names_every_fact() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text()
    missing = [name for name in sorted(KNOWN) if f"`{name}`" not in glossary]
    assert missing == []
    words = {**{name: one.chinese for name, one in FACTS.items()}, **OWN_FACTS}
    assert [name for name, chinese in words.items() if chinese not in glossary] == []


def test_the_glossary_names_no_fact_that_nobody_knows() -> None:
    rows = [line for line in (ROOT / "docs/glossary.md").read_text().splitlines() if line.startswith("| `")]
    named = {line.split("`")[1] for line in rows}
    assert {name for name in named if "." in name} <= KNOWN
