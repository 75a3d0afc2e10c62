"""RFC 3161 time stamps: asked of an authority by URL, checked without a network at any later time.

A stamp says that these bytes existed at that moment, in the word of somebody other than the court. That is what stops
the court's own keys from being used to date something back.
"""

from collections.abc import Sequence
from datetime import datetime

import httpx
from cryptography.x509 import Certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus, TimeStampRequest

_ASKED = "application/timestamp-query"
_ANSWERED = "application/timestamp-reply"


class StampUnavailable(Exception):
    """The authority did not answer, or not with a stamp; nothing is lost, it is asked again later."""


class StampError(Exception):
    """A stamp that does not hold for these bytes under these authorities."""


def request(data: bytes) -> TimeStampRequest:
    """A request for a stamp over the SHA-256 of `data`, with a nonce and with the authority's certificates."""
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()


def ask(url: str, data: bytes, *, roots: Sequence[Certificate], seconds: float = 10.0) -> bytes:
    """The authority's DER reply, checked before it is kept. Raises `StampUnavailable` or `StampError`."""
    asked = request(data)
    try:
        reply = httpx.post(url, content=asked.as_bytes(), headers={"Content-Type": _ASKED}, timeout=seconds)
        reply.raise_for_status()
    except httpx.HTTPError as error:
        raise StampUnavailable(type(error).__name__) from error
    if reply.headers.get("Content-Type") != _ANSWERED:
        raise StampUnavailable("the reply is not a time stamp")
    _verify(_decode(reply.content), data, roots, nonce=asked.nonce)
    return reply.content


def verify(reply: bytes, data: bytes, roots: Sequence[Certificate]) -> datetime:
    """When the stamp says `data` existed. The certificates need to have been valid then, not now.

    Raises `StampError`.
    """
    response = _decode(reply)
    _verify(response, data, roots, nonce=None)
    return response.tst_info.gen_time


def _decode(reply: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(reply)
        granted = PKIStatus(response.status) == PKIStatus.GRANTED
    except ValueError as error:
        raise StampError("not a time stamp reply") from error
    if not granted:
        raise StampError(f"the authority refused: {'; '.join(response.status_string) or response.status}")
    return response


def _verify(response: TimeStampResponse, data: bytes, roots: Sequence[Certificate], *, nonce: int | None) -> None:
    builder = VerifierBuilder(roots=list(roots), nonce=nonce)
    try:
        builder.build().verify_message(response, data)
    except (VerificationError, ValueError) as error:
        raise StampError(str(error)) from error
