"""Speaking in a conversation: said once, withdrawn with a reason, opened and revealed with a trace.

Everything here runs inside the scope of one court. What is said only grows; the place of each note in its conversation
is given while the conversation's row is held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from songda.courts.models import Membership, Person, Role
from songda.courts.queries import roles_of
from songda.engine import acts
from songda.engine.saying import ActRefused, require, said
from songda.evidence import actions as ledger
from songda.filing import intake
from songda.gateways import dispatch
from songda.liaison.mentions import LIAISONS, Meant, colleagues, meant, side_of_role
from songda.liaison.models import (
    Attachment,
    AttachmentReading,
    Following,
    Irregularity,
    Mention,
    Note,
    Side,
    Thread,
    Withdrawal,
)
from songda.liaison.queries import Subject, erased, side_of
from songda.lib import clock, crypto, vault

LONGEST = 2000
MOST_FILES = 10
_MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class File:
    """A file that comes with a note, as it was sent."""

    filename: str
    content: bytes


# ---- saying ----------------------------------------------------------------------------------------------------


def say(subject: Subject, person: Person, text: str, files: Sequence[File] = (), key: str = "") -> Note:
    """Say something about this order, service or parcel. The same key from the same person is the same note. Raises
    ActRefused for who has no work at the court, for nothing said, and for a file that is not accepted."""
    _may_speak(subject.court_id, person)
    text = checked(text, required=not files)
    accepted = [_accepted(file) for file in files]
    thread = opened(subject)
    if key and (known := Note.objects.filter(thread=thread, author=person, key=key).first()):
        return known
    note = put(thread, person, text, key=key)
    for file, looked in zip(files, accepted, strict=True):
        Attachment.objects.create(
            court_id=note.court_id,
            note=note,
            filename=looked.filename,
            sha256=vault.put(file.content),
            media_type=looked.media_type,
            size=looked.size,
        )
    return note


def _may_speak(court_id: UUID, person: Person) -> None:
    if not roles_of(person).get(court_id, frozenset()) - {Role.AUDITOR}:
        raise ActRefused("您在该院没有办理业务的角色")


def checked(text: str, *, required: bool = True) -> str:
    """The words as they are kept; raises ActRefused for none and for too many."""
    text = text.strip()
    if required and not text:
        raise ActRefused("还没有写内容", "text")
    if len(text) > LONGEST:
        raise ActRefused(f"最多{LONGEST}字，请分几次说，或者附上文件", "text")
    return text


def _accepted(file: File) -> intake.AcceptedFile:
    try:
        return intake.accept(file.filename, file.content)
    except intake.Refused as refused:
        raise ActRefused(f"{file.filename[:60]}：{refused.message}", "files") from refused


def opened(subject: Subject) -> Thread:
    """The conversation about the subject, held until the transaction ends; made where nobody has spoken yet."""
    about: dict[str, Any] = {"court_id": subject.court_id, "about": subject.about, **subject.key}
    Thread.objects.get_or_create(
        **about, defaults={"order": subject.order, "service": subject.service, "last_at": clock.now()}
    )
    return Thread.objects.select_for_update(of=("self",)).select_related("order", "service", "waybill").get(**about)


def put(
    thread: Thread,
    person: Person,
    text: str,
    *,
    key: str = "",
    event: str = "",
    irregularity: Irregularity | None = None,
) -> Note:
    """Write a note into a conversation that is held."""
    note = Note.objects.create(
        court_id=thread.court_id,
        thread=thread,
        place=_next_place(thread),
        author=person,
        side=side_of(person),
        event=event,
        irregularity=irregularity,
        text=text,
        written_at=clock.now(),
        key=key or None,
    )
    _call(note, thread)
    _tell_court(note, thread)
    return note


def _next_place(thread: Thread) -> int:
    thread.last, thread.last_at = thread.last + 1, clock.now()
    thread.save(update_fields=["last", "last_at"])
    return thread.last


# ---- who hears of it -------------------------------------------------------------------------------------------


def _call(note: Note, thread: Thread) -> None:
    """Those it names take part from here on, its writer too, and always somebody of the other side."""
    called = meant(note.text, colleagues(note.court_id))
    called = called or _by_default(note, thread)
    Mention.objects.bulk_create(
        [
            *(Mention(court_id=note.court_id, note=note, person_id=person) for person in sorted(called.people)),
            *(Mention(court_id=note.court_id, note=note, role=role) for role in sorted(called.roles)),
        ]
    )
    _follow(thread, note.place - 1, _people_of(note.court_id, called) | _whose(thread))
    _follow(thread, note.place, {note.author_id})
    Following.objects.filter(thread=thread, person=note.author_id).update(read_to=note.place)


def _by_default(note: Note, thread: Thread) -> Meant:
    """A note that names nobody, where nobody of the other side takes part, goes to the role that has the service now
    or to the other side's liaison: nothing is said into the air."""
    other = Side.POST if note.side == Side.COURT else Side.COURT
    there = Following.objects.filter(thread=thread).select_related("person")
    if any(side_of(one.person) == other for one in there):
        return Meant(frozenset(), frozenset())
    owner = thread.service.owner_role if thread.service else ""
    return Meant(frozenset(), frozenset({owner if side_of_role(owner) == other else str(LIAISONS[other])}))


