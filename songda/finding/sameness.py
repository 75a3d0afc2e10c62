"""The same person in several cases of one court: by ID number or USCC, else by name and one more thing."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from songda.filing.models import Party
from songda.finding.actions import Reach, learn_many
from songda.finding.models import ContactPoint, Rank
from songda.lib import clock

# "An address given in other proceedings within a year" (法发〔2017〕19号 8).
WITHIN = timedelta(days=365)


def same_person(party: Party) -> QuerySet[Party]:
    """The other parties of the court that are this person.

    With a number on both sides the number decides, alike or not. Where one lacks it, the name decides together with a
    telephone, e-mail, account or place that both have; a name alone never does."""
    others = Party.objects.filter(kind=party.kind).exclude(id=party.id)
    by_name = Q(name_index=party.name_index) & _shares_a_way(party)
    if not party.id_index:
        return others.filter(by_name)
    return others.filter(Q(id_index=party.id_index) | (by_name & Q(id_index="")))


def _shares_a_way(party: Party) -> Q:
    mine = list(ContactPoint.objects.filter(party=party).values_list("value_index", "place_index"))
    values, places = [value for value, _ in mine], [place for _, place in mine if place]
    alike = ContactPoint.objects.filter(Q(value_index__in=values) | Q(place_index__in=places))
    return Q(id__in=alike.values("party_id"))


def recall(party: Party) -> list[ContactPoint]:
    """Learn the ways that reached the same person in other cases of the court within a year; returns the new ones."""
    if not _has_namesakes(party):
        return []
    proven = ContactPoint.objects.filter(
        party__in=same_person(party),
        proved=True,
        proved_at__gte=clock.now() - WITHIN,
        withdrawn_at=None,
        emptied_at=None,
    ).order_by("-proved_at")
    ways = [
        Reach(one.kind, one.value, "own_court", Rank.OTHER_PROCEEDINGS, _day(one.proved_at), platform=one.platform)
        for one in proven
    ]
    return [one.point for one in learn_many((party, way) for way in ways) if one.is_new]


def _has_namesakes(party: Party) -> bool:
    """Whether anybody else at the court has the party's name or number: for most nobody has, and that is soon known."""
    alike = Q(name_index=party.name_index)
    if party.id_index:
        alike |= Q(id_index=party.id_index)
    return Party.objects.filter(alike).exclude(id=party.id).exists()


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(clock.BEIJING).date() if moment else None


def shared(point: ContactPoint) -> list[ContactPoint]:
    """The same way at the same person's other parties, where it is still in use."""
    alike = ContactPoint.objects.filter(kind=point.kind, withdrawn_at=None).exclude(id=point.id)
    same = Q(value_index=point.value_index)
    if point.place_index:
        same |= Q(place_index=point.place_index)
    return list(alike.filter(same, party__in=same_person(point.party)).select_related("party"))
