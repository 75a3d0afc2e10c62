"""A conversation as a page shows it: each note with who said it, its hidden numbers, its files, what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from songda.courts.models import Person, Role
from songda.desk.people import shown_name
from songda.filing.models import Order, Service
from songda.liaison import masks, queries
from songda.liaison.kinds import KINDS, RESULTS, SEVERITIES
from songda.liaison.mentions import WORDS
from songda.liaison.models import Irregularity, Note, Side, Thread
from songda.liaison.queries import Subject

EXCERPT = 60
_EVENTS = {
    Note.Event.RAISED: ("提出异常", "danger"),
    Note.Event.ANSWERED: ("答复异常", "ok"),
    Note.Event.REOPENED: ("重新提出异常", "danger"),
}
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    id: UUID
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class Line:
    """One note. `hides` where something in it is masked and may be seen for a reason."""

    id: UUID
    place: int
    author: str
    side: str
    side_name: str
    at: datetime
    text: str
    hides: bool
    mine: bool
    calls: tuple[str, ...]
    files: tuple[File, ...]
    event: str
    tone: str
    irregularity: UUID | None
    withdrawn: str
    withdrawn_at: datetime | None


def lines(notes: Iterable[Note], reader: Person, names: Iterable[str]) -> list[Line]:
    names = list(names)
    return [line(one, reader, names) for one in notes]


def line(note: Note, reader: Person, names: Iterable[str]) -> Line:
    withdrawal = getattr(note, "withdrawal", None)
    erased = queries.erased(note)
    text = "" if withdrawal else erased or masks.masked(note.text, names)
    event, tone = _EVENTS.get(Note.Event(note.event), ("", ""))
    return Line(
        id=note.id,
        place=note.place,
        author=note.author.name,
        side=note.side,
        side_name=str(Side(note.side).label),
        at=note.written_at,
        text=text,
        hides=not withdrawal and not erased and text != note.text,
        mine=note.author_id == reader.id,
        calls=tuple(_called(note)),
        files=()
        if withdrawal
        else tuple(File(one.id, one.filename or "附件", _size(one.size)) for one in note.attachments.all()),
        event=event,
        tone=tone,
        irregularity=note.irregularity_id,
        withdrawn=f"{withdrawal.by.name}撤回：{erased or masks.masked(withdrawal.reason, names)}" if withdrawal else "",
        withdrawn_at=withdrawal.at if withdrawal else None,
    )


_ROLE_WORDS = {str(role): word for word, role in WORDS.items()}


def _called(note: Note) -> list[str]:
    """Those the note calls and does not name in its own words: whom the platform told of it."""
    words = [one.person.name if one.person else role_words(one.role) for one in note.mentions.all()]
    return [word for word in words if f"@{word}" not in note.text]


def role_words(role: str) -> str:
    return _ROLE_WORDS.get(role) or str(Role(role).label)


def _size(size: int) -> str:
    return f"{size / _MIB:.1f} MB" if size >= _MIB else f"{max(1, size // 1024)} KB"


# ---- what a conversation is about ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """What a conversation is about, in words, and where that is."""

    title: str
    case: str
    what: str
    href: str
    talk: str


def heading(subject: Subject) -> Heading:
    talk = talk_href(subject.about, subject.id)
    case = subject.order.case.number
    if subject.service is None:
        return Heading(case, case, "整件委托", reverse("desk:order", args=[subject.order.pk]), talk)
    name, home = shown_name(subject.service.party), reverse("desk:service", args=[subject.service.pk])
    if subject.waybill is None:
        return Heading(f"{name} · {case}", case, f"送达 {name}", home, talk)
    number = subject.waybill.number or "待编号"
    return Heading(f"邮件 {number} · {name}", case, f"邮件 {number}", home, talk)


def talk_href(about: str, subject_id: UUID) -> str:
    return reverse("desk:thread", args=[about, subject_id])


@dataclass(frozen=True, slots=True)
class Brief:
    """A conversation in a list: what it is about, its last words, what is new in it."""

    heading: Heading
    last: Line | None
    excerpt: str
    at: datetime
    unread: int
    irregular: bool


def briefs(threads: list[Thread], reader: Person) -> list[Brief]:
    """Some questions for the whole list, however long it is, and one for each case's names."""
    new, spoken, wrong = queries.unread_in(reader, threads), queries.latest(threads), queries.irregular(threads)
    names = queries.names_in_all({thread.order.case_id for thread in threads})
    return [_brief(one, reader, new, spoken.get(one.id, []), one.id in wrong, names) for one in threads]


def _brief(
    thread: Thread,
    reader: Person,
    new: Mapping[UUID, int],
    spoken: list[Note],
    irregular: bool,
    names: Mapping[UUID, list[str]],
) -> Brief:
    last = line(spoken[-1], reader, names.get(thread.order.case_id, ())) if spoken else None
    words = (last.text or last.withdrawn or "附件") if last else ""
    return Brief(
        heading=heading(queries.subject_of(thread)),
        last=last,
        excerpt=words if len(words) <= EXCERPT else f"{words[:EXCERPT]}…",
        at=thread.last_at,
        unread=new.get(thread.id, 0),
        irregular=irregular,
    )


# ---- irregularities --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wrong:
    """An irregularity as a list shows it: what, how grave, who owes an answer by when, and the answer."""

    id: UUID
    kind: str
    severity: str
    tone: str
    words: str
    raised_by: str
    raised_at: datetime
    who: str
    due_at: datetime
    turn: int
    item: UUID
    service: Service
    name: str
    talk: str
    is_open: bool
    result: str
    answer: str
    took: timedelta | None
    may_answer: bool
    may_reopen: bool


def wrongs(found: Iterable[Irregularity], reader: Person) -> list[Wrong]:
    found = list(found)
    said = queries.answers(found)
    names = queries.names_in_all({one.service.case_id for one in found})
    return [_wrong(one, reader, said.get(one.id, ""), names.get(one.service.case_id, [])) for one in found]


def _wrong(one: Irregularity, reader: Person, answer: str, names: list[str]) -> Wrong:
    kind, severity, item = KINDS[one.kind], SEVERITIES[one.severity], one.item
    is_open = item.done_at is None
    parcel = one.waybill_id
    return Wrong(
        id=one.id,
        kind=kind.label,
        severity=severity.label,
        tone=severity.tone,
        words=masks.masked(one.words, names) or "内容已到保存期限，删除",
        raised_by=one.raised_by.name,
        raised_at=one.raised_at,
        who=item.owner.name if item.owner else str(Role(item.role).label),
        due_at=item.due_at,
        turn=one.turn,
        item=item.id,
        service=one.service,
        name=shown_name(one.service.party),
        talk=talk_href("parcel", parcel) if parcel else talk_href("service", one.service_id),
        is_open=is_open,
        result="" if is_open else RESULTS.get(item.outcome, "已了结"),
        answer=masks.masked(answer, names),
        took=item.done_at - item.opened_at if item.done_at else None,
        may_answer=queries.side_of(reader) == one.owner,
        may_reopen=not is_open and queries.side_of(reader) != one.owner,
    )


def gathered(order: Order, reader: Person) -> list[Brief]:
    """The conversations of an order, those of its services and of their parcels."""
    return briefs(queries.gathered(order), reader)
