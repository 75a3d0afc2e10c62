"""Court systems hand over, watch, and fetch proofs."""

import base64
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from songda.api import problems, schemas, showing
from songda.api.access import for_its_court, key_of
from songda.engine.intake import hand_over
from songda.engine.keeping import retention
from songda.engine.proving.dossier import put_together
from songda.engine.saying import ActRefused
from songda.filing.draft import (
    AgentDraft,
    AlreadyHandedOver,
    OrderDraft,
    OrderRefused,
    PartyDraft,
    Refusal,
    Upload,
)
from songda.filing.models import Order, Service
from songda.methods.models import Paper

router = Router(tags=["委托与送达"])
PROBLEMS: dict[int, Any] = dict.fromkeys((400, 401, 404, 409, 422), schemas.Problem)
MOST_ROWS = 200
MOST_KEY = 120


class _NotBase64(ValueError):
    """A document's content is not Base64; `args[0]` is its place."""


def draft_of(said: schemas.OrderIn, key: str) -> OrderDraft:
    return OrderDraft(
        case_number=said.case_number,
        procedure=said.procedure,
        parties=tuple(_party(one) for one in said.parties),
        uploads=tuple(_upload(place, one) for place, one in enumerate(said.documents)),
        cause=said.cause,
        judge=said.judge,
        hearing_at=said.hearing_at,
        hearing_place=said.hearing_place,
        note=said.note,
        repeat_reason=said.repeat_reason,
        idempotency_key=key,
        door="api",
    )


def _party(said: schemas.PartyIn) -> PartyDraft:
    plain = said.model_dump(exclude={"agents"})
    return PartyDraft(**plain, agents=tuple(AgentDraft(**agent.model_dump()) for agent in said.agents))


def _upload(place: int, said: schemas.DocumentIn) -> Upload:
    try:
        content = base64.b64decode(said.content, validate=True)
    except ValueError as error:
        raise _NotBase64(place) from error
    return Upload(said.filename, content, said.kind, said.title, said.sha256)


_IDEMPOTENCY = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": MOST_KEY},
            "description": "调用方自定的请求编号",
        }
    ]
}


@router.post(
    "/orders",
    response={201: schemas.OrderOut, **PROBLEMS},
    summary="移交送达委托",
    openapi_extra=_IDEMPOTENCY,
)
@for_its_court
def create_order(request: HttpRequest, said: schemas.OrderIn) -> Any:
    """同一 Idempotency-Key 重复调用得到同一委托；全部问题一次列出，不保存一半。"""
    key = key_of(request)
    request_key = request.headers.get("Idempotency-Key", "")
    if len(request_key) > MOST_KEY:
        return problems.problem(422, "invalid", "Idempotency-Key 过长")
    try:
        order = hand_over(key.court, key.person, draft_of(said, request_key))
    except _NotBase64 as error:
        return problems.refused([Refusal("not_base64", "文件内容不是Base64", f"documents.{error.args[0]}.content")])
    except OrderRefused as refused:
        return problems.refused(refused.reasons)
    except AlreadyHandedOver as again:
        return problems.problem(409, "already-handed-over", str(again), field="repeat_reason")
    return Status(201, showing.order(order))


@router.get("/orders/{order_id}", response={200: schemas.OrderOut, **PROBLEMS}, summary="查看委托")
@for_its_court
def read_order(request: HttpRequest, order_id: UUID) -> Any:
    order = Order.objects.select_related("case").filter(id=order_id).first()
    return showing.order(order) if order else problems.not_found(request)


@router.post("/orders/{order_id}/dossier", response=PROBLEMS, summary="结果入卷：目录、回证、记录、回执打包下载（ZIP）")
@for_its_court
def file_order(request: HttpRequest, order_id: UUID) -> Any:
    """登记入卷人和时间；尚无办结的送达任务的，答复 409。"""
    row = Order.objects.select_related("court", "case").filter(id=order_id).first()
    if row is None:
        return problems.not_found(request)
    try:
        made = put_together(row, key_of(request).person)
    except ActRefused as refused:
        return problems.problem(409, "nothing-to-file", refused.message)
    return HttpResponse(made.content, content_type="application/zip")


@router.get("/services", response={200: list[schemas.ServiceBrief], **PROBLEMS}, summary="送达任务列表")
@for_its_court
def list_services(
    request: HttpRequest,
    case_number: str = "",
    step: str = "",
    after: str = "",
) -> Any:
    """按任务编号排列，每页200条；after 是上一页最后一个任务编号。"""
    rows = Service.objects.select_related("party").order_by("number")
    said = {"case__number": case_number, "step": step, "number__gt": after}
    rows = rows.filter(**{name: value for name, value in said.items() if value})
    return [showing.brief(row) for row in rows[:MOST_ROWS]]


@router.get("/services/{service_id}", response={200: schemas.ServiceOut, **PROBLEMS}, summary="查看送达任务")
@for_its_court
def read_service(request: HttpRequest, service_id: UUID) -> Any:
    service = Service.objects.select_related("case", "party").filter(id=service_id).first()
    return showing.service(service) if service else problems.not_found(request)


@router.get("/services/{service_id}/papers/{paper_id}", response=PROBLEMS, summary="下载回证等文书（PDF）")
@for_its_court
def read_paper(request: HttpRequest, service_id: UUID, paper_id: UUID) -> Any:
    paper = Paper.objects.filter(id=paper_id, service_id=service_id).first()
    if paper is None:
        return problems.not_found(request)
    held = retention.content(paper)
    if held is None:
        return problems.problem(410, "erased", retention.reason(paper), sha256=paper.sha256)
    return HttpResponse(held, content_type="application/pdf")
