"""Accepting an order: looked at whole, refused with every reason at once, or kept whole."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict

from django.db.models import Max

from songda.courts.models import Court, Person
from songda.filing import case_number, court_codes, identity, intake, reading
from songda.filing.draft import AlreadyHandedOver, OrderDraft, OrderRefused, PartyDraft, Refusal, Upload
from songda.filing.models import (
    Agent,
    Case,
    Document,
    DocumentKind,
    Order,
    Party,
    Procedure,
    RecipientKind,
    Service,
    ServiceDocument,
)
from songda.lib import clock, crypto, vault
from songda.papers import renditions
from songda.papers.bundle import page_count

_AsPdf = Callable[[bytes], bytes]
# What can be served, and how it becomes a PDF.
_RENDITIONS: dict[str, _AsPdf] = {
    intake.PDF: lambda content: content,
    intake.TEXT: lambda content: renditions.of_text(reading.decode(content), made_at=clock.now()),
    intake.JPEG: renditions.of_picture,
    intake.PNG: renditions.of_picture,
}


# ---- looking ---------------------------------------------------------------------------------------------------


def problems(court: Court, draft: OrderDraft) -> list[Refusal]:
    """Everything that keeps the order from being accepted."""
    return [
        *_case_problems(court, draft),
        *_party_problems(draft.parties),
        *_upload_problems(draft.uploads),
    ]


def _case_problems(court: Court, draft: OrderDraft) -> list[Refusal]:
    found = []
    try:
        number = case_number.parse(draft.case_number)
    except case_number.NotACaseNumber as error:
        return [Refusal("case_number", str(error), "case_number")]
    if number.court_code != court.code:
        known = court_codes.court_of(number.court_code)
        whose = f"（{known.name}）" if known else ""
        found.append(
            Refusal(
                "other_court", f"案号中的法院代字是{number.court_code}{whose}，不是{court.name}的案件", "case_number"
            )
        )
    if draft.procedure not in Procedure.values:
        found.append(Refusal("procedure", "请选择适用的程序", "procedure"))
    return found


def _party_problems(parties: Iterable[PartyDraft]) -> list[Refusal]:
    parties = list(parties)
    found = [one for place, party in enumerate(parties) for one in _one_party(party, f"parties.{place}")]
    if not any(party.serve for party in parties):
        found.append(Refusal("no_recipient", "请至少选择一名受送达人", "parties"))
    return found


def _one_party(party: PartyDraft, place: str) -> list[Refusal]:
    found = []
    if not party.name.strip():
        found.append(Refusal("name", "当事人姓名或者名称不能为空", f"{place}.name"))
    if not party.role.strip():
        found.append(Refusal("role", "请填写诉讼地位", f"{place}.role"))
    if party.kind not in RecipientKind.values:
        found.append(Refusal("kind", "未知的当事人类型", f"{place}.kind"))
    found += _checked(
        identity.identify, (party.id_number, _identity_kind(party)), party.id_number, f"{place}.id_number"
    )
    found += _checked(identity.phone, (party.phone,), party.phone, f"{place}.phone")
    if party.email and "@" not in party.email:
        found.append(Refusal("email", "电子邮箱格式不对", f"{place}.email"))
    return found


def _identity_kind(party: PartyDraft) -> str:
    return "organisation" if party.kind == RecipientKind.ORGANISATION else "person"


def _checked(check: Callable[..., object], values: tuple[str, ...], given: str, place: str) -> list[Refusal]:
    if not given.strip():
        return []
    try:
        check(*values)
    except identity.NotValid as error:
        return [Refusal("not_valid", str(error), place)]
    return []


def _upload_problems(uploads: Iterable[Upload]) -> list[Refusal]:
    uploads = list(uploads)
    found = [] if uploads else [Refusal("no_document", "请至少上传一份诉讼文书", "uploads")]
    for place, upload in enumerate(uploads):
        try:
            accepted = intake.accept(upload.filename, upload.content, declared_sha256=upload.sha256)
        except intake.Refused as error:
            found.append(Refusal(error.code, f"{upload.filename[:60]}：{error.message}", f"uploads.{place}"))
            continue
        if accepted.media_type not in _RENDITIONS:
            found.append(
                Refusal("not_servable", f"{upload.filename}：请另存为PDF后再送达，以免版式改变", f"uploads.{place}")
            )
        if upload.kind not in DocumentKind.values:
            found.append(Refusal("document_kind", "未知的文书种类", f"uploads.{place}.kind"))
    return found


# ---- keeping ---------------------------------------------------------------------------------------------------


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


def accept(court: Court, person: Person, draft: OrderDraft) -> Order:
    """Keep the order with its case, parties, documents and services. Raises OrderRefused or AlreadyHandedOver; then
    nothing is kept."""
    if found := problems(court, draft):
        raise OrderRefused(found)
    case = _case(court, draft)
    parties = [_party(case, party, place) for place, party in enumerate(draft.parties)]
    documents = [_document(case, upload) for upload in draft.uploads]
    recipients = [party for party, said in zip(parties, draft.parties, strict=True) if said.serve]
    if not draft.repeat_reason and (names := _served_before(recipients, documents)):
        raise AlreadyHandedOver(names)
    order = Order.objects.create(
        court=court,
        case=case,
        handed_over_by=person,
        handed_over_at=clock.now(),
        door=draft.door,
        idempotency_key=draft.idempotency_key or None,
        request_digest=request_digest(draft),
        note=draft.note[:500],
        repeat_reason=draft.repeat_reason[:200],
    )
    for party in recipients:
        _service(order, party, documents)
    return order


def _case(court: Court, draft: OrderDraft) -> Case:
    judge = Person.objects.filter(username=draft.judge).first() if draft.judge else None
    case, is_new = Case.objects.get_or_create(
        court=court,
        number=case_number.normalise(draft.case_number),
        defaults={"procedure": draft.procedure, "cause": draft.cause[:100], "created_at": clock.now()},
    )
    said = {
        "procedure": draft.procedure,
        "cause": draft.cause[:100],
        "hearing_at": draft.hearing_at,
        "hearing_place": draft.hearing_place[:100],
        "judge": judge,
    }
    changed = [name for name, value in said.items() if value and getattr(case, name) != value]
    for name in changed:
        setattr(case, name, said[name])
    if changed or is_new:
        case.save()
    return case


def _party(case: Case, said: PartyDraft, place: int) -> Party:
    """The party of the case with this name and role; what is newly said of it is added."""
    index = crypto.blind_index(said.name, purpose="name")
    party = Party.objects.filter(case=case, name_index=index, role=said.role).first()
    if party is None:
        party = Party(court_id=case.court_id, case=case, role=said.role, name=said.name.strip(), name_index=index)
        party.ordinal = place
    party.kind, party.capacity = said.kind, said.capacity
    if said.id_number:
        number = identity.identify(said.id_number, _identity_kind(said)).number
        party.id_number, party.id_index = number, crypto.blind_index(number, purpose="id")
    party.legal_representative = said.legal_representative or party.legal_representative
    party.save()
    known = {agent.name for agent in party.agents.all()}
    for agent in said.agents:
        if agent.name not in known:
            Agent.objects.create(
                court_id=case.court_id, party=party, kind=agent.kind, name=agent.name, phone=agent.phone
            )
    return party


def _document(case: Case, upload: Upload) -> Document:
    accepted = intake.accept(upload.filename, upload.content, declared_sha256=upload.sha256)
    known = Document.objects.filter(case=case, sha256=accepted.sha256).first()
    if known is not None:
        return known
    pdf = _RENDITIONS[accepted.media_type](upload.content)
    vault.put(upload.content)
    return Document.objects.create(
        court_id=case.court_id,
        case=case,
        kind=upload.kind,
        title=upload.title or upload.filename.rsplit(".", 1)[0],
        filename=accepted.filename,
        sha256=accepted.sha256,
        pdf_sha256=vault.put(pdf),
        size=accepted.size,
        pages=page_count(pdf),
        media_type=accepted.media_type,
        created_at=clock.now(),
    )


def _served_before(recipients: Iterable[Party], documents: list[Document]) -> list[str]:
    """Names of those who already have a service with one of these papers."""
    ids = [document.id for document in documents]
    return [
        party.name
        for party in recipients
        if ServiceDocument.objects.filter(service__party=party, document_id__in=ids)
        .exclude(service__step="stopped")
        .exists()
    ]


def _service(order: Order, party: Party, documents: list[Document]) -> Service:
    now = clock.now()
    service = Service.objects.create(
        court_id=order.court_id,
        order=order,
        case=order.case,
        party=party,
        number=_next_number(order),
        created_at=now,
        due_at=now,
        moved_at=now,
    )
    ServiceDocument.objects.bulk_create(
        ServiceDocument(court_id=order.court_id, service=service, document=document, ordinal=place)
        for place, document in enumerate(documents)
    )
    return service


def _next_number(order: Order) -> str:
    """The court's next number of the day, as people say it: 20261123-0001."""
    day = f"{clock.today():%Y%m%d}"
    # One at a time in a court: the row of the court is the queue.
    Court.objects.select_for_update(no_key=True).get(id=order.court_id)
    last = Service.objects.filter(number__startswith=f"{day}-").aggregate(last=Max("number"))["last"]
    serial = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    return f"{day}-{serial:05d}"
