"""The mail room for the post's own systems: what a worker scans at a desk, a system may tell, by the same rules.

A scan is answered 200 with what came of it, a refused one too: nothing is lost, and a repetition changes nothing.
"""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import StringConstraints

from songda.api import problems, showing
from songda.api.access import for_its_court, key_of
from songda.api.orders import MOST_ROWS, PROBLEMS
from songda.courts.models import PrintSite
from songda.engine.mail import lists, mailing, receipts, returns
from songda.engine.mail.lists import Closing
from songda.engine.mail.mailing import Scanned
from songda.engine.mail.receipts import MOST_FILES, File
from songda.engine.mail.returns import Return
from songda.engine.saying import ActRefused
from songda.methods import custody
from songda.methods.mailroom import Manifest
from songda.methods.models import PieceState, Waybill

router = Router(tags=["邮寄"])
Line = Annotated[str, StringConstraints(max_length=64)]


class ScanIn(Schema):
    number: Line = Field(examples=["1093847561234"])


class CountIn(ScanIn):
    sheets: int = Field(ge=0, le=99_999, description="清点的张数，一页一张")


class ScanOut(Schema):
    code: str
    ok: bool
    words: str
    number: str
    state: str = ""


class PieceOut(Schema):
    number: str
    state: str
    state_label: str
    recipient: str
    case_number: str | None
    site: str
    pages: int
    counted_pages: int | None
    sealed_at: datetime | None
    heard_at: datetime | None


class ListIn(Schema):
    site: str = Field("", max_length=12, description="打印点的行政区划代码；退件交还清单留空")


class ListOut(Schema):
    id: UUID
    number: str
    kind: str
    closed_at: datetime | None
    pieces: list[str]
    missing: list[str]
    extra: list[str]
    seen: str = Field(description="交接时原样带回，表示看过的正是这些差异")
    sha256: str


class CloseIn(Schema):
    taken_by: str = Field(min_length=2, max_length=40)
    seen: str = Field("", max_length=32)
    remark: str = Field("", max_length=300)


class ReturnIn(ScanIn):
    because: str = Field(max_length=24)
    shelf: str = Field(max_length=32)
    remark: str = Field("", max_length=200)
    cover: str = Field("", description="封面照片，Base64，可以不传")


class ImageIn(Schema):
    name: str = Field("", max_length=100)
    content: str = Field(description="Base64")


class ReceiptsIn(Schema):
    images: list[ImageIn] = Field(min_length=1, max_length=MOST_FILES)


class BroughtOut(Schema):
    name: str
    page: int
    outcome: str
    why: str
    number: str


