"""Soldiers, prisoners, and recipients abroad, in Hong Kong, Macao and Taiwan."""

import pytest

from tests.law.asking import ask, bar, outcome, period

OTHERS = ["direct", "left_in_place", "electronic", "postal", "entrusted", "notice", "telephone"]


def signed(via, signer="self"):
    return ("2026-03-04", "receipt.signed", {"signer": signer, "via": via})


@pytest.mark.parametrize(
    ("kind", "article"), [("soldier", "民事诉讼法第九十二条"), ("prisoner", "民事诉讼法第九十三条")]
)
class TestForwardedOnly:
    @pytest.mark.parametrize("method", OTHERS)
    def test_every_other_method_is_barred(self, kind, article, method):
        assert bar(method, kind=kind, electronic_consent=True, electronic_address="confirmed") == article

    def test_forwarding_is_open_and_serves_on_the_day_he_signs(self, kind, article):
        assert bar("forwarded", kind=kind) is None
        found = ask(signed("forwarded"), kind=kind)["outcome"]
        assert (found["result"], found["method"]) == ("served", "forwarded")
        assert {article, "民事诉讼法第九十四条"} <= set(found["articles"])

    @pytest.mark.parametrize("signer", ["other", "mail_staff", "co_resident_adult", "principal"])
    def test_the_unit_does_not_sign_for_him(self, kind, article, signer):
        assert outcome(signed("forwarded", signer), kind=kind) is None

    @pytest.mark.parametrize("via", ["mail", "visit", "window", "entrusted", "electronic"])
    def test_a_signature_by_another_way_serves_nobody(self, kind, article, via):
        found = ask(signed(via), kind=kind)
        assert found["outcome"] is None
        assert article in found["explanation"]

    def test_arrival_and_returned_mail_serve_nobody(self, kind, article):
        arrived = ("2026-03-03", "content.available", {"address": "confirmed"})
        back = ("2026-03-09", "mail.returned", {"because": "refused"})
        assert outcome(arrived, back, kind=kind, electronic_consent=True, address_rank="confirmed") is None

    def test_the_first_step_is_to_forward(self, kind, article):
        assert ask(kind=kind)["step"] == "to_forward"

    @pytest.mark.parametrize("method", OTHERS)
    def test_in_a_criminal_case_too(self, kind, article, method):
        assert bar(method, kind=kind, procedure="criminal") == "刑事诉讼法第一百零七条"
        assert bar("forwarded", kind=kind, procedure="criminal") is None

    def test_criminal_papers_put_into_his_own_hand_serve_however_they_came_there(self, kind, article):
        assert outcome(signed("visit"), kind=kind, procedure="criminal") == "served direct 2026-03-04"


def test_a_person_under_compulsory_education_signs_through_the_institution():
    assert outcome(signed("forwarded"), kind="person") == "served forwarded 2026-03-04"
    assert bar("forwarded", kind="person") == "民事诉讼法第九十二条"


@pytest.mark.parametrize(
    ("kind", "open_methods"),
    [
        ("abroad", {"entrusted"}),
        ("hk_macao", {"entrusted", "postal"}),
        ("taiwan", {"entrusted", "postal"}),
    ],
)
def test_outside_the_mainland_only_the_ways_of_its_own_text_are_open(kind, open_methods):
    verdicts = ask(kind=kind)["allowed_methods"]
    assert {v["method"] for v in verdicts if v["barred"] is None} == open_methods
    assert ask(kind=kind)["step"] == "to_serve_outside"


