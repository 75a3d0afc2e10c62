"""Electronic service: consent, arrival, reading, an answer, and what a rebuttal undoes.

民事诉讼法第九十条, 民诉法解释第一百三十五条, 在线诉讼规则第二十九、三十一条.
"""

import pytest

from tests.law.asking import ask, bar, outcome

ARRIVED_CONFIRMED = ("2026-03-03 10:00", "content.available", {"address": "confirmed", "channel": "email"})
ARRIVED_FOUND = ("2026-03-03 10:00", "content.available", {"address": "found", "channel": "sms"})
OPENED = ("2026-03-05 20:00", "content.opened")
REPLIED = ("2026-03-06 11:00", "recipient.acted", {"how": "reply"})
REFUSED = ("2026-03-02 10:00", "consent.refused")


def rebutted(ground, when="2026-03-10", **detail):
    return (when, "service.rebutted", {"ground": ground, **detail})


class TestArrivalAtAConfirmedAddress:
    def test_serves_on_the_day_the_papers_arrive(self):
        assert outcome(ARRIVED_CONFIRMED, electronic_consent=True) == "served electronic 2026-03-03"

    def test_the_day_is_beijings(self):
        late = ("2026-03-03T16:30:00+00:00", "content.available", {"address": "confirmed"})
        assert outcome(late, electronic_consent=True) == "served electronic 2026-03-04"

    def test_where_the_fact_does_not_say_the_recipients_address_decides(self):
        arrived = ("2026-03-03", "content.available")
        assert outcome(arrived, electronic_consent=True, electronic_address="confirmed") is not None
        assert outcome(arrived, electronic_consent=True, electronic_address="found") is None

    def test_cites_the_law_and_both_interpretations(self):
        articles = ask(ARRIVED_CONFIRMED, electronic_consent=True)["outcome"]["articles"]
        assert {"民事诉讼法第九十条", "民诉法解释第一百三十五条", "在线诉讼规则第三十一条"} <= set(articles)

    @pytest.mark.parametrize("name", ["message.sent", "message.reached", "message.failed"])
    def test_a_message_about_the_papers_is_not_the_papers(self, name):
        assert outcome(("2026-03-03", name), electronic_consent=True, electronic_address="confirmed") is None

    def test_reading_proves_arrival_where_the_arrival_itself_is_not_recorded(self):
        assert outcome(OPENED, electronic_consent=True, electronic_address="confirmed") == (
            "served electronic 2026-03-05"
        )

    def test_opening_later_does_not_move_the_day_of_arrival(self):
        assert outcome(ARRIVED_CONFIRMED, OPENED, electronic_consent=True) == "served electronic 2026-03-03"


class TestConsent:
    @pytest.mark.parametrize("consent", [None, False])
    @pytest.mark.parametrize("arrival", [ARRIVED_CONFIRMED, ARRIVED_FOUND])
    def test_without_it_arrival_and_reading_serve_nobody(self, consent, arrival):
        assert outcome(arrival, OPENED, electronic_consent=consent) is None

    @pytest.mark.parametrize("how", ["stated", "agreed_before", "address_in_pleading", "accepted_earlier"])
    def test_each_of_the_four_ways_opens_it(self, how):
        given = ("2026-03-02", "consent.given", {"how": how})
        assert outcome(given, ARRIVED_CONFIRMED) == "served electronic 2026-03-03"

    def test_given_after_arrival_serves_from_the_consent_and_not_before(self):
        given = ("2026-03-04", "consent.given", {"how": "stated"})
        assert outcome(ARRIVED_CONFIRMED, given) == "served electronic 2026-03-04"

    def test_agreed_before_the_litigation_stands_from_the_beginning(self):
        recorded_late = ("2026-03-04", "consent.given", {"how": "agreed_before"})
        assert outcome(ARRIVED_CONFIRMED, recorded_late) == "served electronic 2026-03-03"

    def test_given_after_reading_presumes_from_the_consent(self):
        given = ("2026-03-07", "consent.given", {"how": "stated"})
        assert outcome(ARRIVED_FOUND, OPENED, given) == "presumed_served? electronic 2026-03-07"

    def test_refused_after_it_was_given_ends_it(self):
        assert outcome(("2026-03-01", "consent.given"), REFUSED, ARRIVED_CONFIRMED) is None

    def test_refused_after_noted_consent_ends_it(self):
        assert outcome(REFUSED, ARRIVED_CONFIRMED, electronic_consent=True) is None

    def test_refused_after_service_leaves_the_service(self):
        refused = ("2026-03-04", "consent.refused")
        assert outcome(ARRIVED_CONFIRMED, refused, electronic_consent=True) == "served electronic 2026-03-03"

    def test_given_again_after_a_refusal_opens_it_again(self):
        again = ("2026-03-04", "consent.given", {"how": "stated"})
        assert outcome(REFUSED, ARRIVED_CONFIRMED, again) == "served electronic 2026-03-04"

    def test_an_answer_to_papers_sent_without_it_is_consent(self):
        assert outcome(ARRIVED_FOUND, REPLIED) == "served electronic 2026-03-06"

    def test_an_answer_after_an_express_refusal_is_not(self):
        assert outcome(REFUSED, ARRIVED_FOUND, REPLIED) is None

    def test_why_a_refused_way_serves_nobody_is_said(self):
        assert "没有同意电子送达" in ask(REFUSED, ARRIVED_CONFIRMED)["explanation"]

    @pytest.mark.parametrize(
        ("consent", "article"), [(True, None), (False, "民事诉讼法第九十条"), (None, "民事诉讼法第九十条")]
    )
    def test_decides_whether_the_method_is_open(self, consent, article):
        assert bar("electronic", electronic_consent=consent, electronic_address="found") == article

    def test_without_an_address_there_is_nowhere_to_send(self):
        assert bar("electronic", electronic_consent=True) == "在线诉讼规则第三十一条"


