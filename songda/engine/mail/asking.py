"""Asking the carrier what became of a piece of which nothing is heard, and keeping what it answers."""

from dataclasses import dataclass
from uuid import UUID

from songda.courts.models import Court, Person
from songda.engine import actions, inbound
from songda.engine.mail.mailing import may_handle
from songda.engine.saying import ActRefused, said
from songda.evidence.models import Fact
from songda.gateways import carrier, switchboard
from songda.gateways.errors import GiveUp, TryAgain
from songda.gateways.heard import Known
from songda.methods import custody, postal
from songda.methods.models import Waybill


@dataclass(frozen=True, slots=True)
class Answer:
    """What asking brought: the tone, the sentence, how many scans were new."""

    tone: str
    words: str
    new: int = 0


def ask(person: Person, court: Court, piece_id: UUID) -> Answer:
    """Ask the carrier about one piece now. That it was asked, and what came of it, is a fact."""
    may_handle(person, court.id)
    piece = custody.pieces().filter(id=piece_id).exclude(number="").first()
    if piece is None:
        raise ActRefused("还没有邮件号，无从查询")
    try:
        known = carrier.look_up(switchboard.carrier(), postal.order_key(piece))
    except (TryAgain, GiveUp) as silence:
        return _keep(person, piece, Answer("warn", f"投递局现在没有答复（{silence.reason}），请稍后再查"))
    if known is None:
        return _keep(person, piece, Answer("danger", "投递局没有这件邮件的订单，请与揽投部核对"))
    new = _hear(piece, known)
    if new:
        return _keep(person, piece, Answer("ok", f"得到 {new} 条新信息", new))
    return _keep(person, piece, Answer("warn", "投递局没有新信息"))


def _hear(piece: Waybill, known: Known) -> int:
    """Make facts of what the carrier tells; what was told before is told once. Returns how many facts are new."""
    before = Fact.objects.filter(about=piece.service_id).count()
    for heard in known.heard:
        inbound.record_scan(heard, piece)
    return Fact.objects.filter(about=piece.service_id).count() - before


def _keep(person: Person, piece: Waybill, answer: Answer) -> Answer:
    detail = {**postal.about(piece), "new_scans": answer.new, "outcome": answer.tone}
    actions.record(piece.service_id, said(person, "mail.looked_up", detail))
    return answer
