"""Sending things once. A row says what is to be sent; it is claimed, sent, and its answer kept.

`under_way` is committed before the wire is touched. Who finds such a row with its lease run out (the process that held
it was killed) asks the counterparty what became of the key, and sends only when it never heard of it. Where the
counterparty cannot be asked (mail by SMTP), nothing is sent again: the fate is unknown and a person is told.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import F, Q

from songda.gateways import accounts, calls, carrier, court_system, email, printing, sms, switchboard
from songda.gateways.errors import AlreadyDone, FateUnknown, GiveUp, TryAgain
from songda.gateways.heard import Accepted, Known
from songda.gateways.models import Dispatch
from songda.lib import clock, vault
from songda.lib.tenancy import for_every_court

log = structlog.get_logger()
State = Dispatch.State
# How long a claim holds, in seconds of this machine: longer than a whole batch takes whose every request times out.
LEASE_SECONDS = float(os.environ.get("SONGDA_LEASE_SECONDS", "90"))
MOST_TRIES = 12
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 2.0, 900.0


@dataclass(frozen=True, slots=True)
class Line:
    """How one counterparty is spoken to: send a request, or ask what became of its key."""

    send: Callable[[str, Mapping[str, Any]], Accepted]
    look_up: Callable[[str, Mapping[str, Any]], Known | Accepted | None] | None = None


def _sms(key: str, request: Mapping[str, Any]) -> Accepted:
    return sms.send(switchboard.sms(), sms.Sms(key, request["phone"], request["signature"], request["text"]))


def _email(key: str, request: Mapping[str, Any]) -> Accepted:
    letter = email.Email(key, request["to"], request["subject"], request["text"], request.get("html", ""))
    return email.send(switchboard.email(), letter)


def _account(key: str, request: Mapping[str, Any]) -> Accepted:
    words = {name: request[name] for name in ("platform", "account", "template", "title", "text", "link")}
    return accounts.send(_accounts(), accounts.AccountMessage(key, **words))


def _accounts() -> accounts.AccountConfig:
    """A court need not have a provider for accounts: there its people are reached by other ways."""
    try:
        return switchboard.accounts()
    except switchboard.NotConnected:
        raise GiveUp("no provider for accounts") from None


def _call(key: str, request: Mapping[str, Any]) -> Accepted:
    return calls.call(switchboard.calls(), calls.Call(key, request["phone"], request["script"], request["words"]))


def _carry(key: str, request: Mapping[str, Any]) -> Accepted:
    both: dict[str, Any] = {side: carrier.Correspondent(**request[side]) for side in ("sender", "recipient")}
    rest = {name: value for name, value in request.items() if name not in both}
    order = carrier.CarrierOrder(key=key, **both, **{**rest, "contents": tuple(rest["contents"])})
    return carrier.order(switchboard.carrier(), order)


def _tell_handover(_key: str, request: Mapping[str, Any]) -> Accepted:
    """Told again it changes nothing, so after a crash it is simply told again."""
    return carrier.tell_handover(switchboard.carrier(), request["order"], request["manifest"])


def _print(key: str, request: Mapping[str, Any]) -> Accepted:
    job = printing.PrintJob(request["site_uri"], key, request["title"], vault.get(request["sha256"]))
    return printing.send(switchboard.printing(), job)


def _push(key: str, request: Mapping[str, Any]) -> Accepted:
    config = court_system.WebhookConfig(request["url"], request["secret"])
    return court_system.push(config, court_system.Push(key, request["event"], request["body"]))


def _watch(_key: str, request: Mapping[str, Any]) -> Accepted:
    """Not a sending: asks the printer until the job has come out, or can no longer."""
    known = printing.look_up(switchboard.printing(), request["site_uri"], request["job"])
    if known is None:
        raise GiveUp("printer lost the job")
    state = known.heard[-1].detail["state"]
    if state in {"aborted", "cancelled"}:
        raise GiveUp(f"print job {state}")
    if state != "printed":
        trouble = known.heard[-1].detail["trouble"]
        raise TryAgain(f"print job {state} {trouble}".strip(), timedelta(seconds=_FIRST_WAIT_SECONDS))
    return Accepted(known.reference, known.heard[-1].detail)


LINES: dict[str, Line] = {
    "sms": Line(_sms, lambda key, _: sms.look_up(switchboard.sms(), key)),
    "email": Line(_email),
    # A clerk's or judge's morning mail, about no service: it may come twice, under one Message-ID, and says the same.
    "brief": Line(_email, lambda _key, _request: None),
    "account": Line(_account, lambda key, _: accounts.look_up(_accounts(), key)),
    "calls": Line(_call, lambda key, _: calls.look_up(switchboard.calls(), key)),
    "carrier": Line(_carry, lambda key, _: carrier.look_up(switchboard.carrier(), key)),
    "carrier_handover": Line(_tell_handover, lambda _key, _request: None),
    "printing": Line(_print, lambda key, request: printing.look_up(switchboard.printing(), request["site_uri"], key)),
    # A webhook may come twice: it carries its id, and the court's system answers 409 for one it knows.
    "court_system": Line(_push, lambda _key, _request: None),
    "print_watch": Line(_watch, lambda _key, _request: None),
}


def plan(court_id: UUID, *, key: str, counterparty: str, about: UUID, request: Mapping[str, Any]) -> Dispatch:
    """Have something sent. The same key again is the same sending."""
    if counterparty not in LINES:
        raise ValueError(f"nobody is called {counterparty}")
    row, _ = Dispatch.objects.get_or_create(
        court_id=court_id,
        key=key,
        defaults={
            "counterparty": counterparty,
            "about": about,
            "request": dict(request),
            "planned_at": clock.now(),
        },
    )
    return row


def claim(limit: int) -> list[Dispatch]:
    """Take up to `limit` rows that are due or were left behind by a killed process; nobody else gets them."""
    now = clock.now()
    left_behind = Q(state=State.UNDER_WAY, started_at__lt=now - clock.stretch(LEASE_SECONDS))
    with for_every_court():
        rows = list(
            Dispatch.objects.select_for_update(skip_locked=True)
            .filter(Q(state=State.PLANNED, planned_at__lte=now) | left_behind)
            .order_by("planned_at")[:limit]
        )
        Dispatch.objects.filter(id__in=[row.id for row in rows]).update(
            state=State.UNDER_WAY, started_at=now, tries=F("tries") + 1
        )
    return rows


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one sending."""

    state: str
    reply: Mapping[str, Any] | None = None
    reference: str = ""
    problem: str = ""
    again_at: datetime | None = None


