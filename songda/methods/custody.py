"""Where pieces of court mail stand and in whose hands they are: read from their facts, kept beside them as a cache."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from songda.evidence.models import Fact
from songda.gateways.numbers import is_waybill, normalised
from songda.lib import clock
from songda.methods.mailroom import Batch
from songda.methods.models import PieceState, Waybill

# What a fact brings a piece to; the furthest counts, in this order.
_STATES: tuple[tuple[str, PieceState], ...] = (
    ("papers.printed", PieceState.PRINTED),
    ("mail.counted", PieceState.COUNTED),
    ("mail.sealed", PieceState.SEALED),
    ("mail.handed_over", PieceState.HANDED_OVER),
    ("mail.accepted", PieceState.ACCEPTED),
    ("mail.attempt_failed", PieceState.NOT_MET),
    ("mail.held", PieceState.HELD),
    ("mail.delivered", PieceState.DELIVERED),
    ("mail.returned", PieceState.RETURNED),
    ("mail.shelved", PieceState.SHELVED),
    ("mail.given_back", PieceState.GIVEN_BACK),
)
_RANK = {name: place for place, (name, _) in enumerate(_STATES)}
# What a fact takes back.
_UNDONE = {
    "papers.discarded": frozenset({"papers.printed", "mail.counted", "mail.sealed"}),
    "mail.miscounted": frozenset({"mail.counted"}),
}
_WHOLE = frozenset({"mail.delivered", "mail.receipt_scanned", "mail.closed"})
# What the carrier says, as against what the mail room says of the same piece.
CARRIED = frozenset(
    {
        "mail.accepted",
        "mail.attempt_failed",
        "mail.held",
        "mail.delivered",
        "mail.returned",
        "mail.receipt_scanned",
        "mail.closed",
    }
)
# Nobody waits for the carrier any more.
ENDED = frozenset({PieceState.COMPLETE, PieceState.SHELVED, PieceState.GIVEN_BACK})
# The piece lies in the mail room and may still be printed anew.
IN_THE_ROOM = frozenset({PieceState.PRINTING, PieceState.PRINTED, PieceState.COUNTED, PieceState.SEALED})
# The piece is with the carrier, who has not said how it ended.
AWAY = frozenset(
    {PieceState.HANDED_OVER, PieceState.ACCEPTED, PieceState.NOT_MET, PieceState.HELD, PieceState.RETURNED}
)


def state_of(facts: Iterable[Fact], number: str) -> PieceState:
    """Where a piece stands, from the facts about it in the order in which they were learnt."""
    told: set[str] = set()
    for fact in facts:
        told -= _UNDONE.get(fact.name, frozenset())
        told.add(fact.name)
    if told >= _WHOLE and "mail.shelved" not in told:
        return PieceState.COMPLETE
    reached = max((_RANK[name] for name in told if name in _RANK), default=None)
    if reached is None:
        return PieceState.PRINTING if number else PieceState.ORDERED
    return _STATES[reached][1]


def facts_about(piece: Waybill) -> list[Fact]:
    """Everything that was said about a piece and still counts, in the order in which it was learnt."""
    if not piece.number:
        return []
    told = Fact.objects.filter(about=piece.service_id, detail__waybill=piece.number)
    out = _struck(piece.service_id)
    return sorted((fact for fact in told if str(fact.id) not in out), key=lambda fact: (fact.learnt_at, fact.id))


def _struck(service_id: UUID) -> set[str]:
    corrected = Fact.objects.filter(about=service_id, name="service.corrected").values_list("detail", flat=True)
    return {str(one) for detail in corrected for one in (detail.get("fact_id"), *detail.get("along_with", ()))}


def heard_of(facts: Iterable[Fact]) -> datetime | None:
    """When the carrier last spoke of it, else when it was handed over."""
    return max((fact.happened_at for fact in facts if fact.name in CARRIED | {"mail.handed_over"}), default=None)


def note(kept: Iterable[Fact]) -> None:
    """Bring the cached columns of the pieces that these facts speak of up to date; a correction may speak of any."""
    kept = list(kept)
    corrected = {fact.about for fact in kept if fact.name == "service.corrected"}
    numbers = {str(fact.detail["waybill"]) for fact in kept if fact.detail.get("waybill")}
    if corrected or numbers:
        spoken_of = Q(service__in={fact.about for fact in kept}, number__in=numbers - {""})
        for piece in Waybill.objects.filter(spoken_of | Q(service__in=corrected)):
            refresh(piece)


def refresh(piece: Waybill) -> None:
    """Read where the piece stands from its facts."""
    facts = facts_about(piece)
    piece.state, piece.heard_at = state_of(facts, piece.number), heard_of(facts)
    piece.save(update_fields=["state", "heard_at"])


# ---- batches ---------------------------------------------------------------------------------------------------


def into_batch(piece: Waybill) -> None:
    """Put the piece into today's batch of its site; one that has its batch keeps it."""
    if piece.batch_id is None:
        batch, _ = Batch.objects.get_or_create(
            court_id=piece.court_id, site_id=piece.site_id, day=clock.today(), defaults={"made_at": clock.now()}
        )
        piece.batch = batch
        Waybill.objects.filter(id=piece.id, batch=None).update(batch=batch)


# ---- finding a piece by what a scanner reads -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sought:
    """What a scanned text means: a piece of ours, or why it is none."""

    number: str
    piece: Waybill | None = None
    # malformed (no waybill number at all), unknown (no piece of this court).
    trouble: str = ""


def pieces() -> QuerySet[Waybill]:
    return Waybill.objects.select_related("site", "batch__site", "contact_point", "service__case", "service__party")


def printable(text: str) -> str:
    """What was scanned or typed without the characters that nobody sees."""
    return "".join(sign for sign in text if sign.isprintable()).strip()


def seek(scanned: str) -> Sought:
    """The piece of the court in force that a scanner's text names."""
    number = normalised(printable(scanned))[:64]
    if not is_waybill(number):
        return Sought(number, trouble="malformed")
    piece = pieces().filter(number=number).first()
    return Sought(number, piece, "" if piece else "unknown")


def away() -> QuerySet[Waybill]:
    """Pieces that are with the carrier."""
    return pieces().filter(state__in=AWAY | {PieceState.DELIVERED})


@dataclass(frozen=True, slots=True)
class Patience:
    """Since when nothing must have been heard for a piece to be silent: of one under way, and of a delivered one whose
    receipt or closing is missing."""

    under_way: datetime
    unfinished: datetime

    @property
    def ended(self) -> Q:
        """What marks the silent pieces; printed ones that the carrier never took are among them."""
        under_way = (AWAY | IN_THE_ROOM) - {PieceState.PRINTING}
        quiet = Q(heard_at__lt=self.under_way) | Q(heard_at=None, made_at__lt=self.under_way)
        return (quiet & Q(state__in=under_way)) | Q(state=PieceState.DELIVERED, heard_at__lt=self.unfinished)


def locked(piece_id: UUID) -> Waybill:
    """The piece, held until the transaction ends. Take its service first (`engine.reading.locked`)."""
    return (
        Waybill.objects.select_for_update(of=("self",))
        .select_related("site", "contact_point", "service__case", "service__party", "service__court")
        .get(id=piece_id)
    )
