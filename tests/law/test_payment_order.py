"""Payment orders. 民诉法解释第四百二十九、四百三十条, 督促程序规定第六条."""

import pytest

from tests.law.asking import ask, bar, outcome

HANDED_OVER = ("2026-03-02", "order.accepted")
PAYMENT_ORDER = {"papers": "payment_order", "procedure": "payment_order"}


def signed(when):
    return (when, "receipt.signed", {"signer": "self", "via": "visit"})


def test_not_served_within_thirty_days_it_lapses():
    found = ask(HANDED_OVER, as_of="2026-04-02", **PAYMENT_ORDER)
    assert found["step"] == "not_served"
    assert found["outcome"]["result"] == "not_served"
    assert str(found["outcome"]["effective_on"]) == "2026-04-01"
    assert "民诉法解释第四百三十条" in found["outcome"]["articles"]
    assert "自行失效" in found["explanation"]


def test_on_the_thirtieth_day_it_can_still_be_served():
    assert outcome(HANDED_OVER, as_of="2026-04-01T23:00:00", **PAYMENT_ORDER) is None
    assert outcome(HANDED_OVER, signed("2026-04-01"), **PAYMENT_ORDER) == "served direct 2026-04-01"


def test_served_after_it_lapsed_serves_nobody():
    found = ask(HANDED_OVER, signed("2026-04-02"), **PAYMENT_ORDER)
    assert found["outcome"]["result"] == "not_served"
    assert "已经失效" in found["explanation"]


def test_a_thirtieth_day_off_moves():
    # 3 April and thirty days is 3 May, in the Labour Day holiday.
    assert (
        outcome(("2026-04-03", "order.accepted"), as_of="2026-05-07", **PAYMENT_ORDER) == "not_served None 2026-05-06"
    )


def test_the_day_of_issue_counts_where_it_is_stated():
    handed_over = ("2026-03-04", "order.accepted", {"issued_on": "2026-03-02"})
    assert outcome(handed_over, as_of="2026-04-02", **PAYMENT_ORDER) == "not_served None 2026-04-01"


@pytest.mark.parametrize("name", ["papers.printed", "mail.accepted", "message.sent", "visit.failed"])
def test_otherwise_the_first_sign_of_its_being_sent(name):
    assert outcome(("2026-03-02", name), as_of="2026-04-02", **PAYMENT_ORDER) == "not_served None 2026-04-01"


def test_with_no_sign_of_its_issue_no_clock_runs():
    assert outcome(as_of="2030-01-01", **PAYMENT_ORDER) is None


def test_cannot_be_published():
    assert bar("notice", HANDED_OVER, **PAYMENT_ORDER) == "民诉法解释第四百三十条"
    published = ("2026-03-03", "notice.published", {"in": "newspaper"})
    assert outcome(HANDED_OVER, published, as_of="2026-05-01", **PAYMENT_ORDER) == "not_served None 2026-04-01"


def test_other_papers_never_lapse():
    assert outcome(HANDED_OVER, as_of="2030-01-01") is None
