"""Public notice. 民事诉讼法第九十五、二百八十三条, 民诉法解释第一百三十八至一百四十条."""

import pytest

from tests.law.asking import ask, bar, outcome

APPROVED = ("2026-04-08", "notice.approved")


def published(when="2026-04-09", where="network", *learnt):
    return (when, "notice.published", {"in": where}, *learnt)


def test_thirty_days_from_9_april_is_9_may():
    assert outcome(APPROVED, published(), as_of="2026-05-08") is None
    assert outcome(APPROVED, published(), as_of="2026-05-09") == "deemed_served notice 2026-05-09"


def test_the_last_day_is_not_moved_by_a_day_off():
    # 31 May 2026 is a Sunday; nobody has to do anything on it.
    assert outcome(APPROVED, published("2026-05-01")) == "deemed_served notice 2026-05-31"


@pytest.mark.parametrize(
    ("when", "ends"),
    [
        ("2021-12-31", "2022-03-01"),  # 60 days until the end of 2021
        ("2022-01-01", "2022-01-31"),  # 30 days since
        ("2021-12-15", "2022-02-13"),  # a notice runs out under the law it was published under
    ],
)
def test_the_term_is_that_of_the_day_it_was_published(when, ends):
    assert outcome(published(when)) == f"deemed_served notice {ends}"


def test_an_old_notice_is_explained_in_the_numbers_of_its_day():
    assert "2017年文本第九十二条" in ask(published("2021-06-01"))["explanation"]
    assert "文本" not in ask(published("2024-06-03"))["explanation"]


class TestPublishedTwice:
    def test_runs_from_the_last(self):
        facts = (APPROVED, published(where="board"), published("2026-04-20", "dwelling"))
        assert outcome(*facts) == "deemed_served notice 2026-05-20"

    def test_with_the_last_not_yet_known_runs_from_the_one_known(self):
        late = published("2026-04-20", "dwelling", "2026-06-01")
        assert outcome(published(), late, as_of="2026-05-10") == "deemed_served notice 2026-05-09"
        assert outcome(published(), late, as_of="2026-06-02") == "deemed_served notice 2026-05-20"

    def test_again_after_it_ran_out_takes_nothing_back(self):
        assert outcome(published(), published("2026-06-01")) == "deemed_served notice 2026-05-09"

    def test_again_on_its_last_day_still_counts_anew(self):
        assert outcome(published(), published("2026-05-09")) == "deemed_served notice 2026-06-08"


class TestBarred:
    @pytest.mark.parametrize(
        ("circumstances", "article"),
        [
            ({"procedure": "summary"}, "民诉法解释第一百四十条"),
            ({"papers": "mediation"}, "民诉法解释第一百三十三条"),
            ({"papers": "payment_order", "procedure": "payment_order"}, "民诉法解释第四百三十条"),
            ({"procedure": "criminal"}, "刑事诉讼法第一百零七条"),
            ({"kind": "soldier"}, "民事诉讼法第九十二条"),
            ({"kind": "prisoner"}, "民事诉讼法第九十三条"),
        ],
    )
    def test_for_good_it_serves_nobody_even_approved(self, circumstances, article):
        facts = (APPROVED, published())
        assert bar("notice", *facts, **circumstances) == article
        found = ask(*facts, **circumstances)
        assert found["outcome"] is None or found["outcome"]["result"] == "not_served"

    def test_in_summary_procedure_proposes_the_ordinary_one(self):
        found = ask(APPROVED, published(), procedure="summary")
        assert found["step"] == "to_convert"
        assert "转入普通程序" in found["explanation"]

    def test_until_the_other_methods_are_exhausted(self):
        assert bar("notice") == "民事诉讼法第九十五条"

    @pytest.mark.parametrize(
        "facts",
        [
            [("2026-03-10", "mail.returned", {"because": "unclaimed"})],
            [("2026-03-10", "visit.failed")],
            [("2026-03-10", "inquiry.expired")],
        ],
    )
    def test_one_failure_alone_does_not_open_it(self, facts):
        assert bar("notice", *facts) == "民事诉讼法第九十五条"

    def test_whereabouts_unknown_opens_it(self):
        assert bar("notice", ("2026-03-10", "mail.returned", {"because": "untraceable"})) is None

    def test_no_address_and_none_found_opens_it(self):
        asked = ("2026-03-10", "inquiry.answered", {"found": False})
        assert bar("notice", asked, address_rank="unknown") is None
        assert bar("notice", asked, address_rank="registered") == "民事诉讼法第九十五条"
        assert bar("notice", asked, ("2026-03-11", "inquiry.answered", {"found": True})) == "民事诉讼法第九十五条"
        assert bar("notice", asked, ("2026-03-12", "mail.accepted")) == "民事诉讼法第九十五条"
        still_open = {"electronic_consent": True, "electronic_address": "found"}
        assert bar("notice", asked, **still_open) == "民事诉讼法第九十五条"

    def test_mail_and_visit_failed_and_no_electronic_way_opens_it(self):
        failed = (("2026-03-10", "mail.returned", {"because": "unclaimed"}), ("2026-03-12", "visit.failed"))
        assert bar("notice", *failed) is None
        still_open = {"electronic_consent": True, "electronic_address": "found"}
        assert bar("notice", *failed, **still_open) == "民事诉讼法第九十五条"

    def test_a_judges_approval_opens_it(self):
        assert bar("notice", APPROVED) is None


def test_served_in_person_while_it_runs_is_served_then():
    signed = ("2026-04-20", "receipt.signed", {"signer": "self", "via": "window"})
    assert outcome(APPROVED, published(), signed) == "served direct 2026-04-20"


def test_nothing_rebuts_a_notice():
    grounds = ["system_fault", "not_own_address", "not_read", "no_fault", "other_arrival_time"]
    proofs = [("2026-06-01", "service.rebutted", {"ground": ground}) for ground in grounds]
    assert outcome(APPROVED, published(), *proofs) == "deemed_served notice 2026-05-09"


def test_a_late_scan_does_not_call_a_running_notice_back():
    late = ("2026-04-15", "mail.attempt_failed")
    assert ask(APPROVED, published(), late, as_of="2026-04-20")["step"] == "notice_running"
