"""Visits, the court window, papers left, calls. 民事诉讼法第八十七至八十九条, 民诉法解释第一百三十至一百三十三条."""

import pytest

from tests.law.asking import ask, bar, outcome


def left(by="self", witnesses=0, recorded=False, **detail):
    return (
        "2026-03-04",
        "visit.left_in_place",
        {"refused_by": by, "witnesses": witnesses, "recorded": recorded, **detail},
    )


def refused(by="self", via="window", **detail):
    return ("2026-03-04", "receipt.refused", {"by": by, "via": via, **detail})


LEFT = "deemed_served left_in_place 2026-03-04"
DEEMED = "deemed_served direct 2026-03-04"
ORGANISATION = {"kind": "organisation"}
CHILD = {"kind": "person", "capacity": "none"}


class TestLeftInPlace:
    @pytest.mark.parametrize(("witnesses", "recorded"), [(1, False), (2, False), (0, True), (2, True)])
    def test_with_witnesses_or_on_record(self, witnesses, recorded):
        assert outcome(left("self", witnesses, recorded)) == LEFT

    def test_with_neither_is_nothing(self):
        assert outcome(left("self")) is None

    @pytest.mark.parametrize(
        ("by", "recipient", "serves"),
        [
            ("self", {}, True),
            ("co_resident_adult", {}, True),
            ("named_receiver", {}, True),  # 民诉法解释第一百三十二条
            ("agent", {}, False),
            ("opposing_party", {}, False),
            ("other", {}, False),
            ("mail_staff", {}, False),
            ("legal_representative", ORGANISATION, True),
            ("principal", ORGANISATION, True),
            ("mail_staff", ORGANISATION, True),
            ("co_resident_adult", ORGANISATION, False),
            ("opposing_party", ORGANISATION, False),
            ("guardian", CHILD, True),
            ("self", CHILD, False),
            ("co_resident_adult", CHILD, False),
        ],
    )
    def test_after_a_refusal_by_one_who_may_refuse(self, by, recipient, serves):
        assert outcome(left(by, 2), **recipient) == (LEFT if serves else None)

    def test_after_a_refusal_by_the_other_side_at_home_is_nothing(self):
        found = ask(left("co_resident_adult", 2, name="邓某乙"), parties=("邓某甲", "邓某乙"))
        assert found["outcome"] is None
        assert "简易程序若干规定第十一条" in found["explanation"]

    def test_without_saying_who_refused_counts_the_refusal_before_it(self):
        seen = ("2026-03-04 08:00", "receipt.refused", {"by": "self", "via": "visit"})
        leaving = ("2026-03-04 09:00", "visit.left_in_place", {"witnesses": 1})
        assert outcome(seen, leaving) == LEFT
        assert outcome(leaving) is None

    def test_never_a_mediation_paper(self):
        assert outcome(left("self", 2, True), papers="mediation") is None
        assert bar("left_in_place", refused(via="visit"), papers="mediation") == "民诉法解释第一百三十三条"

    @pytest.mark.parametrize(
        ("by", "serves"), [("self", True), ("co_resident_adult", False), ("named_receiver", False)]
    )
    def test_a_payment_order_only_where_the_debtor_himself_refused(self, by, serves):
        found = outcome(left(by, 2), papers="payment_order", as_of="2026-03-20")
        assert found == (LEFT if serves else None)

    def test_criminal_papers_need_a_witness_a_film_is_not_enough(self):
        assert outcome(left("self", 0, True), procedure="criminal") is None
        assert outcome(left("self", 1, False), procedure="criminal") == LEFT

    def test_barred_until_somebody_refused(self):
        assert bar("left_in_place") == "民事诉讼法第八十九条"
        assert bar("left_in_place", refused(via="visit")) is None


class TestRefusedAtCourt:
    def test_serves_that_day(self):
        assert outcome(refused()) == DEEMED

    @pytest.mark.parametrize("by", ["co_resident_adult", "agent", "named_receiver", "opposing_party", "other"])
    def test_by_anyone_but_the_party_is_nothing(self, by):
        assert outcome(refused(by)) is None

    @pytest.mark.parametrize(
        ("by", "serves"), [("legal_representative", True), ("principal", True), ("mail_staff", False)]
    )
    def test_an_organisation_comes_to_court_as_its_representative(self, by, serves):
        assert outcome(refused(by), **ORGANISATION) == (DEEMED if serves else None)

    def test_a_childs_refusal_is_nothing_its_guardians_serves(self):
        assert outcome(refused("self"), **CHILD) is None
        assert outcome(refused("guardian"), **CHILD) == DEEMED

    def test_never_serves_a_mediation_paper(self):
        found = ask(refused(), papers="mediation")
        assert found["outcome"] is None
        assert found["step"] == "mediation_refused"
        assert "民诉法解释第一百三十三条" in found["explanation"]

    def test_serves_nobody_in_a_criminal_case(self):
        assert outcome(refused(), procedure="criminal") is None

    def test_of_a_judgment_cites_the_pronouncement_too(self):
        assert "民诉法解释第一百四十一条" in ask(refused(), papers="judgment")["outcome"]["articles"]


