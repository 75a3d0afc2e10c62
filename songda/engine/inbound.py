"""What counterparties tell us: kept byte for byte, then understood, then recorded as facts.

A payload that cannot be understood stays with its problem and is tried again by the loop; nothing is lost, and one told
twice is one.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from songda.engine import actions
from songda.engine.outbox import note_answer
from songda.engine.performing import open_work
from songda.engine.reading import locked
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.finding import actions as finding
from songda.finding.models import Answer, ContactPoint
from songda.gateways import calls, carrier, people, signing, sms, switchboard
from songda.gateways.heard import Heard
from songda.gateways.models import Dispatch, Payload
from songda.lib import clock
from songda.lib.tenancy import acting_for, for_every_court
from songda.methods import electronic
from songda.methods.actions import keep_exhibit
from songda.methods.models import Waybill


class NotOurs(LookupError):
    """The payload speaks of something we never sent."""


def receive(source: str, headers: Mapping[str, str], body: bytes) -> Payload:
    """Check the signature (BadSignature), keep the payload, and make facts of it if that can be done now."""
    signing.verify_message(switchboard.secret(_SECRETS.get(source, source)), headers, body)
    payload, is_new = Payload.objects.get_or_create(
        source=source,
        digest=hashlib.sha256(body).hexdigest(),
        defaults={"body": body.decode(errors="replace"), "received_at": clock.now()},
    )
    if is_new or payload.understood_at is None:
        understand(payload)
    return payload


_SECRETS = {"people": "sms"}


def understand(payload: Payload) -> None:
    """Make facts of a kept payload; what stands in the way is written on it."""
    try:
        _READERS[payload.source](json.loads(payload.body))
    except (NotOurs, ValueError, KeyError, TypeError) as problem:
        Payload.objects.filter(id=payload.id).update(problem=type(problem).__name__)
        return
    payload.understood_at = clock.now()
    payload.save(update_fields=["understood_at"])


def _dispatch_of(key: str) -> Dispatch:
    with for_every_court():
        row = Dispatch.objects.filter(key=key).first()
    if row is None:
        raise NotOurs(key[:8])
    return row


def _read_sms(payload: object) -> None:
    for heard in sms.translate_receipts(payload):
        row = _dispatch_of(heard.key)
        with acting_for(row.court_id):
            locked(row.about)
            point = ContactPoint.objects.get(id=row.request["contact"])
            actions.record(row.about, _receipt(heard, point))


def _receipt(heard: Heard, point: ContactPoint) -> list[Told]:
    key = f"sms:{heard.event}"
    if heard.fact == "message.reached":
        return electronic.arrival(point, "sms", heard.happened_at, key)
    if heard.fact is None:
        return []
    finding.judge(point, worked=False)
    detail = {**heard.detail, "contact": str(point.id)}
    return [Told(heard.fact, heard.happened_at, Speaker.PROVIDER, "sms", detail, key=key)]


def _read_calls(payload: object) -> None:
    for key, reports in _by_key(calls.translate_results(payload)).items():
        row = _dispatch_of(key)
        with acting_for(row.court_id):
            locked(row.about)
            point = ContactPoint.objects.get(id=row.request["contact"])
            if any(one.detail.get("wrong_person") for one in reports):
                wrong_person(point)
            actions.record(row.about, [_call_fact(one, point) for one in reports])


def wrong_person(point: ContactPoint) -> None:
    """Somebody else answered: the contact point is withdrawn and whatever it opened is shut at once."""
    finding.withdraw(point, "wrong_person")
    electronic.withdraw_accesses(point)


def _by_key(heard: Iterable[Heard]) -> dict[str, list[Heard]]:
    groups: dict[str, list[Heard]] = {}
    for one in heard:
        groups.setdefault(one.key, []).append(one)
    return groups


def _call_fact(heard: Heard, point: ContactPoint) -> Told:
    detail = {key: value for key, value in heard.detail.items() if key != "recording"}
    return Told(
        heard.fact or "call.attempted",
        heard.happened_at,
        Speaker.RECIPIENT if heard.fact and heard.fact.startswith("consent") else Speaker.PROVIDER,
        "calls",
        {**detail, "contact": str(point.id)},
        key=f"calls:{heard.event}",
    )


def _read_carrier(payload: object) -> None:
    for heard in carrier.translate_scans(payload):
        waybill = _waybill_of(heard)
        with acting_for(waybill.court_id):
            _record_scan(heard, waybill)


def _waybill_of(heard: Heard) -> Waybill:
    with for_every_court():
        waybill = Waybill.objects.filter(number=heard.reference).first() if heard.reference else None
    if waybill is None:
        raise NotOurs(heard.reference[-4:])
    return waybill


def _record_scan(heard: Heard, waybill: Waybill) -> None:
    service = locked(waybill.service_id)
    if heard.unknown:
        open_work(
            service, "unread_scan", f"unread:{heard.event}", reason=f"未知代码 {heard.detail.get('code', '')}"[:100]
        )
    detail = {**heard.detail, "contact": str(waybill.contact_point_id), "waybill": waybill.number}
    if heard.image:
        exhibit = keep_exhibit(service, kind="receipt", content=heard.image, media_type="image/png")
        Waybill.objects.filter(id=waybill.id).update(receipt_sha256=exhibit.sha256)
        detail["exhibit"] = exhibit.sha256
    if heard.fact is not None:
        told = Told(heard.fact, heard.happened_at, Speaker.CARRIER, "carrier", detail, key=f"scan:{heard.event}")
        actions.record(service.id, told)


def _read_people(payload: object) -> None:
    for heard in people.translate_answers(payload):
        inquiry, source = heard.key.rsplit(":", 1)
        with for_every_court():
            answer = Answer.objects.filter(inquiry_id=UUID(inquiry), source=source).select_related("inquiry").first()
        if answer is None:
            raise NotOurs(source)
        service_id = answer.inquiry.service_id
        values: dict[str, list[str]] = {}
        for one in heard.found:
            values.setdefault(one.kind, []).append(one.value)
        with acting_for(answer.court_id):
            locked(service_id)
            answer = Answer.objects.select_related("inquiry__party").get(id=answer.id)
            actions.record(answer.inquiry.service_id, note_answer(answer, values))


_READERS: dict[str, Callable[[object], None]] = {
    "sms": _read_sms,
    "calls": _read_calls,
    "carrier": _read_carrier,
    "people": _read_people,
}
SOURCES = frozenset(_READERS)


def retry(limit: int = 100) -> int:
    """Try again what could not be understood within the last day; returns how many now could."""
    since = clock.now() - clock.stretch(86_400)
    waiting = list(Payload.objects.filter(understood_at=None, received_at__gte=since)[:limit])
    for payload in waiting:
        understand(payload)
    return sum(payload.understood_at is not None for payload in waiting)
