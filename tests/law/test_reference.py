"""docs/law.md is what the tables say; and the tables are whole."""

from datetime import date
from pathlib import Path

import pytest

from songda.law.articles import ARTICLES, chinese_number
from songda.law.effect import EFFECTS, REBUTTALS
from songda.law.facts import FACTS, REBUTTAL_GROUNDS, RETURN_REASONS, SIGNERS, VIAS
from songda.law.handing import VIA_METHODS
from songda.law.methods import BARS, METHODS
from songda.law.reference import reference
from songda.law.returning import RETURN_RULES
from songda.law.signers import LEAVING, REFUSING_IN_PERSON, REFUSING_MAIL, SIGNATURES
from songda.law.steps import RESULTS, ROWS, STEPS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "law.md"


def test_the_document_is_fresh():
    assert DOCUMENT.read_text() == reference(), "run: songda law docs > docs/law.md"


def test_the_diagram_names_every_step():
    assert all(f"{step}: {name}" in reference() for step, name in STEPS.items())


def test_every_step_can_be_reached():
    reached = {row.to for row in ROWS} | RESULTS | {"to_accept", "to_forward", "to_serve_outside"}
    assert reached == set(STEPS)


def test_every_row_speaks_of_known_facts_and_steps():
    assert all(row.fact in FACTS and row.to in STEPS and row.start <= set(STEPS) for row in ROWS)
    assert set(EFFECTS) <= set(FACTS)


def test_every_code_of_a_detail_has_its_row():
    assert set(RETURN_RULES) == set(RETURN_REASONS)
    assert set(VIA_METHODS) == set(VIAS)
    assert set(REBUTTALS) == set(REBUTTAL_GROUNDS)


def test_every_bar_is_of_a_known_method_and_says_why():
    assert all(row.methods and row.methods <= set(METHODS) and row.why and row.when for row in BARS)


@pytest.mark.parametrize("rows", [SIGNATURES, LEAVING, REFUSING_IN_PERSON, REFUSING_MAIL])
def test_the_opposing_party_stands_in_no_row(rows):
    assert all(row.signers <= set(SIGNERS) - {"opposing_party", "other"} and row.articles for row in rows)


def test_every_article_has_a_title_and_a_day_from_which_it_holds():
    assert all(code == x.code and x.title and x.valid_from < date(2024, 1, 2) for code, x in ARTICLES.items())


@pytest.mark.parametrize(
    ("number", "chinese"),
    [
        (5, "五"),
        (10, "十"),
        (11, "十一"),
        (90, "九十"),
        (95, "九十五"),
        (107, "一百零七"),
        (110, "一百一十"),
        (230, "二百三十"),
        (283, "二百八十三"),
        (400, "四百"),
    ],
)
def test_numbers_are_written_as_statutes_write_them(number, chinese):
    assert chinese_number(number) == chinese
