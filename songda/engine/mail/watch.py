"""What facts about mail call for besides the ladder: where the piece stands, and work for the mail room."""

from collections.abc import Callable, Iterable

from songda.courts.queries import policy_of
from songda.engine.performing import open_work
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.lib import clock
from songda.methods import custody
from songda.methods.models import Waybill

Watch = Callable[[Service, Fact], None]


def watch(service: Service, kept: Iterable[Fact]) -> None:
    """Look at facts just kept of this service."""
    kept = list(kept)
    custody.note(kept)
    for fact in kept:
        _came(service, fact)
        if fact.name in _WATCHES:
            _WATCHES[fact.name](service, fact)


def _miscounted(service: Service, fact: Fact) -> None:
    number, detail = fact.detail["waybill"], fact.detail
    reason = f"邮件 {number} 应有 {detail['expected']} 页，清点为 {detail['pages']} 页"
    copy = Waybill.objects.filter(service=service, number=number).values_list("copy", flat=True).first()
    about: dict[str, object] = {"waybill": number, "contact": detail.get("contact", "")}
    open_work(service, "miscounted", f"miscounted:{number}:{copy or 0}", reason=reason, detail=about)


def _in_order(service: Service, fact: Fact) -> None:
    """Counted right, or printed anew: what stood in the way is done."""
    items = service.work_items.filter(kind__in=("miscounted", "print_failed"), done_at=None)
    mine = [item.id for item in items if _is_about(item.key, fact)]
    service.work_items.filter(id__in=mine).update(done_at=clock.now(), outcome="superseded")


def _is_about(key: str, fact: Fact) -> bool:
    return str(fact.detail["waybill"]) in key or str(fact.detail.get("contact")) in key


def _accepted(service: Service, fact: Fact) -> None:
    """Where the court has its mail scanned from hand to hand, the carrier takes nothing that was not handed over."""
    number = str(fact.detail.get("waybill", ""))
    if policy_of(service.court).mail_custody != "scan" or not number:
        return
    if not Fact.objects.filter(about=service.id, name="mail.handed_over", detail__waybill=number).exists():
        about: dict[str, object] = {"waybill": number, "contact": fact.detail.get("contact", "")}
        reason = f"邮件 {number} 没有交接记录"
        open_work(service, "not_handed_over", f"not_handed_over:{number}", reason=reason, detail=about)


_WATCHES: dict[str, Watch] = {
    "mail.miscounted": _miscounted,
    "mail.counted": _in_order,
    "papers.discarded": _in_order,
    "mail.accepted": _accepted,
}

# What was waited for in vain, by the beginning of its work item's key (`ladder._piece`), and the facts that bring it.
_MOVES = custody.CARRIED | {"mail.handed_over"}
_AWAITED: tuple[tuple[str, frozenset[str]], ...] = (
    ("handover", _MOVES),
    ("silent", _MOVES),
    ("incomplete", frozenset({"receipt.signed", "mail.returned"})),
)


def _came(service: Service, fact: Fact) -> None:
    """What was late or silent is so no more: its work item is done with."""
    contact = fact.detail.get("contact")
    for what, bring_it in _AWAITED:
        if contact and fact.name in bring_it:
            items = service.work_items.filter(key__startswith=f"{what}:{contact}:", done_at=None)
            items.update(done_at=clock.now(), outcome="superseded")
