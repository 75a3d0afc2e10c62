"""What counterparties tell us: kept byte for byte, then understood, then recorded as facts.

A payload that cannot be understood stays with its problem and is tried again by the loop; nothing is lost, and one told
twice is one.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

import structlog

from songda.engine import actions, errands
from songda.engine.calls import contacting, ends
from songda.engine.inquiries import searching
from songda.engine.mail import returns
from songda.engine.performing import open_work
from songda.engine.reading import locked
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.evidence.queries import course_of
from songda.finding import actions as finding
from songda.finding import sameness
from songda.finding.models import ContactPoint
from songda.gateways import accounts, calls, carrier, email, people, signing, sms, switchboard
from songda.gateways.errors import BadSignature
from songda.gateways.heard import Heard
from songda.gateways.models import Dispatch, Payload
from songda.lib import clock
from songda.lib.tenancy import acting_for, for_every_court
from songda.methods import electronic, entering
from songda.methods.actions import keep_exhibit
from songda.methods.models import Waybill

log = structlog.get_logger()
# Where the last look at waiting payloads ended: the next goes on from there, so that hopeless ones hide no others.
_looked_until: UUID | None = None


class NotOurs(LookupError):
    """The payload speaks of something we never sent."""


def receive(source: str, headers: Mapping[str, str], body: bytes, code: str = "") -> Payload:
    """Check the signature (BadSignature), keep the payload, and make facts of it if that can be done now.

    People-finding sources have a door and a secret each: `code` is the source whose door it is."""
    signing.verify_message(_secret_of(source, code), headers, body)
    if source == "people" and _speaker(body) != code:
        raise BadSignature("speaks for another source")
    payload, _ = Payload.objects.get_or_create(
        source=source,
        digest=hashlib.sha256(body).hexdigest(),
        defaults={"body": body.decode(errors="replace"), "received_at": clock.now()},
    )
    # Sources answer by the thousand: their callbacks are understood in batches, by the loop.
    if payload.understood_at is None and source not in _IN_BATCHES:
        understand(payload)
    return payload


def _secret_of(source: str, code: str) -> str:
    """Raises BadSignature where nobody is connected who could have signed."""
    try:
        return switchboard.source_secret(code) if source == "people" else switchboard.secret(source)
    except switchboard.NotConnected:
        raise BadSignature("unknown sender") from None


def _speaker(body: bytes) -> str:
    try:
        return people.speaker_of(json.loads(body))
    except ValueError:
        return ""


_IN_BATCHES = frozenset({"people"})


def understand(payload: Payload) -> None:
    """Make facts of a kept payload; what stands in the way, whatever it is, is written on it for the next look."""
    try:
        _READERS[payload.source](payload.body)
    except Exception as problem:  # one payload must not stop the others; its sender has done its part
        if not isinstance(problem, NotOurs):
            log.exception("payload could not be understood", payload=str(payload.id), source=payload.source)
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


def _read_sms(body: str) -> None:
    for heard in sms.translate_receipts(json.loads(body)):
        row = _dispatch_of(heard.key)
        with acting_for(row.court_id):
            locked(row.about)
            point = ContactPoint.objects.get(id=row.request["contact"])
            actions.record(row.about, _receipt(heard, point, row))


def _read_accounts(body: str) -> None:
    for heard in accounts.translate_receipts(json.loads(body)):
        row = _dispatch_of(heard.key)
        with acting_for(row.court_id):
            locked(row.about)
            point = ContactPoint.objects.get(id=row.request["contact"])
            actions.record(row.about, _receipt(heard, point, row))


def _read_email(body: str) -> None:
    for heard in email.translate_bounce(body.encode()):
        row = _dispatch_of(heard.key)
        with acting_for(row.court_id):
            locked(row.about)
            point = ContactPoint.objects.get(id=row.request["contact"])
            actions.record(row.about, _receipt(heard, point, row))


def _receipt(heard: Heard, point: ContactPoint, row: Dispatch) -> list[Told]:
    channel, about = row.counterparty, electronic.told_of(row)
    key, brings_papers = f"{channel}:{heard.event}", electronic.carries_link(row.request.get("stage", "knock"))
    if heard.fact == "message.reached" and brings_papers:
        return electronic.arrival(point, channel, heard.happened_at, key, about)
    if heard.fact is None:
        return []
    name = heard.fact if brings_papers else heard.fact.replace("message.", "courtesy.")
    detail = {**heard.detail, **about, "contact": str(point.id)}
    return [Told(name, heard.happened_at, Speaker.PROVIDER, channel, detail, key=key)]


def _read_calls(body: str) -> None:
    for key, reports in _by_key(calls.translate_results(json.loads(body))).items():
        row = _dispatch_of(key)
        with acting_for(row.court_id):
            locked(row.about)
            point = ContactPoint.objects.get(id=row.request["contact"])
            if any(one.detail.get("wrong_person") for one in reports):
                wrong_person(point)
            actions.record(row.about, [_call_fact(one, point) for one in reports])


def wrong_person(point: ContactPoint) -> None:
    """Somebody else answered: the contact point is withdrawn and whatever it opened is shut at once, in every case of
    the court in which it was the same person's; their services are told by an errand."""
    for one in (point, *sameness.shared(point)):
        finding.withdraw(one, "wrong_person")
        entering.withdraw(one)
        if one.id != point.id:
            errands.tell_withdrawn.defer(court_id=str(one.court_id), contact_id=str(one.id))