class TestRefusedToAVisitor:
    def test_alone_is_nothing_the_papers_are_to_be_left(self):
        found = ask(refused(via="visit"))
        assert found["outcome"] is None
        assert found["step"] == "to_leave_in_place"

    def test_met_elsewhere_and_recorded_serves_that_day(self):
        assert outcome(refused(via="visit", recorded=True)) == DEEMED

    @pytest.mark.parametrize("via", ["mail", "entrusted", "forwarded", "electronic"])
    def test_by_another_way_is_nothing_by_itself(self, via):
        assert outcome(refused(via=via)) is None


class TestCollectionAfterJudgmentInCourt:
    APPOINTED = ("2026-03-02", "collection.appointed", {"last_day": "2026-03-13"})

    def test_not_collected_serves_on_the_last_day(self):
        assert outcome(self.APPOINTED, papers="judgment", as_of="2026-03-14") == "served direct 2026-03-13"

    def test_until_the_last_day_has_ended_he_may_still_come(self):
        assert outcome(self.APPOINTED, papers="judgment", as_of="2026-03-13T17:00:00") is None

    def test_collected_serves_on_the_day_of_collection(self):
        signed = ("2026-03-10", "receipt.signed", {"signer": "self", "via": "window"})
        assert outcome(self.APPOINTED, signed, papers="judgment") == "served direct 2026-03-10"

    def test_collected_late_was_served_on_the_last_day(self):
        signed = ("2026-03-20", "receipt.signed", {"signer": "self", "via": "window"})
        assert outcome(self.APPOINTED, signed, papers="judgment") == "served direct 2026-03-13"

    @pytest.mark.parametrize("papers", ["complaint", "summons", "mediation", "payment_order"])
    def test_of_other_papers_is_only_an_invitation(self, papers):
        assert outcome(self.APPOINTED, papers=papers, as_of="2026-03-14") is None

    def test_a_day_agreed_without_a_judgment_in_court_serves_nobody_when_it_passes(self):
        agreed = ("2026-03-02", "collection.appointed", {"last_day": "2026-03-13", "pronounced": False})
        assert outcome(agreed, papers="judgment", as_of="2026-03-14") is None

    def test_a_day_agreed_afterwards_does_not_move_the_period_told_in_court(self):
        agreed = ("2026-03-12", "collection.appointed", {"last_day": "2026-03-20", "pronounced": False})
        assert outcome(self.APPOINTED, agreed, papers="judgment") == "served direct 2026-03-13"

    def test_a_last_day_off_moves(self):
        saturday = ("2026-03-02", "collection.appointed", {"last_day": "2026-03-14"})
        assert outcome(saturday, papers="judgment") == "served direct 2026-03-16"

    def test_appointed_anew_before_it_ended_the_new_day_counts(self):
        anew = ("2026-03-12", "collection.appointed", {"last_day": "2026-03-20"})
        assert outcome(self.APPOINTED, anew, papers="judgment") == "served direct 2026-03-20"

    def test_the_appeal_runs_from_the_day_after(self):
        found = ask(self.APPOINTED, papers="judgment")
        assert str(found["periods"][0]["last_day"]) == "2026-03-30"  # the 28th is a Saturday


class TestTelephone:
    VISIT = ("2026-03-02", "visit.failed")
    RETURNED = ("2026-03-03", "mail.returned", {"because": "unclaimed"})
    CALL = ("2026-03-04", "call.served", {"recorded": True})
    SERVED = "served telephone 2026-03-04"

    def test_serves_after_direct_and_postal_failed(self):
        assert outcome(self.VISIT, self.RETURNED, self.CALL, papers="summons") == self.SERVED

    @pytest.mark.parametrize("tried", [(), (VISIT,), (RETURNED,)])
    def test_before_both_failed_is_nothing(self, tried):
        assert outcome(*tried, self.CALL, papers="summons") is None
        assert bar("telephone", *tried, papers="summons") == "法发〔2017〕19号第十四条"

    def test_failures_after_the_call_do_not_make_up_for_it(self):
        later = ("2026-03-09", "mail.returned", {"because": "unclaimed"})
        assert outcome(self.VISIT, self.CALL, later, papers="summons") is None

    def test_unrecorded_is_nothing(self):
        call = ("2026-03-04", "call.served", {"recorded": False})
        assert outcome(self.VISIT, self.RETURNED, call, papers="summons") is None

    @pytest.mark.parametrize("paper", ["judgment", "ruling", "mediation"])
    def test_never_serves_a_judgment_a_ruling_or_a_mediation_paper(self, paper):
        facts = (self.VISIT, self.RETURNED, self.CALL)
        assert outcome(*facts, papers=f"summons {paper}") is None
        assert bar("telephone", self.VISIT, self.RETURNED, papers=paper) == "法发〔2017〕19号第十四条"

    def test_is_a_simple_means_of_its_own_in_summary_procedure(self):
        # 民诉法解释第二百六十一条
        assert outcome(self.CALL, papers="summons", procedure="summary") == self.SERVED


class TestAVisitThatFails:
    def test_is_nothing(self):
        assert outcome(("2026-03-04", "visit.failed"), address_rank="confirmed") is None

    def test_in_summary_procedure_serves_where_his_own_address_was_wrong_and_it_was_noted(self):
        noted = ("2026-03-04", "visit.failed", {"because": "wrong_address", "recorded": True})
        assert outcome(noted, procedure="summary", address_rank="confirmed") == DEEMED
        assert outcome(noted, procedure="summary", address_rank="registered") is None
        assert outcome(noted, procedure="ordinary", address_rank="confirmed") is None
