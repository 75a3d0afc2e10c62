"""Keeping what sources said, many at a time: one lock, one write and one learning for a whole batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from songda.courts.models import Court
from songda.courts.policy import Policy
from songda.courts.queries import policy_of
from songda.finding import sources
from songda.finding.actions import Learnt, Reach, learn_many
from songda.finding.models import OPEN, Answer, ContactPoint, Inquiry, Status
from songda.finding.sources import kind_of
from songda.gateways.people import Found
from songda.lib import clock, rows

# How long after its closing an inquiry still wants an answer that was promised or could not be had.
STILL_WANTED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Said:
    """What became of one asking. `planned` and `taken` say when to look again; the others end the answer."""

    answer: UUID
    court: UUID
    status: Status
    found: tuple[Found, ...] = ()
    problem: str = ""
    price_fen: int = 0
    next_at: datetime | None = None
    # It answers a question that told the ID number.
    to_number: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that has ended, or goes on with the ID number, with the ways to reach the party that it gave."""

    answer: Answer
    learnt: tuple[Learnt, ...]


_FIELDS = (
    "status",
    "with_number",
    "next_at",
    "problem",
    "price_fen",
    "answered_at",
    "late",
    "values",
    "freshest_on",
    "expires_at",
)


def keep(court: Court, said: Sequence[Said]) -> list[Kept]:
    """Keep a batch of one court; returns the answers that ended with it. What an answer that has ended says again is
    left alone: a hedge that came second, a callback told twice. The services concerned are held by the caller."""
    words = {one.answer: one for one in said}
    waiting = (
        Answer.objects.select_for_update(of=("self",), no_key=True)
        .filter(id__in=words, status__in=OPEN)
        .select_related("inquiry__service", "inquiry__party")
        .order_by("id")
    )
    policy = policy_of(court)
    answers = [row for row in waiting if not _is_overtaken(row, words[row.id])]
    for answer in answers:
        _take(answer, words[answer.id], policy)
    rows.write(answers, *_FIELDS)
    ended = [answer for answer in answers if answer.status not in OPEN or _goes_on(answer, words[answer.id])]
    learnt = _learn(ended, words)
    return [Kept(answer, tuple(learnt.get(answer.id, ()))) for answer in ended]


def _is_overtaken(answer: Answer, said: Said) -> bool:
    """It asks for the number that has meanwhile gone out to it: what comes of that is still to come."""
    return said.status == Status.NEEDS_NUMBER and answer.with_number and not said.to_number


def _goes_on(answer: Answer, said: Said) -> bool:
    return said.status == Status.NEEDS_NUMBER and answer.with_number


def _ask_by_number(answer: Answer, policy: Policy) -> None:
    """The source can match no hash: it is told the number where that is allowed, else somebody has to decide."""
    party, now = answer.inquiry.party, clock.now()
    if answer.with_number:
        answer.status, answer.problem = Status.FAILED, "平台取得证件号码后仍不能匹配"
    elif not party.id_number:
        answer.problem = "案件中没有登记证件号码"
    elif policy.number_on_request == "never":
        answer.status, answer.problem = Status.FAILED, "平台要求证件号码，按本院方案不提供"
    elif sources.may_have_number(policy, party, answer.source, now) and not _is_over(answer.inquiry):
        answer.status, answer.with_number, answer.next_at = Status.PLANNED, True, now
    else:
        answer.problem = "提供证件号码须经授权"


