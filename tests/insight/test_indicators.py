"""The published formulas give what their worked examples say, and a number's list holds as many as the number."""

import pytest

from songda.insight.indicators import INDICATORS, Indicator, Part, quantile, value
from songda.insight.measures import MEASURES
from songda.insight.queries import Span, behind, tally
from tests.cast import World
from tests.insight.days import NO_PHONE, by_phone, fold_all

RATES = [one for one in INDICATORS.values() if one.kind == "rate"]


def label_taken(part: Part) -> str:
    return part.only[0] if part.only else "any"


@pytest.mark.parametrize("indicator", RATES, ids=lambda one: one.code)
def test_the_worked_example_of_a_rate_comes_out_as_its_words_say(indicator: Indicator) -> None:
    worked = indicator.example
    found: dict[str, dict[str, int]] = {}
    for parts, n in ((indicator.bottom, worked.bottom), (indicator.top, worked.top)):
        for part in parts:
            found.setdefault(part.measure, {})[label_taken(part)] = n
    if indicator.top[0].measure == indicator.bottom[0].measure:
        rest = found[indicator.top[0].measure]
        rest["any"] = worked.bottom - worked.top
    shown = value(indicator, found).shown
    assert shown in worked.words


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda one: one.code)
def test_every_indicator_says_what_is_counted_left_out_by_which_clock_and_from_where(indicator: Indicator) -> None:
    said = (indicator.formula, indicator.numerator, indicator.exclusions, indicator.clock, indicator.source)
    assert all(said)
    assert indicator.example.words
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
