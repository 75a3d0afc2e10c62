"""Reading conversations: one, those of an order, a person's inbox; and what is open between the two sides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from songda.courts.models import POST_ROLES, Person, Role
from songda.engine.models import WorkItem
from songda.evidence import erasing
from songda.evidence.models import Fact
from songda.filing.models import Order, Party, Service
from songda.filing.queries import cases_numbered
from songda.liaison.models import Following, Irregularity, Mention, Note, Side, Thread, Withdrawal
from songda.lib import clock, crypto
from songda.methods.models import Waybill

About = Thread.About
# So many notes of a conversation are on a page; who wants the rest asks for it.
SHOWN = 100
# A word is looked for in so many of the court's latest notes: they are encrypted, so each is opened to look.
SEARCHED = 2000
MEASURED = timedelta(days=30)


def side_of(person: Person) -> Side:
    """Machines that call on behalf of a court speak for the court."""
    return Side.POST if person.organisation == "post" else Side.COURT


# ---- what a conversation is about ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """An order, a service or a parcel: what one conversation is about."""

    about: str
    order: Order
    service: Service | None = None
    waybill: Waybill | None = None

    @property
    def court_id(self) -> UUID:
        return self.order.court_id

    @property
    def id(self) -> UUID:
        one = self.waybill or self.service or self.order
        return one.id

    @property
    def key(self) -> dict[str, Order | Service | Waybill | None]:
        """The column that names the subject, and its row."""
        if self.about == About.ORDER:
            return {"order": self.order}
        return {"waybill": self.waybill} if self.about == About.PARCEL else {"service": self.service}


def subject(about: str, subject_id: UUID) -> Subject | None:
    """What stands under this name at the courts in force; None for what is not there."""
    if about == About.ORDER:
        order = Order.objects.select_related("court", "case", "handed_over_by").filter(id=subject_id).first()
        return Subject(about, order) if order else None
    if about == About.SERVICE:
        service = _services().filter(id=subject_id).first()
        return of_service(service) if service else None
    if about == About.PARCEL:
        waybill = Waybill.objects.filter(id=subject_id).first()
        return (
            Subject(about, (service := _services().get(id=waybill.service_id)).order, service, waybill)
            if waybill
            else None
        )
    return None


def _services() -> QuerySet[Service]:
    return Service.objects.select_related(
        "court", "case", "party", "order__court", "order__case", "order__handed_over_by"
    )


def of_service(service: Service) -> Subject:
    return Subject(About.SERVICE, service.order, service)


def subject_of(thread: Thread) -> Subject:
    return Subject(thread.about, thread.order, thread.service, thread.waybill)


def thread_of(found: Subject) -> Thread | None:
    """The conversation about it, where anybody has spoken."""
    return threads().filter(about=found.about, **found.key).first()


def threads() -> QuerySet[Thread]:
    along = ("order__case", "order__court", "order__handed_over_by", "service__party", "service__case", "waybill")
    return Thread.objects.select_related(*along)


def gathered(order: Order) -> list[Thread]:
    """All conversations of an order: its own, those of its services and of their parcels; the latest first."""
    return list(threads().filter(order=order).order_by("-last_at", "id"))


def names_in(case_id: UUID) -> list[str]:
    """The people of a case, whose names are masked where somebody types them; organisations are public."""
    return names_in_all([case_id]).get(case_id, [])


def names_in_all(case_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """The same for many cases, in one query."""
    names: dict[UUID, list[str]] = {}
    for party in Party.objects.filter(case__in=list(case_ids)).exclude(kind="organisation"):
        names.setdefault(party.case_id, []).append(party.name)
    return names


# ---- notes -----------------------------------------------------------------------------------------------------


def _notes() -> QuerySet[Note]:
    mentions = Prefetch("mentions", Mention.objects.select_related("person"))
    return (
        Note.objects.select_related("author", "withdrawal__by", "irregularity__item", "thread__erasure__fact")
        .prefetch_related(mentions, "attachments")
        .order_by("place")
    )


def erased(note: Note) -> str:
    """What is said in a note's place where retention law had its words deleted; empty where they stand."""
    erasure = note.thread.erasure
    if erasure is None or note.written_at > erasure.fact.happened_at:
        return ""
    return erasing.words(erasure.fact, left="")