def _take(answer: Answer, said: Said, policy: Policy) -> None:
    now = clock.now()
    answer.status, answer.next_at, answer.problem = said.status, said.next_at, said.problem[:100]
    if said.status == Status.NEEDS_NUMBER:
        _ask_by_number(answer, policy)
    if answer.status in OPEN:
        if now > answer.inquiry.closes_at + STILL_WANTED:
            answer.status, answer.next_at = Status.FAILED, None
        return
    answer.answered_at, answer.price_fen = now, said.price_fen
    answer.late = answer.inquiry.closed_at is not None
    # The purpose has ended with the service: that it was found is a fact, what was found is not kept.
    if said.found and not _is_over(answer.inquiry):
        answer.values = [
            {"kind": one.kind, "value": one.value, "as_of": one.as_of.isoformat() if one.as_of else None}
            for one in said.found
        ]
        answer.expires_at = now + timedelta(days=policy.answers_kept_days)
    answer.freshest_on = max((one.as_of for one in said.found if one.as_of), default=None)


def _is_over(inquiry: Inquiry) -> bool:
    return inquiry.service.closed_at is not None


def _learn(ended: Sequence[Answer], words: dict[UUID, Said]) -> dict[UUID, list[Learnt]]:
    ways = [
        (answer, Reach(one.kind, one.value, answer.source, _rank(answer.source), one.as_of, answer.id))
        for answer in ended
        if answer.values
        for one in words[answer.id].found
    ]
    by_answer: dict[UUID, list[Learnt]] = {}
    learnt = learn_many((answer.inquiry.party, way) for answer, way in ways)
    for (answer, _), one in zip(ways, learnt, strict=True):
        by_answer.setdefault(answer.id, []).append(one)
    return by_answer


def _rank(source: str) -> str:
    kind = kind_of(source)
    return kind.address_rank if kind else "unknown"


def finished(inquiries: Sequence[UUID]) -> list[UUID]:
    """Those of these inquiries that are open though every source has answered."""
    waiting = Answer.objects.filter(inquiry_id__in=inquiries, status__in=OPEN).values("inquiry_id")
    still = Inquiry.objects.filter(id__in=inquiries, closed_at=None).exclude(id__in=waiting)
    return list(still.values_list("id", flat=True))


def close(inquiries: Sequence[UUID]) -> list[Inquiry]:
    """Close these inquiries with what is there, all at once; returns those that were open until now."""
    closing = list(
        Inquiry.objects.select_for_update(of=("self",), no_key=True)
        .filter(id__in=inquiries, closed_at=None)
        .prefetch_related("answers")
        .order_by("id")
    )
    now = clock.now()
    Inquiry.objects.filter(id__in=[one.id for one in closing]).update(closed_at=now)
    for one in closing:
        one.closed_at = now
    return closing


def give_up(limit: int = 500) -> int:
    """End what is still open long after its inquiry closed, or whose service is over: nobody waits for it."""
    too_late = Q(inquiry__closes_at__lt=clock.now() - STILL_WANTED)
    pointless = Q(inquiry__service__closed_at__isnull=False, status=Status.PLANNED, inquiry__closed_at__isnull=False)
    ids = list(
        Answer.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(too_late | pointless, status__in=OPEN)
        .values_list("id", flat=True)[:limit]
    )
    return Answer.objects.filter(id__in=ids).update(
        status=Status.FAILED, next_at=None, answered_at=None, problem="不再需要"
    )


def expire(limit: int = 500) -> list[Answer]:
    """Empty answers whose time is up, and the contact points they gave where their service is over; the rows stay."""
    now = clock.now()
    expired = list(
        Answer.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(expires_at__lte=now, emptied_at=None)
        .select_related("inquiry__service")[:limit]
    )
    Answer.objects.filter(id__in=[one.id for one in expired]).update(values=None, emptied_at=now)
    return expired


def empty_points(limit: int = 500) -> int:
    """Empty the contact points that sources gave, once their answer has expired and nothing is open for the party."""
    now = clock.now()
    points = ContactPoint.objects.filter(answer__emptied_at__lte=now, emptied_at=None)
    free = points.exclude(party__services__closed_at=None)
    ids = list(free.values_list("id", flat=True)[:limit])
    return ContactPoint.objects.filter(id__in=ids).update(
        value="", emptied_at=now, withdrawn_at=now, withdrawn_why="expired"
    )