def _people_of(court_id: UUID, called: Meant) -> set[UUID]:
    held = Membership.objects.filter(court=court_id, role__in=called.roles, person__is_active=True)
    return set(called.people) | set(held.values_list("person_id", flat=True))


def _whose(thread: Thread) -> set[UUID]:
    """The clerk who handed the order over, as long as they work here."""
    clerk = thread.order.handed_over_by_id
    here = Membership.objects.filter(court=thread.court_id, person=clerk, person__is_active=True)
    return {clerk} if here.exclude(person__organisation=_MACHINE).exists() else set()


def _follow(thread: Thread, read_to: int, people: Iterable[UUID]) -> None:
    Following.objects.bulk_create(
        (Following(court_id=thread.court_id, thread=thread, person_id=one, read_to=read_to) for one in sorted(people)),
        ignore_conflicts=True,
    )


def _tell_court(note: Note, thread: Thread) -> None:
    """What the post says goes to the court's own system, where it listens: that there is something, never what."""
    court, service = thread.order.court, thread.service
    if note.side != Side.POST or not court.webhook_url or service is None:
        return
    dispatch.plan(
        note.court_id,
        key=f"{thread.id}:note:{note.place}",
        counterparty="court_system",
        about=service.id,
        request={
            "url": court.webhook_url,
            "secret": crypto.key_for(f"webhook:{note.court_id}").hex(),
            "event": f"irregularity.{note.event}" if note.event else "note.written",
            "body": {
                "service": str(service.id),
                "number": service.number,
                "about": thread.about,
                "note": str(note.id),
                "written_at": note.written_at.isoformat(),
                "notes": f"/api/v1/services/{service.id}/notes",
            },
        },
    )


# ---- afterwards ------------------------------------------------------------------------------------------------


def read(thread: Thread, person: Person, place: int) -> None:
    """The person has read up to this place; it never goes back."""
    Following.objects.filter(thread=thread, person=person, read_to__lt=place).update(read_to=place)


def withdraw(note: Note, person: Person, reason: str) -> Withdrawal:
    """Take back what one said: it is shown no more; who took it back, when and why, is."""
    require(reason, "撤回须说明理由")
    if note.author_id != person.id:
        raise ActRefused("只能撤回自己的留言")
    if note.event:
        raise ActRefused("异常的提出和答复已记入送达经过，不能撤回；可以再留言说明")
    thread = Thread.objects.select_for_update(of=("self",)).get(id=note.thread_id)
    if Withdrawal.objects.filter(note=note).exists():
        raise ActRefused("这条留言已经撤回")
    place = _next_place(thread)
    Following.objects.filter(thread=thread, person=person).update(read_to=place)
    return Withdrawal.objects.create(
        court_id=note.court_id, note=note, place=place, by=person, reason=reason.strip(), at=clock.now()
    )


def open_file(attachment: Attachment, person: Person) -> None:
    """Keep that this person opens the file now. Raises ActRefused for a file of a withdrawn note."""
    if Withdrawal.objects.filter(note=attachment.note_id).exists():
        raise ActRefused("这条留言已经撤回，附件不再提供")
    AttachmentReading.objects.create(court_id=attachment.court_id, attachment=attachment, person=person, at=clock.now())


def reveal(note: Note, person: Person, reason: str) -> str:
    """The whole text, once a reason is given: who looked and why is a fact before anything is shown. What was withdrawn
    only an auditor or manager reads."""
    if Withdrawal.objects.filter(note=note).exists() and not _looks_after(note, person):
        raise ActRefused("这条留言已经撤回")
    if gone := erased(note):
        raise ActRefused(gone)
    what = f"note:{str(note.id)[-12:]}"
    if note.thread.service is not None:
        acts.reveal(note.thread.service, person, what, reason)
    else:
        require(reason, "查看个人信息须说明用途")
        told = said(person, "private.revealed", {"what": what}, {"reason": reason})
        ledger.append(note.court_id, note.thread.order_id, told)
    return str(note.text)


def _looks_after(note: Note, person: Person) -> bool:
    return bool(roles_of(person).get(note.court_id, frozenset()) & {Role.AUDITOR, Role.MANAGER})
