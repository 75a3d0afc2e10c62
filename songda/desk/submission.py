"""From the confirmed form to an order: the same words as the API and the sheet, and every refusal back at its field."""

from collections.abc import Iterable

from django import forms
from django.db import transaction

from songda.desk.access import Seat
from songda.desk.forms.hand_over import DocumentForm, HandOver, PartyForm
from songda.engine.intake import hand_over
from songda.filing.draft import AlreadyHandedOver, OrderDraft, OrderRefused, PartyDraft, Refusal, Upload
from songda.filing.models import Order
from songda.lib import masking, vault

_CASE_FIELDS = {"case_number": "number", "procedure": "procedure", "repeat_reason": "repeat_reason"}


def submit(seat: Seat, form: HandOver) -> Order | None:
    """The order, or None when it was refused; then the form says why, at the fields, and nothing was kept."""
    parties, documents = form.kept_parties(), form.kept_documents()
    try:
        with transaction.atomic():
            return hand_over(seat.court, seat.person, _draft(form, parties, documents))
    except OrderRefused as refused:
        _say(form, refused.reasons, parties, documents)
    except AlreadyHandedOver as again:
        names = "、".join(masking.name(name) for name in again.names)
        form.case.add_error("repeat_reason", f"{names}已有同样文书的送达任务。确需再次送达的，请填写理由。")
    return None


def _draft(form: HandOver, parties: Iterable[PartyForm], documents: Iterable[DocumentForm]) -> OrderDraft:
    case = form.case.cleaned_data
    return OrderDraft(
        case_number=case["number"],
        procedure=case["procedure"],
        cause=case["cause"],
        hearing_at=case["hearing_at"],
        hearing_place=case["hearing_place"],
        note=case["note"],
        repeat_reason=case["repeat_reason"],
        idempotency_key=case["once"],
        parties=tuple(_party(one) for one in parties),
        uploads=tuple(_upload(one) for one in documents),
    )


_AS_TYPED = (
    "role",
    "name",
    "kind",
    "capacity",
    "id_number",
    "phone",
    "email",
    "account",
    "account_platform",
    "address",
    "address_rank",
    "legal_representative",
    "agents",
    "consent",
    "serve",
)


def _party(form: PartyForm) -> PartyDraft:
    given = form.cleaned_data
    return PartyDraft(**{name: given[name] for name in _AS_TYPED})


def _upload(form: DocumentForm) -> Upload:
    given, slip = form.cleaned_data, form.kept
    return Upload(slip.filename, vault.get(slip.sha256), given["kind"], given["title"], slip.sha256)


def _say(form: HandOver, reasons: Iterable[Refusal], parties: list[PartyForm], documents: list[DocumentForm]) -> None:
    """Each reason at the field it is about, or with the whole where it is about none."""
    rows: dict[str, list[forms.Form]] = {"parties": list(parties), "uploads": list(documents)}
    for reason in reasons:
        room, _, rest = reason.field.partition(".")
        place, _, name = rest.partition(".")
        if place.isdecimal() and int(place) < len(rows.get(room, [])):
            row = rows[room][int(place)]
            name = name.partition(".")[0]
            row.add_error(name if name in row.fields else None, reason.message)
        else:
            form.case.add_error(_CASE_FIELDS.get(reason.field), reason.message)
