"""Court systems read and write in a service's conversation, and raise and answer irregularities."""

import base64
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from songda.api import problems, schemas
from songda.api.access import for_its_court, key_of
from songda.api.orders import MOST_ROWS, PROBLEMS
from songda.engine.acts import ActRefused
from songda.liaison import actions, irregularities, masks, queries
from songda.liaison.models import Irregularity, Note
from songda.liaison.queries import Subject

router = Router(tags=["联络"])


def _refused(refusal: ActRefused) -> Any:
    return problems.problem(422, "act-refused", refusal.message, field=refusal.field)


def _about(service_id: UUID, waybill: UUID | None = None) -> Subject | None:
    """The service; or one of its parcels, where one is named."""
    if waybill is None:
        return queries.subject("service", service_id)
    found = queries.subject("parcel", waybill)
    return found if found and found.service and found.service.id == service_id else None


def _note(row: Note, names: list[str]) -> schemas.NoteOut:
    withdrawal = getattr(row, "withdrawal", None)
    return schemas.NoteOut(
        id=row.id,
        place=row.place,
        side=row.side,
        author=row.author.name,
        event=row.event,
        irregularity=row.irregularity_id,
        text="" if withdrawal else queries.erased(row) or masks.masked(row.text, names),
        written_at=row.written_at,
        withdrawn_at=withdrawal.at if withdrawal else None,
        files=[] if withdrawal else [schemas.NoteFileOut.model_validate(_file(one)) for one in row.attachments.all()],
    )


def _file(attachment: Any) -> dict[str, Any]:
    return {name: getattr(attachment, name) for name in ("filename", "sha256", "media_type", "size")}


def _irregularity(row: Irregularity, answer: str) -> schemas.IrregularityOut:
    names = queries.names_in(row.service.case_id)
    return schemas.IrregularityOut(
        id=row.id,
        kind=row.kind,
        severity=row.severity,
        owner=row.owner,
        words=masks.masked(row.words, names),
        raised_at=row.raised_at,
        due_at=row.item.due_at,
        turn=row.turn,
        item=row.item_id,
        answered_at=row.item.done_at,
        result=row.item.outcome,
        answer=masks.masked(answer, names),
    )


@router.get("/services/{service_id}/notes", response={200: list[schemas.NoteOut], **PROBLEMS}, summary="读取会话")
@for_its_court
def read_notes(request: HttpRequest, service_id: UUID, after: int = 0, waybill: UUID | None = None) -> Any:
    """给出 waybill 的为该邮件的会话。按先后排列，after 是已读到的 place；证件号码、电话、姓名隐去中段。"""
    subject = _about(service_id, waybill)
    if subject is None:
        return problems.not_found(request)
    thread = queries.thread_of(subject)
    names = queries.names_in(subject.order.case_id)
    rows = queries.notes(thread, after=max(after, 0), most=MOST_ROWS) if thread else []
    return [_note(row, names) for row in rows]


@router.post("/services/{service_id}/notes", response={201: schemas.NoteOut, **PROBLEMS}, summary="留言")
@for_its_court
def write_note(request: HttpRequest, service_id: UUID, said: schemas.NoteIn) -> Any:
    """同一 key 重复调用得到同一条留言。留言不能修改。"""
    subject = _about(service_id, said.waybill)
    if subject is None:
        return problems.not_found(request)
    try:
        files = [actions.File(one.filename, base64.b64decode(one.content, validate=True)) for one in said.files]
        with transaction.atomic():
            note = actions.say(subject, key_of(request).person, said.text, files, said.key)
    except ActRefused as refusal:
        return _refused(refusal)
    except ValueError:
        return problems.problem(422, "act-refused", "文件内容不是Base64", field="files")
    found = queries.note(note.id)
    assert found is not None, "what was just written is there"
    return Status(201, _note(found, queries.names_in(subject.order.case_id)))


@router.get(
    "/services/{service_id}/irregularities",
    response={200: list[schemas.IrregularityOut], **PROBLEMS},
    summary="任务的异常",
)
@for_its_court
def list_irregularities(request: HttpRequest, service_id: UUID) -> Any:
    """先提出的在前；answered_at 为空的尚未答复。"""
    if _about(service_id) is None:
        return problems.not_found(request)
    rows = list(queries.irregularities().filter(service=service_id).order_by("raised_at", "id")[:MOST_ROWS])
    answers = queries.answers(rows)
    return [_irregularity(row, answers.get(row.id, "")) for row in rows]


@router.post(
    "/services/{service_id}/irregularities",
    response={201: schemas.IrregularityOut, **PROBLEMS},
    summary="提出异常",
)
@for_its_court
def raise_irregularity(request: HttpRequest, service_id: UUID, said: schemas.IrregularityIn) -> Any:
    """邮政一方收到有时限的待办；提出和答复都记入送达经过。"""
    subject = _about(service_id, said.waybill)
    if subject is None:
        return problems.not_found(request)
    try:
        with transaction.atomic():
            made = irregularities.raise_one(subject, key_of(request).person, said.kind, said.severity, said.words)
    except ActRefused as refusal:
        return _refused(refusal)
    return Status(201, _irregularity(queries.irregularities().get(id=made.id), ""))


@router.post("/irregularities/{irregularity_id}/answer", response={204: None, **PROBLEMS}, summary="答复异常")
@for_its_court
def answer_irregularity(request: HttpRequest, irregularity_id: UUID, said: schemas.AnswerIn) -> Any:
    """只答复邮政一方提出的；答复后对方可以重新提出。"""
    row = queries.irregularities().filter(id=irregularity_id).first()
    if row is None:
        return problems.not_found(request)
    try:
        with transaction.atomic():
            irregularities.answer(row.item, key_of(request).person, said.result, {"answer": said.answer})
    except ActRefused as refusal:
        return _refused(refusal)
    return Status(204, None)


@router.post("/irregularities/{irregularity_id}/reopen", response={204: None, **PROBLEMS}, summary="重新提出异常")
@for_its_court
def reopen_irregularity(request: HttpRequest, irregularity_id: UUID, said: schemas.ReasonIn) -> Any:
    row = queries.irregularities().filter(id=irregularity_id).first()
    if row is None:
        return problems.not_found(request)
    try:
        with transaction.atomic():
            irregularities.reopen(row, key_of(request).person, said.reason)
    except ActRefused as refusal:
        return _refused(refusal)
    return Status(204, None)
