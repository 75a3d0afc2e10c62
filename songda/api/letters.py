"""Sources fetch the sealed 协查函 of a question: by its address, under their own key, each fetch a fact."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from songda.api import problems
from songda.engine.inquiries import letters as engine
from songda.finding import letters
from songda.gateways import knocking, signing, switchboard
from songda.gateways.errors import BadSignature
from songda.lib import clock

# Tries in ten minutes: at one letter by the source whose it is, and from one network address with a wrong signature.
MOST, MOST_WRONG = 20, 60


@require_GET
def fetch(request: HttpRequest, court_id: UUID, answer_id: UUID) -> HttpResponse:
    """200 with the PDF; 401 unsigned or said before; 404 for any letter that is not this source's to have; 410 once
    its time is over; 429 when asked for too often."""
    caller = knocking.network_of(request)
    if not knocking.is_open("letter_wrong", caller, MOST_WRONG):
        return _too_often()
    try:
        source = _source(request)
    except BadSignature:
        knocking.knock("letter_wrong", caller, MOST_WRONG)
        return problems.problem(401, "bad-signature", "请求签名不正确")
    until, mark = _number(request.GET.get("until", "")), request.GET.get("mark", "")
    if not letters.is_ours(source, answer_id, court_id, until, mark):
        knocking.knock("letter_wrong", caller, MOST_WRONG)
        return problems.not_found(request)
    if until <= clock.now().timestamp():
        return problems.problem(410, "expired", "协查函的调取期限已过")
    if not knocking.knock("letter", str(answer_id), MOST):
        return _too_often()
    return _give(request, court_id, answer_id, source)


def _give(request: HttpRequest, court_id: UUID, answer_id: UUID, source: str) -> HttpResponse:
    try:
        pdf = engine.fetch(court_id, answer_id, source, signing.nonce_of(request.headers))
    except engine.NoLetter:
        return problems.not_found(request)
    except engine.AskedTwice:
        return problems.problem(401, "replayed", "该请求已经用过")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Cache-Control"] = "no-store"
    return answer


def _source(request: HttpRequest) -> str:
    """Whose key signed the request. Raises BadSignature where it is no source's."""
    source = switchboard.source_of_key(signing.key_id_of(request.headers))
    if source is None:
        raise BadSignature("unknown key")
    url = request.build_absolute_uri()
    signing.verify_request(switchboard.source_secret(source), "GET", url, request.headers, request.read())
    return source


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _too_often() -> HttpResponse:
    answer = problems.problem(429, "too-many-requests", "调取过于频繁")
    answer["Retry-After"] = str(int(knocking.WINDOW.total_seconds()))
    return answer
