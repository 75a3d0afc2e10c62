"""What retention law has deleted leaves its leaf: a fact with the digest, the rule, its article and who ordered it.

Fact, erasure and the note that the file still lies there are one transaction; the file goes afterwards, by whoever
finds the note. Killed between the two, the next to come goes on; nothing is told twice.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from songda.evidence.actions import Told, append
from songda.evidence.models import Erasure, Fact, Unerased
from songda.evidence.naming import erasure_id
from songda.lib import vault
from songda.lib.clock import BEIJING
from songda.lib.tenancy import acting_for, for_every_court

ERASED = "file.erased"
# Whoever puts a file says in the database within minutes, for a form that a clerk leaves open within hours, what for.
_IDLE = timedelta(days=1)
_AT_ONCE = 500

Needed = Callable[[str], bool]
"""Whether any row of any court still stands for the file with this digest."""


def erase(court_id: UUID, about: UUID, sha256: str, told: Told) -> Erasure | None:
    """Order a file deleted. `told.detail` says `kind`, `rule`, `article` and by whom; None where its key was told
    before. Call inside the court's scope."""
    fact = append(court_id, about, replace(told, name=ERASED, detail={**told.detail, "erased": sha256}))
    if fact is None:
        return None
    made = Erasure.objects.create(id=erasure_id(court_id, sha256, fact.id), court_id=court_id, sha256=sha256, fact=fact)
    Unerased.objects.create(id=made.id, court_id=court_id, sha256=sha256)
    return made


def erasures(court_id: UUID, digests: Collection[str]) -> dict[str, Fact]:
    """The last fact that erased each of these files for a court, of those that have one. One query."""
    rows = Erasure.objects.filter(court_id=court_id, sha256__in=digests).select_related("fact")
    return {row.sha256: row.fact for row in sorted(rows, key=lambda row: row.fact.learnt_at)}


def words(fact: Fact, *, left: str = "，摘要仍在") -> str:
    """What a page says in a file's place."""
    day = fact.happened_at.astimezone(BEIJING)
    return f"已按{fact.detail['article']}于{day:%Y年%m月%d日}删除{left}"


def waiting() -> list[tuple[UUID, UUID, str]]:
    """Files whose erasure is ordered and that may still lie in the vault: id of the erasure, court, digest."""
    with for_every_court():
        return list(Unerased.objects.order_by("id").values_list("id", "court_id", "sha256")[:_AT_ONCE])


def finish(needed: Needed) -> int:
    """Remove from the vault what was ordered; returns how many orders are done with. A file that another row needs
    stays for that row's sake and is that row's business from now on."""
    return sum(_finish(row, court, sha256, needed) for row, court, sha256 in waiting())


def _finish(row: UUID, court: UUID, sha256: str, needed: Needed) -> bool:
    if not needed(sha256):
        try:
            vault.remove(sha256, idle=_IDLE)
        except vault.PutLately as problem:
            return _keep_waiting(row, court, problem)
        except OSError as problem:
            return _keep_waiting(row, court, problem)
    with acting_for(court):
        return bool(Unerased.objects.filter(id=row).delete()[0])


def _keep_waiting(row: UUID, court: UUID, problem: Exception) -> bool:
    with acting_for(court):
        Unerased.objects.filter(id=row).update(problem=type(problem).__name__)
    return False


def again(court_id: UUID) -> int:
    """Note every erased file anew, as after a vault was restored from an older copy; `finish` then removes it. Returns
    how many there are."""
    with acting_for(court_id):
        rows = Erasure.objects.filter(court_id=court_id)
        noted: Iterable[Unerased] = (Unerased(id=row.id, court_id=court_id, sha256=row.sha256) for row in rows)
        Unerased.objects.bulk_create(noted, ignore_conflicts=True)
        return rows.count()
