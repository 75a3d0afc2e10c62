"""The provider before the platforms of accounts, and the people who read there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from songda.gateways.sandbox.answers import Answer, done_before, refused
from songda.gateways.sandbox.people import TEMPERAMENTS
from songda.gateways.sandbox.visitor import plan_visit
from songda.gateways.sandbox.world import World
from songda.lib import clock

_DELIVERED_AFTER = timedelta(seconds=5)
_READ_AFTER = timedelta(minutes=6)
_BUSY_RATE = 0.01


def give_open_id(world: World, question: Mapping[str, Any]) -> Answer:
    """POST /accounts/openids"""
    platform, account = str(question.get("platform", "")), str(question.get("account", ""))
    person = world.people.at_account(platform, account)
    if person is None or TEMPERAMENTS[person.temperament].account == "unknown":
        return refused(404, "NotBound")
    open_id = f"o{world.number(24, 'open id', platform, account)}"
    world.store.receive("openids", open_id, "", {"platform": platform, "account": account}, {})
    return Answer(200, {"openId": open_id})


def take_message(world: World, message: Mapping[str, Any]) -> Answer:
    """POST /accounts/messages"""
    key, open_id = str(message.get("key", "")), str(message.get("openId", ""))
    if not key or not message.get("text") or not message.get("template"):
        return refused(400, "MissingParameter")
    if known := world.store.entry("account", key):
        return done_before(known)
    if world.strikes(_BUSY_RATE, "account busy", key, world.store.count(f"account {key}")):
        return Answer(503, {"code": "ServiceBusy"}, {"retry-after": "1"})
    bound = world.store.entry("openids", open_id)
    whose = bound["body"] if bound else {}
    status = _answer(world, whose)
    answer = {"messageId": f"AM{world.number(18, 'account', key)}", "key": key, "status": status}
    if not world.store.receive("account", key, answer["messageId"], {**message, **whose}, answer):
        return done_before(world.store.entry("account", key) or {"answer": answer})
    if status == "accepted":
        _plan(world, message, whose, answer["messageId"])
    return Answer(200, answer)


def _answer(world: World, whose: Mapping[str, str]) -> str:
    person = world.people.at_account(whose["platform"], whose["account"]) if whose else None
    if person is None:
        return "unknown"
    return "blocked" if TEMPERAMENTS[person.temperament].account == "blocked" else "accepted"


def _plan(world: World, message: Mapping[str, Any], whose: Mapping[str, str], reference: str) -> None:
    """The platform reports at once that it delivered, and later, where the person looks, that it was read; who reads
    may open the link."""
    person = world.people.at_account(whose["platform"], whose["account"])
    assert person is not None
    report = {"key": str(message["key"]), "messageId": reference}
    told = [("delivered", _DELIVERED_AFTER)]
    if TEMPERAMENTS[person.temperament].account == "read":
        told.append(("read", _READ_AFTER))
        plan_visit(world, report["key"], {"platform": whose["platform"], "account": whose["account"]}, message["text"])
    for status, wait in told:
        name = f"account receipt {status} {report['key']}"
        world.agenda.soon("account receipt", name, wait, {**report, "status": status})


def give_receipt(world: World, report: Mapping[str, Any]) -> None:
    """The platform reports; the provider calls back and remembers, the first time being the one remembered."""
    stamp = clock.now().astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    world.store.tell("account", report["key"], report["status"], {**report, "reportTime": stamp})
    said = world.store.told("account", report["key"])
    world.call_back("account", f"{report['messageId']} {report['status']}", timedelta(0), {"receipts": said})


def look_up_message(world: World, key: str) -> Answer:
    """GET /accounts/messages/{key}"""
    known = world.store.entry("account", key)
    if known is None:
        return refused(404, "NoSuchMessage")
    return Answer(200, known["answer"] | {"receipts": world.store.told("account", key)})
