"""Counterparties tell us: signed or not heard, kept before it is understood, and told twice is told once."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from songda.engine import inbound
from songda.evidence.models import Fact
from songda.gateways import dispatch, switchboard
from songda.gateways.email import message_id
from songda.gateways.models import Dispatch, Payload
from songda.gateways.signing import sign_message
from songda.lib.clock import BEIJING, now
from tests import cast
from tests.api.conftest import problem

Tell = Callable[..., HttpResponse]


@pytest.fixture
def service(world: cast.World) -> cast.Service:
    return world.service()


@pytest.fixture
def call_key(world: cast.World, service: cast.Service) -> str:
    """The key of the call the engine has planned for the recipient."""
    with world.here():
        return Dispatch.objects.get(about=service.id, counterparty="calls").key


def agreed(key: str) -> dict[str, Any]:
    report = {"key": key, "callId": "CR1", "endedAt": f"{now().astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"}
    return {"results": [{**report, "outcome": "answered", "answer": "agree", "seconds": 70, "recording": "r.wav"}]}


@pytest.fixture
def waybill(world: cast.World, service: cast.Service) -> dict[str, str]:
    """The recipient declines, so a letter goes out; what every scan of it carries."""
    world.tell(service, "consent.refused", "recipient")
    world.later(minutes=20)
    return world.printed(service)


def scan(waybill: dict[str, str], code: str, **more: Any) -> dict[str, Any]:
    at = f"{now().astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
    told = {"eventId": f"e-{code}", "traceNo": waybill["waybill"], "opTime": at, "opCode": code, "opDesc": "", **more}
    return {"events": [told]}


IMAGE = b"\x89PNG an image"


def receipt(**more: Any) -> dict[str, Any]:
    said = {
        "mediaType": "image/png",
        "image": base64.b64encode(IMAGE).decode(),
        "sha256": hashlib.sha256(IMAGE).hexdigest(),
        "signerCode": "01",
        "idNumberGiven": True,
    }
    return {"receipt": {**said, **more}}


# ---- who may speak


@pytest.mark.parametrize("source", sorted(inbound.SOURCES))
def test_who_cannot_sign_is_not_heard(world: cast.World, call_back: Tell, source: str) -> None:
    problem(call_back(source, {"results": []}, secret="guessed"), 401, "bad-signature")
    assert not Payload.objects.exists()


def test_who_does_not_sign_is_not_heard(world: cast.World) -> None:
    problem(Client().post("/api/callbacks/sms", b"{}", content_type="application/json"), 401, "bad-signature")
    assert not Payload.objects.exists()


def test_a_signature_under_other_words_is_none(world: cast.World, call_key: str) -> None:
    headers = sign_message(switchboard.SANDBOX_SECRET, "m1", b'{"results": []}')
    answer = Client().generic("POST", "/api/callbacks/calls", b'{"results": [1]}', headers=headers)
    problem(answer, 401, "bad-signature")


def test_an_old_callback_cannot_be_played_again(world: cast.World, call_key: str) -> None:
    headers = sign_message(switchboard.SANDBOX_SECRET, "m1", b"{}")
    world.later(hours=2)
    problem(Client().generic("POST", "/api/callbacks/calls", b"{}", headers=headers), 401, "bad-signature")


def test_a_callback_beyond_all_measure_is_refused(
    world: cast.World, call_back: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("songda.api.callbacks.LARGEST", 10)
    problem(call_back("sms", {"receipts": ["long enough"]}), 413, "too-large")


# ---- once


def test_what_is_told_twice_is_one_fact(
    world: cast.World, call_back: Tell, service: cast.Service, call_key: str
) -> None:
    told = agreed(call_key)
    assert call_back("calls", told).status_code == 204
    assert call_back("calls", told, name="m2").status_code == 204
    assert world.facts(service).count("consent.given") == 1
    assert Payload.objects.count() == 1


def test_the_same_event_in_other_words_is_still_one_fact(
    world: cast.World, call_back: Tell, service: cast.Service, call_key: str
) -> None:
    told = agreed(call_key)
    call_back("calls", told)
    call_back("calls", {"results": [*told["results"], *told["results"]]})
    assert world.facts(service).count("consent.given") == 1
    assert world.facts(service).count("call.attempted") == 1


def test_a_payload_is_kept_as_it_came(world: cast.World, call_back: Tell, call_key: str) -> None:
    body = '{"results": [ ],  "注": "空"}'.encode()
    assert call_back("calls", body).status_code == 204
    assert Payload.objects.get().body.encode() == body


# ---- not yet understood


def test_what_speaks_of_something_unknown_waits_and_is_understood_later(
    world: cast.World, call_back: Tell, service: cast.Service, waybill: dict[str, str]
) -> None:
    early = {"waybill": "1999999999999"}
    assert call_back("carrier", scan(early, "203")).status_code == 204
    kept = Payload.objects.get()
    assert (kept.understood_at, kept.problem) == (None, "NotOurs")
    assert inbound.retry() == 0
    with world.here():
        piece = service.waybills.get()
        piece.number = early["waybill"]
        piece.save(update_fields=["number"])
    assert inbound.retry() == 1
    with world.here():
        assert Fact.objects.filter(about=service.id, name="mail.accepted", speaker="carrier").exists()
    assert inbound.retry() == 0


@pytest.mark.parametrize("body", [b"", b"not JSON", b"[[]]", b'{"results": 5}', b'{"results": [{"key": 7}]}'])
def test_what_makes_no_sense_is_kept_and_answered(world: cast.World, call_back: Tell, body: bytes) -> None:
    assert call_back("calls", body).status_code == 204
    assert Payload.objects.get().body.encode() == body


def test_hopeless_payloads_do_not_keep_the_others_waiting(
    world: cast.World, call_back: Tell, service: cast.Service, waybill: dict[str, str]
) -> None:
    for place in range(5):
        call_back("carrier", scan({"waybill": f"hopeless {place}"}, "203"), name=f"h{place}")
    call_back("carrier", scan({"waybill": "1888888888888"}, "203"), name="late")
    with world.here():
        service.waybills.update(number="1888888888888")
    assert sum(inbound.retry(limit=2) for _ in range(4)) == 1


# ---- what is said


def test_an_unknown_code_opens_a_work_item(
    world: cast.World, call_back: Tell, service: cast.Service, waybill: dict[str, str]
) -> None:
    before = world.facts(service)
    assert call_back("carrier", scan(waybill, "9X7")).status_code == 204
    assert "9X7" in world.item(service, "unread_scan").reason
    assert world.facts(service) == before


def test_a_result_counts_when_code_image_and_closing_are_there(
    world: cast.World, call_back: Tell, service: cast.Service, waybill: dict[str, str]
) -> None:
    world.later(days=1)
    call_back("carrier", scan(waybill, "704", opDesc="已签收，本人签收"))
    call_back("carrier", scan(waybill, "CM9"))
    assert world.read(service).result == ""
    call_back("carrier", scan(waybill, "CM1", **receipt()))
    assert world.read(service).result == "served"


@pytest.mark.parametrize("broken", [{"sha256": "0" * 64}, {"image": "不是图"}, {"image": None}])
def test_a_receipt_without_a_whole_image_is_no_receipt(
    world: cast.World, call_back: Tell, service: cast.Service, waybill: dict[str, str], broken: dict[str, Any]
) -> None:
    world.later(days=1)
    call_back("carrier", scan(waybill, "704", opDesc="已签收，本人签收"))
    call_back("carrier", scan(waybill, "CM9"))
    call_back("carrier", scan(waybill, "CM1", **receipt(**broken)))
    assert world.read(service).result == ""
    assert "mail.receipt_scanned" not in world.facts(service)
    assert "回执影像" in world.item(service, "unread_scan").reason


def test_a_bounced_letter_by_mail_is_a_message_that_failed(
    world: cast.World, call_back: Tell, service: cast.Service
) -> None:
    with world.here():
        sent = dispatch.plan(
            world.court.id,
            key=f"{service.id}:message:mail",
            counterparty="email",
            about=service.id,
            request={"to": "deng@example.com", "contact": world.contact(service, "phone")},
        )
    name = message_id(sent.key, "court.example")
    report = (
        'Content-Type: multipart/report; report-type="delivery-status"; boundary="b"\n\n'
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        "Final-Recipient: rfc822; deng@example.com\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {name}\n\n--b--\n"
    )
    assert call_back("email", report.encode()).status_code == 204
    assert "message.failed" in world.facts(service)
