"""What facts about calls and messages leave in the tables of the electronic zone, and the work they call for.

Read once for every fact that is kept, in its transaction: who has been called and when, how far each message came, what
hours people answer at, and which numbers want mending.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from songda.engine.performing import open_work
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.finding import answering
from songda.finding.models import ContactPoint
from songda.methods import telephone
from songda.methods.messages import Notification

# What is the matter with a number, and what a person is asked to look at.
DEAD = {
    "no_such_number": "空号",
    "suspended": "停机",
    "no_such_address": "邮箱不存在",
    "undeliverable": "无法送达",
    "not_sent": "号码格式不对，未能发出",
}


def note(service: Service, facts: Iterable[Fact]) -> None:
    """Keep what these facts say of calls and messages. A fact told again says nothing again."""
    for fact in facts:
        if noted := _NOTES.get(fact.name):
            noted(service, fact)


def _point(fact: Fact) -> ContactPoint | None:
    contact = _uuid(fact.detail.get("contact"))
    points = ContactPoint.objects.select_related("court", "party").prefetch_related("party__agents")
    return points.filter(id=contact).first() if contact else None


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _called(service: Service, fact: Fact) -> None:
    point = _point(fact)
    if point is None or telephone.note_call(fact, point) is None:
        return
    answering.note_call(point, fact.happened_at, answered=bool(fact.detail.get("answered")))
    _have_mended(service, point, str(fact.detail.get("outcome", "")))


def _have_mended(service: Service, point: ContactPoint, why: str) -> None:
    # A wrong account is not mended: the next way is tried, and who knows a right one adds it.
    if why in DEAD and point.withdrawn_at is None and point.kind != "account":
        detail: dict[str, object] = {"contact": str(point.id), "why": why}
        open_work(service, "number_repair", f"repair:{point.id}", reason=DEAD[why], detail=detail)


# ---- messages -----------------------------------------------------------------------------------------------------


def _notifications(service: Service, fact: Fact) -> list[Notification]:
    """The message a fact names, else the latest to its contact point."""
    rows = Notification.objects.filter(service=service)
    if key := fact.detail.get("message"):
        return list(rows.filter(key=key))
    contact = _uuid(fact.detail.get("contact"))
    return list(rows.filter(contact_point_id=contact).order_by("-planned_at")[:1]) if contact else []


def _sent(service: Service, fact: Fact) -> None:
    # What failed to go out and was sent anew has not failed any more.
    _mark(service, fact, sent_at=fact.happened_at, failed_at=None, failed_why="")


def _reached(service: Service, fact: Fact) -> None:
    _mark(service, fact, reached_at=fact.happened_at)


def _failed(service: Service, fact: Fact) -> None:
    why = str(fact.detail.get("reason", ""))[:32]
    _mark(service, fact, failed_at=fact.happened_at, failed_why=why)
    point = _point(fact)
    # What never went out has a work item of its own, in which it is sent again or given up.
    if point is not None and why != "not_sent":
        _have_mended(service, point, why)


def _mark(service: Service, fact: Fact, **columns: Any) -> None:
    ids = [one.id for one in _notifications(service, fact)]
    Notification.objects.filter(id__in=ids).update(**columns)


def _opened(service: Service, fact: Fact) -> None:
    _mark_all(service, fact, "opened_at")


def _signed(service: Service, fact: Fact) -> None:
    if fact.detail.get("via") == "electronic":
        _mark_all(service, fact, "signed_at")


def _mark_all(service: Service, fact: Fact, column: str) -> None:
    """Behind the link nobody knows which message it was taken from: all that carried it were read with it."""
    contact = _uuid(fact.detail.get("contact"))
    before = Q(planned_at__lte=fact.happened_at) & Q(stage__in=("knock", "reminder"))
    rows = Notification.objects.filter(before, service=service, contact_point_id=contact, **{column: None})
    rows.update(**{column: fact.happened_at})


def _consented(_: Service, fact: Fact) -> None:
    """A way confirmed on a recorded call is the recipient's own electronic address (在线诉讼规则第三十条)."""
    contact = _uuid(fact.detail.get("contact"))
    if contact and fact.detail.get("address_confirmed") and fact.detail.get("recorded"):
        ContactPoint.objects.filter(id=contact).update(confirmed_at=fact.happened_at)


_NOTES: dict[str, Callable[[Service, Fact], None]] = {
    "call.attempted": _called,
    "consent.given": _consented,
    "message.sent": _sent,
    "message.reached": _reached,
    "message.failed": _failed,
    "courtesy.sent": _sent,
    "courtesy.reached": _reached,
    "courtesy.failed": _failed,
    "content.opened": _opened,
    "receipt.signed": _signed,
}
