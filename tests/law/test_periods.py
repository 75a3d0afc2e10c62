"""Periods that start with service. 民事诉讼法第八十五、一百二十八、一百七十一、二百二十七、二百八十五、二百八十六条."""

from datetime import date

import pytest

from songda.law.periods import final_on
from tests.law.asking import ask, period

PERIODS = [
    # procedure, paper, recipient, name, signed, last day (weekdays unless said)
    ("ordinary", "complaint", "person", "answer", "2026-03-02", "2026-03-17"),
    ("summary", "complaint", "person", "answer", "2026-03-02", "2026-03-17"),
    ("appeal", "complaint", "person", "answer", "2026-03-02", "2026-03-17"),
    ("administrative", "complaint", "organisation", "answer", "2026-03-02", "2026-03-17"),
    ("ordinary", "complaint", "abroad", "answer", "2026-03-02", "2026-04-01"),
    ("appeal", "complaint", "abroad", "answer", "2026-03-02", "2026-04-01"),
    ("ordinary", "judgment", "person", "appeal", "2026-03-02", "2026-03-17"),
    ("ordinary", "judgment", "abroad", "appeal", "2026-03-02", "2026-04-01"),
    ("ordinary", "ruling", "person", "appeal", "2026-03-02", "2026-03-12"),
    ("ordinary", "ruling", "abroad", "appeal", "2026-03-02", "2026-04-01"),
    ("criminal", "judgment", "person", "appeal", "2026-03-02", "2026-03-12"),
    ("criminal", "ruling", "person", "appeal", "2026-03-04", "2026-03-09"),
    ("administrative", "judgment", "person", "appeal", "2026-03-02", "2026-03-17"),
    ("administrative", "ruling", "person", "appeal", "2026-03-02", "2026-03-12"),
    ("payment_order", "payment_order", "person", "objection", "2026-03-02", "2026-03-17"),
    # the last day is a Saturday, a Sunday
    ("ordinary", "judgment", "person", "appeal", "2026-03-06", "2026-03-23"),
    ("criminal", "ruling", "person", "appeal", "2026-03-02", "2026-03-09"),
    # 刑事诉讼法第一百零五条 forbids lengthening custody for a holiday, not the appeal of one in custody
    ("criminal", "ruling", "prisoner", "appeal", "2026-03-02", "2026-03-09"),
    # the last day is in the Spring Festival of 2026 (15 to 23 February)
    ("ordinary", "judgment", "person", "appeal", "2026-02-02", "2026-02-24"),
    # the last day is Saturday 28 February 2026, on which people work to make up for the festival
    ("ordinary", "judgment", "person", "appeal", "2026-02-13", "2026-02-28"),
]


@pytest.mark.parametrize(("procedure", "paper", "kind", "name", "day", "last"), PERIODS)
def test_a_period_ends_on_its_last_day_or_the_first_after_the_days_off(procedure, paper, kind, name, day, last):
    signed = (day, "receipt.signed", {"signer": "self", "via": "visit"})
    assert period(name, signed, papers=paper, procedure=procedure, kind=kind) == last


def test_a_moved_last_day_says_by_which_article():
    signed = ("2026-03-06", "receipt.signed", {"signer": "self", "via": "visit"})
    found = ask(signed, papers="judgment")["periods"][0]
    assert "民事诉讼法第八十五条" in found["articles"]
    assert "民事诉讼法第一百七十一条" in found["articles"]


@pytest.mark.parametrize(
    ("procedure", "paper"),
    [
        ("ordinary", "summons"),
        ("ordinary", "evidence"),
        ("ordinary", "notice"),
        ("ordinary", "mediation"),
        ("enforcement", "ruling"),
        ("enforcement", "judgment"),
        ("payment_order", "ruling"),
        ("criminal", "complaint"),
    ],
)
def test_other_papers_start_no_period(procedure, paper):
    signed = ("2026-03-02", "receipt.signed", {"signer": "self", "via": "visit"})
    found = ask(signed, papers=paper, procedure=procedure)
    assert found["outcome"] is not None
    assert found["periods"] == ()


def test_each_paper_of_one_service_starts_its_own():
    signed = ("2026-03-02", "receipt.signed", {"signer": "self", "via": "visit"})
    assert period("answer", signed, papers="complaint summons ruling") == "2026-03-17"
    assert period("appeal", signed, papers="complaint summons ruling") == "2026-03-12"


def test_no_service_no_period():
    assert ask(papers="complaint judgment")["periods"] == ()


def test_a_period_runs_from_deemed_service_too():
    back = ("2026-03-10", "mail.returned", {"because": "refused"})
    assert period("answer", back) == "2026-03-25"


@pytest.mark.parametrize("paper", ["judgment", "ruling"])
def test_a_judgment_of_second_instance_is_final_when_served(paper):
    signed = ("2026-03-02", "receipt.signed", {"signer": "self", "via": "visit"})
    assert period("final", signed, papers=paper, procedure="appeal") == "2026-03-02"
    assert period("appeal", signed, papers=paper, procedure="appeal") is None


class TestWhenAFirstInstanceJudgmentBecomesFinal:
    def test_one_recipient_alone_cannot_tell(self):
        signed = ("2026-03-02", "receipt.signed", {"signer": "self", "via": "visit"})
        assert period("final", signed, papers="judgment") is None

    def test_when_the_last_partys_period_has_run_out(self):
        assert final_on([date(2026, 3, 17), date(2026, 4, 1)]) == date(2026, 4, 1)

    def test_not_while_a_party_is_not_served(self):
        assert final_on([date(2026, 3, 17), None]) is None

    def test_not_without_parties(self):
        assert final_on([]) is None
