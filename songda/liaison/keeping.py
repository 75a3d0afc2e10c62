"""What conversations keep of a case, for retention law: their words, as one with the names of their files, and each
file. Declared to `engine.keeping.retention` as the app starts; the engine knows no conversations.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Prefetch, Q

from songda.engine.keeping.retention import File, Owner
from songda.evidence.models import Erasure
from songda.liaison.models import Attachment, Irregularity, Note, Thread, Withdrawal
from songda.lib import crypto
from songda.lib.fields import GONE


def _conversations(which: Q) -> Iterator[File]:
    said = Prefetch("notes", Note.objects.select_related("withdrawal").prefetch_related("attachments"))
    for thread in Thread.objects.filter(which).select_related("order__case").prefetch_related(said).order_by("id"):
        if words := _words(thread):
            yield _file(
                thread,
                row=thread.id,
                sha256=crypto.blind_index("\n".join([str(thread.id), *words]), purpose="conversation"),
                kind="conversation",
                title=f"联络留言（{thread.get_about_display()}）",
                made_at=thread.last_at,
                forget=partial(_forget, thread.id),
            )


def _words(thread: Thread) -> list[str]:
    """Everything people wrote in a conversation, as far as it is there, in its order."""
    words: list[str] = []
    for note in sorted(thread.notes.all(), key=lambda note: note.place):
        withdrawal = getattr(note, "withdrawal", None)
        words += [note.text, withdrawal.reason if withdrawal else "", *(one.filename for one in note.attachments.all())]
    return [one for one in words if one]


def _attachments(which: Q) -> Iterator[File]:
    along = "note__thread__order__case"
    for one in Attachment.objects.filter(which).select_related(along).order_by("id"):
        yield _file(
            one.note.thread,
            row=one.id,
            sha256=one.sha256,
            kind="attachment",
            title="联络附件",
            made_at=one.note.written_at,
        )


def _file(
    thread: Thread,
    *,
    row: UUID,
    sha256: str,
    kind: str,
    title: str,
    made_at: datetime,
    forget: Callable[[Erasure], None] | None = None,
) -> File:
    case = thread.order.case
    about = thread.service_id or case.id
    return File(
        row=row,
        court=thread.court_id,
        sha256=sha256,
        kind=kind,
        title=title,
        case=case.id,
        case_number=case.number,
        about=about,
        service=thread.service_id,
        made_at=made_at,
        forget=forget,
    )


def _forget(thread_id: UUID, erasure: Erasure) -> None:
    """Empty what was said until now; that it was said, by whom and when, stays."""
    Thread.objects.filter(id=thread_id).update(erasure=erasure)
    said = Note.objects.filter(thread=thread_id)
    Irregularity.objects.filter(notes__in=said).update(words=GONE)
    Attachment.objects.filter(note__in=said).update(filename=GONE)
    Withdrawal.objects.filter(note__in=said).update(reason=GONE)
    said.update(text=GONE)


OWNERS = (
    # Its digest is keyed and names no file of the vault: short words could be guessed from a plain one.
    Owner(Thread, (), "order__case", _conversations),
    Owner(Attachment, ("sha256",), "note__thread__order__case", _attachments),
)
