"""In whose hands a work item is: taken, given on, called up to a manager, handed over whole when somebody is away.

Every change of hands is a row that stays. What is past its time, or waits for a role that nobody holds at its court,
is taken up by the loop: it stands on top of a manager's list, and never on nobody's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from songda.courts.models import COURT_ROLES, POST_ROLES, Membership, Person, Role
from songda.courts.queries import roles_of
from songda.engine.models import WorkItem, WorkMove
from songda.engine.saying import ActRefused, require
from songda.lib import clock
from songda.lib.tenancy import for_every_court

Way = WorkMove.Way
# Who looks after the work of each side: the first of these roles that somebody holds at the court.
_OF_COURT = (Role.MANAGER, Role.COURT_LIAISON, Role.JUDGE, Role.CLERK)
_OF_POST = (Role.POST_MANAGER, Role.POST_LIAISON, *_OF_COURT)
ABOVE: dict[str, tuple[Role, ...]] = {
    **dict.fromkeys(map(str, COURT_ROLES), _OF_COURT),
    **dict.fromkeys(map(str, POST_ROLES), _OF_POST),
    str(Role.AUDITOR): _OF_COURT,
}
LATE, NOBODY, GONE = "超过办理时限", "本院没有人担任该角色", "原经办人已不在本院任职"


# ---- who may ---------------------------------------------------------------------------------------------------


def may(item: WorkItem, person: Person) -> None:
    """Raises ActRefused unless the person holds the item's role there, or looks after those who do."""
    held = roles_of(person).get(item.court_id, frozenset())
    if not ({item.role, Role.MANAGER} & held or _is_above(item, held)):
        raise ActRefused("您没有办理该待办的角色")


def _is_above(item: WorkItem, held: frozenset[str]) -> bool:
    by_post = Role.POST_MANAGER in held and item.role in POST_ROLES
    return by_post or bool(item.escalated_to and item.escalated_to in held)


def head_of(court_id: UUID, role: str) -> Role:
    """The role that looks after this one at the court."""
    return _first_held(role, _held().get(court_id, frozenset()))


def _held() -> dict[UUID, frozenset[str]]:
    """The roles that somebody active holds, court by court."""
    held: dict[UUID, set[str]] = {}
    rows = Membership.objects.filter(person__is_active=True).values_list("court_id", "role").distinct()
    for court_id, role in rows:
        held.setdefault(court_id, set()).add(role)
    return {court_id: frozenset(roles) for court_id, roles in held.items()}


def _first_held(role: str, held: frozenset[str]) -> Role:
    above = ABOVE[role]
    return next((one for one in above if one in held), above[0])


# ---- one item --------------------------------------------------------------------------------------------------


def claim(item: WorkItem, person: Person) -> None:
    """Take an item that nobody has; taking one's own again changes nothing."""
    may(item, person)
    taken = WorkItem.objects.filter(id=item.id, owner=None, done_at=None).update(owner=person)
    if taken:
        _moved(item, Way.CLAIMED, person, to=person)
    elif not WorkItem.objects.filter(id=item.id, owner=person, done_at=None).exists():
        raise ActRefused("该待办已由他人办理")


def pass_on(item: WorkItem, person: Person, to: Person | None, reason: str = "") -> None:
    """Hand an item over to a colleague, or back to its role."""
    may(item, person)
    if to is not None and not _can_take(item, to):
        raise ActRefused(f"{to.name}没有办理该待办的角色")
    if WorkItem.objects.filter(id=item.id, done_at=None).update(owner=to):
        _moved(item, Way.PASSED if to else Way.RETURNED, person, to=to, reason=reason)


def _can_take(item: WorkItem, to: Person) -> bool:
    return to.is_active and item.role in roles_of(to).get(item.court_id, frozenset())


def escalate(item: WorkItem, person: Person, reason: str) -> Role:
    """Call the item up to who looks after its role, with a reason. Anybody who works at the court may: who waits for it
    as much as who has it. Returns the role it went to; raises ActRefused where it is there already."""
    require(reason, "上报须说明理由")
    if not roles_of(person).get(item.court_id, frozenset()) - {Role.AUDITOR}:
        raise ActRefused("您在该院没有办理业务的角色")
    head = head_of(item.court_id, item.role)
    taken = WorkItem.objects.filter(id=item.id, done_at=None, escalated_at=None)
    if not taken.update(escalated_at=clock.now(), escalated_to=head):
        raise ActRefused("该待办已经办结，或者已经上报")
    _moved(item, Way.ESCALATED, person, role=head, reason=reason)
    return head


