"""What counts as known: two times on every fact, corrections, order, repetition, and what is said about it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from songda.law.explain import explain
from songda.law.facts import FACTS
from songda.law.reading import BadInput, read_situation
from songda.law.situation import BEIJING, Fact
from tests.law.asking import CALENDAR, ask, outcome, situation

SIGNED = ("2026-03-04 10:00", "receipt.signed", {"signer": "self", "via": "visit"})


class TestTwoTimes:
    def test_what_has_not_happened_yet_is_not_known(self):
        assert outcome(SIGNED, as_of="2026-03-04T09:59:00") is None
        assert outcome(SIGNED, as_of="2026-03-04T10:00:00") is not None

    def test_what_is_learnt_later_is_not_known_before(self):
        late = (*SIGNED, "2026-03-20 09:00")
        assert outcome(late, as_of="2026-03-19") is None
        assert outcome(late, as_of="2026-03-20") == "served direct 2026-03-04"

    def test_a_rebuttal_is_learnt_like_any_fact(self):
        read = ("2026-03-05", "content.opened", {"address": "found"})
        rebutted = ("2026-03-06", "service.rebutted", {"ground": "not_read"}, "2026-04-01")
        assert outcome(read, rebutted, electronic_consent=True, as_of="2026-03-31") is not None
        assert outcome(read, rebutted, electronic_consent=True, as_of="2026-04-01") is None


class TestCorrections:
    def test_a_voided_fact_no_longer_counts(self):
        corrected = ("2026-03-09", "service.corrected", {"voids": "receipt.signed"})
        assert outcome(SIGNED, corrected) is None
        assert outcome(SIGNED, corrected, as_of="2026-03-08") == "served direct 2026-03-04"

    def test_only_the_one_of_the_time_named_is_voided(self):
        other = ("2026-03-06 10:00", "receipt.signed", {"signer": "self", "via": "window"})
        corrected = (
            "2026-03-09",
            "service.corrected",
            {"voids": "receipt.signed", "voids_happened_at": "2026-03-04T10:00:00+08:00"},
        )
        assert outcome(SIGNED, other, corrected) == "served direct 2026-03-06"

    def test_what_is_learnt_after_the_correction_stands(self):
        corrected = ("2026-03-09", "service.corrected", {"voids": "receipt.signed"})
        assert outcome((*SIGNED, "2026-03-10"), corrected) == "served direct 2026-03-04"

    def test_a_correction_that_names_nothing_voids_nothing(self):
        assert outcome(SIGNED, ("2026-03-09", "service.corrected")) == "served direct 2026-03-04"


def test_the_record_that_service_took_effect_does_not_make_it_so():
    assert outcome(("2026-03-04", "service.effective"), ("2026-03-04", "proof.issued")) is None


def test_a_fact_as_it_was_stored_is_read_like_one_from_the_door():
    moment = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
    stored = Fact("collection.appointed", moment, moment, "安", {"last_day": "2026-03-13"})
    told = read_situation(situation(papers="judgment"))
    found = explain(replace(told, facts=(stored,)), CALENDAR).outcome
    assert found is not None
    assert found.effective_on == date(2026, 3, 13)


def test_a_stored_fact_without_what_the_law_needs_is_not_passed_over_in_silence():
    moment = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
    stored = Fact("receipt.signed", moment, moment, "方", {"via": "mail"})
    with pytest.raises(BadInput, match="signer"):
        explain(replace(read_situation(situation()), facts=(stored,)), CALENDAR)


def test_a_fact_told_twice_counts_once():
    assert ask(SIGNED, SIGNED)["outcome"] == ask(SIGNED)["outcome"]


CARRYING = {
    "content.available", "content.opened", "recipient.acted", "receipt.signed", "receipt.refused",
    "visit.left_in_place", "visit.failed", "call.served", "collection.appointed", "mail.accepted", "mail.returned",
    "mail.closed", "notice.published",
}  # fmt: skip
DETAIL = {
    "collection.appointed": {"last_day": "2026-03-13"},
    "mail.returned": {"because": "refused"},
    "receipt.signed": {"signer": "self", "via": "visit"},
    "receipt.refused": {"by": "self", "via": "window"},
    "service.rebutted": {"ground": "not_read"},
}


@pytest.mark.parametrize("name", sorted(FACTS.keys() - CARRYING))
def test_no_other_fact_serves_anybody_by_itself(name):
    told = ("2026-03-04", name, DETAIL.get(name, {}))
    circumstances = {"electronic_consent": True, "electronic_address": "confirmed", "address_rank": "confirmed"}
    assert outcome(told, papers="judgment", **circumstances) is None


class TestTheExplanation:
    def test_is_one_sentence_with_the_fact_its_day_and_the_articles(self):
        text = ask(SIGNED)["explanation"]
        assert text.count("。") == 1
        assert "2026年3月4日" in text
        assert "民事诉讼法第八十八条" in text

    def test_of_nothing_yet_names_the_last_facts_and_what_is_due(self):
        text = ask(("2026-03-03", "mail.accepted"), ("2026-03-05", "mail.held"))["explanation"]
        assert "2026年3月5日留局待领" in text
        assert "尚不构成送达" in text

    def test_of_nothing_at_all_says_so(self):
        assert "尚无送达事实" in ask()["explanation"]


class TestTheStep:
    @pytest.mark.parametrize(
        ("facts", "step"),
        [
            ([], "to_accept"),
            ([("2026-03-02", "order.accepted")], "to_contact"),
            ([("2026-03-02", "order.refused")], "order_refused"),
            ([("2026-03-02", "consent.given")], "electronic_to_send"),
            ([("2026-03-02", "consent.refused")], "to_serve_on_paper"),
            ([("2026-03-02", "content.available", {"address": "found"})], "electronic_under_way"),
            ([("2026-03-02", "inquiry.opened")], "finding"),
            ([("2026-03-02", "inquiry.expired")], "to_serve_on_paper"),
            ([("2026-03-02", "mail.accepted")], "mail_under_way"),
            ([("2026-03-02", "mail.held")], "mail_held"),
            ([("2026-03-02", "mail.delivered")], "mail_to_verify"),
            ([("2026-03-02", "receipt.refused", {"by": "self", "via": "mail"})], "mail_refused"),
            ([("2026-03-02", "mail.returned", {"because": "unclaimed"})], "to_visit"),
            ([("2026-03-02", "mail.returned", {"because": "untraceable"})], "notice_to_approve"),
            ([("2026-03-02", "visit.failed")], "visit_failed"),
            ([("2026-03-02", "visit.left_in_place", {"refused_by": "self"})], "to_leave_in_place"),
            ([("2026-03-02", "receipt.signed", {"signer": "other", "via": "visit"})], "visit_failed"),
            ([("2026-03-02", "receipt.signed", {"signer": "other", "via": "mail"})], "mail_to_verify"),
            ([("2026-03-02", "notice.approved")], "notice_to_publish"),
            ([("2026-12-30", "notice.published")], "notice_running"),
            ([SIGNED], "served"),
        ],
    )
    def test_says_what_is_due(self, facts, step):
        assert ask(*facts)["step"] == step

    def test_after_a_rebuttal_is_to_serve_again(self):
        read = ("2026-03-05", "content.opened", {"address": "found"})
        rebutted = ("2026-03-06", "service.rebutted", {"ground": "not_read"})
        assert ask(read, rebutted, electronic_consent=True)["step"] == "to_serve_again"

    def test_where_notice_is_the_last_way_summary_procedure_is_to_be_converted(self):
        untraceable = ("2026-03-02", "mail.returned", {"because": "untraceable"})
        assert ask(untraceable, procedure="summary")["step"] == "to_convert"

    def test_a_mediation_paper_left_goes_back_to_the_judge(self):
        left = ("2026-03-02", "visit.left_in_place", {"refused_by": "self", "witnesses": 2})
        assert ask(left, papers="mediation")["step"] == "mediation_refused"
