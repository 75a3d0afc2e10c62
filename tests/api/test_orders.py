"""A court's case system hands over, watches, and fetches what is its own."""

import base64
import hashlib
import io
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from songda.filing.models import Order, Service
from songda.finding.models import ContactPoint
from songda.methods.actions import keep_paper
from tests import cast
from tests.api.conftest import Caller, document, problem, said


def orders(world: cast.World) -> int:
    with world.here():
        return Order.objects.count()


def codes(body: Any) -> set[tuple[str, str]]:
    return {(one["code"], one["field"]) for one in body["errors"]}


def test_an_order_is_accepted_and_shows_its_services(world: cast.World, court_a: Caller, order: dict[str, Any]) -> None:
    answer = court_a.post("/orders", order)
    assert answer.status_code == 201, answer.content.decode()
    body = said(answer)
    assert body["case_number"] == "（2026）川0191民初1234号"
    [service] = body["services"]
    assert service["recipient"] == "邓**"
    assert said(court_a.get(f"/orders/{body['id']}")) == body


def test_an_accepted_order_is_served_by_the_engine(world: cast.World, court_a: Caller, order: dict[str, Any]) -> None:
    [brief] = said(court_a.post("/orders", order))["services"]
    world.later(minutes=1)
    service = said(court_a.get(f"/services/{brief['id']}"))
    assert service["step"] == "seeking_consent"
    assert [fact["fact"] for fact in service["facts"]] == ["order.accepted"]
    assert service["next_by"]


def test_every_problem_is_named_at_once_with_its_field(
    world: cast.World, court_a: Caller, order: dict[str, Any]
) -> None:
    order["case_number"] = "（2026）川0108民初1号"
    order["parties"][1]["id_number"] = "510107198001010319"
    order["parties"][1]["phone"] = "12"
    order["documents"][0]["content"] = base64.b64encode(b"MZ not a paper").decode()
    body = problem(court_a.post("/orders", order), 422, "order-refused")
    assert codes(body) >= {
        ("other_court", "case_number"),
        ("not_valid", "parties.1.id_number"),
        ("not_valid", "parties.1.phone"),
    }
    assert "uploads.0" in {field for _, field in codes(body)}
    assert orders(world) == 0


AGENT = {"name": "何律师", "phone": "13900000077", "account": "12345678", "account_platform": "qq"}


def test_accounts_and_an_agents_telephone_are_ways_to_reach_the_recipient(
    world: cast.World, court_a: Caller, order: dict[str, Any]
) -> None:
    order["parties"][1] |= {"account": "Deng_2026", "account_platform": "wechat", "agents": [AGENT]}
    assert court_a.post("/orders", order).status_code == 201
    with world.here():
        found = {(one.kind, one.platform, one.source) for one in ContactPoint.objects.all()}
    assert found >= {("account", "wechat", "order"), ("phone", "", "agent"), ("account", "qq", "agent")}


@pytest.mark.parametrize(
    ("party", "at"),
    [
        ({"account": "deng_2026"}, "account_platform"),
        ({"account": "12", "account_platform": "wechat"}, "account"),
        ({"agents": [AGENT | {"account": "no number"}]}, "agents.0.account"),
        ({"agents": [AGENT | {"phone": "12"}]}, "agents.0.phone"),
        ({"agents": [AGENT | {"name": " "}]}, "agents.0.name"),
    ],
)
def test_an_account_or_an_agent_that_cannot_be_is_named_with_its_field(
    world: cast.World, court_a: Caller, order: dict[str, Any], party: dict[str, Any], at: str
) -> None:
    order["parties"][1] |= party
    body = problem(court_a.post("/orders", order), 422, "order-refused")
    assert {field for _, field in codes(body)} == {f"parties.1.{at}"}
    assert orders(world) == 0


def test_a_platform_that_nobody_knows_is_refused(court_a: Caller, order: dict[str, Any]) -> None:
    order["parties"][1] |= {"account": "deng_2026", "account_platform": "pigeon"}
    assert court_a.post("/orders", order).status_code == 422


def test_a_case_number_that_is_none_is_refused(court_a: Caller, order: dict[str, Any]) -> None:
    order["case_number"] = "一二三"
    assert codes(problem(court_a.post("/orders", order), 422, "order-refused")) == {("case_number", "case_number")}


def test_a_paper_that_changed_on_the_way_is_refused(world: cast.World, court_a: Caller, order: dict[str, Any]) -> None:
    order["documents"][0]["sha256"] = hashlib.sha256(b"something else").hexdigest()
    body = problem(court_a.post("/orders", order), 422, "order-refused")
    assert codes(body) == {("digest_mismatch", "uploads.0")}
    assert orders(world) == 0


def test_a_paper_that_did_not_change_is_taken(court_a: Caller, order: dict[str, Any]) -> None:
    order["documents"][0]["sha256"] = hashlib.sha256(cast.pdf("起诉状副本")).hexdigest()
    assert court_a.post("/orders", order).status_code == 201


def test_an_encrypted_paper_is_refused(court_a: Caller, order: dict[str, Any]) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(cast.pdf("传票"))))
    writer.encrypt("secret")
    locked = io.BytesIO()
    writer.write(locked)
    order["documents"][1]["content"] = base64.b64encode(locked.getvalue()).decode()
    assert codes(problem(court_a.post("/orders", order), 422, "order-refused")) == {("encrypted", "uploads.1")}


