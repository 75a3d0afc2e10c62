"""RFC 9457 problem details: what is wrong, in Chinese for people and in a code for machines."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from songda.filing.draft import Refusal

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
# What the framework refuses before a view is asked, or after it fell: status to code and title.
_BEFORE_A_VIEW: dict[int, tuple[str, str]] = {
    400: ("bad-request", "请求无法读取"),
    403: ("forbidden", "没有权限"),
    404: ("not-found", "没有这项内容，或者您无权查看"),
    405: ("wrong-method", "该地址不接受这种请求方法"),
    413: ("too-large", "请求内容过大"),
    500: ("our-fault", "系统出错，请稍后再试；重复调用时请使用同一 Idempotency-Key"),
}


def problem(status: int, code: str, title: str, **more: Any) -> HttpResponse:
    """A problem; `errors` and other members go along as they are."""
    body = {"type": f"urn:songda:problem:{code}", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


def refused(reasons: Iterable[Refusal]) -> HttpResponse:
    """An order that is not accepted: all reasons at once, each with its field."""
    errors = [{"code": one.code, "detail": one.message, "field": one.field} for one in reasons]
    return problem(422, "order-refused", "委托未被受理", errors=errors)


def plain(status: int) -> HttpResponse:
    """A problem that its status tells whole."""
    return problem(status, *_BEFORE_A_VIEW.get(status, _BEFORE_A_VIEW[400]))


def not_found(_request: HttpRequest) -> HttpResponse:
    return plain(404)


def for_machines(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: below /api/ nobody is answered with a page, whoever refuses."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if not request.path.startswith(PREFIX) or response.status_code not in _BEFORE_A_VIEW:
            return response
        if response.get("Content-Type", "") == MEDIA_TYPE:
            return response
        told = plain(response.status_code)
        if "Allow" in response:
            told["Allow"] = response["Allow"]
        return told

    return answered
