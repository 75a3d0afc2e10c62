"""The court's own case system: results pushed to it as signed webhooks, each with an id that never changes."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from songda.gateways.errors import AlreadyDone, GiveUp, TryAgain
from songda.gateways.heard import Accepted
from songda.gateways.signing import sign_message
from songda.gateways.wire import asked_to_wait, client_for

_GONE = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class WebhookConfig:
    """Where a court's system listens, and the secret it checks us with."""

    url: str
    secret: str = field(repr=False)
    timeout: timedelta = timedelta(seconds=15)
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class Push:
    """One result under our key, which is also the webhook's id."""

    key: str
    event: str
    body: Mapping[str, Any] = field(repr=False)


def push(config: WebhookConfig, news: Push) -> Accepted:
    """Tell the court's system. Any 2xx is acceptance; 409 says that it knew the id: AlreadyDone(Accepted)."""
    told = {"id": news.key, "event": news.event, "data": dict(news.body)}
    body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    headers = sign_message(config.secret, news.key, body) | {"content-type": "application/json; charset=utf-8"}
    response = _post(config, body, headers)
    if response.status_code == 409:
        raise AlreadyDone(Accepted(news.key))
    if response.is_success:
        return Accepted(news.key)
    if response.status_code in _GONE:
        raise GiveUp(f"http {response.status_code}")
    raise TryAgain(f"http {response.status_code}", asked_to_wait(response))


def _post(config: WebhookConfig, body: bytes, headers: dict[str, str]) -> httpx.Response:
    try:
        client = client_for(config.timeout.total_seconds(), config.proxy, os.getpid())
        return client.post(config.url, content=body, headers=headers)
    except httpx.TransportError:
        raise TryAgain("unreachable") from None
    except httpx.InvalidURL:
        raise GiveUp("bad address in configuration") from None
