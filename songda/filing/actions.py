"""Accepting orders: each looked at whole, refused with every reason at once or kept whole; many in a few statements."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from django.db.models import Max

from songda.courts.models import Court, Person
from songda.filing import case_number
from songda.filing.checking import problems
from songda.filing.draft import AlreadyHandedOver, OrderDraft, OrderRefused, PartyDraft, Refusal
from songda.filing.files import Files
from songda.filing.keeping import Kept, PartyKey, keep_cases, keep_documents, keep_parties, party_key
from songda.filing.models import Document, Order, Service, ServiceDocument
from songda.lib import clock
from songda.lib.ids import uuid7


@dataclass(frozen=True, slots=True)
class Accepted:
    """An order that was kept, and its services, each with what the order says of its recipient."""

    order: Order
    services: tuple[tuple[Service, PartyDraft], ...]


Answer = Accepted | OrderRefused | AlreadyHandedOver


# ---- the same key again ----------------------------------------------------------------------------------------


def request_digest(draft: OrderDraft) -> str:
    """What the order says, in one line: the same key with other words is another order."""
    plain = asdict(draft)
    for upload in plain["uploads"]:
        upload["content"] = hashlib.sha256(upload["content"]).hexdigest()
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()


def earlier(court: Court, draft: OrderDraft) -> Order | None:
    """The order that this key already made. Raises OrderRefused when the key was used for something else."""
    if not draft.idempotency_key:
        return None
    order = Order.objects.filter(court=court, idempotency_key=draft.idempotency_key).first()
    if order is not None and order.request_digest != request_digest(draft):
        raise OrderRefused([Refusal("key_reused", "同一幂等键已用于内容不同的委托", "idempotency_key")])
    return order


# ---- keeping ---------------------------------------------------------------------------------------------------


def accept(court: Court, person: Person, draft: OrderDraft) -> Accepted:
    """One order alone. Raises OrderRefused or AlreadyHandedOver; then nothing is kept."""
    [answer] = accept_many(court, person, [draft])
    if isinstance(answer, Exception):
        raise answer
    return answer


def accept_many(court: Court, person: Person, drafts: Sequence[OrderDraft]) -> list[Answer]:
    """Keep orders with their cases, parties, documents and services; an answer for each draft, in their order.

    What is refused keeps nothing. The files are made ready first: from then on the court's row is held, so that numbers
    follow one another and nobody serves the same papers at the same moment."""
    files = Files()
    answers: dict[int, Answer] = {}
    for place, draft in enumerate(drafts):
        if found := problems(court, draft, files):
            answers[place] = OrderRefused(found)
    left = {place: draft for place, draft in enumerate(drafts) if place not in answers}
    for draft in left.values():
        for upload in draft.uploads:
            files.keep(upload)
    _hold(court)
    again = dict(_again(left, files))
    fresh = {place: draft for place, draft in left.items() if place not in again}
    answers |= again | dict(zip(fresh, _keep(court, person, list(fresh.values()), files), strict=True))
    return [answers[place] for place in range(len(drafts))]


def _hold(court: Court) -> None:
    """One at a time in a court: the row of the court is the queue."""
    Court.objects.select_for_update(no_key=True).get(id=court.id)


_Serving = tuple[PartyKey, str]


def _again(drafts: dict[int, OrderDraft], files: Files) -> Iterator[tuple[int, AlreadyHandedOver]]:
    """Orders that bring somebody the same paper again without a reason: served before, or earlier in this very lot."""
    known = _served({case_number.normalise(draft.case_number) for draft in drafts.values()})
    for place, draft in drafts.items():
        papers = {files.look(upload).sha256 for upload in draft.uploads}
        serving = {party: {(party_key(draft, party), paper) for paper in papers} for party in draft.parties}
        names = [party.name for party, pairs in serving.items() if party.serve and pairs & known]
        if names and not draft.repeat_reason:
            yield place, AlreadyHandedOver(names)
        else:
            known |= {pair for party, pairs in serving.items() if party.serve for pair in pairs}


def _served(numbers: Iterable[str]) -> set[_Serving]:
    """Who in these cases has a service, and of which papers."""
    lines = ServiceDocument.objects.filter(service__case__number__in=set(numbers)).exclude(service__step="stopped")
    rows = lines.values_list(
        "service__case__number", "service__party__name_index", "service__party__role", "document__sha256"
    )
    return {(PartyKey(number, name, role), paper) for number, name, role, paper in rows}


def _keep(court: Court, person: Person, drafts: list[OrderDraft], files: Files) -> list[Accepted]:
    if not drafts:
        return []
    cases = keep_cases(court, drafts)
    parties = keep_parties(cases, drafts)
    documents = keep_documents(cases, drafts, files)
    kept = Kept(cases, parties, documents)
    orders = Order.objects.bulk_create(_order(court, person, draft, kept) for draft in drafts)
    accepted = [_services(order, draft, kept) for order, draft in zip(orders, drafts, strict=True)]
    _number(court, [service for one in accepted for service, _ in one.services])
    Service.objects.bulk_create(service for one in accepted for service, _ in one.services)
    ServiceDocument.objects.bulk_create(
        line
        for one, draft in zip(accepted, drafts, strict=True)
        for service, _ in one.services
        for line in _lines(service, kept.papers(draft, files))
    )
    return accepted


def _order(court: Court, person: Person, draft: OrderDraft, kept: Kept) -> Order:
    return Order(
        id=uuid7(),
        court=court,
        case=kept.case(draft),
        handed_over_by=person,
        handed_over_at=clock.now(),
        door=draft.door,
        idempotency_key=draft.idempotency_key or None,
        request_digest=request_digest(draft) if draft.idempotency_key else "",
        note=draft.note[:500],
        repeat_reason=draft.repeat_reason[:200],
    )


def _services(order: Order, draft: OrderDraft, kept: Kept) -> Accepted:
    recipients = {party_key(draft, said): said for said in draft.parties if said.serve}
    now = clock.now()
    made = tuple(
        (
            Service(
                id=uuid7(),
                court=order.court,
                order=order,
                case=order.case,
                party=kept.parties[key],
                created_at=now,
                due_at=now,
                moved_at=now,
            ),
            said,
        )
        for key, said in recipients.items()
    )
    return Accepted(order, made)


def _lines(service: Service, documents: Iterable[Document]) -> Iterator[ServiceDocument]:
    for place, document in enumerate(documents):
        yield ServiceDocument(court_id=service.court_id, service=service, document=document, ordinal=place)


def _number(court: Court, services: Iterable[Service]) -> None:
    """The court's next numbers of the day, as people say them: 20261123-00001. The court's row is held."""
    day = f"{clock.today():%Y%m%d}"
    rows = Service.objects.filter(court=court, number__startswith=f"{day}-")
    last = rows.aggregate(last=Max("number"))["last"]
    serial = int(last.rsplit("-", 1)[1]) if last else 0
    for place, service in enumerate(services, serial + 1):
        service.number = f"{day}-{place:05d}"