def notes(thread: Thread, *, after: int = 0, most: int = SHOWN) -> list[Note]:
    """The last notes of a conversation, oldest first."""
    return list(reversed(_notes().filter(thread=thread, place__gt=after).order_by("-place")[:most]))


def withdrawn_since(thread: Thread, after: int) -> list[Note]:
    """Notes already seen that were taken back since."""
    return list(_notes().filter(thread=thread, place__lte=after, withdrawal__place__gt=after))


def note(note_id: UUID) -> Note | None:
    return _notes().select_related("thread__order", "thread__service__court").filter(id=note_id).first()


def latest(found: Iterable[Thread], many: int = 1) -> dict[UUID, list[Note]]:
    """The last note of each of these conversations, oldest first; one query."""
    threads_by_id = {one.id: one for one in found}
    recent = _notes().filter(thread_id__in=threads_by_id, place__gt=F("thread__last") - 2 * many)
    spoken: dict[UUID, list[Note]] = {}
    for one in recent:
        spoken.setdefault(one.thread_id, []).append(one)
    return {thread_id: rows[-many:] for thread_id, rows in spoken.items()}


# ---- unread ----------------------------------------------------------------------------------------------------


def unread(person: Person) -> int:
    """How many conversations of this person have something new, at the courts in force."""
    return Following.objects.filter(person=person, thread__last__gt=F("read_to")).count()


def unread_in(person: Person, found: Iterable[Thread]) -> dict[UUID, int]:
    """How much is new to this person in each of these conversations."""
    rows = Following.objects.filter(person=person, thread__in=list(found)).values_list(
        "thread_id", "thread__last", "read_to"
    )
    return {thread_id: last - read_to for thread_id, last, read_to in rows if last > read_to}


# ---- the inbox -------------------------------------------------------------------------------------------------

