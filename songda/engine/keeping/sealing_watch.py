"""Facts that wait too long for their seal become somebody's work, beside the alarms for machines.

One item a court and spell, on the service of the oldest such fact: proofs wait for it. When sealing has caught up the
item closes by itself.
"""

from collections.abc import Iterable
from uuid import UUID

from songda.engine.models import WorkItem
from songda.engine.opening import open_work
from songda.engine.reading import locked
from songda.evidence import queries
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.lib import clock, lasting
from songda.lib.tenancy import acting_for, for_every_court

KIND = "sealing_late"


def watch() -> None:
    """Open what is to be looked at and close what has caught up."""
    late = queries.overdue()
    for court, facts in late.items():
        with acting_for(court):
            _open(facts)
    _close(late)


def _close(late: Iterable[UUID]) -> None:
    with for_every_court():
        waiting = WorkItem.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        over = waiting.filter(kind=KIND, done_at=None).exclude(court_id__in=list(late))
        ids = list(over.values_list("id", flat=True))
        WorkItem.objects.filter(id__in=ids).update(done_at=clock.now(), outcome="superseded")


def _open(facts: list[Fact]) -> None:
    if _is_known(facts[0]):
        return
    service = next((found for fact in facts if (found := _service_of(fact)) is not None), None)
    if service is not None:
        reason = f"本院有事实等待封存超过{lasting.took(queries.SEALED_WITHIN)}"
        open_work(locked(service), KIND, f"{KIND}:{facts[0].id}", reason=reason, detail={"fact": str(facts[0].id)})


def _is_known(oldest: Fact) -> bool:
    """Whether this spell has its item: one is open, or the one that was done was about a fact that waits still, or
    that was sealed when the oldest of now was waiting already."""
    last = WorkItem.objects.filter(kind=KIND).order_by("-opened_at", "-id").first()
    if last is None or last.done_at is None:
        return last is not None
    sealed = queries.sealed_at(UUID(last.key.removeprefix(f"{KIND}:")))
    return sealed is None or oldest.learnt_at <= sealed


def _service_of(fact: Fact) -> UUID | None:
    """The service a fact is about, or whose paper it is about; facts about a court or a case have none."""
    about = fact.detail["service"] if fact.name == "file.kept" else fact.about
    return Service.objects.filter(id=about).values_list("id", flat=True).first()
