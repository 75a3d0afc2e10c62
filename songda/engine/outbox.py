"""Sending what is planned, many at once, and making facts of the answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

import structlog

from songda.engine import actions, errands
from songda.engine.performing import open_work
from songda.engine.reading import locked
from songda.evidence.actions import Told
from songda.filing.models import Service
from songda.gateways import dispatch
from songda.gateways.accounts import REFUSALS
from songda.gateways.models import Dispatch
from songda.lib.tenancy import acting_for
from songda.methods import electronic, postal

log = structlog.get_logger()
# A batch is two rounds of the threads, so that it ends well within its lease even where every request times out.
THREADS = 16
BATCH = 2 * THREADS
_State = Dispatch.State
_ENDED = frozenset({_State.DONE, _State.FAILED, _State.UNKNOWN})
After = Callable[[Dispatch, dispatch.Result], list[Told]]


def _after_order(row: Dispatch, result: dispatch.Result) -> list[Told]:
    if result.state == _State.DONE:
        waybill = postal.note_number(row, result.reference)
        errands.print_piece.defer(court_id=str(row.court_id), waybill_id=str(waybill.id))
    return []


def _nothing(_row: Dispatch, _result: dispatch.Result) -> list[Told]:
    return []


AFTER: dict[str, After] = {
    "sms": electronic.after_message,
    "email": electronic.after_message,
    "account": electronic.after_message,
    "brief": _nothing,
    "calls": _nothing,
    "carrier": _after_order,
    "carrier_handover": _nothing,
    "printing": postal.after_print,
    "print_watch": postal.after_watch,
    "court_system": _nothing,
}

# Nobody's course turns on these: what becomes of them stands on their row.
_OF_NO_SERVICE = frozenset({"brief"})

# Who looks when a sending failed or its fate is unknown. Webhooks are tried for long.
_LOOKS = {
    "sms": "not_sent",
    "email": "not_sent",
    "account": "not_sent",
    "calls": "not_sent",
    "carrier": "not_sent",
    "carrier_handover": "not_sent",
    "printing": "print_failed",
    "print_watch": "print_failed",
    "court_system": "overdue",
}


def settle(row: Dispatch, result: dispatch.Result) -> None:
    """Keep the answer and the facts it carries, together; nothing where the row is no longer ours."""
    with acting_for(row.court_id):
        service = locked(row.about) if row.counterparty not in _OF_NO_SERVICE else None
        if not dispatch.hold(row):
            return
        dispatch.settle(row, result)
        if service is None or result.state not in _ENDED:
            return
        if result.state != _State.DONE:
            _have_looked_at(service, row, result)
        told = AFTER[row.counterparty](row, result)
        if told:
            actions.record(service.id, told)


def _have_looked_at(service: Service, row: Dispatch, result: dispatch.Result) -> None:
    """A person looks at each failure: one that fails again after it was asked for anew is another item."""
    kind = _LOOKS.get(row.counterparty)
    # Who blocked the court, or has no such account, will not be there at a second try either: the next way is.
    if kind is None or (row.counterparty == "account" and result.problem in REFUSALS):
        return
    turn = service.work_items.filter(kind=kind, key__startswith=f"{kind}:{row.key}").exclude(done_at=None).count()
    key = f"{kind}:{row.key}:{turn}" if turn else f"{kind}:{row.key}"
    detail: dict[str, object] = {"dispatch": str(row.id), "contact": row.request.get("contact", "")}
    open_work(service, kind, key, reason=result.problem, detail=detail)


def send_batch(pool: ThreadPoolExecutor) -> int:
    """Claim what is due, send it all, keep each answer as it comes. Returns how many were handled."""
    rows = dispatch.claim(BATCH)
    sendings = {pool.submit(dispatch.carry_out, row): row for row in rows}
    for sending in as_completed(sendings):
        row = sendings[sending]
        try:
            settle(row, sending.result())
        except Exception:  # the row keeps its lease and is asked about when that has run out
            log.exception("answer could not be kept", dispatch=str(row.id), counterparty=row.counterparty)
    return len(rows)
