"""The sealed 协查函 as a source takes it: fetched under its own key, its digest compared, its signature checked."""

import hashlib
import logging
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import httpx
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from songda.gateways.people import SOURCES
from songda.gateways.sandbox.answers import Answer, refused
from songda.gateways.sandbox.world import World
from songda.gateways.signing import sign_request
from songda.gateways.switchboard import sandbox_source

# The checker complains of a root it was not given; here only the signature itself is looked at.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def refusal(world: World, code: str, message: Mapping[str, Any]) -> Answer | None:
    """Why the source does not take the question for want of a letter; None where it wants none, or has a good one."""
    kind = SOURCES.get(code)
    if kind is None or not kind.letter:
        return None
    named = message.get("letter")
    if not isinstance(named, dict) or not named.get("sha256") or not named.get("url"):
        return refused(422, "LetterMissing")
    try:
        reply = _fetch(world, code, str(named["url"]))
    except httpx.HTTPError:
        return Answer(503, {"code": "LetterUnreachable"}, {"retry-after": "5"})
    if reply.status_code >= 500 or reply.status_code == 429:
        return Answer(503, {"code": "LetterUnreachable"}, {"retry-after": reply.headers.get("retry-after", "5")})
    if not reply.is_success:
        return refused(422, "LetterWithheld")
    if hashlib.sha256(reply.content).hexdigest() != named["sha256"]:
        return refused(422, "LetterAltered")
    court = _sealed_by(reply.content)
    return None if court and str(message.get("authority", "")).startswith(court) else refused(422, "LetterUnsealed")


def _fetch(world: World, code: str, url: str) -> httpx.Response:
    own = sandbox_source(code, world.settings.secret)
    return world.wire.get(url, headers=sign_request(own["key_id"], own["secret"], "GET", url, b""))


def _sealed_by(pdf: bytes) -> str:
    """Whose signature covers the whole letter; empty where none does. A real source also compares the certificate with
    the one the court publishes."""
    try:
        [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
        status = validate_pdf_signature(signature, ValidationContext(trust_roots=[], allow_fetching=False))
    except (ValueError, PdfError, SigningError, SignatureValidationError):
        return ""
    whole = status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return str(status.signing_cert.subject.native.get("common_name", "")) if whole else ""
