"""The SMS provider and the call robot, and the phones they reach."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from songda.gateways.sandbox.answers import Answer, done_before, refused
from songda.gateways.sandbox.visitor import plan_visit
from songda.gateways.sandbox.world import World
from songda.gateways.sms import segments
from songda.lib import clock

_RECEIPT_AFTER = timedelta(seconds=8)
_CALL_AFTER = timedelta(seconds=20)
_BUSY_RATE = 0.01
_TWICE_RATE = 0.03
_TALK = {"agree": 74, "decline": 51, "wrong_person": 18, "call_later": 12, "hung_up": 6, "unclear": 33}


def take_sms(world: World, message: Mapping[str, Any]) -> Answer:
    """POST /sms/messages"""
    key, phone = str(message.get("key", "")), str(message.get("phone", ""))
    whole = f"【{message.get('signature', '')}】{message.get('text', '')}"
    if not key or not phone or not message.get("text"):
        return refused(400, "MissingParameter")
    if known := world.store.entry("sms", key):
        return done_before(known)
    if world.strikes(_BUSY_RATE, "sms busy", key, world.store.count(f"sms {key}")):
        return Answer(503, {"code": "ServiceBusy"}, {"retry-after": "1"})
    answer: dict[str, Any] = {"messageId": f"SM{world.number(18, 'sms', key)}", "key": key, "segments": segments(whole)}
    _, temper = world.people.at_phone(phone)
    _plan_receipt(world, key, answer["messageId"], temper.receipt)
    if temper.receipt == "DELIVRD":
        plan_visit(world, key, {"phone": phone}, whole)
    if not world.store.receive("sms", key, answer["messageId"], {**message, "whole": whole}, answer):
        return done_before(world.store.entry("sms", key) or {"answer": answer})
    return Answer(200, answer)


def _plan_receipt(world: World, key: str, reference: str, status: str) -> None:
    report = {"key": key, "messageId": reference, "status": status}
    world.agenda.soon("sms receipt", f"sms receipt {key}", _RECEIPT_AFTER, report)
    if world.strikes(_TWICE_RATE, "sms twice", key):
        world.agenda.soon("sms receipt", f"sms receipt again {key}", 4 * _RECEIPT_AFTER, report)


def give_receipt(world: World, report: Mapping[str, Any]) -> None:
    """The network reports; the provider calls back and remembers, the first time being the one remembered."""
    world.store.tell("sms", report["key"], "receipt", {**report, "reportTime": _stamp()})
    said = world.store.told("sms", report["key"])
    world.call_back("sms", f"{report['messageId']} {report['status']}", timedelta(0), {"receipts": said})


def look_up_sms(world: World, key: str) -> Answer:
    """GET /sms/messages/{key}"""
    known = world.store.entry("sms", key)
    if known is None:
        return refused(404, "NoSuchMessage")
    return Answer(200, known["answer"] | {"receipts": world.store.told("sms", key)})


def take_call(world: World, message: Mapping[str, Any]) -> Answer:
    """POST /calls"""
    key, phone = str(message.get("key", "")), str(message.get("callee", ""))
    if not key or not phone:
        return refused(400, "MissingParameter")
    if known := world.store.entry("calls", key):
        return done_before(known)
    answer = {"callId": f"CR{world.number(16, 'call', key)}", "key": key}
    nth = world.store.count(f"calls to {phone}")
    if world.store.receive("calls", key, answer["callId"], message, answer):
        event = {"key": key, "callId": answer["callId"], "phone": phone, "nth": nth}
        world.agenda.soon("call result", f"call {key}", _CALL_AFTER, event)
    return Answer(200, answer)


def give_call_result(world: World, event: Mapping[str, Any]) -> None:
    """Somebody picks up, or nobody does; the second call may find a person in another mood."""
    _, temper = world.people.at_phone(event["phone"])
    said = temper.calls[min(event["nth"], len(temper.calls)) - 1]
    report = {"key": event["key"], "callId": event["callId"], "endedAt": _stamp(), "outcome": "answered"}
    if said in _TALK:
        recording = f"recordings/{event['callId']}.wav"
        report |= {"answer": said, "seconds": _TALK[said], "recording": recording}
    else:
        report |= {"outcome": said, "seconds": 0}
    world.store.tell("calls", event["key"], "result", report)
    results = world.store.told("calls", event["key"])
    world.call_back("calls", event["callId"], timedelta(0), {"results": results})


def look_up_call(world: World, key: str) -> Answer:
    """GET /calls/{key}"""
    known = world.store.entry("calls", key)
    if known is None:
        return refused(404, "NoSuchCall")
    return Answer(200, known["answer"] | {"results": world.store.told("calls", key)})


def _stamp() -> str:
    return clock.now().astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M:%S")
