"""The bundle of a proof, from the ledger's rows: facts opened, their way to the root, the stamped heads around them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Q

from songda.evidence import bundle, canonical, merkle, publishing, sealing
from songda.evidence.bundle import Head, ProvedFact
from songda.evidence.merkle import Subtree
from songda.evidence.models import Checkpoint, Fact, Leaf

# Facts whose personal part a proof has to show: who signed.
OPENED = frozenset({"receipt.signed"})


class NotYetSealed(LookupError):
    """A fact of the proof has no place under a checkpoint so far."""


def bundle_of(court_id: UUID, stated: Mapping[str, Any]) -> bytes:
    """The machine-readable half of the proof that states this, `proof.issued` included. Call inside the court's scope.

    Raises `NotYetSealed` until every fact is sealed and a checkpoint made.
    """
    facts = _facts(court_id, stated)
    last = max(leaf.index for _, leaf in facts)
    final = _final_head(court_id, last)
    heads = [*_heads_before(court_id, [leaf.index for _, leaf in facts], final.size), final]
    subtree = merkle.subtree_from(sealing.stored(court_id))
    proved = [_proved(fact, leaf.index, final.size, subtree) for fact, leaf in facts]
    return bundle.make(stated, proved, _linked(heads, subtree), publishing.trust_of(court_id))


def _facts(court_id: UUID, stated: Mapping[str, Any]) -> list[tuple[Fact, Leaf]]:
    """The facts judged and the one that issued the proof, in the order in which they were sealed."""
    issued = Q(name="proof.issued", about=stated["about"][0], detail__serial=stated["serial"])
    facts = Fact.objects.filter(Q(id__in=stated["facts"]) | issued, court_id=court_id).select_related("leaf")
    found = [(fact, fact.leaf) for fact in facts if hasattr(fact, "leaf")]
    if len(found) != len(stated["facts"]) + 1:
        raise NotYetSealed(f"{len(found)} of {len(stated['facts']) + 1} facts are sealed")
    return sorted(found, key=lambda pair: pair[1].index)


def _final_head(court_id: UUID, last: int) -> Checkpoint:
    """The first stamped checkpoint that covers the last fact, else the latest there is."""
    covering = Checkpoint.objects.filter(court_id=court_id, size__gt=last).select_related("stamp")
    head = covering.exclude(stamp=None).order_by("size", "made_at").first() or covering.order_by("-made_at").first()
    if head is None:
        raise NotYetSealed("no checkpoint covers the facts")
    return head


def _heads_before(court_id: UUID, places: Iterable[int], size: int) -> list[Checkpoint]:
    """For each fact the last stamped checkpoint before it: it says that the fact was not sealed earlier."""
    stamped = Checkpoint.objects.filter(court_id=court_id, size__lt=size).exclude(stamp=None)
    found: dict[int, Checkpoint] = {}
    for place in sorted(places):
        head = stamped.filter(size__lte=place).select_related("stamp").order_by("-size", "-made_at").first()
        if head is not None:
            found[head.size] = head
    return [found[each] for each in sorted(found)]


def _linked(heads: Sequence[Checkpoint], subtree: Subtree) -> list[Head]:
    ways = [(), *(tuple(merkle.prove_consistency(a.size, b.size, subtree)) for a, b in pairwise(heads))]
    return [Head(head.note, _reply(head), way) for head, way in zip(heads, ways, strict=True)]


def _reply(head: Checkpoint) -> bytes | None:
    return bytes(head.stamp.reply) if hasattr(head, "stamp") else None


def _proved(fact: Fact, index: int, size: int, subtree: Subtree) -> ProvedFact:
    seed = bytes(fact.salt)
    opened = fact.private if fact.name in OPENED else None
    return ProvedFact(
        record=sealing.record_of(fact),
        salt=canonical.record_salt(seed),
        index=index,
        path=tuple(merkle.prove_inclusion(index, size, subtree)),
        private=opened,
        private_salt=canonical.private_salt(seed) if opened is not None else None,
    )
