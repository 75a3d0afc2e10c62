"""协查函: written and sealed when an inquiry opens, fetched by the source that wants it, each fetch a fact."""

from collections.abc import Sequence
from uuid import UUID

from songda.engine.proving import issuing
from songda.engine.reading import locked
from songda.evidence import actions as ledger
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.finding import sources
from songda.finding.models import Answer, Inquiry
from songda.lib import clock, vault
from songda.lib.tenancy import acting_for
from songda.methods.actions import keep_paper
from songda.methods.queries import desk_of, matter_of
from songda.papers.letters import InquiryLetter, Sought, inquiry_letter

_ASKED = {"phone": "联系电话", "address": "现住址"}


class NoLetter(LookupError):
    """There is no such letter for this source, or nobody is to fetch it any more."""


class AskedTwice(ValueError):
    """The very same request came before: whoever repeats it is not the source."""


def write(service: Service, inquiry: Inquiry, wanting: Sequence[str]) -> Told:
    """The letter, signed with the court's seal and kept; its digest goes along and is sealed with this fact."""
    names = "、".join(sources.name_of(code) for code in wanting)
    letter = InquiryLetter(
        matter=matter_of(service),
        letter_number=f"{service.number}协查{inquiry.id.hex[-6:]}号",
        made_at=clock.now(),
        addressed_to=f"{names}管理单位",
        people=(Sought(name=service.party.name, id_number=service.party.id_number),),
        asked=tuple(_ASKED[kind] for kind in inquiry.asks),
        answer_by=inquiry.closes_at,
        desk=desk_of(service),
        basis=sources.power_of(service.case.procedure),
    )
    signed = issuing.signed(service, inquiry_letter(letter), f"协查函 {letter.letter_number}")
    paper = keep_paper(service, kind="letter", title="协查函", key=f"inquiry:{inquiry.id}", pdf=signed)
    inquiry.letter_sha256 = paper.sha256
    inquiry.save(update_fields=["letter_sha256"])
    detail = {"inquiry": str(inquiry.id), "paper": str(paper.id), "sha256": paper.sha256, "sources": list(wanting)}
    return Told("inquiry.letter_made", clock.now(), detail=detail, key=f"letter:{inquiry.id}")


def fetch(court: UUID, answer: UUID, source: str, nonce: str) -> bytes:
    """The letter that goes with this question to this source; that it was fetched is a fact before it is given.

    Raises NoLetter: another source's, none wanted, the service over; AskedTwice for a request seen before."""
    with acting_for(court):
        row = Answer.objects.select_related("inquiry__service").filter(id=answer, source=source).first()
        if row is None or source not in sources.want_letter([source]) or not row.inquiry.letter_sha256:
            raise NoLetter(str(answer))
        service = locked(row.inquiry.service_id)
        if service.closed_at is not None:
            raise NoLetter(str(answer))
        sha256 = row.inquiry.letter_sha256
        detail = {"inquiry": str(row.inquiry_id), "source": source, "sha256": sha256}
        key = f"letter:{answer}:{nonce}"[:160]
        told = Told("inquiry.letter_fetched", clock.now(), Speaker.SOURCE, source, detail, key=key)
        if ledger.append(court, service.id, told) is None:
            raise AskedTwice(str(answer))
        return vault.get(sha256)
