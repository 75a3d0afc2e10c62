"""Pieces of court mail as the desk shows them: their states in words and tones, and what comes next by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from songda.courts.policy import Policy
from songda.desk.search import looked_up, services_about
from songda.methods.custody import AWAY
from songda.methods.models import PieceState, Waybill

_State = PieceState
# So many characters of a piece's number are its ending, by which it is looked up.
_ENDING = 4


@dataclass(frozen=True, slots=True)
class Look:
    """A state's tone, and the sentence of what happens next."""

    tone: str
    next: str


LOOKS: Mapping[str, Look] = {
    _State.ORDERED: Look("calm", "等投递局给出邮件号"),
    _State.PRINTING: Look("info", "打印点打印封面和文书"),
    _State.PRINTED: Look("warn", "清点页数，与应有页数核对"),
    _State.COUNTED: Look("warn", "装入封套封装"),
    _State.SEALED: Look("warn", "扫入交接清单，交给邮政"),
    _State.HANDED_OVER: Look("info", "等邮政收寄"),
    _State.ACCEPTED: Look("info", "等投递信息；久无信息即报警"),
    _State.NOT_MET: Look("warn", "投递员再次投递；五日内不少于三次"),
    _State.HELD: Look("warn", "等受送达人到邮局领取"),
    _State.DELIVERED: Look("warn", "等回执影像和邮件结案；齐全才算数"),
    _State.COMPLETE: Look("ok", "三样齐全，结果已计入送达"),
    _State.RETURNED: Look("danger", "退件送回后扫描入库"),
    _State.SHELVED: Look("danger", "交还法院"),
    _State.GIVEN_BACK: Look("calm", "退件已在法院"),
}

# The lists that a worker asks for, each some states.
GROUPS: Mapping[str, tuple[str, frozenset[PieceState]]] = {
    "room": ("在打印点", frozenset({_State.ORDERED, _State.PRINTING, _State.PRINTED, _State.COUNTED, _State.SEALED})),
    "away": ("在邮路上", AWAY | {_State.DELIVERED}),
    "back": ("退件", frozenset({_State.RETURNED, _State.SHELVED, _State.GIVEN_BACK})),
    "done": ("已办结", frozenset({_State.COMPLETE})),
}


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next with a piece, and the latest moment for it."""

    words: str
    by: datetime | None


def next_of(piece: Waybill, policy: Policy, printed_at: datetime | None) -> Next:
    """What comes next; a time only where the court's policy sets one."""
    since, length = _waits(piece, policy, printed_at)
    return Next(LOOKS[piece.state].next, since + length if since else None)


def _waits(piece: Waybill, policy: Policy, printed_at: datetime | None) -> tuple[datetime | None, timedelta]:
    if piece.state in {_State.PRINTED, _State.COUNTED, _State.SEALED}:
        return printed_at, policy.hours("handover_within_days")
    if piece.state == _State.DELIVERED:
        return piece.heard_at, policy.hours("result_complete_days")
    if piece.state in AWAY:
        return piece.heard_at, policy.hours("carrier_silence_days")
    return None, timedelta(0)


def about(rows: QuerySet[Waybill], asked: str) -> QuerySet[Waybill]:
    """Pieces by what a person has in hand: a number or its end, a case number with its serial, a service's number, a
    name or telephone written in full."""
    number = asked.replace(" ", "").upper()
    ways = [
        Waybill.objects.filter(number=number).exclude(number=""),
        Waybill.objects.filter(service__in=services_about(asked)),
    ]
    if len(number) >= _ENDING:
        ways.append(Waybill.objects.filter(ending=number[-_ENDING:], number__endswith=number))
    return rows.filter(id__in=looked_up(*ways))
