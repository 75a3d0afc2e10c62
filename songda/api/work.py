"""Work items and acts for machines: what a page can do, a machine of the court may do with the same rules."""

import base64
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from songda.api import problems, schemas, showing
from songda.api.access import for_its_court, key_of
from songda.api.orders import MOST_ROWS, PROBLEMS
from songda.engine import acts
from songda.engine.acts import ActRefused, Shown
from songda.engine.counter import handing
from songda.engine.models import WorkItem
from songda.filing.models import Service
from songda.liaison import irregularities

router = Router(tags=["待办与操作"])


def _refused(refusal: ActRefused) -> Any:
    return problems.problem(422, "act-refused", refusal.message, field=refusal.field)


def _files(said: list[schemas.FileIn]) -> tuple[Shown, ...]:
    try:
        return tuple(Shown(base64.b64decode(one.content, validate=True), one.media_type, one.kind) for one in said)
    except ValueError as error:
        raise ActRefused("文件内容不是Base64", "files") from error


@router.get("/work-items", response={200: list[schemas.WorkItemOut], **PROBLEMS}, summary="未办结的待办")
@for_its_court
def list_work(request: HttpRequest, role: str = "", kind: str = "") -> Any:
    """按到期时间排列，最多200条；每条带有可选的办理结果及其所需要素。"""
    rows = WorkItem.objects.filter(done_at=None).select_related("service__party").order_by("due_at")
    said = {"role": role, "kind": kind}
    rows = rows.filter(**{name: value for name, value in said.items() if value})
    return [showing.work_item(row) for row in rows[:MOST_ROWS]]


@router.post("/work-items/{item_id}/complete", response={204: None, **PROBLEMS}, summary="办结待办")
@for_its_court
def complete_work(request: HttpRequest, item_id: UUID, said: schemas.CompletionIn) -> Any:
    item = WorkItem.objects.filter(id=item_id).first()
    if item is None:
        return problems.not_found(request)
    try:
        irregularities.answer(item, key_of(request).person, said.outcome, said.inputs, _files(said.files))
    except ActRefused as refusal:
        return _refused(refusal)
    return Status(204, None)


def _service(service_id: UUID) -> Service | None:
    return Service.objects.select_related("court", "case", "party").filter(id=service_id).first()


@router.post("/services/{service_id}/stop", response={204: None, **PROBLEMS}, summary="停止送达")
@for_its_court
def stop(request: HttpRequest, service_id: UUID, said: schemas.ReasonIn) -> Any:
    return _act(request, service_id, lambda service, person: acts.stop(service, person, said.reason))


@router.post("/services/{service_id}/reopen", response={204: None, **PROBLEMS}, summary="恢复送达")
@for_its_court
def reopen(request: HttpRequest, service_id: UUID, said: schemas.ReasonIn) -> Any:
    return _act(request, service_id, lambda service, person: acts.reopen(service, person, said.reason))


@router.post("/services/{service_id}/corrections", response={204: None, **PROBLEMS}, summary="申请更正")
@for_its_court
def correct(request: HttpRequest, service_id: UUID, said: schemas.CorrectionIn) -> Any:
    """由第二人审批；原记录保留可查。"""
    return _act(
        request, service_id, lambda service, person: acts.ask_correction(service, person, said.fact, said.reason)
    )


@router.post("/services/{service_id}/facts", response={204: None, **PROBLEMS}, summary="登记事实")
@for_its_court
def tell(request: HttpRequest, service_id: UUID, said: schemas.FactIn) -> Any:
    """窗口签收、电话送达、到庭领取、推翻推定等由人登记的事实。"""

    def act(service: Service, person: Any) -> None:
        acts.record_by_hand(
            service,
            person,
            said.fact,
            happened_at=said.happened_at,
            detail=said.detail,
            private=said.private or None,
            shown=_files(said.files),
        )

    return _act(request, service_id, act)


@router.post(
    "/services/{service_id}/collections",
    response={201: schemas.CollectionOut, **PROBLEMS},
    summary="约定到窗口领取",
)
@for_its_court
def appoint(request: HttpRequest, service_id: UUID, said: schemas.CollectionIn) -> Any:
    """期限内不邮寄、不上门；过期未领取的，平台转下一种方式。"""
    service = _service(service_id)
    if service is None:
        return problems.not_found(request)
    try:
        made = handing.appoint(service, key_of(request).person, said.last_day, pronounced=said.pronounced)
    except ActRefused as refusal:
        return _refused(refusal)
    return Status(201, schemas.CollectionOut(id=made.id, code=made.code, last_day=made.last_day))


def _act(request: HttpRequest, service_id: UUID, act: Any) -> Any:
    service = _service(service_id)
    if service is None:
        return problems.not_found(request)
    try:
        act(service, key_of(request).person)
    except ActRefused as refusal:
        return _refused(refusal)
    return Status(204, None)
