"""What the file must show before a result goes back to the court."""

from typing import Any

import pytest

from songda.law.conformity import RULES, conformity
from songda.law.explain import explain
from songda.law.reading import read_situation
from tests.law.asking import CALENDAR, Told, situation


def unmet(*facts: Told, **circumstances: Any) -> set[str]:
    """The rules the file does not meet yet."""
    told = read_situation(situation(*facts, **circumstances))
    found = explain(told, CALENDAR).outcome
    assert found is not None
    return {finding.rule for finding in conformity(told, found) if not finding.met}


def tries(*days: str) -> tuple[Told, ...]:
    return tuple((day, "mail.attempt_failed") for day in days)


CLOSED = (("2026-03-05", "mail.receipt_scanned"), ("2026-03-05", "mail.closed"))
CALLED = ("2026-03-04", "call.attempted")


class TestASignedReceipt:
    def test_shows_number_image_and_closing(self):
        signed = ("2026-03-04", "receipt.signed", {"signer": "self", "via": "mail", "id_number_given": True})
        assert unmet(signed, *CLOSED) == set()

    def test_without_them_stays_on_the_desk(self):
        signed = ("2026-03-04", "receipt.signed", {"signer": "self", "via": "mail"})
        assert unmet(signed) == {"id_number", "receipt_image"}


class TestAReturnedLetter:
    BACK = ("2026-03-09", "mail.returned", {"because": "wrong_address"})

    def test_shows_three_tries_in_five_days_a_call_and_the_closing(self):
        facts = (*tries("2026-03-03", "2026-03-05", "2026-03-08"), CALLED, self.BACK, ("2026-03-10", "mail.closed"))
        assert unmet(*facts, address_rank="confirmed") == set()

    @pytest.mark.parametrize("days", [(), ("2026-03-03", "2026-03-05"), ("2026-03-01", "2026-03-04", "2026-03-08")])
    def test_fewer_tries_or_over_more_days_are_not_enough(self, days):
        facts = (*tries(*days), CALLED, self.BACK, ("2026-03-10", "mail.closed"))
        assert unmet(*facts, address_rank="confirmed") == {"attempts"}

    def test_refused_goes_back_at_once(self):
        refused = ("2026-03-09", "mail.returned", {"because": "refused"})
        assert unmet(refused, ("2026-03-10", "mail.closed")) == set()

    def test_to_an_address_that_the_recipient_never_gave_does_not_do(self):
        facts = (*tries("2026-03-03", "2026-03-05", "2026-03-08"), CALLED, self.BACK, ("2026-03-10", "mail.closed"))
        given = read_situation(situation(*facts, address_rank="confirmed"))
        deemed = explain(given, CALENDAR).outcome
        assert deemed is not None
        never_given = read_situation(situation(*facts, address_rank="registered"))
        assert {one.rule for one in conformity(never_given, deemed) if not one.met} == {"address"}


class TestALetterAcrossTheBorder:
    """Three silent months and an act upon the papers serve (民事诉讼法 283 八, 涉港澳送达规定 7, 12)."""

    POSTED = ("2026-03-02", "mail.accepted")
    ACTED = ("2026-04-01", "recipient.acted", {"how": "litigation_act"})

    @pytest.mark.parametrize("kind", ["abroad", "hk_macao"])
    def test_is_not_asked_for_what_a_letter_that_came_back_shows(self, kind):
        assert unmet(self.POSTED, self.ACTED, kind=kind, as_of="2026-06-02") == set()

    @pytest.mark.parametrize("kind", ["abroad", "hk_macao"])
    def test_shows_that_these_papers_were_posted_not_what_went_out_before_the_order(self, kind):
        facts = (self.POSTED, ("2026-03-05", "order.accepted"), self.ACTED)
        assert unmet(*facts, kind=kind, as_of="2026-06-02") == {"posting"}

    @pytest.mark.parametrize("kind", ["abroad", "hk_macao", "taiwan"])
    def test_signed_for_shows_its_receipt_and_no_number_of_the_signer(self, kind):
        signed = ("2026-03-20", "receipt.signed", {"signer": "self", "via": "mail"})
        closed = (("2026-03-25", "mail.receipt_scanned"), ("2026-03-25", "mail.closed"))
        assert unmet(self.POSTED, signed, *closed, kind=kind) == set()
        assert unmet(self.POSTED, signed, kind=kind) == {"receipt_image"}


class TestANotice:
    PUBLISHED = ("2026-04-09", "notice.published", {"in": "network"})

    def test_shows_approval_before_it(self):
        assert unmet(("2026-04-08", "notice.approved"), self.PUBLISHED) == set()
        assert unmet(("2026-04-10", "notice.approved"), self.PUBLISHED) == {"approval"}

    def test_unapproved_and_with_nothing_tried_shows_neither(self):
        assert unmet(self.PUBLISHED) == {"approval", "exhaustion"}

    def test_posted_is_posted_in_both_places(self):
        approved = ("2026-04-08", "notice.approved")
        board = ("2026-04-09", "notice.published", {"in": "board"})
        dwelling = ("2026-04-10", "notice.published", {"in": "dwelling"})
        assert unmet(approved, board) == {"board_and_dwelling"}
        assert unmet(approved, board, dwelling) == set()


def test_papers_left_show_witnesses_or_a_record():
    left = ("2026-03-04", "visit.left_in_place", {"refused_by": "self", "recorded": True})
    assert unmet(left) == set()


class TestARefusalAtCourt:
    REFUSED = ("2026-03-04", "receipt.refused", {"by": "self", "via": "window"})

    def test_shows_what_a_judge_or_clerk_noted_on_the_receipt(self):
        assert unmet(self.REFUSED) == {"noted"}
        assert unmet(self.REFUSED, ("2026-03-05", "refusal.noted")) == set()

    def test_elsewhere_is_shown_by_its_record(self):
        met = ("2026-03-04", "receipt.refused", {"by": "self", "via": "visit", "recorded": True})
        assert unmet(met) == set()


def test_electronic_service_shows_the_consent():
    arrived = ("2026-03-04", "content.available", {"address": "confirmed"})
    assert unmet(arrived, electronic_consent=True) == set()


def test_a_call_shows_its_record():
    failed = (("2026-03-02", "visit.failed"), ("2026-03-03", "mail.returned", {"because": "unclaimed"}))
    assert unmet(*failed, ("2026-03-04", "call.served", {"recorded": True}), papers="summons") == set()


def test_a_signature_before_the_order_was_accepted_is_an_impossible_date():
    signed = ("2026-03-04", "receipt.signed", {"signer": "self", "via": "visit"})
    assert unmet(("2026-03-05", "order.accepted"), signed) == {"dates"}
    assert unmet(("2026-03-03", "order.accepted"), signed) == set()


def test_a_signature_learnt_before_it_happened_is_an_impossible_date():
    signed = ("2026-03-04 10:00", "receipt.signed", {"signer": "self", "via": "visit"}, "2026-03-04 09:00")
    assert unmet(signed) == {"dates"}


def test_a_lapsed_order_is_asked_for_possible_dates_only():
    assert unmet(("2026-03-02", "order.accepted"), papers="payment_order", as_of="2026-06-01") == set()


def test_every_rule_of_law_cites_its_article():
    house = {"approval", "dates"}
    assert {rule.rule for rule in RULES if rule.article is None} == house