def carry_out(row: Dispatch) -> Result:
    """Touch the wire for a claimed row. Never raises: a fault of ours is tried again like one of theirs, unless nobody
    could say whether the first try went out."""
    line = LINES[row.counterparty]
    try:
        if row.state == State.UNDER_WAY and (settled := _after_crash(line, row)):
            return settled
        accepted = line.send(row.key, row.request)
    except AlreadyDone as known:
        accepted = known.reply if isinstance(known.reply, Accepted) else Accepted("")
    except TryAgain as wish:
        return _again(row, wish)
    except GiveUp as no:
        return Result(State.FAILED, problem=no.reason)
    except FateUnknown as silence:
        return Result(State.UNKNOWN, problem=silence.reason)
    except Exception as fault:
        log.exception("sending fell over", dispatch=str(row.id), counterparty=row.counterparty)
        if line.look_up is None:
            return Result(State.UNKNOWN, problem="our own fault")
        return _again(row, TryAgain(type(fault).__name__))
    return Result(State.DONE, dict(accepted.detail), accepted.reference)


def _after_crash(line: Line, row: Dispatch) -> Result | None:
    """The row was under way when its process died: find out before sending."""
    if line.look_up is None:
        return Result(State.UNKNOWN, problem="the process ended while sending")
    known = line.look_up(row.key, row.request)
    if known is None:
        return None
    return Result(State.DONE, known.detail if isinstance(known, Accepted) else {}, known.reference)


def _again(row: Dispatch, wish: TryAgain) -> Result:
    if row.tries + 1 >= MOST_TRIES and row.counterparty != "print_watch":
        return Result(State.FAILED, problem=wish.reason)
    wait = wish.after or clock.stretch(min(_FIRST_WAIT_SECONDS * 2**row.tries, _LONGEST_WAIT_SECONDS))
    return Result(State.PLANNED, problem=wish.reason, again_at=clock.now() + wait)


def hold(row: Dispatch) -> bool:
    """Take a claimed row for the transaction. False where its claim is lost: the lease ran out and another process has
    it, or a person asked for it anew; then this process's answer is not the last word and is left alone."""
    return Dispatch.objects.select_for_update().filter(id=row.id, state=State.UNDER_WAY, tries=row.tries + 1).exists()


def settle(row: Dispatch, result: Result) -> None:
    """Keep what became of a row in hand. Call in the transaction that records the facts it carries."""
    row.state, row.problem = result.state, result.problem
    if result.again_at:
        row.planned_at = result.again_at
    else:
        row.reply, row.ended_at = {"reference": result.reference, **(result.reply or {})}, clock.now()
    row.save(update_fields=["state", "problem", "planned_at", "reply", "ended_at"])
