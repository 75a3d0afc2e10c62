"""What holds for every course of events."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from songda.law import situation as s
from songda.law.effect import EFFECTS
from songda.law.explain import explain
from songda.law.facts import FACTS, Key
from songda.law.methods import METHODS
from songda.law.situation import BEIJING, Case, Document, Fact, Recipient, Situation
from songda.law.steps import RESULTS
from tests.law.asking import CALENDAR

START = datetime(2026, 1, 5, 9, 0, tzinfo=BEIJING)
MOMENTS = st.integers(0, 120 * 24).map(lambda hours: START + timedelta(hours=hours))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.sampled_from(["sms", "email", "邓某乙"]),
    "bool": st.booleans(),
    "count": st.integers(0, 3),
    "date": MOMENTS.map(lambda moment: moment.date()),
    "time": MOMENTS,
}


def value(key: Key) -> st.SearchStrategy[Any]:
    return st.sampled_from(key.codes) if key.codes else VALUES[key.kind]


def detail(name: str) -> st.SearchStrategy[dict[str, Any]]:
    keys = FACTS[name].keys
    must = {key: value(kind) for key, kind in keys.items() if kind.required}
    return st.fixed_dictionaries(must, optional={k: value(v) for k, v in keys.items() if not v.required})


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    name = draw(st.sampled_from(sorted(EFFECTS)) | st.sampled_from(sorted(FACTS)))
    happened = draw(MOMENTS)
    learnt = happened + timedelta(hours=draw(st.integers(0, 200)))
    return Fact(name, happened, learnt, draw(st.sampled_from(["方", "安"])), draw(detail(name)))


RECIPIENTS = st.builds(
    Recipient,
    st.sampled_from(sorted(s.RECIPIENT_KINDS)),
    st.sampled_from(sorted(s.CAPACITIES)),
    st.sampled_from(sorted(s.ADDRESS_RANKS)),
    st.sampled_from([None, True, False]),
    st.sampled_from(sorted(s.ELECTRONIC_ADDRESSES)),
)
SITUATIONS = st.builds(
    Situation,
    MOMENTS.map(lambda moment: moment + timedelta(days=60)),
    st.builds(Case, st.none(), st.sampled_from(sorted(s.PROCEDURES))),
    RECIPIENTS,
    st.lists(st.sampled_from(sorted(s.DOCUMENT_KINDS)).map(Document), max_size=3).map(tuple),
    st.lists(facts(), max_size=8).map(tuple),
)


@settings(deadline=None)
@given(SITUATIONS, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_told_changes_nothing(situation, chance):
    shuffled = list(situation.facts)
    chance.shuffle(shuffled)
    assert explain(replace(situation, facts=tuple(shuffled)), CALENDAR) == explain(situation, CALENDAR)


@settings(deadline=None)
@given(SITUATIONS)
def test_telling_everything_twice_changes_nothing_but_what_counts_tries(situation):
    once = explain(situation, CALENDAR)
    twice = explain(replace(situation, facts=situation.facts * 2), CALENDAR)
    assert (twice.outcome, twice.step, twice.periods) == (once.outcome, once.step, once.periods)


@settings(deadline=None)
@given(SITUATIONS, facts(), st.integers(1, 5000))
def test_what_is_learnt_later_changes_nothing(situation, fact, hours):
    later = replace(fact, learnt_at=situation.as_of + timedelta(hours=hours))
    told = replace(situation, facts=(*situation.facts, later))
    assert explain(told, CALENDAR) == explain(situation, CALENDAR)


@settings(deadline=None)
@given(SITUATIONS)
def test_there_is_no_service_without_a_known_fact_that_carries_it(situation):
    found = explain(situation, CALENDAR).outcome
    if found is None or found.result == "not_served":
        return
    known = [f for f in situation.facts if max(f.happened_at, f.learnt_at) <= situation.as_of]
    assert any(f.fact in EFFECTS for f in known)
    assert found.effective_on <= situation.as_of.astimezone(BEIJING).date()
    assert found.articles


@settings(deadline=None)
@given(SITUATIONS)
def test_the_answer_is_always_whole(situation):
    found = explain(situation, CALENDAR)
    assert [v.method for v in found.allowed_methods] == list(METHODS)
    assert all(v.barred is None or (v.barred.why and v.barred.article) for v in found.allowed_methods)
    assert (found.step in RESULTS) == (found.outcome is not None)
    assert found.explanation.endswith("。")
    assert found.explanation.count("。") == 1
    assert not any(day in found.explanation for day in ("None", "因，"))


@settings(deadline=None)
@given(SITUATIONS)
def test_a_period_never_ends_on_a_day_off_and_never_before_the_service(situation):
    found = explain(situation, CALENDAR)
    for period in found.periods:
        assert found.outcome is not None
        assert period.last_day >= found.outcome.effective_on
        assert period.name == "final" or not CALENDAR.is_day_off(period.last_day)


@settings(deadline=None)
@given(SITUATIONS)
def test_what_is_served_for_good_stays_served_as_time_passes(situation):
    """Nothing but a new fact takes back a service."""
    known = tuple(f for f in situation.facts if max(f.happened_at, f.learnt_at) <= situation.as_of)
    now = explain(replace(situation, facts=known), CALENDAR).outcome
    if now is None:
        return
    later = replace(situation, facts=known, as_of=situation.as_of + timedelta(days=400))
    assert explain(later, CALENDAR).outcome == now


@settings(deadline=None)
@given(SITUATIONS)
def test_the_opposing_party_never_serves(situation):
    hands = ("signer", "by", "refused_by")
    theirs = tuple(
        replace(f, detail={k: "opposing_party" if k in hands else v for k, v in f.detail.items()})
        for f in situation.facts
        if f.fact in ("receipt.signed", "receipt.refused", "visit.left_in_place")
    )
    found = explain(replace(situation, facts=theirs), CALENDAR).outcome
    assert found is None or found.result == "not_served"