class TestAFoundAddress:
    def test_arrival_alone_serves_nobody(self):
        assert outcome(ARRIVED_FOUND, electronic_consent=True) is None

    def test_reading_is_presumed_service_on_that_day(self):
        assert outcome(ARRIVED_FOUND, OPENED, electronic_consent=True) == "presumed_served? electronic 2026-03-05"

    @pytest.mark.parametrize("how", ["reply", "litigation_act"])
    def test_an_answer_or_an_act_is_service(self, how):
        acted = ("2026-03-06", "recipient.acted", {"how": how})
        assert outcome(ARRIVED_FOUND, acted, electronic_consent=True) == "served electronic 2026-03-06"

    def test_an_act_with_nothing_sent_before_it_is_not(self):
        assert outcome(REPLIED, electronic_consent=True) is None

    def test_a_reply_that_they_came_shows_by_itself_that_they_were_sent(self):
        known = {"electronic_consent": True, "electronic_address": "found"}
        assert outcome(REPLIED, **known) == "served electronic 2026-03-06"
        assert outcome(("2026-03-06", "recipient.acted", {"how": "litigation_act"}), **known) is None
        assert outcome(REFUSED, REPLIED, electronic_address="found") is None
        assert outcome(REPLIED, electronic_address="found") is None  # nobody asked him, nothing was sent

    def test_an_answer_after_reading_ends_the_presumption_and_keeps_the_day(self):
        # An answer must not set back a period that runs since the reading.
        assert outcome(ARRIVED_FOUND, OPENED, REPLIED, electronic_consent=True) == "served electronic 2026-03-05"

    def test_where_the_reading_is_rebutted_the_answers_own_day_stands(self):
        facts = (ARRIVED_FOUND, OPENED, REPLIED, rebutted("not_read"))
        assert outcome(*facts, electronic_consent=True) == "served electronic 2026-03-06"

    def test_there_was_no_presumption_before_august_2021(self):
        read = ("2021-07-31", "content.opened", {"address": "found"})
        assert outcome(read, electronic_consent=True) is None

    def test_a_signature_on_the_phone_is_service(self):
        signed = ("2026-03-06", "receipt.signed", {"signer": "self", "via": "electronic"})
        assert outcome(ARRIVED_FOUND, signed) == "served electronic 2026-03-06"


class TestSeveralChannels:
    def test_the_earliest_valid_one_counts(self):
        second = ("2026-03-04", "content.available", {"address": "confirmed", "channel": "account"})
        assert outcome(second, ARRIVED_CONFIRMED, electronic_consent=True) == "served electronic 2026-03-03"

    def test_an_earlier_arrival_at_a_found_address_does_not_count(self):
        confirmed_later = ("2026-03-04", "content.available", {"address": "confirmed", "channel": "email"})
        assert outcome(ARRIVED_FOUND, confirmed_later, electronic_consent=True) == "served electronic 2026-03-04"


