"""Handing over: orders are accepted by `filing`, and their services begin."""

from collections.abc import Iterable, Sequence

from django.db import connection

from songda.courts.models import Court, Person
from songda.engine import actions
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing import actions as filing
from songda.filing.actions import Accepted, Answer
from songda.filing.draft import OrderDraft, PartyDraft
from songda.filing.models import Order, Service
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
    actions.begin_many((service, told) for service, said in begun for told in _first_facts(service, said, person))


def _alone(court: Court, key: str) -> None:
    """Whoever comes with the same key at the same moment waits here until the first is done, and finds its order."""
    if key:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{court.id}:{key}"])


def _ways(party: PartyDraft) -> list[Reach]:
    """How the order says the recipient can be reached. A phone given with a confirmed address is confirmed with it
    (法发〔2017〕19号 2)."""
    rank = party.address_rank if party.address_rank == "confirmed" else "filed"
    return [
        Reach("phone", party.phone, "order", rank),
        Reach("email", party.email, "order", rank),
        Reach("address", party.address, "order", party.address_rank),
    ]


def _first_facts(service: Service, party: PartyDraft, person: Person) -> list[Told]:
    now = clock.now()
    told = [Told("order.accepted", now, Speaker.PERSON, str(person.id), {"door": service.order.door})]
    if party.consent:
        told.append(
            Told("consent.given", now, Speaker.PERSON, str(person.id), {"how": party.consent}, key="consent:order")
        )
    return told
