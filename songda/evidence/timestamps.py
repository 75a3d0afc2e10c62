"""RFC 3161 time stamps, checked without a network at any later time; `stamping` asks for them.

A stamp says that these bytes existed at that moment, in the word of somebody other than the court. That is what stops
the court's own keys from being used to date something back.
"""

from collections.abc import Sequence
from datetime import datetime

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


class StampError(Exception):
    """A stamp that does not hold for these bytes under these authorities."""


def request(data: bytes) -> TimeStampRequest:
    """A request for a stamp over the SHA-256 of `data`, with a nonce and with the authority's certificates."""
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()


def verify(reply: bytes, data: bytes, roots: Sequence[Certificate], *, nonce: int | None = None) -> datetime:
    """When the stamp says `data` existed. The certificates need to have been valid then, not now.

    With `nonce`, the reply has to answer that very request. Raises `StampError`.
    """
    response = _decode(reply)
    try:
        VerifierBuilder(roots=list(roots), nonce=nonce).build().verify_message(response, data)
    except (VerificationError, ValueError) as error:
        raise StampError(str(error)) from error
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
