"""Who came to the counter: found by what they say or show, a person at a time, never more of a case than they are.

Names, numbers and telephones are found whole, by their blind index; what is asked for is sent by POST, so that it
stands in no address and no log.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.db.models import Exists, OuterRef, QuerySet

from songda.desk.search import looked_up, ways_to_write
from songda.engine.counter import attending
from songda.filing import case_number, identity
from songda.filing.models import Party, Service
from songda.filing.queries import cases_numbered
from songda.lib import crypto
from songda.methods.models import Waybill
from songda.methods.queries import read_serial

MOST_PEOPLE = 40
_GAPS = re.compile(r"[\s-]")


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
    ways = [
        Service.objects.filter(number=said.strip().upper()),
        Service.objects.filter(number=number, **of_court),
        Service.objects.filter(collections__code=word),
        Service.objects.filter(waybills__in=Waybill.objects.filter(number=word).exclude(number="")),
    ]
    if token := _token(said):
        ways.append(Service.objects.filter(accesses__token_digest=crypto.blind_index(token, purpose="access")))
    return Service.objects.filter(id__in=looked_up(*ways))


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
    ways = (Party.objects.filter(services__in=services_named(said)), *_by_words(said))
    found = Party.objects.filter(id__in=looked_up(*ways))
    found = found.filter(Exists(Service.objects.filter(party=OuterRef("pk"))))
    return _apart(found.select_related("case").order_by("-case__created_at", "ordinal")[: 2 * MOST_PEOPLE])


def _by_words(said: str) -> Iterator[QuerySet[Party]]:
    """By name, identity number, case number with its serial, and telephone."""
    yield Party.objects.filter(name_index=crypto.blind_index(said, purpose="name"))
    for kind in ("person", "organisation"):
        with suppress(identity.NotValid):
            number = identity.identify(said, kind).number
            yield Party.objects.filter(id_index=crypto.blind_index(number, purpose="id"))
    if (part := case_number.part(said)) and part.head:
        yield Party.objects.filter(case__in=cases_numbered(said))
    yield Party.objects.filter(contact_points__value_index__in=ways_to_write(said), contact_points__withdrawn_at=None)


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
