"""Court mail: the signed receipt, and the letter that comes back. 民事诉讼法第九十一条, 法释〔2004〕13号."""

import pytest

from tests.law.asking import ask, bar, outcome

SENT = ("2026-03-03", "mail.accepted")


def returned(because, when="2026-03-10", *learnt):
    return (when, "mail.returned", {"because": because}, *learnt)


def refused(by, via="mail"):
    return ("2026-03-09", "receipt.refused", {"by": by, "via": via})


GIVEN = ["confirmed", "agreed", "filed", "other_proceedings"]
NOT_GIVEN = ["civil_life", "registered", "unknown"]
HIS_OWN_DOING = ["wrong_address", "moved_unreported", "incomplete_address"]
NOBODYS = ["untraceable", "unclaimed", "other"]


class TestAReturnedLetter:
    @pytest.mark.parametrize("because", HIS_OWN_DOING)
    @pytest.mark.parametrize("rank", GIVEN)
    def test_is_service_on_the_day_of_return_where_he_gave_the_address(self, because, rank):
        assert outcome(SENT, returned(because), address_rank=rank) == "deemed_served? postal 2026-03-10"

    @pytest.mark.parametrize("because", HIS_OWN_DOING)
    @pytest.mark.parametrize("rank", NOT_GIVEN)
    def test_is_none_where_the_address_was_not_his_giving(self, because, rank):
        assert outcome(SENT, returned(because), address_rank=rank) is None

    @pytest.mark.parametrize("rank", NOT_GIVEN)
    def test_is_service_at_any_address_where_he_refused_to_give_one(self, rank):
        told = ("2026-03-01", "address.checked", {"refused_to_provide": True})
        assert outcome(told, returned("wrong_address"), address_rank=rank) == "deemed_served? postal 2026-03-10"

    @pytest.mark.parametrize("because", NOBODYS)
    @pytest.mark.parametrize("rank", GIVEN + NOT_GIVEN)
    def test_is_none_for_reasons_article_11_does_not_name(self, because, rank):
        assert outcome(SENT, returned(because), address_rank=rank) is None

    @pytest.mark.parametrize("rank", GIVEN + NOT_GIVEN)
    def test_is_service_at_any_address_where_the_addressee_refused_it(self, rank):
        assert outcome(SENT, returned("refused"), address_rank=rank) == "deemed_served? postal 2026-03-10"

    @pytest.mark.parametrize("by", ["self", "named_receiver"])
    def test_is_service_on_the_return_and_not_on_the_refusal(self, by):
        assert outcome(refused(by)) is None
        assert outcome(refused(by), returned("refused")) == "deemed_served? postal 2026-03-10"

    @pytest.mark.parametrize("by", ["co_resident_adult", "agent", "opposing_party", "other"])
    def test_is_none_where_somebody_else_refused_it(self, by):
        found = ask(refused(by), returned("refused"), address_rank="confirmed")
        assert found["outcome"] is None
        assert "不是受送达人本人或者其指定的代收人" in found["explanation"]

    @pytest.mark.parametrize("by", ["legal_representative", "principal", "mail_staff"])
    def test_an_organisation_refuses_through_those_who_sign_for_it(self, by):
        found = outcome(refused(by), returned("refused"), kind="organisation")
        assert found == "deemed_served? postal 2026-03-10"

    def test_a_child_cannot_refuse_its_guardian_can(self):
        assert outcome(refused("self"), returned("refused"), capacity="none") is None
        assert outcome(refused("guardian"), returned("refused"), capacity="none") is not None

    def test_is_undone_by_proof_of_no_fault(self):
        proof = ("2026-04-01", "service.rebutted", {"ground": "no_fault"})
        assert outcome(returned("wrong_address"), proof, address_rank="confirmed") is None

    @pytest.mark.parametrize("ground", ["system_fault", "not_own_address", "not_read", "other_arrival_time"])
    def test_is_not_undone_on_electronic_grounds(self, ground):
        proof = ("2026-04-01", "service.rebutted", {"ground": ground})
        assert outcome(returned("wrong_address"), proof, address_rank="confirmed") is not None

    def test_is_never_service_of_a_mediation_paper(self):
        assert outcome(returned("refused"), papers="mediation", address_rank="confirmed") is None

    def test_is_service_of_a_payment_order_only_where_the_debtor_refused_it(self):
        early = {"papers": "payment_order", "procedure": "payment_order", "as_of": "2026-03-20"}
        assert outcome(SENT, returned("wrong_address"), address_rank="confirmed", **early) is None
        assert outcome(SENT, returned("refused"), **early) == "deemed_served? postal 2026-03-10"

    def test_is_never_service_in_a_criminal_case(self):
        assert outcome(returned("refused"), procedure="criminal", address_rank="confirmed") is None

    def test_signed_for_before_it_came_back_is_served_by_the_signature(self):
        signed = ("2026-03-08", "receipt.signed", {"signer": "co_resident_adult", "via": "mail"})
        found = outcome(returned("moved_unreported"), signed, address_rank="confirmed")
        assert found == "served postal 2026-03-08"


class TestDeliveredIsNotSigned:
    DELIVERED = ("2026-03-05", "mail.delivered")
    SCANNED = ("2026-03-06", "mail.receipt_scanned")
    CLOSED = ("2026-03-07", "mail.closed")

    @pytest.mark.parametrize("facts", [(DELIVERED,), (DELIVERED, SCANNED), (DELIVERED, CLOSED), (SCANNED, CLOSED)])
    def test_until_code_image_and_closing_are_all_there(self, facts):
        assert outcome(SENT, *facts) is None

    def test_with_all_three_the_receipt_serves_on_the_day_of_delivery(self):
        assert outcome(SENT, self.DELIVERED, self.SCANNED, self.CLOSED) == "served postal 2026-03-05"

    def test_with_all_three_an_unlawful_signer_still_serves_nobody(self):
        other = ("2026-03-05", "receipt.signed", {"signer": "other", "via": "mail"})
        assert outcome(SENT, self.DELIVERED, other, self.SCANNED, self.CLOSED) is None

    @pytest.mark.parametrize("papers", ["mediation", "payment_order"])
    def test_papers_for_one_hand_need_that_hand_named(self, papers):
        facts = (SENT, self.DELIVERED, self.SCANNED, self.CLOSED)
        assert outcome(*facts, papers=papers, as_of="2026-03-10") is None


class TestWhenMailIsBarred:
    def test_open_to_begin_with(self):
        assert bar("postal") is None

    def test_whereabouts_unknown(self):
        assert bar("postal", returned("untraceable")) == "法释〔2004〕13号第一条"

    def test_open_again_when_people_finding_answered_since(self):
        found = ("2026-03-12", "inquiry.answered", {"found": True})
        assert bar("postal", returned("untraceable"), found) is None

    def test_while_he_is_to_collect_at_court(self):
        appointed = ("2026-03-02", "collection.appointed", {"last_day": "2026-03-13"})
        assert bar("postal", appointed, as_of="2026-03-13") == "法释〔2004〕13号第一条"
        assert bar("postal", appointed, as_of="2026-03-14") is None

    def test_what_was_barred_and_signed_all_the_same_is_served(self):
        signed = ("2026-03-12", "receipt.signed", {"signer": "self", "via": "mail"})
        assert outcome(returned("untraceable"), signed) == "served postal 2026-03-12"
