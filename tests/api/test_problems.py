"""Whatever goes wrong below /api/ is told as RFC 9457 problem details; the contract is OpenAPI."""

from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from jsonschema import Draft202012Validator

from songda.courts.models import ApiKey
from songda.lib import clock
from tests import cast
from tests.api.conftest import Caller, problem, said


def test_without_a_key_nothing_is_said(world: cast.World) -> None:
    problem(Caller("").get("/services"), 401, "unknown-caller")


@pytest.mark.parametrize("key", ["sd_wrong", "密", "x" * 5000])
def test_a_wrong_key_opens_nothing(world: cast.World, key: str) -> None:
    problem(Caller(key.encode().decode("latin-1")).get("/services"), 401, "unknown-caller")


def test_a_revoked_key_opens_nothing(court_a: Caller) -> None:
    assert court_a.get("/services").status_code == 200
    ApiKey.objects.update(revoked_at=clock.now())
    problem(court_a.get("/services"), 401, "unknown-caller")


def test_a_log_in_of_a_person_is_no_key(world: cast.World) -> None:
    client = Client()
    client.force_login(world.an, backend="django.contrib.auth.backends.ModelBackend")
    problem(client.get("/api/v1/services"), 401, "unknown-caller")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"order"', b"\xff\xfe", b"null"])
def test_what_is_no_order_is_no_order(court_a: Caller, body: bytes) -> None:
    answer = court_a.ask("POST", "/orders", body)
    assert answer.status_code in {400, 422}
    problem(answer, answer.status_code, {400: "bad-request", 422: "invalid"}[answer.status_code])


@pytest.mark.parametrize("place", ["/api/", "/api/v2/orders", "/api/v1/nothing", "/api/callbacks/nobody", "/api/v1/"])
def test_an_unknown_address_is_a_problem_and_no_page(world: cast.World, place: str) -> None:
    problem(Client().post(place, b"{}", content_type="application/json"), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "place"), [("DELETE", "/api/v1/orders"), ("GET", "/api/callbacks/sms"), ("PUT", "/api/v1/services")]
)
def test_a_wrong_method_says_which_are_right(court_a: Caller, method: str, place: str) -> None:
    answer = Client().generic(method, place, headers={"Authorization": f"Bearer {court_a.key}"})
    problem(answer, 405, "wrong-method")
    assert answer["Allow"]


@pytest.mark.parametrize("place", ["/orders/{}", "/services/{}", "/services/{}/papers/{}"])
def test_what_is_not_there_is_not_found(court_a: Caller, place: str) -> None:
    problem(court_a.get(place.format(uuid4(), uuid4())), 404, "not-found")


def test_a_name_that_is_no_id_is_a_problem(court_a: Caller) -> None:
    problem(court_a.get("/orders/first"), 422, "invalid")


def test_a_body_beyond_all_measure_is_refused(
    court_a: Caller, order: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("songda.api.access.LARGEST", 1000)
    problem(court_a.post("/orders", order), 413, "too-large")


def test_a_fault_of_ours_says_so_and_nothing_more(world: cast.World, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.api.test_problems"
    answer = Client(raise_request_exception=False).get("/api/v1/broken")
    body = problem(answer, 500, "our-fault")
    assert "secret" not in str(body)


def _broken(_request: Any) -> HttpResponse:
    raise RuntimeError("secret")


urlpatterns = [path("api/v1/broken", _broken)]


# ---- the contract


@pytest.fixture
def contract(world: cast.World) -> dict[str, Any]:
    body = said(Client().get("/api/v1/openapi.json"))
    assert isinstance(body, dict)
    return body


def test_the_contract_is_there_for_whoever_wants_to_connect(contract: dict[str, Any]) -> None:
    assert contract["openapi"].startswith("3.1")
    assert set(contract["paths"]) == {
        "/api/v1/irregularities/{irregularity_id}/answer",
        "/api/v1/irregularities/{irregularity_id}/reopen",
        "/api/v1/mail/counts",
        "/api/v1/mail/lists",
        "/api/v1/mail/lists/{list_id}",
        "/api/v1/mail/lists/{list_id}/close",
        "/api/v1/mail/lists/{list_id}/pieces",
        "/api/v1/mail/pieces",
        "/api/v1/mail/receipts",
        "/api/v1/mail/returns",
        "/api/v1/mail/seals",
        "/api/v1/orders",
        "/api/v1/orders/{order_id}",
        "/api/v1/orders/{order_id}/dossier",
        "/api/v1/services",
        "/api/v1/services/{service_id}",
        "/api/v1/services/{service_id}/collections",
        "/api/v1/services/{service_id}/contacts",
        "/api/v1/services/{service_id}/contacts/{contact_id}/reveal",
        "/api/v1/services/{service_id}/corrections",
        "/api/v1/services/{service_id}/facts",
        "/api/v1/services/{service_id}/irregularities",
        "/api/v1/services/{service_id}/notes",
        "/api/v1/services/{service_id}/papers/{paper_id}",
        "/api/v1/services/{service_id}/reopen",
        "/api/v1/services/{service_id}/stop",
        "/api/v1/work-items",
        "/api/v1/work-items/{item_id}/complete",
    }


def test_every_schema_in_the_contract_is_a_schema(contract: dict[str, Any]) -> None:
    for schema in contract["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_is_named_and_wants_a_key(contract: dict[str, Any]) -> None:
    for methods in contract["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["security"]


def test_every_reference_in_the_contract_leads_somewhere(contract: dict[str, Any]) -> None:
    found = list(_references(contract))
    assert found
    for reference in found:
        assert reference.rsplit("/", 1)[1] in contract["components"]["schemas"]


def _references(part: Any) -> Any:
    if isinstance(part, dict):
        yield from [part["$ref"]] if "$ref" in part else []
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _references(one)
