"""Law firms' software: the list of papers as a public interface gives it, and the files behind its links.

Programs in use read `code` and `success`, take `msg` for the reason, fetch `wjlj` at once without cookies, and build a
file's name from `c_wsmc` and `c_wjgs`. Any HTTP status but 200 they take for a fault of the line, so refusals answer
200.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from songda.courts.queries import policy_of
from songda.engine import recipient
from songda.engine.reading import course
from songda.filing.models import Document
from songda.lib import vault
from songda.lib.tenancy import acting_for, for_every_court
from songda.methods import entering
from songda.methods.models import Access
from songda.portal import limits, visit
from songda.portal.pages.papers import pdf

LINK_LASTS = timedelta(minutes=30)
_LARGEST = 10_000
_NUMBERS = ("qdbh", "sdbh", "sdsin")


@csrf_exempt
@visit.private
@require_POST
def listing(request: HttpRequest) -> HttpResponse:
    """getWsListBySdbhNew: the papers of one service, each with a link that lasts half an hour."""
    if not (limits.knock(request, "law_firm") and limits.is_open(request, "law_firm_wrong")):
        return _refusal(429, "访问过于频繁，请十分钟后再试")
    asked = _asked(request)
    if not all(asked.get(name) for name in _NUMBERS):
        return _refusal(400, "缺少参数：qdbh、sdbh、sdsin")
    with for_every_court():
        access = entering.find_by_numbers(*(asked[name] for name in _NUMBERS))
    if access is None:
        limits.knock(request, "law_firm_wrong")
        return _refusal(404, "没有找到送达信息，请核对链接")
    with acting_for(access.court_id):
        return _answer(request, access, asked.get("mm", ""))


def _asked(request: HttpRequest) -> Mapping[str, str]:
    """What was asked, from JSON or from a form; programs send either. Empty for what is neither."""
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return {name: str(value).strip() for name, value in request.POST.items()}
    try:
        said = json.loads(request.body[:_LARGEST].decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    return {name: str(value).strip() for name, value in said.items() if isinstance(value, str | int)}


def _answer(request: HttpRequest, access: Access, mm: str) -> HttpResponse:
    # Where the court asks for an identity number as well, its last six signs stand behind the code.
    length = len(access.code)
    refused = entering.may_enter(
        access, policy_of(access.court), code=mm[:length], identity=mm[length:], by_machine=True
    )
    if refused is not None:
        limits.knock(request, "law_firm_wrong")
        return _refusal(429 if refused.until else 403, _reason(access, refused, mm))
    if recipient.consent_of(course(access.service)) is False:
        return _refusal(403, "受送达人已表示不同意电子送达")
    lines = access.service.lines.select_related("document")
    return _told(200, "成功", [_row(access, line.document) for line in lines])


def _reason(access: Access, refused: entering.Refused, mm: str) -> str:
    asks = access.level != Access.Level.LINK and not mm and refused.until is None
    return f"请在mm中填写短信里的验证码。{refused.why}" if asks else refused.why


def _row(access: Access, paper: Document) -> dict[str, str]:
    return {
        "c_sdbh": access.sdbh,
        "c_stbh": f"{paper.pdf_sha256}.pdf",
        "c_wsbh": paper.id.hex,
        "c_wsmc": paper.title,
        "c_wjgs": "pdf",
        "c_fybh": access.court.code,
        "c_fymc": access.court.name,
        "wjlj": entering.file_link(access, str(paper.id), valid=LINK_LASTS),
        "dt_cjsj": _moment(access.made_at),
    }


def _moment(at: datetime) -> str:
    """As these programs have seen it: 2026-03-18T07:44:00.000+00:00."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _refusal(code: int, why: str) -> HttpResponse:
    return _told(code, why, [])


def _told(code: int, message: str, rows: list[dict[str, str]]) -> HttpResponse:
    told: dict[str, Any] = {"code": code, "msg": message, "success": code == 200, "data": rows}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@visit.private
@require_safe
def file(request: HttpRequest, access_id: UUID, document_id: UUID, until: int, mark: str) -> HttpResponse:
    """A paper behind its short-lived link; whoever fetches it has it, so the papers are opened."""
    access = visit.find(access_id) if entering.file_link_holds(str(access_id), str(document_id), until, mark) else None
    if access is None or entering.shut(access):
        raise Http404("file")
    with acting_for(access.court_id):
        line = access.service.lines.select_related("document").filter(document_id=document_id).first()
        if line is None:
            raise Http404("file")
        if request.method == "GET":
            recipient.open_papers(access, by_software=True)
        return pdf(vault.get(line.document.pdf_sha256), line.document.title, download=True)
