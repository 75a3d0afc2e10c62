"""Simulated staff of court and post: they end work items with seeded decisions, each as the person who may.

For the demonstration only. They know no more than the item's own table of outcomes, so an outcome that is added is
theirs as well; what they say of people is invented.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import structlog

from songda.courts.models import Membership, Person
from songda.engine import acts
from songda.engine.models import WorkItem
from songda.engine.work import WORK, Field
from songda.liaison import irregularities
from songda.lib import clock
from songda.lib.tenancy import acting_for, for_every_court
from songda.management import mail_staff
from songda.management.couriers import Couriers
from songda.management.dice import dice

log = structlog.get_logger()
LIMIT = 60
# Whoever goes to a door tells of it by phone: see `couriers`.
_BY_PHONE = frozenset({"visit"})


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind of item is ended: outcomes with their weights, and after how many minutes at the least and most."""

    outcomes: Mapping[str, int]
    minutes: tuple[int, int]


HABITS: dict[str, Habit] = {
    "call": Habit(
        {
            "consented": 50,
            "refused": 10,
            "no_answer": 22,
            "busy": 5,
            "dead_number": 2,
            "call_later": 4,
            "unclear": 4,
            "wrong_person": 3,
        },
        (1, 4),
    ),
    "number_repair": Habit({"unusable": 6, "right": 4}, (10, 120)),
    "safety": Habit({"again": 7, "escorted": 3}, (2, 10)),
    "courier_silent": Habit({"reached": 1}, (2, 10)),
    "visit_review": Habit({"confirmed": 9, "questioned": 1}, (10, 60)),
    "notice_approval": Habit({"approved": 9, "refused": 1}, (30, 180)),
    "decide": Habit({"entrust": 6, "give_up": 4}, (60, 240)),
    "letter": Habit({"signed": 7, "failed": 3}, (120, 400)),
    "result_incomplete": Habit({"receipt": 9, "lost": 1}, (30, 180)),
    "carrier_silent": Habit({"noted": 8, "lost": 2}, (30, 120)),
    "not_sent": Habit({"again": 7, "abandon": 3}, (10, 60)),
    "address_gate": Habit({"override": 7, "unusable": 3}, (10, 60)),
    "conformity": Habit({"accepted": 6, "mended": 4}, (30, 120)),
    "irregularity": Habit({"resolved": 7, "unfounded": 2, "impossible": 1}, (20, 180)),
    "correction": Habit({"refused": 7, "granted": 3}, (30, 120)),
}
_ELSE = (20, 90)
_SAYS: dict[str, Any] = {
    "signer": "self",
    "refused_by": "self",
    "id_number_given": True,
    "recorded": True,
    "witnesses": 2,
    "name": "演示签收人",
    "via": "entrusted",
    "reason": "演示：经查阅全部记录后决定",
}
_BY_KIND: dict[str, Any] = {"text": "演示填写", "long_text": "演示填写", "count": 1, "yes_no": True}


def work(seed: int, limit: int = LIMIT) -> int:
    """End the items whose time has come. Returns how many; the same seed decides the same item the same way."""
    now = clock.now()
    with for_every_court():
        rows = (
            WorkItem.objects.filter(done_at=None, opened_at__lte=now).exclude(kind__in=_BY_PHONE).order_by("opened_at")
        )
        found = list(rows.values_list("id", "court_id", "kind", "key", "opened_at", "service__number")[: 20 * limit])
    done = 0
    for item_id, court_id, kind, key, opened_at, number in found:
        rng = dice(seed, number, kind, key)
        if done < limit and _wanted_at(kind, opened_at, rng) <= now:
            done += _end(item_id, court_id, rng)
    return done + mail_staff.work(seed, limit)


def _wanted_at(kind: str, opened_at: datetime, rng: Random) -> datetime:
    least, most = HABITS[kind].minutes if kind in HABITS else _ELSE
    return opened_at + timedelta(minutes=rng.uniform(least, most))


def _end(item_id: UUID, court_id: UUID, rng: Random) -> bool:
    """End one item in its own transaction; what is refused is left for a person."""
    try:
        with acting_for(court_id):
            item = WorkItem.objects.select_related("service").get(id=item_id)
            person = _who(item)
            if person is None:
                return False
            outcome = choose(item.kind, rng)
            irregularities.answer(item, person, outcome, _inputs(item, outcome))
    except (acts.ActRefused, WorkItem.DoesNotExist):
        return False
    except Exception:  # one odd item must not send all the staff home
        log.exception("the simulated staff stumbled", item=str(item_id))
        return False
    return True


def _who(item: WorkItem) -> Person | None:
    """Who holds the item, else a person of its role; a correction's second person is not the one who asked."""
    if item.owner is not None:
        return item.owner
    held = Membership.objects.filter(court=item.court_id, role=item.role).select_related("person")
    asked = item.service.corrections.filter(answered_at=None).values_list("asked_by_id", flat=True)
    first = held.exclude(person_id__in=list(asked)).order_by("person__username").first()
    return first.person if first else None


def choose(kind: str, rng: Random) -> str:
    """How an item of this kind is ended, by its habit; only with outcomes the kind has."""
    habit = HABITS.get(kind)
    known = WORK[kind].outcomes
    weights = {one: n for one, n in habit.outcomes.items() if one in known} if habit else {}
    if not weights:
        return "noted" if "noted" in known else next(iter(known))
    return rng.choices(list(weights), list(weights.values()))[0]


def _inputs(item: WorkItem, outcome: str) -> dict[str, Any]:
    return {one.name: said for one in WORK[item.kind].outcomes[outcome].fields if (said := _say(one)) is not None}


def _say(one: Field) -> Any:
    if one.name in _SAYS:
        return _SAYS[one.name]
    if one.kind == "choice":
        return next(iter(one.choices))
    if one.kind == "moment":
        return clock.now().isoformat()
    if one.kind == "moment_ahead":
        return (clock.now() + timedelta(hours=3)).isoformat()
    return _BY_KIND.get(one.kind) if one.required else None


class Team:
    """Everybody at work: at the desks, in the mail room and on the street."""

    def __init__(self, seed: int) -> None:
        self._seed, self._couriers = seed, Couriers(seed)

    def work(self) -> int:
        """Do what is due; returns how much was done."""
        return work(self._seed) + self._couriers.work()


def go_on(seed: int) -> None:
    """Work until stopped."""
    team = Team(seed)
    while True:
        if not team.work():
            time.sleep(0.5)