@pytest.mark.parametrize("kind", ["abroad", "hk_macao", "taiwan"])
class TestOutsideTheMainland:
    def test_an_electronic_address_opens_that_way_unless_he_refuses(self, kind):
        address = {"kind": kind, "electronic_address": "found"}
        assert bar("electronic", **address) is None
        assert bar("electronic", electronic_consent=False, **address) == "民事诉讼法第九十条"

    def test_reading_is_presumed_and_an_answer_is_service(self, kind):
        read = ("2026-03-05", "content.opened", {"address": "found"})
        acted = ("2026-03-06", "recipient.acted", {"how": "reply"})
        assert outcome(read, kind=kind) == "presumed_served? electronic 2026-03-05"
        assert outcome(("2026-03-05", "content.available", {"address": "found"}), acted, kind=kind) == (
            "served electronic 2026-03-06"
        )

    def test_a_signed_mail_receipt_serves(self, kind):
        assert outcome(signed("mail"), kind=kind) == "served postal 2026-03-04"

    def test_an_agent_on_the_mainland_may_be_served(self, kind):
        assert outcome(signed("window", "agent"), kind=kind) == "served direct 2026-03-04"

    def test_entrusted_service_is_that_of_its_own_text(self, kind):
        articles = ask(signed("entrusted"), kind=kind)["outcome"]["articles"]
        own = {"abroad": "民事诉讼法第二百八十三条", "hk_macao": "涉港澳送达规定第六条", "taiwan": "涉台送达规定第三条"}
        assert articles == (own[kind],)

    def test_has_thirty_days_to_answer_and_to_appeal(self, kind):
        facts = (signed("mail"),)
        assert str(period("answer", *facts, kind=kind)) == "2026-04-03"
        assert str(period("appeal", *facts, kind=kind, papers="ruling")) == "2026-04-03"

    def test_a_letter_that_comes_back_is_not_deemed_service(self, kind):
        back = ("2026-03-09", "mail.returned", {"because": "wrong_address"})
        assert outcome(back, kind=kind, address_rank="confirmed") is None

    def test_the_telephone_is_barred(self, kind):
        assert bar("telephone", kind=kind) is not None


def test_arrival_at_a_confirmed_address_serves_abroad_but_not_where_receipt_must_be_confirmed():
    arrived = ("2026-03-03", "content.available", {"address": "confirmed"})
    assert outcome(arrived, kind="abroad", electronic_consent=True) == "served electronic 2026-03-03"
    assert outcome(arrived, kind="hk_macao", electronic_consent=True) is None
    assert outcome(arrived, kind="taiwan", electronic_consent=True) is None


@pytest.mark.parametrize(("kind", "serves"), [("hk_macao", True), ("taiwan", True), ("abroad", False)])
def test_papers_may_be_left_with_those_met_on_the_mainland(kind, serves):
    left = ("2026-03-04", "visit.left_in_place", {"refused_by": "self", "witnesses": 2})
    assert outcome(left, kind=kind) == ("deemed_served left_in_place 2026-03-04" if serves else None)


@pytest.mark.parametrize(
    ("kind", "when", "ends"),
    [
        ("abroad", "2026-04-09", "2026-06-08"),  # 60 days
        ("abroad", "2023-12-31", "2024-03-31"),  # three months until the revision of 2023
        ("hk_macao", "2026-04-09", "2026-07-09"),  # three months
        ("hk_macao", "2025-11-30", "2026-02-28"),
        ("taiwan", "2026-04-09", "2026-06-08"),
    ],
)
def test_the_term_of_a_notice(kind, when, ends):
    assert outcome((when, "notice.published", {"in": "newspaper"}), kind=kind) == f"deemed_served notice {ends}"


@pytest.mark.parametrize(
    ("kind", "where", "counts"),
    [
        ("hk_macao", "newspaper", True),
        ("hk_macao", "network", False),
        ("hk_macao", "board", False),
        ("taiwan", "newspaper", True),
        ("taiwan", "network", True),
        ("taiwan", "board", False),
    ],
)
def test_the_media_of_a_notice(kind, where, counts):
    found = outcome(("2026-04-09", "notice.published", {"in": where}), kind=kind)
    assert (found is not None) == counts


class TestThreeMonthsAfterPosting:
    POSTED = ("2026-03-02", "mail.accepted")
    MENTIONED = ("2026-04-01", "recipient.acted", {"how": "litigation_act"})

    @pytest.mark.parametrize("kind", ["abroad", "hk_macao"])
    def test_with_receipt_shown_the_last_day_is_service(self, kind):
        facts = (self.POSTED, self.MENTIONED)
        assert outcome(*facts, kind=kind, as_of="2026-06-01") is None
        assert outcome(*facts, kind=kind, as_of="2026-06-02") == "deemed_served postal 2026-06-02"

    @pytest.mark.parametrize("kind", ["abroad", "hk_macao", "taiwan"])
    def test_with_nothing_shown_is_no_service_and_opens_notice(self, kind):
        assert outcome(self.POSTED, kind=kind, as_of="2026-06-02") is None
        assert bar("notice", self.POSTED, kind=kind, as_of="2026-06-01") is not None
        assert bar("notice", self.POSTED, kind=kind, as_of="2026-06-02") is None

    def test_taiwan_knows_no_such_service(self):
        assert outcome(self.POSTED, self.MENTIONED, kind="taiwan", as_of="2026-06-02") is None
