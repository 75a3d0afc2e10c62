"""What a machine of the court may do with a service: the same as a person, by the roles of the person of its key."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from songda.courts import actions as courts
from songda.courts.models import Court, Person
from songda.evidence.models import Fact
from songda.methods.models import Exhibit
from tests import cast
from tests.api.conftest import Caller, problem, said

SIGNED = {
    "fact": "receipt.signed",
    "happened_at": "2026-03-02T09:00:00+08:00",
    "detail": {"signer": "self", "via": "window", "id_number_given": True},
    "private": {"name": "邓春生"},
}


@pytest.fixture
def service(world: cast.World) -> cast.Service:
    return world.service()


def answers_204(answer: Any) -> None:
    assert answer.status_code == 204, answer.content.decode()
    assert answer.content == b""


# ---- stop and reopen


def test_a_stopped_service_stands_still_until_it_is_reopened(
    world: cast.World, court_a: Caller, service: cast.Service
) -> None:
    answers_204(court_a.post(f"/services/{service.id}/stop", {"reason": "原告撤诉"}))
    assert said(court_a.get(f"/services/{service.id}"))["step"] == "stopped"
    world.later(days=30)
    assert said(court_a.get(f"/services/{service.id}"))["step"] == "stopped"
    answers_204(court_a.post(f"/services/{service.id}/reopen", {"reason": "原告不撤诉了"}))
    assert said(court_a.get(f"/services/{service.id}"))["step"] == "seeking_consent"


def test_what_is_stopped_is_not_stopped_again(court_a: Caller, service: cast.Service) -> None:
    answers_204(court_a.post(f"/services/{service.id}/stop", {"reason": "原告撤诉"}))
    problem(court_a.post(f"/services/{service.id}/stop", {"reason": "原告撤诉"}), 422, "act-refused")


def test_what_runs_is_not_reopened(court_a: Caller, service: cast.Service) -> None:
    problem(court_a.post(f"/services/{service.id}/reopen", {"reason": "继续送达"}), 422, "act-refused")


@pytest.mark.parametrize("act", ["stop", "reopen", "corrections"])
def test_an_act_wants_a_reason(court_a: Caller, service: cast.Service, act: str) -> None:
    body = problem(court_a.post(f"/services/{service.id}/{act}", {"reason": ""}), 422, "invalid")
    assert any(one["field"].endswith("reason") for one in body["errors"])


# ---- facts by hand


def test_a_signature_at_the_window_serves(court_a: Caller, service: cast.Service) -> None:
    answers_204(court_a.post(f"/services/{service.id}/facts", SIGNED))
    shown = said(court_a.get(f"/services/{service.id}"))
    assert (shown["step"], shown["result"], shown["effective_on"]) == ("served", "served", "2026-03-02")
    assert "邓春生" not in str(shown["facts"])


def test_a_file_shown_with_a_fact_is_kept(world: cast.World, court_a: Caller, service: cast.Service) -> None:
    photo = {"content": base64.b64encode(b"a picture").decode(), "media_type": "image/png", "kind": "scan"}
    answers_204(court_a.post(f"/services/{service.id}/facts", {**SIGNED, "files": [photo]}))
    with world.here():
        kept = Exhibit.objects.get(service=service)
        assert Fact.objects.get(about=service.id, name="receipt.signed").detail["exhibits"] == [kept.sha256]


def test_a_file_that_is_not_base64_is_refused(court_a: Caller, service: cast.Service) -> None:
    photo = {"content": "图", "media_type": "image/png"}
    body = problem(court_a.post(f"/services/{service.id}/facts", {**SIGNED, "files": [photo]}), 422, "act-refused")
    assert body["field"] == "files"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fact": "mail.delivered"}, "fact"),
        ({"fact": "no.such"}, "fact"),
        ({"happened_at": "2027-01-01T00:00:00+08:00"}, "happened_at"),
        ({"detail": {"signer": "the cat", "via": "window"}}, "signer"),
        ({"detail": {"via": "window"}}, "signer"),
    ],
)
def test_what_cannot_be_told_by_hand_is_refused_with_its_field(
    world: cast.World, court_a: Caller, service: cast.Service, change: dict[str, Any], field: str
) -> None:
    before = world.facts(service)
    body = problem(court_a.post(f"/services/{service.id}/facts", {**SIGNED, **change}), 422, "act-refused")
    assert body["field"] == field
    assert world.facts(service) == before


REBUTTED = {
    "fact": "service.rebutted",
    "happened_at": "2026-03-02T08:40:00+08:00",
    "detail": {"ground": "not_own_address"},
}


def test_only_a_judge_rebuts(world: cast.World, court_a: Caller, judge_a: Caller, service: cast.Service) -> None:
    body = problem(court_a.post(f"/services/{service.id}/facts", REBUTTED), 422, "act-refused")
    assert body["field"] == "fact"
    answers_204(judge_a.post(f"/services/{service.id}/facts", REBUTTED))
    assert world.facts(service)[-1] == "service.rebutted"


def test_a_time_without_its_zone_is_no_moment(court_a: Caller, service: cast.Service) -> None:
    told = {**SIGNED, "happened_at": "2026-03-02T08:30:00"}
    body = problem(court_a.post(f"/services/{service.id}/facts", told), 422, "invalid")
    assert any(one["field"].endswith("happened_at") for one in body["errors"])


# ---- collecting at the counter


def test_papers_wait_at_the_counter_under_a_code(court_a: Caller, service: cast.Service) -> None:
    answer = court_a.post(f"/services/{service.id}/collections", {"last_day": "2026-03-09", "pronounced": True})
    assert answer.status_code == 201
    made = said(answer)
    assert len(made["code"]) == 8
    shown = said(court_a.get(f"/services/{service.id}"))
    assert (shown["step"], shown["waiting_for"]) == ("collecting", "受送达人到窗口领取")


def test_a_day_that_is_past_is_none_to_collect_on(court_a: Caller, service: cast.Service) -> None:
    refused = court_a.post(f"/services/{service.id}/collections", {"last_day": "2026-02-01"})
    problem(refused, 422, "act-refused")


# ---- corrections


@pytest.fixture
def second_judge(world: cast.World, key_for: Callable[[Person, Court], Caller]) -> Caller:
    judge = Person.objects.create_user("he", cast.PASSWORD, name="何清", organisation="court")
    courts.enrol(judge, world.court, ("judge",))
    return key_for(judge, world.court)


def test_a_correction_needs_a_second_person(
    court_a: Caller, judge_a: Caller, second_judge: Caller, service: cast.Service
) -> None:
    answers_204(court_a.post(f"/services/{service.id}/facts", SIGNED))
    shown = said(court_a.get(f"/services/{service.id}"))
    fact = next(one["id"] for one in shown["facts"] if one["fact"] == "receipt.signed")
    answers_204(judge_a.post(f"/services/{service.id}/corrections", {"reason": "签收人登记有误", "fact": fact}))
    [item] = said(judge_a.get("/work-items?kind=correction"))
    problem(judge_a.post(f"/work-items/{item['id']}/complete", {"outcome": "granted"}), 422, "act-refused")
    assert said(court_a.get(f"/services/{service.id}"))["step"] == "served"
    answers_204(second_judge.post(f"/work-items/{item['id']}/complete", {"outcome": "granted"}))
    after = said(court_a.get(f"/services/{service.id}"))
    assert after["step"] != "served"
    assert fact in {one["id"] for one in after["facts"]}, "the old course stays visible"


def test_one_fact_has_one_open_correction(court_a: Caller, service: cast.Service) -> None:
    answers_204(court_a.post(f"/services/{service.id}/facts", SIGNED))
    facts = said(court_a.get(f"/services/{service.id}"))["facts"]
    fact = next(one["id"] for one in facts if one["fact"] == "receipt.signed")
    asked = {"reason": "登记有误", "fact": fact}
    answers_204(court_a.post(f"/services/{service.id}/corrections", asked))
    body = problem(court_a.post(f"/services/{service.id}/corrections", asked), 422, "act-refused")
    assert body["field"] == "fact"


def test_the_acceptance_of_an_order_cannot_be_struck(court_a: Caller, service: cast.Service) -> None:
    fact = said(court_a.get(f"/services/{service.id}"))["facts"][0]
    assert fact["fact"] == "order.accepted"
    asked = {"reason": "登记有误", "fact": fact["id"]}
    problem(court_a.post(f"/services/{service.id}/corrections", asked), 422, "act-refused")


# ---- work items


@pytest.fixture
def item(world: cast.World, judge_a: Caller, service: cast.Service) -> dict[str, Any]:
    """A correction that clerk 安 asked for, waiting for a judge."""
    world.tell(service, "receipt.refused", by="self", via="window")
    world.tell(service, "refusal.noted", "person")
    with world.here():
        fact = Fact.objects.get(about=service.id, name="receipt.refused")
        cast.acts.ask_correction(world.read(service), world.an, fact.id, "登记有误")
    [shown] = said(judge_a.get("/work-items"))
    assert isinstance(shown, dict)
    return shown


def test_an_item_says_what_it_asks_and_how_it_may_end(item: dict[str, Any], service: cast.Service) -> None:
    assert item["service"] == str(service.id)
    assert item["question"]
    assert {one["code"] for one in item["outcomes"]} == {"granted", "refused"}
    [refused] = [one for one in item["outcomes"] if one["code"] == "refused"]
    assert [(one["name"], one["required"]) for one in refused["fields"]] == [("reason", True)]


def test_items_are_listed_by_role_and_kind(judge_a: Caller, item: dict[str, Any]) -> None:
    assert len(said(judge_a.get("/work-items?role=judge&kind=correction"))) == 1
    assert said(judge_a.get("/work-items?role=mail")) == []
    assert said(judge_a.get("/work-items?kind=visit")) == []


def test_an_item_is_ended_by_its_role_only(court_a: Caller, judge_a: Caller, item: dict[str, Any]) -> None:
    path = f"/work-items/{item['id']}/complete"
    problem(court_a.post(path, {"outcome": "granted"}), 422, "act-refused")
    answers_204(judge_a.post(path, {"outcome": "granted"}))
    assert said(judge_a.get("/work-items")) == []


def test_an_item_ends_once(world: cast.World, judge_a: Caller, item: dict[str, Any], service: cast.Service) -> None:
    path = f"/work-items/{item['id']}/complete"
    answers_204(judge_a.post(path, {"outcome": "granted"}))
    problem(judge_a.post(path, {"outcome": "granted"}), 422, "act-refused")
    assert world.facts(service).count("service.corrected") == 1


@pytest.mark.parametrize(
    ("said_", "field"), [({"outcome": "burnt"}, "outcome"), ({"outcome": "refused"}, "reason")], ids=["code", "input"]
)
def test_a_wrong_end_is_refused_with_its_field(
    judge_a: Caller, item: dict[str, Any], said_: dict[str, Any], field: str
) -> None:
    body = problem(judge_a.post(f"/work-items/{item['id']}/complete", said_), 422, "act-refused")
    assert body["field"] == field
    assert len(said(judge_a.get("/work-items"))) == 1