class TestRebuttal:
    @pytest.mark.parametrize("ground", ["system_fault", "not_own_address", "not_read"])
    def test_undoes_a_presumption(self, ground):
        assert outcome(ARRIVED_FOUND, OPENED, rebutted(ground), electronic_consent=True) is None

    @pytest.mark.parametrize("ground", ["no_fault", "other_arrival_time"])
    def test_on_another_ground_leaves_a_presumption(self, ground):
        facts = (ARRIVED_FOUND, OPENED, rebutted(ground, arrived_at="2026-03-09T00:00:00+08:00"))
        assert outcome(*facts, electronic_consent=True) == "presumed_served? electronic 2026-03-05"

    @pytest.mark.parametrize("ground", ["system_fault", "not_own_address", "not_read", "no_fault"])
    def test_does_not_undo_arrival_at_a_confirmed_address(self, ground):
        assert outcome(ARRIVED_CONFIRMED, rebutted(ground), electronic_consent=True) == "served electronic 2026-03-03"

    def test_moves_arrival_to_the_day_proved(self):
        proof = rebutted("other_arrival_time", arrived_at="2026-03-06T08:00:00+08:00")
        assert outcome(ARRIVED_CONFIRMED, proof, electronic_consent=True) == "served electronic 2026-03-06"

    def test_without_the_time_of_arrival_moves_nothing(self):
        found = ask(ARRIVED_CONFIRMED, rebutted("other_arrival_time"), electronic_consent=True)
        assert str(found["outcome"]["effective_on"]) == "2026-03-03"
        assert "不能推翻" in found["explanation"]

    def test_moves_one_channel_and_the_earliest_still_counts(self):
        second = ("2026-03-04", "content.available", {"address": "confirmed", "channel": "account"})
        proof = rebutted("other_arrival_time", arrived_at="2026-03-06T08:00:00+08:00", channel="email")
        assert outcome(ARRIVED_CONFIRMED, second, proof, electronic_consent=True) == "served electronic 2026-03-04"

    def test_does_not_reach_a_reading_that_comes_after_it(self):
        again = ("2026-03-12", "content.opened")
        facts = (ARRIVED_FOUND, OPENED, rebutted("not_read"), again)
        assert outcome(*facts, electronic_consent=True) == "presumed_served? electronic 2026-03-12"

    def test_leaves_a_later_service_by_another_method_standing(self):
        signed = ("2026-03-08", "receipt.signed", {"signer": "self", "via": "mail"})
        facts = (ARRIVED_FOUND, OPENED, signed, rebutted("not_own_address"))
        assert outcome(*facts, electronic_consent=True) == "served postal 2026-03-08"

    def test_says_what_was_undone(self):
        text = ask(ARRIVED_FOUND, OPENED, rebutted("not_read"), electronic_consent=True)["explanation"]
        assert "被推翻" in text
        assert "2026年3月5日" in text


class TestWhoSignsOnline:
    @pytest.mark.parametrize("signer", ["self", "agent", "named_receiver"])
    def test_the_recipient_his_agent_his_receiver(self, signer):
        signed = ("2026-03-06", "receipt.signed", {"signer": signer, "via": "electronic"})
        assert outcome(ARRIVED_FOUND, signed, electronic_consent=True) == "served electronic 2026-03-06"

    @pytest.mark.parametrize("signer", ["co_resident_adult", "opposing_party", "other"])
    def test_nobody_else_reads_his_account(self, signer):
        signed = ("2026-03-06", "receipt.signed", {"signer": signer, "via": "electronic"})
        assert outcome(ARRIVED_FOUND, signed, electronic_consent=True) is None


class TestJudgmentsBefore2022:
    def test_could_not_go_electronically(self):
        read = ("2021-12-31", "content.available", {"address": "confirmed"})
        elsewhere = {"number": "（2021）川0501民初1号", "papers": "judgment", "electronic_consent": True}
        assert outcome(read, **elsewhere) is None

    def test_could_in_the_pilot_courts(self):
        read = ("2021-12-31", "content.available", {"address": "confirmed"})
        chengdu = {"number": "（2021）川0191民初1号", "papers": "judgment", "electronic_consent": True}
        assert outcome(read, **chengdu) == "served electronic 2021-12-31"

    @pytest.mark.parametrize("paper", ["judgment", "ruling", "mediation"])
    def test_go_since(self, paper):
        assert outcome(ARRIVED_CONFIRMED, papers=paper, electronic_consent=True) == "served electronic 2026-03-03"
