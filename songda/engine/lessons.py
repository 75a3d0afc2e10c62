"""What a fact teaches about the contact point it happened at: a table, read once for every fact that is kept."""

from collections.abc import Callable, Iterable

from songda.evidence.models import Fact
from songda.finding import actions as finding
from songda.finding.models import ContactPoint

# The fact, when it teaches, and whether the way worked then.
_Lesson = Callable[[Fact], bool | None]
_NOT_THERE = frozenset({"wrong_address", "untraceable", "moved_unreported", "incomplete_address"})


def _worked(_: Fact) -> bool:
    return True


def _failed(_: Fact) -> bool:
    return False


def _called(fact: Fact) -> bool | None:
    """A call that was answered by the right person shows the number to be good; one not answered shows nothing."""
    if fact.detail.get("wrong_person"):
        return False
    return True if fact.detail.get("answered") else None


def _returned(fact: Fact) -> bool | None:
    """Refused and unclaimed letters say nothing against the address."""
    return False if fact.detail.get("because") in _NOT_THERE else None


LESSONS: dict[str, _Lesson] = {
    "call.attempted": _called,
    "message.failed": _failed,
    "content.opened": _worked,
    "receipt.signed": _worked,
    "mail.delivered": _worked,
    "mail.returned": _returned,
    "visit.failed": _returned,
    "visit.left_in_place": _worked,
    "contact.withdrawn": _failed,
}


def learn_from(facts: Iterable[Fact]) -> None:
    """Note what came of contact points; a fact told again teaches nothing again."""
    for fact in facts:
        lesson = LESSONS.get(fact.name)
        worked = lesson(fact) if lesson else None
        point = _point(fact) if worked is not None or fact.name in _CONSENT else None
        if point is None:
            continue
        if fact.name in _CONSENT:
            finding.note_consent([point], given=_CONSENT[fact.name], at=fact.happened_at)
        if worked is not None:
            finding.note_outcome(
                point, worked=worked, fact=fact.name, happened_at=fact.happened_at, key=fact.source_key or str(fact.id)
            )


_CONSENT = {"consent.given": True, "consent.refused": False}


def _point(fact: Fact) -> ContactPoint | None:
    contact = fact.detail.get("contact")
    return ContactPoint.objects.filter(id=contact).first() if contact else None
