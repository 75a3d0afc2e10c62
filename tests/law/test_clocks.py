"""The clocks that run on a service, for whoever must act when time itself changes what is known."""

from datetime import date
from typing import Any

from songda.law.deadlines import deadlines, entrusted_by, mismatch_by
from songda.law.reading import read_situation
from tests.law.asking import CALENDAR, Told, situation


def clocks(*facts: Told, **circumstances: Any) -> dict[str, tuple[str, bool]]:
    found = deadlines(read_situation(situation(*facts, **circumstances)), CALENDAR)
    return {d.name: (d.last_day.isoformat(), d.after_the_day) for d in found}


def test_a_notice_tells_on_its_last_day():
    published = ("2026-04-09", "notice.published", {"in": "network"})
    assert clocks(published, as_of="2026-04-10") == {"notice": ("2026-05-09", False)}


def test_a_notice_that_cannot_serve_runs_no_clock():
    published = ("2026-04-09", "notice.published", {"in": "network"})
    assert clocks(published, as_of="2026-04-10", procedure="summary") == {}


def test_a_payment_order_tells_after_its_thirtieth_day():
    handed_over = ("2026-03-02", "order.accepted")
    assert clocks(handed_over, papers="payment_order", as_of="2026-03-03") == {"payment_order": ("2026-04-01", True)}


def test_a_collection_tells_after_its_last_day():
    appointed = ("2026-03-02", "collection.appointed", {"last_day": "2026-03-14"})
    assert clocks(appointed, papers="judgment", as_of="2026-03-03") == {"collection": ("2026-03-16", True)}


def test_a_day_agreed_for_collecting_only_turns_to_another_way():
    agreed = ("2026-03-02", "collection.appointed", {"last_day": "2026-03-13", "pronounced": False})
    [clock] = deadlines(read_situation(situation(agreed, papers="judgment", as_of="2026-03-03")), CALENDAR)
    assert (clock.article, clock.what) == ("法释〔2004〕13号第一条", "领取期间届满，改以其他方式送达")


def test_mail_abroad_tells_after_three_months():
    posted = ("2026-03-02", "mail.accepted")
    assert clocks(posted, kind="taiwan", as_of="2026-03-03") == {"outside_mail": ("2026-06-02", False)}
    assert clocks(posted, as_of="2026-03-03") == {}


def test_the_first_failed_try_starts_the_five_days_of_the_post():
    tried = ("2026-03-02", "mail.attempt_failed")
    assert clocks(tried, as_of="2026-03-03") == {"attempts": ("2026-03-07", True)}


def test_once_served_only_the_periods_run_and_only_to_their_end():
    signed = ("2026-03-02", "receipt.signed", {"signer": "self", "via": "visit"})
    published = ("2026-03-01", "notice.published", {"in": "network"})
    assert clocks(signed, published, as_of="2026-03-03") == {"answer": ("2026-03-17", True)}
    assert clocks(signed, as_of="2026-03-18") == {}


def test_a_court_asked_to_serve_has_ten_days():
    assert entrusted_by(date(2026, 3, 2), CALENDAR).last_day == date(2026, 3, 12)


def test_a_mismatch_is_sent_back_within_three_days():
    assert mismatch_by(date(2026, 3, 4), CALENDAR).last_day == date(2026, 3, 9)  # the 7th is a Saturday
