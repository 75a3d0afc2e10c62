"""Carriers, providers and sources tell us: signed, kept before they are understood, answered at once."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from songda.api import problems
from songda.engine import inbound
from songda.gateways.errors import BadSignature

LARGEST = 8 * 2**20


@csrf_exempt
@require_POST
def receive(request: HttpRequest, source: str, code: str = "") -> HttpResponse:
    """204 when the payload is kept, whether or not it could be understood yet; 401 for a bad signature. A source that
    finds people calls back at a door of its own, which its `code` names."""
    if source not in inbound.SOURCES:
        return problems.not_found(request)
    if int(request.headers.get("content-length") or 0) > LARGEST:
        return problems.problem(413, "too-large", "回调内容过大")
    try:
        inbound.receive(source, request.headers, request.read(), code)
    except BadSignature:
        return problems.problem(401, "bad-signature", "回调签名不正确")
    return HttpResponse(status=204)