def _act(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except ActRefused as refusal:
        return problems.problem(422, "act-refused", refusal.message, field=refusal.field)


def _scan(act: Callable[[], Scanned]) -> Any:
    def told() -> ScanOut:
        scanned = act()
        state = str(scanned.piece.state) if scanned.piece else ""
        return ScanOut(
            code=scanned.code,
            ok=scanned.tone != "danger",
            words=scanned.words,
            number=scanned.number,
            state=state,
        )

    return _act(told)


def _bytes(text: str, field: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ActRefused("内容不是Base64", field) from error


@router.get("/mail/pieces", response={200: list[PieceOut], **PROBLEMS}, summary="邮件")
@for_its_court
def list_pieces(request: HttpRequest, state: str = "", site: str = "", number: str = "") -> Any:
    """按下单时间倒序，最多200条。"""
    asked = {"state": state, "site__division_code": site, "number": number}
    said = {name: custody.printable(value) for name, value in asked.items()}
    rows = custody.pieces().filter(**{name: value for name, value in said.items() if value}).order_by("-made_at", "id")
    return [_piece(row) for row in rows[:MOST_ROWS]]


def _piece(row: Waybill) -> PieceOut:
    return PieceOut(
        number=row.number,
        state=row.state,
        state_label=str(PieceState(row.state).label),
        recipient=showing.name_of(row.service),
        case_number=row.service.case.number,
        site=row.site.division_code,
        pages=row.pages,
        counted_pages=row.counted_pages,
        sealed_at=row.sealed_at,
        heard_at=row.heard_at,
    )


@router.post("/mail/counts", response={200: ScanOut, **PROBLEMS}, summary="核页")
@for_its_court
def count(request: HttpRequest, said: CountIn) -> Any:
    key = key_of(request)
    return _scan(lambda: mailing.count(key.person, key.court, said.number, said.sheets))


@router.post("/mail/seals", response={200: ScanOut, **PROBLEMS}, summary="封装")
@for_its_court
def seal(request: HttpRequest, said: ScanIn) -> Any:
    key = key_of(request)
    return _scan(lambda: mailing.seal(key.person, key.court, said.number))


@router.post("/mail/lists", response={200: ListOut, **PROBLEMS}, summary="打开交接清单")
@for_its_court
def open_list(request: HttpRequest, said: ListIn) -> Any:
    """同一打印点同时只有一张未交接的清单；已有的原样返回。"""
    key = key_of(request)
    site = PrintSite.objects.filter(division_code=said.site).first() if said.site else None
    if said.site and site is None:
        return problems.not_found(request)
    return _act(lambda: _list(lists.open_list(key.person, key.court, site)))


@router.get("/mail/lists/{list_id}", response={200: ListOut, **PROBLEMS}, summary="交接清单")
@for_its_court
def one_list(request: HttpRequest, list_id: UUID) -> Any:
    manifest = Manifest.objects.select_related("site").filter(id=list_id).first()
    return problems.not_found(request) if manifest is None else _list(manifest)


def _list(manifest: Manifest) -> ListOut:
    found = lists.difference(manifest) if manifest.closed_at is None else None
    return ListOut(
        id=manifest.id,
        number=manifest.number,
        kind=manifest.kind,
        closed_at=manifest.closed_at,
        pieces=[piece.number for piece in lists.on_list(manifest)],
        missing=[piece.number for piece in found.missing] if found else [],
        extra=[number for number, _ in found.extra] if found else [],
        seen=found.mark if found else "",
        sha256=manifest.sha256,
    )


@router.post("/mail/lists/{list_id}/pieces", response={200: ScanOut, **PROBLEMS}, summary="扫入清单")
@for_its_court
def enlist(request: HttpRequest, list_id: UUID, said: ScanIn) -> Any:
    key = key_of(request)
    return _scan(lambda: lists.enlist(key.person, key.court, list_id, said.number))


@router.post("/mail/lists/{list_id}/close", response={200: ListOut, **PROBLEMS}, summary="双方交接")
@for_its_court
def close(request: HttpRequest, list_id: UUID, said: CloseIn) -> Any:
    """有缺少或者多出的，须带回看到的差异并说明怎样处理。"""
    key = key_of(request)
    closing = Closing(said.taken_by, said.seen, said.remark)
    return _act(lambda: _list(lists.close(key.person, key.court, list_id, closing)))


@router.post("/mail/returns", response={200: ScanOut, **PROBLEMS}, summary="退件入库")
@for_its_court
def take_in(request: HttpRequest, said: ReturnIn) -> Any:
    key = key_of(request)

    def act() -> Scanned:
        seen = Return(said.because, said.shelf, said.remark, _bytes(said.cover, "cover"))
        return returns.take_in(key.person, key.court, said.number, seen)

    return _scan(act)


@router.post("/mail/receipts", response={200: list[BroughtOut], **PROBLEMS}, summary="回执影像")
@for_its_court
def bring(request: HttpRequest, said: ReceiptsIn) -> Any:
    """每份影像各自答复：matched 已入档、to_check 待人核对、known 重复、refused 不收。"""
    key = key_of(request)

    def act() -> list[BroughtOut]:
        files = [File(one.name, _bytes(one.content, "images")) for one in said.images]
        brought = receipts.bring(key.person, key.court, files)
        return [BroughtOut(name=b.name, page=b.page, outcome=b.outcome, why=b.why, number=b.number) for b in brought]

    return _act(act)
