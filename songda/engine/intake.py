"""Handing over: orders are accepted by `filing`, and their services begin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import connection

from songda.courts.models import Court, Person
from songda.engine import actions
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing import accounts
from songda.filing import actions as filing
from songda.filing.actions import Accepted, Answer
from songda.filing.draft import AgentDraft, OrderDraft, PartyDraft
from songda.filing.models import Order, Service, ServiceDocument
from songda.finding import actions as finding
from songda.finding.actions import Reach
from songda.lib import clock


def hand_over(court: Court, person: Person, draft: OrderDraft) -> Order:
    """Accept the order and set its services going; the same idempotency key gives the same order.

    Raises OrderRefused or AlreadyHandedOver, and then keeps nothing. Call inside `acting_for(court.id)`."""
    _alone(court, draft.idempotency_key)
    if order := filing.earlier(court, draft):
        return order
    accepted = filing.accept(court, person, draft)
    _begin(person, [accepted])
    return accepted.order


def hand_over_many(court: Court, person: Person, drafts: Sequence[OrderDraft]) -> list[Answer]:
    """The same for many orders without keys, set-wise; an answer for each. Call inside `acting_for(court.id)`."""
    answers = filing.accept_many(court, person, drafts)
    _begin(person, [one for one in answers if isinstance(one, Accepted)])
    return answers


def _begin(person: Person, accepted: Iterable[Accepted]) -> None:
    begun = [(service, said) for one in accepted for service, said in one.services]
    finding.learn_many((service.party, way) for service, said in begun for way in _ways(said))
    files = _files(service for service, _ in begun)
    actions.begin_many(
        (service, told) for service, said in begun for told in _first_facts(service, said, person, files[service.id])
    )


def _files(services: Iterable[Service]) -> Mapping[UUID, list[str]]:
    """The digests of what each service is to serve, as it was handed over and as it is printed: the ledger has them
    from the first fact on."""
    lines = ServiceDocument.objects.filter(service__in=list(services)).order_by("ordinal")
    files: dict[UUID, list[str]] = defaultdict(list)
    for service, *digests in lines.values_list("service_id", "document__sha256", "document__pdf_sha256"):
        files[service] += [one for one in dict.fromkeys(digests) if one not in files[service]]
    return files


def _alone(court: Court, key: str) -> None:
    """Whoever comes with the same key at the same moment waits here until the first is done, and finds its order."""
    if key:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{court.id}:{key}"])


def _ways(party: PartyDraft) -> list[Reach]:
    """How the order says the recipient can be reached. A phone given with a confirmed address is confirmed with it
    (法发〔2017〕19号 2). Papers may be handed to the litigation agent, so the agent's number reaches the recipient too
    (民事诉讼法第八十八条)."""
    rank = party.address_rank if party.address_rank == "confirmed" else "filed"
    agents = [one for one in party.agents if one.kind == "agent"]
    return [
        Reach("phone", party.phone, "order", rank),
        Reach("email", party.email, "order", rank),
        _at_account(party, "order", _account_rank(party)),
        Reach("address", party.address, "order", party.address_rank),
        *(Reach("phone", one.phone, "agent", "filed") for one in agents),
        *(_at_account(one, "agent", _account_rank(party)) for one in agents),
    ]


# How the recipient came to agree, and what that makes of an account in the order (在线诉讼规则第二十九条第二款).
_AGREED_ACCOUNT = {"agreed_before": "agreed", "address_in_pleading": "filed"}


def _account_rank(party: PartyDraft) -> str:
    """What is known of an account in an order: it counts as the recipient's own where it was confirmed or agreed with
    the address, or stands in the recipient's own papers; else somebody else wrote it down."""
    if party.address_rank in {"confirmed", "agreed"}:
        return party.address_rank
    return _AGREED_ACCOUNT.get(party.consent, "unknown")


def _at_account(whose: PartyDraft | AgentDraft, source: str, rank: str) -> Reach:
    platform = whose.account_platform if whose.account.strip() else ""
    value = accounts.account(platform, whose.account) if platform else ""
    return Reach("account", value, source, rank, platform=platform)


def _first_facts(service: Service, party: PartyDraft, person: Person, files: Sequence[str]) -> list[Told]:
    now = clock.now()
    detail = {"door": service.order.door, "files": list(files)}
    told = [Told("order.accepted", now, Speaker.PERSON, str(person.id), detail)]
    if party.consent:
        told.append(
            Told("consent.given", now, Speaker.PERSON, str(person.id), {"how": party.consent}, key="consent:order")
        )
    return told
