"""Court systems take part in a service's conversation and raise and answer irregularities; another court's key finds
nothing."""

import base64
from uuid import uuid4

import pytest

from songda.filing.models import Service
from songda.liaison import actions, irregularities, queries
from tests import cast
from tests.api.conftest import Caller, problem, said


@pytest.fixture
def service(world: cast.World) -> Service:
    return world.service()


def _raised_by_post(world: cast.World, service: Service) -> str:
    with world.here():
        about = queries.of_service(world.read(service))
        return str(irregularities.raise_one(about, world.zhou, "papers", "normal", "传票缺第二页").id)


def test_a_note_is_written_once_and_read_with_what_the_post_said(
    world: cast.World, court_a: Caller, service: Service
) -> None:
    path = f"/services/{service.id}/notes"
    body = {"text": "被告已搬家", "key": "k1"}
    assert court_a.post(path, body).status_code == 201
    assert said(court_a.post(path, body))["place"] == 1
    with world.here():
        actions.say(queries.of_service(world.read(service)), world.zhou, "邓春生电话13900000001")
    mine, theirs = said(court_a.get(path))
    assert (mine["text"], mine["side"]) == ("被告已搬家", "court")
    assert (theirs["text"], theirs["side"]) == ("邓**电话139****0001", "post")
    assert [one["place"] for one in said(court_a.get(f"{path}?after=1"))] == [2]


def test_a_file_comes_along_and_a_hostile_one_is_refused(court_a: Caller, service: Service) -> None:
    path = f"/services/{service.id}/notes"
    good = {"filename": "说明.pdf", "content": base64.b64encode(cast.pdf("说明")).decode()}
    assert said(court_a.post(path, {"files": [good]}))["files"][0]["filename"] == "说明.pdf"
    for bad in ({"filename": "a.exe", "content": "TVo="}, {"filename": "a.pdf", "content": "不是"}):
        problem(court_a.post(path, {"files": [bad]}), 422, "act-refused")


def test_a_parcel_has_a_conversation_of_its_own(world: cast.World, court_a: Caller, service: Service) -> None:
    world.tell(service, "consent.refused", "recipient")
    world.later(minutes=20)
    with world.here():
        parcel = service.waybills.get()
    path = f"/services/{service.id}/notes"
    assert court_a.post(path, {"text": "封皮破了", "waybill": str(parcel.id)}).status_code == 201
    assert said(court_a.get(path)) == []
    assert said(court_a.get(f"{path}?waybill={parcel.id}"))[0]["text"] == "封皮破了"
    problem(court_a.get(f"/services/{uuid4()}/notes?waybill={parcel.id}"), 404, "not-found")


def test_an_irregularity_is_raised_and_listed(court_a: Caller, service: Service) -> None:
    path = f"/services/{service.id}/irregularities"
    made = said(court_a.post(path, {"kind": "address", "severity": "urgent", "words": "该小区已拆迁"}))
    assert (made["owner"], made["answered_at"]) == ("post", None)
    assert said(court_a.get(path)) == [made]


def test_the_posts_irregularity_is_answered_and_ones_own_is_not(
    world: cast.World, court_a: Caller, service: Service
) -> None:
    theirs = _raised_by_post(world, service)
    body = {"result": "resolved", "answer": "已补第二页"}
    assert court_a.post(f"/irregularities/{theirs}/answer", body).status_code == 204
    [row] = said(court_a.get(f"/services/{service.id}/irregularities"))
    assert (row["result"], row["answer"]) == ("resolved", "已补第二页")
    problem(court_a.post(f"/irregularities/{theirs}/reopen", {"reason": "没有解决"}), 422, "act-refused")


def test_the_same_answer_may_come_by_the_work_item(world: cast.World, court_a: Caller, service: Service) -> None:
    _raised_by_post(world, service)
    item = world.item(service, "irregularity")
    body = {"outcome": "unfounded", "inputs": {"answer": "第二页在附件中"}}
    assert court_a.post(f"/work-items/{item.id}/complete", body).status_code == 204
    notes = said(court_a.get(f"/services/{service.id}/notes"))
    assert [one["event"] for one in notes] == ["raised", "answered"]


def test_another_courts_key_finds_nothing(world: cast.World, court_b: Caller, service: Service) -> None:
    one = _raised_by_post(world, service)
    problem(court_b.get(f"/services/{service.id}/notes"), 404, "not-found")
    problem(court_b.post(f"/services/{service.id}/notes", {"text": "我看看"}), 404, "not-found")
    problem(court_b.get(f"/services/{service.id}/irregularities"), 404, "not-found")
    words = {"kind": "other", "words": "我看看"}
    problem(court_b.post(f"/services/{service.id}/irregularities", words), 404, "not-found")
    answer = {"result": "resolved", "answer": "已处理"}
    problem(court_b.post(f"/irregularities/{one}/answer", answer), 404, "not-found")
    problem(court_b.post(f"/irregularities/{one}/reopen", {"reason": "没有解决"}), 404, "not-found")
