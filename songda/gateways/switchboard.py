"""Which counterparty is where: the one place that turns settings into the gateways' configurations.

`SONGDA_GATEWAYS` names a JSON file with one object per counterparty; without it a demonstration or a test talks to the
sandbox at `SONGDA_SANDBOX_URL`. Production without the file is refused: nobody's papers go to a guess.
"""

import json
import os
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from songda.gateways.accounts import AccountConfig
from songda.gateways.calls import CallConfig
from songda.gateways.carrier import CarrierConfig
from songda.gateways.email import EmailConfig
from songda.gateways.people import SOURCES, SourceConfig
from songda.gateways.printing import PrintConfig
from songda.gateways.sms import SmsConfig
from songda.gateways.wire import Endpoint

# What the sandbox and a demonstration share; production brings its own.
SANDBOX_KEY, SANDBOX_SECRET = "songda", "sandbox-secret"  # noqa: S105 - opens nothing but the sandbox
_SANDBOX_URL = "http://127.0.0.1:8601"
# So many threads wait for one source at most: a slow one holds up nobody else.
AT_ONCE = 16


class NotConnected(RuntimeError):
    """The settings name no such counterparty."""


@lru_cache(maxsize=1)
def _book() -> dict[str, Any]:
    if path := os.environ.get("SONGDA_GATEWAYS"):
        book: dict[str, Any] = json.loads(Path(path).read_text())
        _none_alike(book.get("sources", {}))
        return book
    if os.environ.get("SONGDA_MODE") == "production":
        raise NotConnected("SONGDA_GATEWAYS must name the counterparties")
    return _sandbox(os.environ.get("SONGDA_SANDBOX_URL", _SANDBOX_URL), os.environ.get("SONGDA_SANDBOX_SMTP", "8602"))


def _none_alike(listed: Mapping[str, Mapping[str, Any]]) -> None:
    """Two sources with one secret could speak for each other. Raises NotConnected where two have, or one key id."""
    for said in (
        [one.get("callback_secret") or one["secret"] for one in listed.values()],
        [one["key_id"] for one in listed.values()],
    ):
        if len(set(said)) != len(said):
            raise NotConnected("two sources share a key or a secret: each needs its own")


def _sandbox(url: str, smtp_port: str) -> dict[str, Any]:
    place = {"base_url": url, "key_id": SANDBOX_KEY, "secret": SANDBOX_SECRET}
    return {
        "sms": place,
        "account": place,
        "calls": place,
        "carrier": {**place, "account": "demo"},
        "email": {
            "host": urlsplit(url).hostname,
            "port": int(smtp_port),
            "security": "none",
            "callback_secret": SANDBOX_SECRET,
        },
        "sources": {
            code: {**sandbox_source(code), "base_url": f"{url}/sources/{code}", "kind": code}
            for code in SOURCES
            if code != "generic"
        },
        "tsa": {
            "url": f"{url}/tsa",
            "roots": str(Path(os.environ.get("SONGDA_VAR") or "var", "sandbox", "tsa", "root.pem")),
        },
    }


def sandbox_source(code: str, secret: str = SANDBOX_SECRET) -> dict[str, str]:
    """Key and secrets of one of the sandbox's sources: as outside, none has another's."""
    return {"key_id": f"{SANDBOX_KEY}-{code}", "secret": f"{secret}-{code}", "hash_secret": f"{secret}-hash-{code}"}


def forget() -> None:
    """Read the settings anew: for tests that move the sandbox."""
    _book.cache_clear()


def _entry(name: str) -> dict[str, Any]:
    try:
        return dict(_book()[name])
    except KeyError as error:
        raise NotConnected(f"no counterparty {name} in the settings") from error


def _endpoint(entry: dict[str, Any]) -> Endpoint:
    return Endpoint(
        base_url=entry["base_url"],
        key_id=entry["key_id"],
        secret=entry["secret"],
        timeout=timedelta(seconds=float(entry.get("timeout_seconds", 10))),
        proxy=entry.get("proxy"),
    )


def secret(name: str) -> str:
    """What a counterparty signs its callbacks with."""
    return str(_entry(name).get("callback_secret") or _entry(name)["secret"])


def sms() -> SmsConfig:
    return SmsConfig(_endpoint(_entry("sms")))


def accounts() -> AccountConfig:
    return AccountConfig(_endpoint(_entry("account")))


def calls() -> CallConfig:
    entry = _entry("calls")
    return CallConfig(_endpoint(entry), entry.get("shown_number", "12368"))


def carrier() -> CarrierConfig:
    entry = _entry("carrier")
    return CarrierConfig(_endpoint(entry), entry["account"])


def printing() -> PrintConfig:
    return PrintConfig()


def email() -> EmailConfig:
    entry = _entry("email")
    sender = entry.get("sender", "songda@court.example")
    return EmailConfig(
        host=entry["host"],
        port=int(entry["port"]),
        sender=sender,
        bounces_to=entry.get("bounces_to", sender),
        security=entry.get("security", "starttls"),
        username=entry.get("username", ""),
        password=entry.get("password", ""),
    )


def source(code: str) -> SourceConfig:
    entry = _entry("sources").get(code)
    if entry is None:
        raise NotConnected(f"no source {code} in the settings")
    return SourceConfig(code, entry["kind"], _endpoint(entry), entry.get("hash_secret", ""))


def source_secret(code: str) -> str:
    """What this source, and no other, signs with what it tells or asks us. Raises NotConnected."""
    entry = _entry("sources").get(code)
    if entry is None:
        raise NotConnected(f"no source {code} in the settings")
    return str(entry.get("callback_secret") or entry["secret"])


def source_of_key(key_id: str) -> str | None:
    """The source that signs under this key id; None where none does."""
    return next((code for code, entry in _entry("sources").items() if entry["key_id"] == key_id), None)


def kind_of(code: str) -> str | None:
    """The kind of the source connected under this code; None where none is."""
    entry = _entry("sources").get(code)
    return str(entry["kind"]) if entry else None


def at_once(code: str) -> int:
    """How many questions may be on the wire to a source at the same time."""
    return int(_entry("sources")[code].get("at_once", AT_ONCE))


def time_stamps() -> tuple[str, Path]:
    """The time-stamping authority's address, and the PEM file of the roots that vouch for it."""
    entry = _entry("tsa")
    return str(entry["url"]), Path(entry["roots"])


def sources() -> tuple[str, ...]:
    return tuple(_entry("sources"))
