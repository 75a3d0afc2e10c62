"""The API's addresses: /api/v1 for court systems, /api/callbacks for counterparties."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from songda.api import callbacks, contacts, letters, liaison, mail, orders, problems, work
from songda.api.access import CourtKey

api = NinjaAPI(
    title="送达 Songda",
    version="1",
    description="法院案件系统接入：移交委托、查看送达过程、办理待办、取回送达回证。错误按 RFC 9457 返回。",
    auth=CourtKey(),
    urls_namespace="api",
    docs_url=None,
)
api.add_router("", orders.router)
api.add_router("", work.router)
api.add_router("", liaison.router)
api.add_router("", mail.router)
api.add_router("", contacts.router)


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    found: list[Any] = getattr(error, "errors", [])
    errors = [
        {"code": one["type"], "detail": one["msg"], "field": ".".join(str(step) for step in one["loc"][1:])}
        for one in found
    ]
    return problems.problem(422, "invalid", "请求内容不符合要求", errors=errors)


@api.exception_handler(AuthenticationError)
def _unknown_caller(_request: HttpRequest, _error: AuthenticationError | type[AuthenticationError]) -> HttpResponse:
    return problems.problem(401, "unknown-caller", "缺少有效的接口密钥")


@api.exception_handler(HttpError)
def _http(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    return problems.plain(getattr(error, "status_code", 400))


urlpatterns = [
    path("api/v1/", api.urls),
    path("api/callbacks/people/<slug:code>", callbacks.receive, {"source": "people"}),
    path("api/callbacks/<slug:source>", callbacks.receive),
    path("api/sources/letters/<uuid:court_id>/<uuid:answer_id>", letters.fetch),
    # What is unknown here is not looked for among the pages.
    path("api/<path:_rest>", lambda request, _rest: problems.not_found(request)),
]
