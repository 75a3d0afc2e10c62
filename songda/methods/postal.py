"""邮寄送达: an envelope printed near the recipient, court mail, and a result that counts only when it is complete."""

import re
from collections.abc import Iterable
from uuid import UUID

from songda.courts.models import PrintSite
from songda.courts.queries import policy_of
from songda.evidence.actions import Told
from songda.evidence.models import Fact, Speaker
from songda.filing.models import Party, Service
from songda.finding.addresses import nearest
from songda.finding.models import ContactPoint
from songda.gateways import dispatch
from songda.gateways.models import Dispatch
from songda.lib import clock, vault
from songda.methods import custody
from songda.methods.actions import keep_paper
from songda.methods.models import Paper, PieceState, Waybill
from songda.methods.queries import enclosures_of, matter_of
from songda.papers.bundle import bundle, page_count
from songda.papers.mail import Addressee, Envelope, Label, envelope, waybill_label

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
        "handover": "manifest" if policy_of(court).mail_custody == "scan" else "site",
    }


def _phone(party: Party) -> str:
    point = party.contact_points.filter(kind="phone", withdrawn_at=None).order_by("-confidence").first()
    return point.value if point else ""


def note_number(row: Dispatch, number: str) -> Waybill:
    """The carrier gave its number: the piece can be printed. Facts come with its scans."""
    waybill = waybill_of(row)
    waybill.number, waybill.state = number, PieceState.PRINTING
    waybill.save(update_fields=["number", "state"])
    return waybill


def waybill_of(row: Dispatch) -> Waybill:
    """The piece a carrier's or printer's dispatch is about: its key names the contact point, and which turn there."""
    contact, turn = row.key.split(":")[2:4]
    return Waybill.objects.select_related("site", "service__case", "service__party", "service__court").get(
        service_id=row.about, contact_point_id=UUID(contact), turn=int(turn) if turn.isdigit() else 0
    )


def order_key(waybill: Waybill) -> str:
    """The key under which the carrier knows the piece."""
    turn = f":{waybill.turn}" if waybill.turn else ""
    return f"{waybill.service_id}:print:{waybill.contact_point_id}{turn}:order"


def print_piece(waybill: Waybill) -> Dispatch:
    """Make envelope and papers one PDF and send it to the print site, into today's batch there."""
    service = waybill.service
    custody.into_batch(waybill)
    pdf = bundle([_envelope(waybill, service), *_papers(service)])
    key = f"{service.id}:print:{waybill.contact_point_id}" + (f":{waybill.turn}" if waybill.turn else "")
    paper = keep_paper(service, kind="envelope", title="法院专递封面及文书", key=key, pdf=pdf)
    Waybill.objects.filter(id=waybill.id).update(papers_sha256=paper.sha256, pages=page_count(pdf))
    return dispatch.plan(
        service.court_id,
        key=f"{key}:job" + (f":r{waybill.copy}" if waybill.copy else ""),
        counterparty="printing",
        about=service.id,
        request={"site_uri": waybill.site.ipp_uri, "title": f"{waybill.number}", "sha256": paper.sha256},
    )


def print_anew(waybill: Waybill) -> Dispatch:
    """Discard what was printed: the same papers go to the printer as another job, to be counted and sealed anew."""
    waybill.copy += 1
    waybill.counted_pages = waybill.counted_at = waybill.counted_by = waybill.sealed_at = waybill.sealed_by = None
    waybill.save(update_fields=["copy", "counted_pages", "counted_at", "counted_by", "sealed_at", "sealed_by"])
    return print_piece(waybill)


def copy_of(row: Dispatch) -> int:
    """Which printing of its piece a printer's dispatch is: 0 for the first."""
    found = re.search(r":job:r(\d+)", row.key)
    return int(found[1]) if found else 0


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


def label(waybill: Waybill, tracking_url: str) -> Paper:
    """The waybill's label for the carrier's scanners, made once; `tracking_url` goes into its QR code."""
    service = waybill.service
    court = service.court
    pdf = waybill_label(
        Label(
            matter=matter_of(service),
            waybill=waybill.number,
            made_at=clock.now(),
            recipient=Addressee(
                name=service.party.name, address=waybill.contact_point.value, phone=_phone(service.party)
            ),
            sender=Addressee(name=court.name, address=court.address, phone=court.phone),
            tracking_url=tracking_url,
            route=waybill.contact_point.division_code[:6],
            weight_grams=_ENVELOPE_GRAMS + _SHEET_GRAMS * waybill.pages,
        )
    )
    return keep_paper(service, kind="label", title="法院专递面单", key=f"label:{waybill.id}", pdf=pdf)


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
    """The job has come out: printed, at this site. Where the printer says how many sides it printed, that is told."""
    waybill = waybill_of(row)
    # What comes out of a job that was discarded is waste paper.
    if result.state != Dispatch.State.DONE or copy_of(row) != waybill.copy:
        return []
    again = f":{waybill.copy}" if waybill.copy else ""
    impressions = int((result.reply or {}).get("impressions") or 0)
    told = [_by_site(waybill, "papers.printed", f"printed:{waybill.id}{again}", pages=waybill.pages)]
    if impressions and impressions != waybill.pages:
        key = f"miscounted:{waybill.id}{again}"
        told.append(_by_site(waybill, "mail.miscounted", key, pages=impressions, expected=waybill.pages))
    elif impressions and policy_of(waybill.service.court).mail_custody == "site":
        waybill.counted_pages, waybill.counted_at = impressions, clock.now()
        waybill.save(update_fields=["counted_pages", "counted_at"])
        told.append(_by_site(waybill, "mail.counted", f"counted:{waybill.id}{again}", pages=impressions))
    return told


def _by_site(waybill: Waybill, name: str, key: str, **more: int) -> Told:
    """What the print site's machine says of a piece."""
    return Told(name, clock.now(), Speaker.CARRIER, waybill.site.division_code, {**about(waybill), **more}, key=key)


def about(waybill: Waybill) -> dict[str, str]:
    """The details by which a fact names its piece."""
    return {"contact": str(waybill.contact_point_id), "waybill": waybill.number}


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
