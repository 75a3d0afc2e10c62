"""One signed exchange of JSON with a counterparty, its failures told in the three words of `errors`."""

import atexit
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

import httpx

from songda.gateways.errors import AlreadyDone, GiveUp, TryAgain
from songda.gateways.heard import Accepted
from songda.gateways.signing import sign_request

_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a counterparty listens and how we prove who we are. `timeout` is this machine's time, not played time."""

    base_url: str
    key_id: str
    secret: str = field(repr=False)
    timeout: timedelta = timedelta(seconds=10)
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A counterparty's answer: HTTP status and JSON object."""

    status: int
    body: Mapping[str, Any]


def exchange(endpoint: Endpoint, method: str, path: str, message: Mapping[str, Any] | None = None) -> Reply:
    """Send one signed message and return a 2xx, 404 or 409 answer; everything else is raised.

    The wire is asked once: when to try again is the engine's business.
    """
    url = endpoint.base_url.rstrip("/") + path
    body = b"" if message is None else json.dumps(message, ensure_ascii=False).encode()
    headers = sign_request(endpoint.key_id, endpoint.secret, method, url, body)
    headers["content-type"] = "application/json; charset=utf-8"
    return _judge(_send(endpoint, method, url, body, headers))


def hand_over(endpoint: Endpoint, path: str, message: Mapping[str, Any], reference: str) -> Accepted:
    """Ask for something to be done once under the message's `key`; the answer's field `reference` names it.

    A counterparty that knew the key answers 409 with the first answer: that is raised as AlreadyDone(Accepted).
    """
    reply = exchange(endpoint, "POST", path, message)
    accepted = Accepted(str(reply.body.get(reference) or ""), reply.body)
    if reply.status == 404 or not accepted.reference:
        raise GiveUp("not taken over")
    if reply.status == 409:
        raise AlreadyDone(accepted)
    return accepted


def _send(endpoint: Endpoint, method: str, url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    try:
        client = client_for(endpoint.timeout.total_seconds(), endpoint.proxy, os.getpid())
        return client.request(method, url, content=body, headers=headers)
    except httpx.TimeoutException:
        raise TryAgain("timeout") from None
    except httpx.TransportError:
        raise TryAgain("unreachable") from None
    except httpx.InvalidURL:
        raise GiveUp("bad address in configuration") from None


@lru_cache(maxsize=64)
def client_for(seconds: float, proxy: str | None, process: int) -> httpx.Client:  # noqa: ARG001
    """One client for each time limit, proxy and process, so that connections are kept.

    Proxies come from the configuration only: a variable left in a shell must not carry a recipient's number away.
    """
    client = httpx.Client(timeout=seconds, trust_env=False, proxy=proxy)
    atexit.register(client.close)
    return client


def _judge(response: httpx.Response) -> Reply:
    if response.status_code in _WORTH_ANOTHER_TRY:
        raise TryAgain(f"http {response.status_code}", asked_to_wait(response))
    if response.is_success or response.status_code in (404, 409):
        return Reply(response.status_code, _object(response))
    raise GiveUp(f"http {response.status_code}")


def asked_to_wait(response: httpx.Response) -> timedelta | None:
    """The Retry-After header in seconds; None where it is missing or a date."""
    text = response.headers.get("retry-after", "")
    return timedelta(seconds=int(text)) if text.isascii() and text.isdigit() else None


def _object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        value = response.json()
    except ValueError:
        if response.status_code == 404:
            return {}
        raise TryAgain("answer is not JSON") from None
    if not isinstance(value, dict):
        raise TryAgain("answer is not an object")
    return value
