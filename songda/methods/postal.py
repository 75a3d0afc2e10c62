"""邮寄送达: an envelope printed near the recipient, court mail, and a result that counts only when it is complete."""

from collections.abc import Iterable
from uuid import UUID

from songda.courts.models import PrintSite
from songda.evidence.actions import Told
from songda.evidence.models import Fact, Speaker
from songda.filing.models import Party, Service
from songda.finding.addresses import nearest
from songda.finding.models import ContactPoint
from songda.gateways import dispatch
from songda.gateways.models import Dispatch
from songda.lib import clock, vault
from songda.methods.actions import keep_paper
from songda.methods.models import Waybill
from songda.methods.queries import enclosures_of, matter_of
from songda.papers.bundle import bundle, page_count
from songda.papers.mail import Addressee, Envelope, envelope

_SHEET_GRAMS, _ENVELOPE_GRAMS = 5, 30
_COVER_PAGES = 1


class NoPrintSite(RuntimeError):
    """No open print site: a person must open one before anything can be printed."""


def site_for(point: ContactPoint) -> PrintSite:
    """The open print site nearest the address, by its division."""
    sites = {site.division_code: site for site in PrintSite.objects.filter(is_open=True)}
    if not sites:
        raise NoPrintSite
    return sites[nearest(point.division_code, sorted(sites)) or min(sites)]


def start_piece(service: Service, point: ContactPoint, key: str, turn: int = 0) -> Dispatch:
    """Begin one piece of court mail: order it from the carrier, whose number the envelope will show."""
    waybill, _ = Waybill.objects.get_or_create(
        court_id=service.court_id,
        service=service,
        contact_point=point,
        turn=turn,
        defaults={"site": site_for(point), "pages": _pages(service), "made_at": clock.now()},
    )
    return dispatch.plan(
        service.court_id,
        key=f"{service.id}:{key}:order",
        counterparty="carrier",
        about=service.id,
        request=_order(waybill, service, point),
    )


def _pages(service: Service) -> int:
    return _COVER_PAGES + sum(line.document.pages for line in service.lines.select_related("document"))


def _order(waybill: Waybill, service: Service, point: ContactPoint) -> dict[str, object]:
    court = service.court
    return {
        "sender": {"name": court.name, "address": court.address, "phone": court.phone, "division": court.division_code},
        "recipient": {
            "name": service.party.name,
            "address": point.value,
            "phone": _phone(service.party),
            "division": point.division_code,
        },
        "pages": waybill.pages,
        "weight_g": _ENVELOPE_GRAMS + _SHEET_GRAMS * waybill.pages,
        "site": waybill.site.division_code,
        "kind": "organisation" if service.party.kind == "organisation" else "person",
        "case_number": service.case.number,
        "contents": [enclosure.name for enclosure in enclosures_of(service)],
    }


def _phone(party: Party) -> str:
    point = party.contact_points.filter(kind="phone", withdrawn_at=None).order_by("-confidence").first()
    return point.value if point else ""


def note_number(row: Dispatch, number: str) -> Waybill:
    """The carrier gave its number: the piece can be printed. Facts come with its scans."""
    waybill = _waybill_of(row)
    waybill.number = number
    waybill.save(update_fields=["number"])
    return waybill


def _waybill_of(row: Dispatch) -> Waybill:
    """The piece a carrier's or printer's dispatch is about: its key names the contact point, and which turn there."""
    contact, turn = row.key.split(":")[2:4]
    return Waybill.objects.select_related("site", "service__case", "service__party", "service__court").get(
        service_id=row.about, contact_point_id=UUID(contact), turn=int(turn) if turn.isdigit() else 0
    )


def print_piece(waybill: Waybill) -> Dispatch:
    """Make envelope and papers one PDF and send it to the print site."""
    service = waybill.service
    pdf = bundle([_envelope(waybill, service), *_papers(service)])
    key = f"{service.id}:print:{waybill.contact_point_id}" + (f":{waybill.turn}" if waybill.turn else "")
    paper = keep_paper(service, kind="envelope", title="法院专递封面及文书", key=key, pdf=pdf)
    Waybill.objects.filter(id=waybill.id).update(papers_sha256=paper.sha256, pages=page_count(pdf))
    return dispatch.plan(
        service.court_id,
        key=f"{key}:job",
        counterparty="printing",
        about=service.id,
        request={"site_uri": waybill.site.ipp_uri, "title": f"{waybill.number}", "sha256": paper.sha256},
    )


def _envelope(waybill: Waybill, service: Service) -> bytes:
    court, point = service.court, waybill.contact_point
    return envelope(
        Envelope(
            matter=matter_of(service),
            court_code=court.code,
            waybill=waybill.number,
            made_at=clock.now(),
            recipient=Addressee(name=service.party.name, address=point.value, phone=_phone(service.party)),
            sender=Addressee(name=court.name, address=court.address, phone=court.phone),
            papers=enclosures_of(service),
            barred=opposing(service.party),
            size="a4",
        )
    )


def opposing(party: Party) -> tuple[str, ...]:
    """Names of the other side, to whom the courier must not hand the papers (法释〔2004〕13号 7)."""
    others = party.case.parties.exclude(role=party.role).exclude(id=party.id)
    return tuple(other.name for other in others)


def _papers(service: Service) -> list[bytes]:
    lines = service.lines.select_related("document")
    return [vault.get(line.document.pdf_sha256) for line in lines]


def after_print(row: Dispatch, result: dispatch.Result) -> list[Told]:
    """The printer took the job; that it came out is asked by a second row, because taken is not printed."""
    if result.state == Dispatch.State.DONE:
        dispatch.plan(
            row.court_id,
            key=f"{row.key}:watch",
            counterparty="print_watch",
            about=row.about,
            request={"site_uri": row.request["site_uri"], "job": row.key},
        )
    return []


def after_watch(row: Dispatch, result: dispatch.Result) -> list[Told]:
    """The job has come out: printed, at this site."""
    if result.state != Dispatch.State.DONE:
        return []
    waybill = _waybill_of(row)
    detail = {"contact": str(waybill.contact_point_id), "waybill": waybill.number, "pages": waybill.pages}
    return [
        Told(
            "papers.printed",
            clock.now(),
            Speaker.CARRIER,
            waybill.site.division_code,
            detail,
            key=f"printed:{waybill.id}",
        )
    ]


_TRIPLET = ("mail.delivered", "mail.receipt_scanned", "mail.closed")


def completed(facts: Iterable[Fact], waybill: str) -> Told | None:
    """The receipt of a delivered piece, once code, image and closing are all there (法释〔2004〕13号 6-9)."""
    by_name = {fact.name: fact for fact in facts if fact.detail.get("waybill") == waybill}
    if not all(name in by_name for name in _TRIPLET):
        return None
    delivered, scanned = by_name["mail.delivered"], by_name["mail.receipt_scanned"]
    # What the image shows was read by a person or a machine afterwards: it outweighs the courier's code.
    said = {**delivered.detail, **{key: scanned.detail[key] for key in _READ_OFF if key in scanned.detail}}
    return Told(
        "receipt.signed",
        delivered.happened_at,
        Speaker.CARRIER,
        delivered.speaker_ref,
        {
            "signer": said.get("signer", "other"),
            "via": "mail",
            "id_number_given": bool(said.get("id_number_given", False)),
            "contact": said.get("contact", ""),
            "waybill": waybill,
        },
        key=f"receipt:{waybill}",
    )


_READ_OFF = ("signer", "id_number_given")