def _moved(
    item: WorkItem, way: str, by: Person | None, *, to: Person | None = None, role: str = "", reason: str = ""
) -> None:
    WorkMove.objects.create(
        court_id=item.court_id, item=item, way=way, by=by, to=to, to_role=role, reason=reason.strip(), at=clock.now()
    )


# ---- everything somebody has -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many items went to the colleague, and how many back to their role because the colleague may not do them."""

    passed: int
    returned: int


def hand_over(court_id: UUID, person: Person, of: Person, to: Person | None, reason: str) -> HandedOver:
    """Give everything `of` has at this court to a colleague, or back to its roles: leave, sickness, another post. One
    does it for oneself; for others who looks after them does."""
    require(reason, "请说明理由")
    held = roles_of(person).get(court_id, frozenset())
    if of != person and not held & {Role.MANAGER, Role.POST_MANAGER}:
        raise ActRefused("只有本人或者管理人员可以移交他的全部待办")
    if to == of:
        raise ActRefused("请选择另一位同事", "to")
    items = WorkItem.objects.select_for_update(of=("self",)).filter(court_id=court_id, owner=of, done_at=None)
    if of != person and Role.MANAGER not in held:
        items = items.filter(role__in=POST_ROLES)
    theirs = roles_of(to).get(court_id, frozenset()) if to and to.is_active else frozenset()
    found = list(items.order_by("id"))
    passed = [item for item in found if item.role in theirs]
    returned = [item for item in found if item.role not in theirs]
    WorkItem.objects.filter(id__in=[item.id for item in passed]).update(owner=to)
    WorkItem.objects.filter(id__in=[item.id for item in returned]).update(owner=None)
    _all_moved(passed, Way.PASSED, person, to=to, reason=reason)
    _all_moved(returned, Way.RETURNED, person, reason=reason)
    return HandedOver(len(passed), len(returned))


def _all_moved(
    items: Iterable[WorkItem], way: str, by: Person | None, *, to: Person | None = None, reason: str = ""
) -> None:
    now = clock.now()
    WorkMove.objects.bulk_create(
        WorkMove(court_id=item.court_id, item=item, way=way, by=by, to=to, reason=reason.strip(), at=now)
        for item in items
    )


# ---- by the loop -----------------------------------------------------------------------------------------------


def take_up() -> int:
    """Items past their time or of a role nobody holds go on top of a manager's list, once; what somebody who left still
    had goes back to its role. An item in another's hands has its turn later: waiting for many rows at once is how two
    transactions come to wait for each other."""
    with for_every_court():
        held = _held()
        _give_back()
        return _take(Q(due_at__lte=clock.now()), LATE, held) + _take(_of_nobody(held), NOBODY, held)


def _of_nobody(held: dict[UUID, frozenset[str]]) -> Q:
    """Open items whose role nobody holds at their court. The pairs are few, whatever the number of items."""
    waiting = WorkItem.objects.filter(done_at=None, escalated_at=None, owner=None).order_by()
    lost = Q(pk__in=[])
    for court_id, role in waiting.values_list("court_id", "role").distinct():
        if role not in held.get(court_id, frozenset()):
            lost |= Q(court_id=court_id, role=role, owner=None)
    return lost


def _take(which: Q, why: str, held: dict[UUID, frozenset[str]]) -> int:
    rows = WorkItem.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    items = list(rows.filter(which, done_at=None, escalated_at=None).order_by("due_at"))
    now = clock.now()
    for item in items:
        item.escalated_at = now
        item.escalated_to = _first_held(item.role, held.get(item.court_id, frozenset()))
    WorkItem.objects.bulk_update(items, ["escalated_at", "escalated_to"], batch_size=500)
    WorkMove.objects.bulk_create(
        WorkMove(court_id=item.court_id, item=item, way=Way.ESCALATED, to_role=item.escalated_to, reason=why, at=now)
        for item in items
    )
    return len(items)


def _give_back() -> None:
    """An owner who has left the court, or the house, holds nothing."""
    here = Membership.objects.filter(person=OuterRef("owner"), court=OuterRef("court"), person__is_active=True)
    rows = WorkItem.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    items = list(rows.filter(~Exists(here), done_at=None, owner__isnull=False))
    WorkItem.objects.filter(id__in=[item.id for item in items]).update(owner=None)
    _all_moved(items, Way.RETURNED, None, reason=GONE)
