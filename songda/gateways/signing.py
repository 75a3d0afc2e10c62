"""Signed requests out and signed messages in, with nothing but HMAC-SHA256.

A request is signed the way the large Chinese cloud providers do it: a canonical form of method, path, query, chosen
headers and the digest of the body, with a date and a nonce, so that neither words nor time nor target can be changed.
A message (a callback, a webhook) is signed over its id, its time and its body, so that its receiver needs no route.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import uuid4

from songda.gateways.errors import BadSignature
from songda.lib import clock

SCHEME = "SD1-HMAC-SHA256"
SIGNED_HEADERS = ("host", "x-sd-content-sha256", "x-sd-date", "x-sd-nonce")
TOLERANCE = timedelta(minutes=5)
_CREDENTIAL = re.compile(rf"{SCHEME} Credential=([^,\s]+),")
_DATE = "%Y-%m-%dT%H:%M:%SZ"


def _mac(secret: str, text: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()


def _canonical_query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)


def _canonical(method: str, url: str, headers: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    lines = [method.upper(), parts.path or "/", _canonical_query(parts.query)]
    lines += [f"{name}:{headers[name].strip()}" for name in SIGNED_HEADERS]
    return "\n".join(lines)


def _signature(secret: str, method: str, url: str, headers: Mapping[str, str]) -> str:
    digest = hashlib.sha256(_canonical(method, url, headers).encode()).hexdigest()
    return _mac(secret, f"{SCHEME}\n{digest}").hex()


def sign_request(key_id: str, secret: str, method: str, url: str, body: bytes) -> dict[str, str]:
    """The headers that make a request ours. A second call signs anew: a nonce is never used twice."""
    headers = {
        "host": urlsplit(url).netloc,
        "x-sd-date": clock.now().strftime(_DATE),
        "x-sd-nonce": uuid4().hex,
        "x-sd-content-sha256": hashlib.sha256(body).hexdigest(),
    }
    signature = _signature(secret, method, url, headers)
    names = ";".join(SIGNED_HEADERS)
    headers["authorization"] = f"{SCHEME} Credential={key_id},SignedHeaders={names},Signature={signature}"
    return headers


def key_id_of(headers: Mapping[str, str]) -> str:
    """Under which key a request says it is signed; empty where it says nothing."""
    given = {name.lower(): value for name, value in headers.items()}.get("authorization", "")
    found = _CREDENTIAL.match(given)
    return found[1] if found else ""


def nonce_of(headers: Mapping[str, str]) -> str:
    """What makes a verified request the only one of its kind."""
    return {name.lower(): value for name, value in headers.items()}["x-sd-nonce"]


def verify_request(secret: str, method: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raise BadSignature unless these are the words of the one who shares the secret, said just now."""
    seen = {name.lower(): value for name, value in headers.items()}
    if any(name not in seen for name in (*SIGNED_HEADERS, "authorization")):
        raise BadSignature("unsigned")
    if seen["x-sd-content-sha256"] != hashlib.sha256(body).hexdigest():
        raise BadSignature("body")
    given = seen["authorization"].rpartition("Signature=")[2]
    if not hmac.compare_digest(given, _signature(secret, method, url, seen)):
        raise BadSignature("signature")
    _require_fresh(_parse_date(seen["x-sd-date"]))


def sign_message(secret: str, message_id: str, body: bytes) -> dict[str, str]:
    """The three headers of a signed message; the id stays the same when the message is sent again."""
    at = str(int(clock.now().timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": at,
        "webhook-signature": "v1," + _message_signature(secret, message_id, at, body),
    }


def verify_message(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """The id of a genuine message; raises BadSignature for any other. Several signatures may stand side by side."""
    seen = {name.lower(): value for name, value in headers.items()}
    message_id, at = seen.get("webhook-id", ""), seen.get("webhook-timestamp", "")
    if not message_id or not at.isascii() or not at.isdigit():
        raise BadSignature("unsigned")
    wanted = "v1," + _message_signature(secret, message_id, at, body)
    offered = seen.get("webhook-signature", "").encode().split(b" ")
    if not any(hmac.compare_digest(wanted.encode(), one) for one in offered):
        raise BadSignature("signature")
    _require_fresh(datetime.fromtimestamp(int(at[:12]), tz=UTC))
    return message_id


def _message_signature(secret: str, message_id: str, at: str, body: bytes) -> str:
    text = f"{message_id}.{at}.{hashlib.sha256(body).hexdigest()}"
    return base64.b64encode(_mac(secret, text)).decode()


def _parse_date(text: str) -> datetime:
    try:
        return datetime.strptime(text, _DATE).replace(tzinfo=UTC)
    except ValueError:
        raise BadSignature("date") from None


def _require_fresh(at: datetime) -> None:
    """A played clock runs fast while real wires do not, so five minutes are five minutes of this machine."""
    played = clock.pace()
    allowed = TOLERANCE * max(1.0, played.speed if played else 1.0)
    if abs(clock.now() - at) > allowed:
        raise BadSignature("stale")