# Which roles have the service while it is in a zone.
ZONES: dict[str, tuple[str, frozenset[str]]] = {
    "window": ("窗口", frozenset({Role.WINDOW})),
    "electronic": ("电子", frozenset({Role.ELECTRONIC})),
    "mail": ("邮寄", frozenset({Role.MAIL})),
    "field": ("外送", frozenset({Role.FIELD, Role.COURIER})),
    "court": ("法院", frozenset(Role.values) - frozenset(POST_ROLES)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an inbox is asked for: whose part of it, which zone, which state, which words."""

    tab: str = ""
    zone: str = ""
    state: str = ""
    words: str = ""


def inbox(person: Person, roles: frozenset[str], asked: Asked) -> list[Thread]:
    """Conversations at the courts in force, the latest first: mine, those that call me, or all of them."""
    found = threads().filter(_whose(person, roles, asked.tab), _in_state(person, asked.state))
    if asked.zone in ZONES:
        found = found.filter(service__owner_role__in=ZONES[asked.zone][1])
    if asked.words:
        found = found.filter(id__in={*_about(asked.words), *_saying(asked.words)})
    return list(found.order_by("-last_at", "id")[:SHOWN])


def _whose(person: Person, roles: frozenset[str], tab: str) -> Q:
    if tab == "all":
        return Q()
    if tab == "mentions":
        called = Mention.objects.filter(Q(person=person) | Q(role__in=roles), note__thread=OuterRef("pk"))
        return Q(Exists(called))
    return Q(Exists(Following.objects.filter(person=person, thread=OuterRef("pk"))))


def _in_state(person: Person, state: str) -> Q:
    if state == "unread":
        new = Following.objects.filter(person=person, thread=OuterRef("pk"), read_to__lt=OuterRef("last"))
        return Q(Exists(new))
    if state == "irregular":
        open_ = Irregularity.objects.filter(notes__thread=OuterRef("pk"), item__done_at=None)
        return Q(Exists(open_))
    if state == "closed":
        return Q(service__closed_at__isnull=False)
    return Q(service__closed_at=None) if state == "open" else Q()


def _about(words: str) -> QuerySet[Any, UUID]:
    """The ids of the conversations about this case, service, parcel or recipient, each way along its own index. Of a
    case number the serial is written whole; a name, service or parcel is found whole or not at all."""
    ways = (
        Thread.objects.filter(order__case__in=cases_numbered(words)),
        Thread.objects.filter(service__number=words.upper()),
        Thread.objects.filter(waybill__number=words.upper()),
        Thread.objects.filter(service__party__name_index=crypto.blind_index(words, purpose="name")),
    )
    first, *others = (way.order_by().values_list("id", flat=True) for way in ways)
    return first.union(*others)


def _saying(words: str) -> set[UUID]:
    recent = Note.objects.order_by("-written_at").filter(~Exists(Withdrawal.objects.filter(note=OuterRef("pk"))))
    return {one.thread_id for one in recent.only("thread_id", "text")[:SEARCHED] if words in one.text}


# ---- irregularities --------------------------------------------------------------------------------------------


def irregularities() -> QuerySet[Irregularity]:
    along = (
        "service__case",
        "service__party",
        "service__order",
        "raised_by",
        "item__owner",
        "item__done_by",
        "waybill",
        "court",
    )
    return Irregularity.objects.select_related(*along)


def open_irregularities() -> QuerySet[Irregularity]:
    """What is not answered yet, the first due on top."""
    return irregularities().filter(item__done_at=None).order_by("item__due_at", "id")


def irregular(found: Iterable[Thread]) -> set[UUID]:
    """Which of these conversations have an irregularity that is not answered yet."""
    raised = Note.objects.filter(thread__in=list(found), irregularity__item__done_at=None, irregularity__isnull=False)
    return set(raised.values_list("thread_id", flat=True))


def open_of(service: Service) -> list[Irregularity]:
    return list(open_irregularities().filter(service=service))


@dataclass(frozen=True, slots=True)
class Timings:
    """How quickly irregularities were answered: how many, the median and the 90th percentile, how many in time."""

    answered: int
    open: int
    late: int
    median: timedelta | None
    p90: timedelta | None
    in_time: int


def timings(since: datetime | None = None) -> Timings:
    """Of those raised since (the last 30 days), over all their turns. A turn lasts from being asked to the answer."""
    now = clock.now()
    asked = WorkItem.objects.filter(kind="irregularity")
    turns = [
        (item.due_at, item.done_at, item.done_at - item.opened_at)
        for item in asked.filter(opened_at__gte=since or now - MEASURED)
        if item.done_at is not None
    ]
    waiting = list(asked.filter(done_at=None).values_list("due_at", flat=True))
    took = sorted(length for _, _, length in turns)
    return Timings(
        answered=len(turns),
        open=len(waiting),
        late=sum(due < now for due in waiting),
        median=took[len(took) // 2] if took else None,
        p90=took[min(len(took) - 1, len(took) * 9 // 10)] if took else None,
        in_time=sum(done <= due for due, done, _ in turns),
    )


def asked_by(item: WorkItem) -> str:
    """What this turn of an irregularity was asked with: the words of its raising, or of its last reopening."""
    asked = Note.objects.filter(irregularity__item=item).exclude(event=Note.Event.ANSWERED).order_by("place").last()
    return str(asked.text) if asked else ""


def answers(found: Sequence[Irregularity]) -> Mapping[UUID, str]:
    """What the other side said to end each of them, as far as it did."""
    keys = {f"work:{one.item_id}:0": one.id for one in found if one.item.done_at is not None}
    told = Fact.objects.filter(about__in={one.service_id for one in found}, source_key__in=keys)
    return {keys[str(fact.source_key)]: str((fact.private or {}).get("answer", "")) for fact in told}
