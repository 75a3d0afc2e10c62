"""Simulated hands in the mail room: they count, seal and hand over what was printed, and take in what comes back.

For the demonstration only. They do what a worker does at the desk, by the same acts; who stands at the desk and how
long each piece takes follows from the seed and its number.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

import structlog

from songda.courts.models import Court, Membership, Person, Role
from songda.engine.mail import lists, mailing, returns
from songda.engine.mail.lists import Closing
from songda.engine.mail.returns import Return
from songda.engine.saying import ActRefused
from songda.evidence.models import Fact
from songda.lib import clock
from songda.lib.tenancy import acting_for, for_every_court
from songda.methods import custody
from songda.methods.models import PieceState, Waybill

log = structlog.get_logger()
# A piece is taken up so many minutes after it came out, or came back, at the least and most.
_ROOM, _BACK = (3, 15), (60, 240)
_TAKERS = ("揽投员郭平", "揽投员何静", "揽投员罗川")
_SHELVES = ("A-01", "A-02", "B-01", "B-02")
_VAN_EVERY, _A_VANFUL = timedelta(minutes=20), 60
_STATES = (PieceState.PRINTED, PieceState.COUNTED, PieceState.SEALED, PieceState.RETURNED)


def work(seed: int, limit: int) -> int:
    """Do what is due in the mail rooms of all courts; returns how many pieces were moved."""
    with for_every_court():
        rows = Waybill.objects.filter(state__in=_STATES).order_by("made_at").values_list("court_id", "id", "number")
        by_court: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
        for court_id, piece_id, number in rows[:limit]:
            by_court[court_id].append((piece_id, number))
    return sum(_at_court(court_id, seed, pieces) for court_id, pieces in by_court.items())


def _at_court(court_id: UUID, seed: int, pieces: list[tuple[UUID, str]]) -> int:
    person = _worker(court_id)
    if person is None:
        return 0
    acts = [partial(_move, person, piece_id, Random(f"{seed}:{number}")) for piece_id, number in pieces]  # noqa: S311
    return sum(_try(court_id, act) for act in (*acts, partial(_hand_over, person, court_id, Random(seed))))  # noqa: S311


def _try(court_id: UUID, act: Callable[[], int]) -> int:
    """One step in its own transaction; what is refused is left for a person."""
    try:
        with acting_for(court_id):
            return act()
    except ActRefused:
        return 0
    except Exception:  # one odd piece must not send everybody home
        log.exception("the simulated mail room stumbled", court=str(court_id))
        return 0


def _worker(court_id: UUID) -> Person | None:
    held = Membership.objects.filter(court=court_id, role=Role.MAIL).select_related("person")
    first = held.order_by("person__username").first()
    return first.person if first else None


def _move(person: Person, piece_id: UUID, rng: Random) -> int:
    """Count and seal the piece, or take it in, if its time has come."""
    piece = custody.pieces().select_related("court").get(id=piece_id)
    since = _since(piece)
    least, most = _BACK if piece.state == PieceState.RETURNED else _ROOM
    if since is None or since + timedelta(minutes=rng.uniform(least, most)) > clock.now():
        return 0
    if piece.state == PieceState.RETURNED:
        because = returns.carrier_says(piece) or "other"
        returns.take_in(person, piece.court, piece.number, Return(because, rng.choice(_SHELVES)))
        return 1
    if piece.state == PieceState.SEALED:
        return 0
    mailing.count(person, piece.court, piece.number, piece.pages)
    mailing.seal(person, piece.court, piece.number)
    return 1


def _since(piece: Waybill) -> datetime | None:
    """When the piece came out of the printer, or was wholly told to have come back; none before that."""
    names = ("mail.returned", "mail.closed") if piece.state == PieceState.RETURNED else ("papers.printed",)
    told = Fact.objects.filter(about=piece.service_id, name__in=names, detail__waybill=piece.number)
    moments = dict(told.values_list("name", "happened_at"))
    return max(moments.values()) if len(moments) == len(names) else None


def _hand_over(person: Person, court_id: UUID, rng: Random) -> int:
    """The carrier's van comes: all that is sealed at a site goes onto one list, some time after the first of it."""
    sealed = list(custody.pieces().filter(state=PieceState.SEALED, manifest=None).order_by("sealed_at")[:_A_VANFUL])
    court = Court.objects.get(id=court_id)
    sites = {piece.site: [one for one in sealed if one.site_id == piece.site_id] for piece in sealed}
    due = [(site, waiting) for site, waiting in sites.items() if _is_due(waiting[0])]
    for site, waiting in due:
        manifest = lists.open_list(person, court, site)
        for piece in waiting:
            lists.enlist(person, court, manifest.id, piece.number)
        found = lists.difference(manifest)
        remark = "其余随下一班交接" if found else ""
        lists.close(person, court, manifest.id, Closing(rng.choice(_TAKERS), found.mark, remark))
    return sum(len(waiting) for _, waiting in due)


def _is_due(first: Waybill) -> bool:
    return first.sealed_at is not None and first.sealed_at + _VAN_EVERY <= clock.now()
