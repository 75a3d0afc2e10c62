"""Founding courts, giving roles and keys, changing a court's settings."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from songda.courts import policy as policies
from songda.courts.models import ApiKey, Court, Membership, Person
from songda.courts.queries import key_digest
from songda.evidence import founding
from songda.lib import clock, crypto


def found(*, code: str, name: str, short_name: str, settings: Mapping[str, Any] | None = None, **about: str) -> Court:
    """A court on the platform with its ledger open, or the one that already has this code.

    Raises PolicyRefused for bad settings."""
    chosen = policies.differences(policies.read(settings or {}))
    court, _ = Court.objects.get_or_create(
        code=code,
        defaults={"name": name, "short_name": short_name, "policy": chosen, "created_at": clock.now(), **about},
    )
    open_ledger(court)
    return court


def open_ledger(court: Court) -> None:
    """See that the court's ledger has the keys its policy asks for; safe to repeat."""
    founding.open_log(court.id, code=court.code, name=court.name, sm2=policies.read(court.policy).sm2)


def enrol(person: Person, court: Court, roles: Iterable[str]) -> None:
    """Give the person these roles at the court; roles already held stay."""
    for role in roles:
        Membership.objects.get_or_create(person=person, court=court, role=role)


@transaction.atomic
def decide_policy(court: Court, settings: Mapping[str, Any]) -> policies.Policy:
    """Replace the court's settings. Raises PolicyRefused, and changes nothing, when one cannot stand."""
    policy = policies.read(settings)
    court.policy = policies.differences(policy)
    court.save(update_fields=["policy"])
    open_ledger(court)
    return policy


def issue_key(court: Court, person: Person, label: str) -> str:
    """A new API secret, shown this once."""
    secret = f"sd_{crypto.token()}"
    ApiKey.objects.create(court=court, person=person, label=label, digest=key_digest(secret), created_at=clock.now())
    return secret
