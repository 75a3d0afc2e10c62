"""The day's calls: which is worth making now, whose turn each is, and what its end leaves for the file.

On top stand promises: the first contact that is about to be late, the time agreed on the telephone, what has waited for
half a day. All others go by the chance that the right person answers now. Nobody is offered a call outside the hours of
the court's policy, and no call is two people's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from songda.courts.models import Court, Person
from songda.courts.policy import Policy
from songda.courts.queries import calendar_of, policy_of
from songda.engine.hands import may
from songda.engine.models import WorkItem
from songda.engine.saying import ActRefused
from songda.finding import answering, confidence
from songda.finding.answering import Answering, Tried
from songda.finding.audience import AUDIENCES, audience_of
from songda.finding.confidence import Estimate
from songda.finding.models import ContactPoint
from songda.lib import clock
from songda.lib.clock import BEIJING
from songda.lib.tenancy import for_every_court
from songda.methods import telephone
from songda.methods.calls import CallTurn

# So many of the most urgent are weighed against one another.
WEIGHED = 400
# A promise is about to break when so much of it is left at the most.
ABOUT_TO_BREAK = timedelta(minutes=3)
TOO_OLD = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call to be made, with its chance and its reasons. `first` says why it goes before all others, if it does."""

    item: WorkItem
    point: ContactPoint
    number: Estimate
    answer: Answering
    audience: str
    tried: tuple[Tried, ...]
    first: str = ""

    @property
    def chance(self) -> float:
        """That the right person answers now."""
        return self.number.chance * self.answer.chance

    @property
    def percent(self) -> int:
        return round(100 * self.chance)


@dataclass(frozen=True, slots=True)
class Hours:
    """Whether calls may be made now, and when they may next."""

    policy: Policy
    now: datetime

    @property
    def open(self) -> bool:
        return answering.is_polite(self.now, self.policy)

    @property
    def words(self) -> str:
        return f"{self.policy.calls_from_hour:02d}:00—{self.policy.calls_until_hour:02d}:00"

    @property
    def opens_at(self) -> datetime:
        local = self.now.astimezone(BEIJING)
        day = local.date() + timedelta(days=1 if local.hour >= self.policy.calls_until_hour else 0)
        return datetime(day.year, day.month, day.day, self.policy.calls_from_hour, tzinfo=BEIJING)


def hours_of(court: Court) -> Hours:
    return Hours(policy_of(court), clock.now())


# ---- which call now ----------------------------------------------------------------------------------------------


def queue(court: Court, person: Person) -> list[Candidate]:
    """The calls that may be made now and that nobody else has, the one to make first on top. A bounded number of
    queries, however long the list. Inside a scope of the court."""
    now, policy = clock.now(), policy_of(court)
    if not answering.is_polite(now, policy):
        return []
    found = candidates(
        court, _free(person, now).select_related("service__case", "service__party").order_by("due_at", "id")[:WEIGHED]
    )
    return sorted((one for one in found if _may_call_today(one, policy, now)), key=_rank)


def candidates(court: Court, items: Iterable[WorkItem]) -> list[Candidate]:
    """These call items with what is known of their numbers; one whose number is in use no more is left out."""
    items = list(items)
    ids = {str((item.detail or {}).get("contact", "")) for item in items}
    points = {
        str(one.id): one
        for one in ContactPoint.objects.filter(id__in=[one for one in ids if one], withdrawn_at=None)
        .select_related("party")
        .prefetch_related("party__agents")
    }
    worth, tried = confidence.explain(list(points.values())), telephone.tried_of(points.values())
    rates, now, policy = answering.Rates(calendar_of(court)), clock.now(), policy_of(court)
    return [
        _candidate(item, point, worth[point.id], tried.get(point.id, []), rates, now, policy)
        for item in items
        if (point := points.get(str((item.detail or {}).get("contact", ""))))
    ]


def _candidate(
    item: WorkItem,
    point: ContactPoint,
    number: Estimate,
    tried: list[Tried],
    rates: answering.Rates,
    now: datetime,
    policy: Policy,
) -> Candidate:
    audience = audience_of(point.party, point.value)
    answer = rates.of(audience, now, tried)
    return Candidate(item, point, number, answer, AUDIENCES[audience], tuple(tried), _first(item, now, policy))


