"""Two persons have files deleted whose years are over, or have the files of a case held; the loop removes the bytes."""

from uuid import UUID

from songda.courts.models import Court, Person, Role
from songda.courts.queries import roles_of
from songda.engine.keeping.retention import Looked, look, needed
from songda.engine.models import ErasureOrder, Hold
from songda.engine.saying import ActRefused, require, said
from songda.evidence import erasing
from songda.evidence.actions import append
from songda.evidence.models import Erasure
from songda.filing.models import Case
from songda.lib import clock

MAY_ASK = frozenset({Role.MANAGER, Role.CLERK})
MAY_GRANT = frozenset({Role.MANAGER, Role.JUDGE})


# ---- two persons -------------------------------------------------------------------------------------------------


def ask(court: Court, person: Person, reason: str) -> ErasureOrder:
    """List what may go now and ask that it be deleted. Raises ActRefused without a role or a reason, while another
    list is open, and where nothing is due. Call inside the court's scope."""
    _may(person, court, MAY_ASK, "您没有提出删除的角色")
    require(reason, "申请删除须说明理由")
    if ErasureOrder.objects.filter(court=court, answered_at=None).exists():
        raise ActRefused("已有待审批的删除清单")
    due = [one for one in look(court) if not one.held]
    if not due:
        raise ActRefused("没有保存期限已经届满、可以删除的文件")
    files = [{"sha256": one.file.sha256, "kind": one.file.kind, "row": str(one.file.row)} for one in due]
    return ErasureOrder.objects.create(
        court=court, asked_by=person, asked_at=clock.now(), reason=reason.strip()[:500], files=files
    )


def _may(person: Person, court: Court, roles: frozenset[Role], message: str) -> None:
    if not roles & roles_of(person).get(court.id, frozenset()):
        raise ActRefused(message)


def answer(order_id: UUID, person: Person, *, granted: bool) -> ErasureOrder:
    """Grant or refuse a list, by a second person. What has come to be needed since it was asked for stays. Raises
    ActRefused. Call inside the court's scope."""
    order = ErasureOrder.objects.select_for_update(of=("self",)).select_related("court").get(id=order_id)
    _may(person, order.court, MAY_GRANT, "您没有审批删除的角色")
    if order.answered_at is not None:
        raise ActRefused("该清单已经审批")
    if order.asked_by_id == person.id:
        raise ActRefused("删除须由申请人以外的第二人审批")
    order.answered_by, order.answered_at, order.granted = person, clock.now(), granted
    if granted:
        order.erased = _erase(order, person)
    order.save(update_fields=["answered_by", "answered_at", "granted", "erased"])
    return order


def _erase(order: ErasureOrder, person: Person) -> int:
    asked = {(one["row"], one["sha256"]) for one in order.files}
    due = [one for one in look(order.court, limit=len(asked)) if not one.held]
    going = {one.file.sha256: one for one in due if (str(one.file.row), one.file.sha256) in asked}
    made = [_told(order, person, one) for one in going.values()]
    return sum(one is not None for one in made)


def _told(order: ErasureOrder, person: Person, due: Looked) -> Erasure | None:
    file = due.file
    detail = {
        "kind": file.kind,
        "rule": due.period.setting,
        "article": due.period.ground.code,
        "kept_until": due.kept_until.isoformat(),
        "order": str(order.id),
        "asked_by": str(order.asked_by_id),
    }
    told = said(person, erasing.ERASED, detail, key=f"erased:{order.id}:{file.sha256}")
    made = erasing.erase(file.court, file.about, file.sha256, told)
    if made is not None and file.forget is not None:
        file.forget(made)
    return made


# ---- holds -------------------------------------------------------------------------------------------------------


def hold(case: Case, person: Person, reason: str) -> Hold:
    """Keep every file of a case, whatever its years, until somebody lifts it. Raises ActRefused."""
    _may(person, case.court, MAY_ASK | MAY_GRANT, "您没有采取保留措施的角色")
    require(reason, "采取保留措施须说明理由")
    if Hold.objects.filter(case=case, lifted_at=None).exists():
        raise ActRefused("该案件已采取保留措施")
    made = Hold.objects.create(
        court=case.court, case=case, reason=reason.strip()[:500], set_by=person, set_at=clock.now()
    )
    append(case.court_id, case.id, said(person, "files.held", {"hold": str(made.id)}, {"reason": made.reason}))
    return made


def lift(hold_id: UUID, person: Person, reason: str) -> None:
    """End a hold; its files go their ordinary way again. Raises ActRefused."""
    held = Hold.objects.select_for_update(of=("self",)).select_related("court").get(id=hold_id)
    _may(person, held.court, MAY_GRANT, "您没有解除保留措施的角色")
    require(reason, "解除保留措施须说明理由")
    if held.lifted_at is not None:
        raise ActRefused("该保留措施已经解除")
    held.lifted_by, held.lifted_at = person, clock.now()
    held.save(update_fields=["lifted_by", "lifted_at"])
    append(held.court_id, held.case_id, said(person, "files.released", {"hold": str(held.id)}, {"reason": reason}))


# ---- the bytes ---------------------------------------------------------------------------------------------------


def finish() -> int:
    """Remove what was ordered and nobody needs any more; returns how many orders are done with. For the loop."""
    return erasing.finish(needed)
