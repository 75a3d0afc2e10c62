"""Who may see and do what."""

import hashlib
from uuid import UUID

from songda.courts import policy as policies
from songda.courts.models import ApiKey, Court, Membership, Person
from songda.lib.calendar import WorkingDays


def courts_of(person: Person) -> frozenset[UUID]:
    """The courts at which the person has any role."""
    return frozenset(Membership.objects.filter(person=person).values_list("court_id", flat=True))


def roles_of(person: Person) -> dict[UUID, frozenset[str]]:
    """The person's roles, court by court."""
    roles: dict[UUID, set[str]] = {}
    for court, role in Membership.objects.filter(person=person).values_list("court_id", "role"):
        roles.setdefault(court, set()).add(role)
    return {court: frozenset(held) for court, held in roles.items()}


def holds(person: Person, court_id: UUID, *roles: str) -> bool:
    """Whether the person has one of these roles at the court."""
    return Membership.objects.filter(person=person, court_id=court_id, role__in=roles).exists()


def policy_of(court: Court) -> policies.Policy:
    return policies.read(court.policy)


def calendar_of(court: Court) -> WorkingDays:
    return WorkingDays(weekends=policy_of(court).weekends_are_days_off)


def key_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def key_holder(secret: str) -> ApiKey | None:
    """The credential behind an API secret, or None when it is unknown or revoked."""
    return (
        ApiKey.objects.select_related("court", "person")
        .filter(digest=key_digest(secret), revoked_at=None, person__is_active=True)
        .first()
    )
