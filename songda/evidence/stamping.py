"""Asking an RFC 3161 authority for a stamp, over HTTP, for a note or for a signature on a paper."""

from collections.abc import Sequence

import httpx
from asn1crypto import tsp
from cryptography.x509 import Certificate
from pyhanko.sign.timestamps import TimeStamper

from songda.evidence import timestamps

_ASKED = {"Content-Type": "application/timestamp-query"}
_ANSWERED = "application/timestamp-reply"


class StampUnavailable(Exception):
    """The authority did not answer, or not with a stamp; nothing is lost, it is asked again later."""


def ask(url: str, data: bytes, *, roots: Sequence[Certificate], seconds: float = 10.0) -> bytes:
    """The authority's DER reply, checked before it is kept. Raises `StampUnavailable` or `StampError`."""
    asked = timestamps.request(data)
    reply = _checked(_post(url, asked.as_bytes(), seconds))
    timestamps.verify(reply, data, roots, nonce=asked.nonce)
    return reply


class Authority(TimeStamper):
    """The same authority in the form that the PDF signer asks for."""

    def __init__(self, url: str, *, seconds: float = 10.0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url, self._seconds = url, seconds

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        reply = _checked(_post(self._url, req.dump(), self._seconds))
        try:
            return tsp.TimeStampResp.load(reply, strict=True)
        except ValueError as error:
            raise StampUnavailable("the reply is not a time stamp") from error


def _post(url: str, request: bytes, seconds: float) -> httpx.Response:
    try:
        return httpx.post(url, content=request, headers=_ASKED, timeout=seconds).raise_for_status()
    except httpx.HTTPError as error:
        raise StampUnavailable(type(error).__name__) from error


def _checked(reply: httpx.Response) -> bytes:
    if reply.headers.get("Content-Type") != _ANSWERED:
        raise StampUnavailable("the reply is not a time stamp")
    return reply.content
