"""Opening work items: what a person must do, with a role, a due time and a key that keeps it one."""

from datetime import timedelta

from songda.engine.models import WorkItem
from songda.engine.work import WORK
from songda.filing.models import Service
from songda.lib import clock


def open_work(
    service: Service,
    kind: str,
    key: str,
    *,
    reason: str = "",
    detail: dict[str, object] | None = None,
    patience: timedelta | None = None,
    role: str = "",
) -> WorkItem:
    """Something a person must do; the same key is the same item. `role` where it is not the one of its kind."""
    now = clock.now()
    item, _ = WorkItem.objects.get_or_create(
        court_id=service.court_id,
        service=service,
        key=key,
        defaults={
            "kind": kind,
            "role": role or WORK[kind].role,
            "reason": reason[:300],
            "detail": detail,
            "opened_at": now,
            "due_at": now + (patience or WORK[kind].patience),
        },
    )
    return item