def _first(item: WorkItem, now: datetime, policy: Policy) -> str:
    """Why a call goes before all others, in words; empty where it does not."""
    if (item.detail or {}).get("agreed"):
        return "约定的时间到了"
    margin = min(ABOUT_TO_BREAK, policy.hours("contact_within_minutes") / 2)
    if now <= item.due_at <= now + margin:
        return f"受理后{policy.contact_within_minutes}分钟内联系，快到时限"
    return f"已等候超过{int(TOO_OLD.total_seconds()) // 3600}小时" if item.due_at < now - TOO_OLD else ""


def _rank(one: Candidate) -> tuple[bool, float, datetime]:
    """Promises by their time, the others by their chance."""
    return not one.first, 0.0 if one.first else -one.chance, one.item.due_at


def _may_call_today(one: Candidate, policy: Policy, now: datetime) -> bool:
    today = now.astimezone(BEIJING).date()
    made = sum(call.at.astimezone(BEIJING).date() == today for call in one.tried)
    return made < policy.calls_a_day or bool((one.item.detail or {}).get("agreed"))


def _free(person: Person, now: datetime) -> QuerySet[WorkItem]:
    """Open call items that nobody else has in hand."""
    taken = CallTurn.objects.filter(ended_at=None, until__gt=now).exclude(person=person)
    calls = WorkItem.objects.filter(kind="call", done_at=None).exclude(id__in=taken.values("item_id"))
    expired = CallTurn.objects.filter(ended_at=None, until__lte=now).values("item_id")
    return calls.filter(Q(owner=None) | Q(owner=person) | Q(id__in=expired))


# ---- whose turn --------------------------------------------------------------------------------------------------


def take_next(court: Court, person: Person) -> WorkItem | None:
    """The first call of the queue that nobody takes at this moment, taken; None where there is none."""
    for one in queue(court, person):
        if _take(one.item, person):
            return one.item
    return None


def take(item: WorkItem, person: Person) -> CallTurn:
    """Take this call. Raises ActRefused outside the hours, or where it is done or another's."""
    may(item, person)
    hours = hours_of(item.court)
    if not hours.open:
        raise ActRefused(f"现在不是打电话的时段（{hours.words}）")
    turn = _take(item, person)
    if turn is None:
        raise ActRefused("这通电话已经打过，或者正由他人拨打")
    return turn


def _take(item: WorkItem, person: Person) -> CallTurn | None:
    """The turn, or None where somebody else has the row, the turn or the item."""
    now = clock.now()
    rows = WorkItem.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).select_related("court")
    held = rows.filter(id=item.id, kind="call", done_at=None).first()
    # Looked at only with the row in hand: what another committed before is seen now.
    if held is None or not _free(person, now).filter(id=item.id).exists():
        return None
    CallTurn.objects.filter(item=held, ended_at=None).exclude(person=person).update(ended_at=now)
    until = now + policy_of(held.court).hours("call_held_minutes")
    turn, _ = CallTurn.objects.update_or_create(
        court_id=held.court_id,
        item=held,
        ended_at=None,
        defaults={"person": person, "until": until},
        create_defaults={"person": person, "taken_at": now, "until": until},
    )
    WorkItem.objects.filter(id=held.id).update(owner=person)
    return turn


def give_back(item: WorkItem, person: Person) -> None:
    """Let somebody else make the call."""
    ended = CallTurn.objects.filter(item=item, person=person, ended_at=None).update(ended_at=clock.now())
    if ended:
        WorkItem.objects.filter(id=item.id, owner=person, done_at=None).update(owner=None)


def turn_of(item: WorkItem) -> CallTurn | None:
    """Who has the call in hand now."""
    turns = CallTurn.objects.filter(item=item, ended_at=None, until__gt=clock.now())
    return turns.select_related("person").first()


def free_expired() -> int:
    """Calls that were taken and not told in time are anybody's again. Returns how many."""
    now = clock.now()
    with for_every_court():
        turns = CallTurn.objects.select_for_update(skip_locked=True, of=("self",))
        over = list(turns.filter(ended_at=None, until__lte=now).select_related("item"))
        for turn in over:
            WorkItem.objects.filter(id=turn.item_id, owner=turn.person_id, done_at=None).update(owner=None)
        return CallTurn.objects.filter(id__in=[turn.id for turn in over]).update(ended_at=now)


def in_nobody_elses_hands(item: WorkItem, person: Person) -> None:
    """Raises ActRefused where another has the call in hand: two people must not tell one call."""
    turn = turn_of(item) if item.kind == "call" else None
    if turn is not None and turn.person_id != person.id:
        raise ActRefused(f"这通电话正由{turn.person.name}拨打")
