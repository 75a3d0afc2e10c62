"""The carrier: orders become letters, letters travel by a table of journeys, and scans are called back.

Journeys are what the post lives through: three attempts in five days, refusals, people who moved. Scans are sometimes
told twice, late, out of order or in a code nobody knows, and now and then a receipt's image never comes.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from songda.gateways.sandbox.answers import Answer, done_before, refused
from songda.gateways.sandbox.receipt import draw_receipt
from songda.gateways.sandbox.world import World
from songda.lib import clock

_HOUR = timedelta(hours=1)
_TWICE, _LATE, _UNKNOWN_CODE, _NO_RECEIPT = 0.08, 0.05, 0.03, 0.02
_LATE_BY = 9 * _HOUR
_TEAM = "成都市望溪路揽投部"


@dataclass(frozen=True, slots=True)
class Stop:
    """One scan of a journey: hours after the order, the carrier's code, what it writes."""

    hours: float
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a journey ends: who stands on the receipt (a code of `receipt_signers.csv`), with an ID number or not."""

    signer: str = ""
    id_number: bool = False
    written: str = ""


_ROAD = (
    Stop(1, "203", "邮件已收寄"),
    Stop(4, "305", "邮件离开【成都市法院专递揽投部】，正在发往【成都邮件处理中心】"),
    Stop(12, "954", "邮件到达【成都邮件处理中心】"),
    Stop(20, "306", f"邮件到达【{_TEAM}】"),
)
_OUT, _BACK = "邮件正在派送中，请保持电话畅通", "邮件退回寄件法院，退回原因："


def _handed_over(words: str, code: str = "704") -> tuple[Stop, ...]:
    return (*_ROAD, Stop(24, "702", _OUT), Stop(27, code, words))


def _came_back(why: str, *days: int) -> tuple[Stop, ...]:
    """Attempts on these days, then home with the reason."""
    tries = [stop for day in days for stop in (Stop(24 * day, "702", _OUT), Stop(24 * day + 4, "705", why))]
    return (*_ROAD, *tries, Stop(24 * days[-1] + 30, "708", _BACK + why))


JOURNEYS: dict[str, tuple[tuple[Stop, ...], Ending]] = {
    "self": (_handed_over("已签收，本人签收"), Ending("01", True, "本人")),
    "family": (_handed_over("已代签收【家人】"), Ending("08", True, "同住成年家属")),
    "mail_staff": (_handed_over("已签收，单位收发章", "747"), Ending("05", True, "收发室工作人员")),
    "refused": (_came_back("收件人拒收", 1), Ending(written="拒收")),
    "moved": (_came_back("迁移新址不明", 1, 2), Ending(written="迁移新址不明")),
    "no_such_person": (_came_back("查无此人", 1, 2, 3), Ending(written="查无此人")),
    "no_such_organisation": (_came_back("查无此单位", 1, 2), Ending(written="查无此单位")),
    "absent": (_came_back("家中无人且电话无法接通", 1, 2, 4), Ending(written="多次投递无人签收")),
    "deceased": (_came_back("收件人已故", 1), Ending(written="收件人已故")),
}


def take_order(world: World, message: Mapping[str, Any]) -> Answer:
    """POST /carrier/orders"""
    key, receiver = str(message.get("key", "")), message.get("receiver")
    if not key or not isinstance(receiver, dict) or not receiver.get("address") or not receiver.get("name"):
        return refused(400, "B00021")
    if known := world.store.entry("carrier", key):
        return done_before(known)
    waybill = f"12{world.number(11, 'waybill', key)}"
    journey = world.people.journey(str(receiver["name"]), str(receiver["address"]))
    answer = {"waybillNo": waybill, "key": key}
    kept = {**message, "journey": journey, "ordered": clock.now().isoformat()}
    if not world.store.receive("carrier", key, waybill, kept, answer):
        return done_before(world.store.entry("carrier", key) or {"answer": answer})
    if message.get("handover") != "manifest":
        _set_out(world, key, waybill, journey)
    return Answer(200, answer)


def _set_out(world: World, key: str, waybill: str, journey: str) -> None:
    for number, event in enumerate(_scans(world, key, waybill, journey)):
        at = datetime.fromisoformat(event["at"]) + timedelta(hours=event["late"])
        world.agenda.plan("scan", f"scan {key} {number}", at, event | {"key": key, "waybill": waybill})


def take_handover(world: World, key: str, message: Mapping[str, Any]) -> Answer:
    """POST /carrier/orders/{key}/handover: a letter that waited for its list sets out; any other is on its way."""
    order = world.store.entry("carrier", key)
    if order is None:
        return refused(404, "B00404")
    answer = {"key": key, "manifest": str(message.get("manifest", ""))}
    first = world.store.receive("carrier handover", key, answer["manifest"], message, answer)
    if first and order["body"].get("handover") == "manifest":
        _set_out(world, key, order["reference"], order["body"]["journey"])
    return Answer(200, answer)


def _scans(world: World, key: str, waybill: str, journey: str) -> Iterator[dict[str, Any]]:
    """Every scan of a letter with the moment it is told, misfortunes included."""
    stops, _ = JOURNEYS[journey]
    last = stops[-1].hours
    closing = (Stop(last + 3, "CM1", "回执影像已上传"), Stop(last + 6, "CM9", "邮件已结案"))
    start = clock.now()
    for stop in (*stops, *closing):
        if stop.code == "CM1" and world.strikes(_NO_RECEIPT, "no receipt", key):
            continue
        event = {"code": stop.code, "words": stop.words, "at": (start + stop.hours * _HOUR).isoformat()}
        late = world.strikes(_LATE, "late", waybill, stop.hours)
        yield event | {"late": _LATE_BY / _HOUR if late else 0}
        if world.strikes(_TWICE, "twice", waybill, stop.hours):
            yield event | {"late": 1, "again": 1}
    if world.strikes(_UNKNOWN_CODE, "unknown", key):
        yield {"code": "9X7", "words": "内部作业", "at": (start + 18 * _HOUR).isoformat(), "late": 0}


def give_scan(world: World, event: Mapping[str, Any]) -> None:
    """A scan happens: remembered for look-ups, and called back. A withdrawn letter is scanned no more."""
    key = event["key"]
    order = world.store.entry("carrier", key)
    if order is None or world.store.entry("carrier cancelled", key):
        return
    scan = _scan(order, event)
    world.store.tell("carrier", key, scan["eventId"], scan)
    name = f"{event['waybill']} {scan['eventId']} {event.get('again', 0)}"
    world.call_back("carrier", name, timedelta(0), {"events": [scan]})


def _scan(order: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(event["at"]).astimezone(clock.BEIJING)
    scan: dict[str, Any] = {
        "key": event["key"],
        "eventId": f"{event['waybill']}-{event['code']}-{at:%m%d%H%M}",
        "traceNo": event["waybill"],
        "opTime": f"{at:%Y-%m-%d %H:%M:%S}",
        "opCode": event["code"],
        "opDesc": event["words"],
        "opOrgName": _TEAM,
    }
    _, ending = JOURNEYS[order["body"]["journey"]]
    if event["code"] == "CM1":
        scan["receipt"] = _receipt(order, ending, at, event["waybill"])
    elif event["code"] in ("704", "747") and ending.signer:
        scan["receipt"] = {"signerCode": ending.signer, "idNumberGiven": ending.id_number}
    return scan


def _receipt(order: Mapping[str, Any], ending: Ending, at: datetime, waybill: str) -> dict[str, Any]:
    name = order["body"]["receiver"]["name"]
    signed = bool(ending.signer)
    lines = (
        f"收件人：{name}",
        f"签收人身份：{ending.written}" if signed else f"退回原因：{ending.written}",
        f"有效身份证件号码：{'已填写' if ending.id_number else '未填写'}",
        f"日期：{at:%Y年%m月%d日}",
    )
    image = draw_receipt(waybill, "法院专递邮件回执", lines, _signature(ending, name))
    receipt: dict[str, Any] = {
        "mediaType": "image/png",
        "sha256": hashlib.sha256(image).hexdigest(),
        "image": base64.b64encode(image).decode(),
    }
    if signed:
        receipt |= {"signerCode": ending.signer, "idNumberGiven": ending.id_number}
    return receipt


def _signature(ending: Ending, name: str) -> str:
    """The recipient's own name, a relative's guess at the same surname, or a mail room's seal."""
    return {"01": name, "08": name[:1] + "某", "05": "收发专用章"}.get(ending.signer, "")


def look_up_order(world: World, key: str) -> Answer:
    """GET /carrier/orders/{key}"""
    known = world.store.entry("carrier", key)
    if known is None:
        return refused(404, "B00404")
    return Answer(200, known["answer"] | {"responseItems": world.store.told("carrier", key)})


def cancel_order(world: World, key: str) -> Answer:
    """POST /carrier/orders/{key}/cancel"""
    if world.store.entry("carrier", key) is None:
        return refused(404, "B00404")
    if world.store.told("carrier", key):
        return refused(409, "B00409")
    world.store.receive("carrier cancelled", key, "", {}, {})
    return Answer(200, {"key": key, "cancelled": True})
