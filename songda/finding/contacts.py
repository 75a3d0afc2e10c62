"""One person's ways to be reached, in one place: where each is from, what it is worth and why, what was tried at it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from songda.courts.policy import Policy
from songda.evidence.models import Fact
from songda.filing.models import Party, Service
from songda.finding import confidence, sameness
from songda.finding.confidence import Estimate
from songda.finding.models import ContactKind, ContactPoint, Rank

# What is tried at a way, or comes of it; the facts name it as `contact`.
TRIES = (
    "call.attempted",
    "consent.given",
    "consent.refused",
    "message.sent",
    "message.reached",
    "message.failed",
    "content.opened",
    "receipt.signed",
    "receipt.refused",
    "papers.printed",
    "mail.accepted",
    "mail.attempt_failed",
    "mail.held",
    "mail.delivered",
    "mail.returned",
    "visit.failed",
    "visit.left_in_place",
    "address.checked",
    "address.placed",
    "address.retried",
    "contact.added",
    "contact.withdrawn",
)

# The law behind each rank of an address, and behind what a phone or a mailbox is good for.
_OF_ADDRESS: Mapping[str, str] = {
    Rank.CONFIRMED: "民诉法解释第一百三十七条",
    Rank.AGREED: "法发〔2017〕19号第八条",
    Rank.FILED: "法发〔2017〕19号第八条",
    Rank.OTHER_PROCEEDINGS: "法发〔2017〕19号第八条",
    Rank.CIVIL_LIFE: "法发〔2017〕19号第八条",
    Rank.REGISTERED: "法释〔2004〕13号第五条、法发〔2017〕19号第九条",
}
# What the recipient's own giving or agreeing makes of an account (在线诉讼规则第二十九条第二款第二、三项、第三十条).
_OF_ACCOUNT: Mapping[str, str] = {
    Rank.CONFIRMED: "民诉法解释第一百三十六条、在线诉讼规则第三十条",
    Rank.AGREED: "在线诉讼规则第二十九条第二款第二项",
    Rank.FILED: "在线诉讼规则第二十九条第二款第三项",
}
_GIVEN, _FOUND = "在线诉讼规则第三十一条第一款", "在线诉讼规则第三十一条第二款"


# Papers may be handed to the agent, and what the agent confirms counts as the party's.
_OF_AGENT = "民事诉讼法第八十八条、法发〔2017〕19号第二条"


def article_of(kind: str, rank: str, source: str = "") -> str:
    """The article that gives a way its rank; empty where its source is still to be shown."""
    if source == "agent":
        return _OF_AGENT
    if kind == ContactKind.ADDRESS:
        return _OF_ADDRESS.get(rank, "")
    if kind == ContactKind.ACCOUNT:
        return _OF_ACCOUNT.get(rank, _FOUND)
    return _GIVEN if rank == Rank.CONFIRMED else _FOUND


@dataclass(frozen=True, slots=True)
class Try:
    """Something tried at a way, or that came of it: a fact's name, time and detail."""

    name: str
    at: datetime
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """One contact point with what is known of it. `steps` say in numbers how its chance was learnt."""

    point: ContactPoint
    article: str
    estimate: Estimate
    steps: tuple[str, ...]
    tries: tuple[Try, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same person in another case of the court, with the ways known there that are still in use."""

    party: Party
    service: UUID | None
    points: tuple[ContactPoint, ...]


def ways_of(party: Party) -> list[Way]:
    """Every way of the person, in the order in which the ladder takes them, those withdrawn last."""
    points = list(ContactPoint.objects.filter(party=party).order_by("learnt_at", "id"))
    worth, steps, tries = confidence.explain(points), confidence.steps(points), _tries(party)
    ways = [
        Way(one, article_of(one.kind, one.rank, one.source), worth[one.id], steps[one.id], tuple(tries[str(one.id)]))
        for one in points
    ]
    return sorted(ways, key=_order)


def _order(way: Way) -> tuple[bool, int, int, float]:
    point = way.point
    rank = Rank.values.index(point.rank) if point.kind == ContactKind.ADDRESS else int(point.rank != Rank.CONFIRMED)
    return point.withdrawn_at is not None, _KINDS.index(point.kind), rank, -way.estimate.chance


_KINDS = (ContactKind.PHONE, ContactKind.EMAIL, ContactKind.ACCOUNT, ContactKind.ADDRESS)


def _tries(party: Party) -> dict[str, list[Try]]:
    """What was tried at each way of the party, newest first, over all services to them."""
    services = Service.objects.filter(party=party).values("id")
    facts = Fact.objects.filter(about__in=services, name__in=TRIES).order_by("-happened_at", "-learnt_at")
    found: dict[str, list[Try]] = defaultdict(list)
    for fact in facts:
        found[str(fact.detail.get("contact", ""))].append(Try(fact.name, fact.happened_at, fact.detail))
    return found


def elsewhere(party: Party, policy: Policy) -> list[Elsewhere]:
    """The same person in other cases, as far as the court's policy lets cases be brought together."""
    if not policy.recognise_across_cases:
        return []
    others = list(sameness.same_person(party).select_related("case").order_by("-id")[:MOST_CASES])
    points, services = _points(others), _services(others)
    return [Elsewhere(one, services.get(one.id), tuple(points[one.id])) for one in others]


MOST_CASES = 20


def _points(parties: Sequence[Party]) -> dict[UUID, list[ContactPoint]]:
    found: dict[UUID, list[ContactPoint]] = defaultdict(list)
    rows = ContactPoint.objects.filter(party__in=parties, withdrawn_at=None, emptied_at=None)
    for point in rows.order_by("kind", "-confidence"):
        found[point.party_id].append(point)
    return found


def _services(parties: Iterable[Party]) -> dict[UUID, UUID]:
    rows = Service.objects.filter(party__in=list(parties)).order_by("created_at")
    return dict(rows.values_list("party_id", "id"))
