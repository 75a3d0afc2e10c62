"""Reads what the surroundings say, and refuses to guess: a value that is missing or wrong stops the start.

Three modes: `demo` (a laptop; secrets are made once and kept in var/), `test`, and `production`, where nothing
has a default that matters. Everything a process and its children need is put into the environment, so that the
engine, the web and the sandbox see the same.
"""

import base64
import binascii
import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from songda.lib.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]
MODES = ("demo", "test", "production")
T = TypeVar("T")


class Misconfigured(Exception):
    """The environment lacks something or says something that cannot be; the message names the variable."""


def var() -> Path:
    """Everything this checkout keeps while it runs: database, documents, logs, secrets."""
    return Path(os.environ.get("SONGDA_VAR") or ROOT / "var").absolute()


def mode() -> str:
    chosen = os.environ.get("SONGDA_MODE", "demo")
    if chosen not in MODES:
        raise Misconfigured(f"SONGDA_MODE is {chosen!r}, but must be one of {', '.join(MODES)}")
    return chosen


def read(name: str, kind: Callable[[str], T], default: str | None = None) -> T:
    """A variable's value; `default` is written as it would be in the environment, None means it is required."""
    text = os.environ.get(name) or default
    if text is None:
        raise Misconfigured(f"{name} is not set, and SONGDA_MODE={mode()} needs it")
    try:
        return kind(text)
    except ValueError as error:
        raise Misconfigured(f"{name} cannot be used: {error}") from None


def yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise ValueError("write yes or no")
    return text.lower() == "yes"


def whole_number(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("it is not a whole number")
    return int(text)


def names(text: str) -> list[str]:
    """A list, separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def web_address(text: str) -> str:
    """The beginning of links to us, without a closing slash."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("it is not a web address like https://example.org")
    return text.rstrip("/")


def data_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("it is not base64") from None
    if len(key) != 32:
        raise ValueError(f"it holds {len(key)} bytes, not 32")
    return key


def secret(text: str) -> str:
    if len(text) < 40:
        raise ValueError("it is shorter than 40 characters")
    return text


def database(text: str) -> dict[str, object]:
    """Django's words for a `postgresql://` address; its query is passed on to the driver."""
    parts = urlsplit(text)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ValueError("it is not an address like postgresql://user:password@host/name")
    options: dict[str, object] = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def own_database() -> Cluster | None:
    """The private PostgreSQL of this checkout; None in production and where `DATABASE_URL` names a server."""
    if mode() == "production" or os.environ.get("DATABASE_URL"):
        return None
    return Cluster(var() / "postgres", durable=mode() != "test")


def choose_settings() -> None:
    """Fix mode, settings module and the demo's own values for this process and its children."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "songda.config.settings")
    os.environ.setdefault("SONGDA_MODE", mode())
    os.environ.setdefault("SONGDA_VAR", str(var()))
    os.environ.setdefault("SONGDA_VAULT", str(var() / "documents"))
    if mode() == "production":
        return
    os.environ.setdefault("SONGDA_CLOCK", str(var() / "clock.json"))
    for name, value in _kept_secrets().items():
        os.environ.setdefault(name, value)


def _kept_secrets() -> dict[str, str]:
    """The secrets of a demo: made at the first start, the same ever after, readable by their owner only."""
    kept = var() / "secrets.env"
    if not kept.exists():
        var().mkdir(parents=True, exist_ok=True)
        made = {
            "SONGDA_SECRET_KEY": secrets.token_urlsafe(48),
            "SONGDA_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        with tempfile.NamedTemporaryFile("w", dir=var()) as file:
            file.writelines(f"{name}={value}\n" for name, value in made.items())
            file.flush()
            # The link appears whole or not at all; of two processes that start together, one wins.
            with suppress(FileExistsError):
                kept.hardlink_to(file.name)
    return dict(line.split("=", 1) for line in kept.read_text().splitlines() if "=" in line)
