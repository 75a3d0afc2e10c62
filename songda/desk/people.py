"""Names of recipients and of colleagues as the desk shows them."""

from collections.abc import Iterable
from uuid import UUID

from songda.courts.models import Person
from songda.evidence.models import Fact, Speaker
from songda.filing.models import Party
from songda.lib import masking

# Organisations' names are public; people's are hidden until somebody gives a reason.
_PUBLIC = frozenset({"organisation"})


def shown_name(party: Party) -> str:
    """A party's name in lists and headings."""
    return party.name if party.kind in _PUBLIC else masking.name(party.name)


def colleagues(facts: Iterable[Fact]) -> dict[str, str]:
    """The names of the people who told these facts, by their id. One query."""
    told = {fact.speaker_ref for fact in facts if fact.speaker == Speaker.PERSON}
    ids = [ref for ref in told if _is_id(ref)]
    return {str(person_id): name for person_id, name in Person.objects.filter(id__in=ids).values_list("id", "name")}


def said_by(fact: Fact, names: dict[str, str]) -> str:
    """Who says so, in words."""
    name = names.get(fact.speaker_ref, "")
    return f"{Speaker(fact.speaker).label}{name and f' {name}'}"


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
