"""RFC 9457 problem details: what is wrong, in Chinese for people and in a code for machines."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from songda.filing.draft import Refusal

MEDIA_TYPE = "application/problem+json"


def problem(status: int, code: str, title: str, **more: Any) -> HttpResponse:
    """A problem; `errors` and other members go along as they are."""
    body = {"type": f"urn:songda:problem:{code}", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


def refused(reasons: Iterable[Refusal]) -> HttpResponse:
    """An order that is not accepted: all reasons at once, each with its field."""
    errors = [{"code": one.code, "detail": one.message, "field": one.field} for one in reasons]
    return problem(422, "order-refused", "委托未被受理", errors=errors)


def not_found(_request: HttpRequest) -> HttpResponse:
    return problem(404, "not-found", "没有这项内容，或者您无权查看")