def _by_key(heard: Iterable[Heard]) -> dict[str, list[Heard]]:
    groups: dict[str, list[Heard]] = {}
    for one in heard:
        groups.setdefault(one.key, []).append(one)
    return groups


def _wants_another(heard: Heard) -> bool:
    """Whether nobody answered at a number that there is, or who did asked to be called at another time."""
    if heard.detail.get("answered"):
        return heard.detail.get("answer") == "call_later"
    return heard.detail.get("outcome") not in contacting.DEAD


def _call_fact(heard: Heard, point: ContactPoint) -> Told:
    detail = {key: value for key, value in heard.detail.items() if key != "recording"}
    if heard.fact == "call.attempted" and _wants_another(heard):
        detail["again_at"] = ends.next_call(point).isoformat()
    return Told(
        heard.fact or "call.attempted",
        heard.happened_at,
        Speaker.RECIPIENT if heard.fact and heard.fact.startswith("consent") else Speaker.PROVIDER,
        "calls",
        {**detail, "contact": str(point.id)},
        key=f"calls:{heard.event}",
    )


def _read_carrier(body: str) -> None:
    for heard in carrier.translate_scans(json.loads(body)):
        waybill = _waybill_of(heard)
        with acting_for(waybill.court_id):
            record_scan(heard, waybill)


def _waybill_of(heard: Heard) -> Waybill:
    with for_every_court():
        waybill = Waybill.objects.filter(number=heard.reference).first() if heard.reference else None
    if waybill is None:
        raise NotOurs(heard.reference[-4:])
    return waybill


def _lacks_image(heard: Heard) -> bool:
    """A receipt counts as scanned only with an image that is whole (法释〔2004〕13号 6)."""
    return heard.fact == "mail.receipt_scanned" and (heard.image is None or bool(heard.detail.get("image_broken")))


def _unreadable(heard: Heard) -> str:
    """Why a person must look at this scan; empty where nobody must."""
    if heard.unknown:
        return f"未知代码 {heard.detail.get('code', '')}"[:100]
    return "回执影像缺失或者损坏" if _lacks_image(heard) else ""


def record_scan(heard: Heard, waybill: Waybill) -> None:
    """Make a fact of one scan of a piece; a scan that a person must look at opens work."""
    service = locked(waybill.service_id)
    if why := _unreadable(heard):
        open_work(service, "unread_scan", f"unread:{heard.event}", reason=why)
    detail = {**heard.detail, "contact": str(waybill.contact_point_id), "waybill": waybill.number}
    if heard.image:
        exhibit = keep_exhibit(service, kind="receipt", content=heard.image, media_type="image/png")
        Waybill.objects.filter(id=waybill.id).update(receipt_sha256=exhibit.sha256)
        detail["exhibit"] = exhibit.sha256
    if heard.fact == "mail.returned":
        detail["because"] = carrier.because_of_return(heard, _failed_attempts(service.id, waybill))
    name = heard.fact
    if name == "mail.returned" and returns.heard_after(waybill, str(detail["because"])):
        name = "mail.return_scanned"
    if name is not None and not _lacks_image(heard):
        told = Told(name, heard.happened_at, Speaker.CARRIER, "carrier", detail, key=f"scan:{heard.event}")
        actions.record(service.id, told)


def _failed_attempts(service_id: UUID, waybill: Waybill) -> list[Heard]:
    """The tries of this piece as they were heard: a return that names no reason has the reason of the last of them."""
    tries = (fact for fact in course_of(service_id) if fact.name == "mail.attempt_failed")
    return [
        Heard("", fact.name, fact.happened_at, fact.detail, reference=waybill.number)
        for fact in tries
        if fact.detail.get("waybill") == waybill.number
    ]


def _read_people(body: str) -> None:
    if not searching.understand(body):
        raise NotOurs("people")


_READERS: dict[str, Callable[[str], None]] = {
    "sms": _read_sms,
    "account": _read_accounts,
    "email": _read_email,
    "calls": _read_calls,
    "carrier": _read_carrier,
    "people": _read_people,
}
SOURCES = frozenset(_READERS)


def retry(limit: int = 100) -> int:
    """Try again some of what could not be understood within the last day; returns how many now could."""
    global _looked_until
    since = clock.now() - clock.stretch(86_400)
    waiting = Payload.objects.filter(understood_at=None, received_at__gte=since).order_by("id")
    further = waiting.filter(id__gt=_looked_until) if _looked_until else waiting
    tried = list(further[:limit]) or list(waiting[:limit])
    for payload in tried:
        understand(payload)
    _looked_until = tried[-1].id if len(tried) == limit else None
    return sum(payload.understood_at is not None for payload in tried)
