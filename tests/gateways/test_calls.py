"""The call robot: what was said is a fact, and nobody is rung twice for one key."""

import pytest

from songda.gateways import calls
from songda.gateways.calls import Call
from songda.gateways.errors import AlreadyDone
from songda.gateways.heard import Heard
from songda.gateways.reading import rows
from songda.gateways.sandbox.people import TEMPERAMENTS
from tests.gateways.parties import SECRET, Listener, Running, eventually


def a_call(key: str = "call-1") -> Call:
    return Call(key, "19200000001", "consent", {"court": "成都高新技术产业开发区人民法院"})


def result_of(sandbox: Running, listener: Listener, temperament: str) -> list[Heard]:
    sandbox.settle(name="邓知行", phone="19200000001", temperament=temperament)
    calls.call(sandbox.calls, a_call())
    headers, body = eventually(lambda: listener.at("calls"))[0]
    assert calls.verify_callback(headers, body, SECRET)
    return calls.translate_results(listener.told("calls")[0])


def test_consent_stated_on_the_phone_is_a_fact_beside_the_call(sandbox: Running, listener: Listener) -> None:
    attempted, consent = result_of(sandbox, listener, "signs_quickly")
    assert attempted.fact == "call.attempted"
    assert attempted.detail["answered"]
    assert attempted.detail["recorded"]
    assert (consent.fact, consent.detail["how"]) == ("consent.given", "stated")
    assert attempted.event != consent.event


def test_a_refusal_of_electronic_service_is_a_fact(sandbox: Running, listener: Listener) -> None:
    assert [one.fact for one in result_of(sandbox, listener, "refuses")] == ["call.attempted", "consent.refused"]


def test_a_wrong_person_consents_to_nothing(sandbox: Running, listener: Listener) -> None:
    (attempted,) = result_of(sandbox, listener, "stranger")
    assert attempted.detail["answered"]
    assert attempted.detail["wrong_person"]


def test_a_phone_that_is_off_was_called_and_not_answered(sandbox: Running, listener: Listener) -> None:
    (attempted,) = result_of(sandbox, listener, "switched_off")
    assert (attempted.detail["answered"], attempted.detail["outcome"]) == (False, "switched_off")
    assert not attempted.unknown


def test_consent_claimed_on_a_call_that_nobody_took_is_not_believed() -> None:
    (heard,) = calls.translate_results([{"key": "call-1", "outcome": "busy", "answer": "agree"}])
    assert heard.fact == "call.attempted"


def test_an_outcome_nobody_knows_is_kept_and_marked() -> None:
    (heard,) = calls.translate_results([{"key": "call-1", "outcome": "teleported"}])
    assert heard.unknown
    assert not heard.detail["answered"]


def test_the_same_key_twice_is_one_call(sandbox: Running) -> None:
    calls.call(sandbox.calls, a_call())
    with pytest.raises(AlreadyDone):
        calls.call(sandbox.calls, a_call())
    assert len(sandbox.log("calls")) == 1


def test_what_became_of_a_key_can_be_asked(sandbox: Running, listener: Listener) -> None:
    assert calls.look_up(sandbox.calls, "call-1") is None
    result_of(sandbox, listener, "signs_quickly")
    known = calls.look_up(sandbox.calls, "call-1")
    assert known is not None
    assert [one.fact for one in known.heard] == ["call.attempted", "consent.given"]


def test_who_did_not_pick_up_at_first_may_do_so_later(sandbox: Running, listener: Listener) -> None:
    sandbox.settle(name="邓知行", phone="19200000001", temperament="answers_late")
    for key in ("call-1", "call-2"):
        calls.call(sandbox.calls, a_call(key))
    told = eventually(lambda: listener.told("calls") if len(listener.told("calls")) == 2 else [])
    facts = {one.key: one.detail["answered"] for each in told for one in calls.translate_results(each)[:1]}
    assert facts == {"call-1": False, "call-2": True}


def test_everything_the_sandboxs_people_say_has_a_row() -> None:
    said = {word for temper in TEMPERAMENTS.values() for word in temper.calls}
    known = {row["code"] for table in ("call_outcomes.csv", "call_answers.csv") for row in rows(table)}
    assert said <= known
