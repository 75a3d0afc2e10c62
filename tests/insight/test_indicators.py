"""The published formulas give what their worked examples say, and a number's list holds as many as the number."""

from dataclasses import replace

import pytest

from songda.insight.indicators import INDICATORS, Indicator, quantile, value
from songda.insight.measures import MEASURES
from songda.insight.queries import Span, behind, tally
from tests.cast import World
from tests.insight.days import NO_PHONE, by_phone, fold_all

MEASURED = [one for one in INDICATORS.values() if not one.missing]


@pytest.mark.parametrize("indicator", MEASURED, ids=lambda one: one.code)
def test_a_worked_example_is_the_formula_applied_to_its_own_counters(indicator: Indicator) -> None:
    counted = indicator.example.counted
    found = value(indicator, counted)
    assert found.value is not None
    assert found.shown in indicator.worked
    # Every counter of the story is one that the indicator reads; and each class it names is one the measure knows.
    assert counted.keys() <= {part.measure for part in (*indicator.top, *indicator.bottom)}
    if indicator.kind == "rate":
        assert f"{found.top} ÷ {found.bottom} = {found.shown}" in indicator.worked
        assert found.value == pytest.approx(found.top / found.bottom)


EXPECTED = {
    "centralised_rate": "82.0%",
    "electronic_rate": "62.0%",
    "success_by_started": "75.0%",
    "success_by_finished": "93.8%",
    "days_median": "1 天",
    "days_p90": "30 天",
    "first_step": "56.3%",
    "contact_in_5": "95.0%",
    "found_in_10": "88.0%",
    "returns": "3",
    "notice_rate": "1.0%",
    "conformity_failures": "2",
    "incidents": "0",
}


def test_the_examples_come_out_as_worked_by_hand() -> None:
    assert {one.code: value(one, one.example.counted).shown for one in MEASURED} == EXPECTED


def test_an_example_changes_with_its_counters_and_not_with_its_words() -> None:
    one = INDICATORS["electronic_rate"]
    other = replace(one, example=replace(one.example, counted={"effective": {"electronic": 1, "postal": 3}}))
    assert other.worked == "当月4项任务生效，其中1项以电子方式生效：1 ÷ 4 = 25.0%"


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda one: one.code)
def test_every_indicator_says_what_is_counted_left_out_by_which_clock_and_from_where(indicator: Indicator) -> None:
    said = (indicator.formula, indicator.numerator, indicator.exclusions, indicator.clock, indicator.source)
    assert all(said)
    assert indicator.worked
    assert {part.measure for part in (*indicator.top, *indicator.bottom)} <= MEASURES.keys()
    assert bool(indicator.top) != bool(indicator.missing)


def test_nine_of_ten_within_thirty_days() -> None:
    assert quantile({"0": 5, "30": 4, "60": 1}, 0.9) == 30
    assert quantile({"0": 1, "1": 1, "9": 1}, 0.5) == 1
    assert quantile({}, 0.5) is None


def test_histograms_of_two_courts_are_merged_by_adding() -> None:
    one, other = {"0": 9}, {"40": 1, "0": 0}
    assert quantile({days: one.get(days, 0) + other.get(days, 0) for days in {*one, *other}}, 0.9) == 0


def test_the_cost_of_a_service_is_not_made_up_before_there_are_bills() -> None:
    cost = value(INDICATORS["cost"], {"effective": {"electronic": 10}})
    assert cost.value is None
    assert cost.shown == "—"
    assert cost.indicator.missing


def test_the_list_behind_every_number_holds_as_many_as_the_number(world: World) -> None:
    by_phone(world, 1)
    by_phone(world, 2)
    mailed = world.service(NO_PHONE, case_number="（2026）川0191民初3号")
    world.later(minutes=20)
    world.returned(mailed, "untraceable")
    fold_all()
    span = Span.days_until_today(30)
    with world.here():
        found = tally([world.court.id], span)
        for indicator in INDICATORS.values():
            for parts, number in (
                (indicator.top, value(indicator, found).top),
                (indicator.bottom, value(indicator, found).bottom),
            ):
                assert sum(behind(part, [world.court.id], span).count() for part in parts) == number, indicator.code
        assert value(INDICATORS["centralised_rate"], found).shown == "100.0%"
        assert value(INDICATORS["electronic_rate"], found).shown == "100.0%"
        assert value(INDICATORS["returns"], found).shown == "1"
