"""Who came to the counter: found by what they say or show, a person at a time, never more of a case than they are.

Names, numbers and telephones are found whole, by their blind index; what is asked for is sent by POST, so that it
stands in no address and no log.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.db.models import Exists, OuterRef, Q, QuerySet

from songda.desk.search import ways_to_write
from songda.engine.counter import attending
from songda.filing import case_number, identity
from songda.filing.models import Party, Service
from songda.finding.models import ContactPoint
from songda.lib import crypto
from songda.methods.models import Access, Collection, Waybill
from songda.methods.queries import read_serial

MOST_PEOPLE = 40
_GAPS = re.compile(r"[\s-]")
# 民初1234号: enough of a case number to look for it.
_PART_OF_NUMBER = re.compile(r"[民刑行执破知][一-鿿]{0,3}\d+")


@dataclass(frozen=True, slots=True)
class Person:
    """One person at this court: the party by whom their page is opened, and their services, the open ones first."""

    party: Party
    services: tuple[Service, ...]

    @property
    def waiting(self) -> int:
        return sum(one.closed_at is None for one in self.services)


def services_named(said: str) -> QuerySet[Service]:
    """The services that a code means: of a slip, a link, a paper of ours, a piece of mail, or said on the telephone."""
    word = _GAPS.sub("", said).upper()
    code, number = read_serial(_serial(said))
    of_court = {"court__code": code} if code else {}
    q = Q(number__iexact=said.strip()) | Q(number=number, **of_court)
    q |= Q(Exists(Collection.objects.filter(service=OuterRef("pk"), code=word)))
    q |= Q(Exists(Waybill.objects.filter(service=OuterRef("pk"), number=word).exclude(number="")))
    if token := _token(said):
        index = crypto.blind_index(token, purpose="access")
        q |= Q(Exists(Access.objects.filter(service=OuterRef("pk"), token_digest=index)))
    return Service.objects.filter(q)


def _serial(said: str) -> str:
    """The serial of a paper of ours, as its QR code or the reader of its page says it."""
    with suppress(ValueError):
        return unquote(urlsplit(said.strip()).path.rpartition("/")[2])
    return ""


def _token(said: str) -> str:
    """The secret of a link that somebody was sent."""
    with suppress(ValueError):
        return parse_qs(urlsplit(said.strip()).query).get("key", [""])[0]
    return ""


def people(said: str) -> list[Person]:
    """The people at this court whom this points at and for whom something was to be served."""
    named = Q(id__in=services_named(said).values("party_id"))
    found = Party.objects.filter(named | _by_words(said)).filter(Exists(Service.objects.filter(party=OuterRef("pk"))))
    return _apart(found.select_related("case").order_by("-case__created_at", "ordinal")[: 2 * MOST_PEOPLE])


def _by_words(said: str) -> Q:
    q = Q(name_index=crypto.blind_index(said, purpose="name"))
    for kind in ("person", "organisation"):
        with suppress(identity.NotValid):
            q |= Q(id_index=crypto.blind_index(identity.identify(said, kind).number, purpose="id"))
    with suppress(case_number.NotACaseNumber):
        q |= Q(case__number=case_number.normalise(said))
    if _PART_OF_NUMBER.search(said):
        q |= Q(case__number__icontains=_GAPS.sub("", said))
    reached = ContactPoint.objects.filter(party=OuterRef("pk"), value_index__in=ways_to_write(said), withdrawn_at=None)
    return q | Q(Exists(reached))


def _apart(parties: Iterable[Party]) -> list[Person]:
    """Each person once: by their identity number, and without one each party of a case by itself."""
    seen: set[tuple[str, str]] = set()
    found: list[Person] = []
    for party in parties:
        key = (party.kind, party.id_index or str(party.id))
        if key not in seen and len(found) < MOST_PEOPLE:
            seen.add(key)
            services = sorted(attending.services_of(party), key=lambda one: one.closed_at is not None)
            found.append(Person(party, tuple(services)))
    return found