def test_a_paper_that_is_too_large_is_refused(court_a: Caller, order: dict[str, Any]) -> None:
    order["documents"][0]["content"] = base64.b64encode(b"%PDF-1.7\n" + bytes(51 * 2**20)).decode()
    assert codes(problem(court_a.post("/orders", order), 422, "order-refused")) == {("too_large", "uploads.0")}


def test_a_paper_of_ordinary_size_is_no_problem(court_a: Caller, order: dict[str, Any]) -> None:
    heavy = cast.pdf("起诉状副本") + b"\n%" + bytes(5 * 2**20)
    order["documents"][0]["content"] = base64.b64encode(heavy).decode()
    assert court_a.post("/orders", order).status_code == 201


def test_what_is_not_base64_is_named(court_a: Caller, order: dict[str, Any]) -> None:
    order["documents"][1]["content"] = "这不是"
    assert codes(problem(court_a.post("/orders", order), 422, "order-refused")) == {
        ("not_base64", "documents.1.content")
    }


def test_the_same_papers_for_the_same_person_want_a_reason(
    world: cast.World, court_a: Caller, order: dict[str, Any]
) -> None:
    assert court_a.post("/orders", order).status_code == 201
    body = problem(court_a.post("/orders", order), 409, "already-handed-over")
    assert body["field"] == "repeat_reason"
    assert orders(world) == 1
    assert court_a.post("/orders", {**order, "repeat_reason": "原送达地址有误"}).status_code == 201
    assert orders(world) == 2


def test_a_repeated_call_gives_the_same_order_and_doubles_nothing(
    world: cast.World, court_a: Caller, order: dict[str, Any]
) -> None:
    first = court_a.post("/orders", order, **{"Idempotency-Key": "a-1"})
    again = court_a.post("/orders", order, **{"Idempotency-Key": "a-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert said(first) == said(again)
    with world.here():
        assert Order.objects.count() == 1
        assert Service.objects.count() == 1
        assert world.facts(Service.objects.get()) == ["order.accepted"]


def test_a_key_that_named_another_order_is_refused(world: cast.World, court_a: Caller, order: dict[str, Any]) -> None:
    assert court_a.post("/orders", order, **{"Idempotency-Key": "a-1"}).status_code == 201
    other = {**order, "documents": [document("judgment", "民事判决书")]}
    body = problem(court_a.post("/orders", other, **{"Idempotency-Key": "a-1"}), 422, "order-refused")
    assert codes(body) == {("key_reused", "idempotency_key")}
    assert orders(world) == 1


def test_two_courts_may_use_the_same_key(court_a: Caller, court_b: Caller, order: dict[str, Any]) -> None:
    assert court_a.post("/orders", order, **{"Idempotency-Key": "1"}).status_code == 201
    theirs = {**order, "case_number": "（2026）川0108民初1号"}
    assert court_b.post("/orders", theirs, **{"Idempotency-Key": "1"}).status_code == 201


def test_a_key_too_long_is_refused(court_a: Caller, order: dict[str, Any]) -> None:
    problem(court_a.post("/orders", order, **{"Idempotency-Key": "x" * 121}), 422, "invalid")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"procedure": "trial by combat"}, "procedure"),
        ({"parties": []}, "parties"),
        ({"documents": []}, "documents"),
        ({"hearing_at": "someday"}, "hearing_at"),
    ],
)
def test_what_the_schema_forbids_is_named_by_its_field(
    court_a: Caller, order: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    body = problem(court_a.post("/orders", {**order, **change}), 422, "invalid")
    assert any(one["field"].endswith(field) for one in body["errors"])


def test_services_are_listed_by_case_and_step(world: cast.World, court_a: Caller, order: dict[str, Any]) -> None:
    [brief] = said(court_a.post("/orders", order))["services"]
    assert [one["id"] for one in said(court_a.get("/services"))] == [brief["id"]]
    assert said(court_a.get(f"/services?after={brief['number']}")) == []
    assert said(court_a.get("/services?step=served")) == []
    assert len(said(court_a.get("/services?case_number=（2026）川0191民初1234号"))) == 1


def test_a_paper_is_fetched_as_it_was_made(world: cast.World, court_a: Caller) -> None:
    service = world.service()
    with world.here():
        paper = keep_paper(service, kind="proof", title="送达回证", key="p", pdf=cast.pdf("送达回证"))
    shown = said(court_a.get(f"/services/{service.id}"))["papers"]
    assert [one["sha256"] for one in shown] == [paper.sha256]
    fetched = court_a.get(f"/services/{service.id}/papers/{paper.id}")
    assert fetched["Content-Type"] == "application/pdf"
    assert hashlib.sha256(fetched.content).hexdigest() == paper.sha256


def test_no_answer_shows_a_recipients_name_number_or_address(world: cast.World, court_a: Caller) -> None:
    service = world.service()
    shown = court_a.get(f"/services/{service.id}").content.decode() + court_a.get("/work-items").content.decode()
    for secret in (cast.DENG.name, cast.DENG.id_number, cast.DENG.phone, cast.DENG.address):
        assert secret not in shown
