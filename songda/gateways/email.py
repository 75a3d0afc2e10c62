"""Electronic mail: SMTP out, delivery status notifications (RFC 3464) in.

SMTP cannot be asked what became of a message, so there is no look-up here: our key makes the Message-ID, the same for
the same key, and a mailbox or a gateway that sees it twice keeps one. A server that speaks DSN also hands the key back.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Literal

from songda.gateways.errors import FateUnknown, GiveUp, TryAgain
from songda.gateways.heard import Accepted, Heard, fingerprint
from songda.gateways.reading import rows
from songda.lib import clock

_LONGEST_KEY = 120
_PLAIN = re.compile(r"[^A-Za-z0-9_-]")
_ESCAPED = re.compile(r"=([0-9A-F]{2})")


@dataclass(frozen=True, slots=True)
class EmailConfig:
    """Our mail server. `sender` is the address recipients see, `bounces_to` the one that hears of failures."""

    host: str
    port: int
    sender: str
    bounces_to: str
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None
    timeout: timedelta = timedelta(seconds=20)

    @property
    def domain(self) -> str:
        """The right side of our Message-IDs."""
        return self.sender.rpartition("@")[2].rstrip("> ")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes = field(repr=False)
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Email:
    """One message under our key."""

    key: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()


def message_id(key: str, domain: str) -> str:
    """The Message-ID that this key always has; the key can be read back from it."""
    return f"<{_escape(key)}@{domain}>"


def _escape(key: str) -> str:
    """Signs that a Message-ID may not hold, as `=3A`."""
    return _PLAIN.sub(lambda sign: f"={ord(sign[0]):02X}", key)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)


def send(config: EmailConfig, email: Email) -> Accepted:
    """Hand one message to our mail server; `reference` is its Message-ID.

    Raises FateUnknown where the server fell silent after the message: it may be on its way.
    """
    if not email.key.isascii() or not 0 < len(email.key) <= _LONGEST_KEY:
        raise GiveUp("key is not fit for a Message-ID")
    try:
        message = compose(config, email)
    except (ValueError, IndexError):
        raise GiveUp("address or subject cannot be written in a header") from None
    try:
        server = _connected(config)
        try:
            _hand_over(config, server, email, message)
        finally:
            _part(server)
    except smtplib.SMTPResponseException as refused:
        raise _refusal(refused.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        raise GiveUp("mail server lacks what the configuration asks") from None
    except ssl.SSLCertVerificationError:
        raise GiveUp("mail server's certificate") from None
    except (OSError, smtplib.SMTPException):
        raise TryAgain("mail server unreachable") from None
    return Accepted(message_id(email.key, config.domain))


def compose(config: EmailConfig, email: Email) -> EmailMessage:
    """The message as it travels."""
    message = EmailMessage()
    message["From"] = config.sender
    message["To"] = email.to
    message["Subject"] = email.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = message_id(email.key, config.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.text)
    if email.html:
        message.add_alternative(email.html, subtype="html")
    for one in email.attachments:
        kind, _, subtype = one.media_type.partition("/")
        message.add_attachment(one.content, maintype=kind, subtype=subtype, filename=one.name)
    return message


class _Careful(smtplib.SMTP):
    """Tells a server that fell silent before the message from one that did so after it."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:
            raise
        except OSError:
            raise FateUnknown("mail server fell silent") from None


class _CarefulTls(_Careful, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def _connected(config: EmailConfig) -> smtplib.SMTP:
    seconds = config.timeout.total_seconds()
    if config.security == "tls":
        server: smtplib.SMTP = _CarefulTls(config.host, config.port, timeout=seconds, context=_context(config))
    else:
        server = _Careful(config.host, config.port, timeout=seconds)
    try:
        if config.security == "starttls":
            server.starttls(context=_context(config))
        server.ehlo_or_helo_if_needed()
        if config.username:
            server.login(config.username, config.password)
    except BaseException:
        server.close()
        raise
    return server


def _part(server: smtplib.SMTP) -> None:
    """The message is answered for: how the server says good-bye changes nothing."""
    with suppress(OSError):
        server.quit()
    server.close()


def _context(config: EmailConfig) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=config.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _hand_over(config: EmailConfig, server: smtplib.SMTP, email: Email, message: EmailMessage) -> None:
    asks_dsn = server.has_extn("dsn")
    mail_options = ["RET=HDRS", f"ENVID={_escape(email.key)}"] if asks_dsn else []
    rcpt_options = ["NOTIFY=SUCCESS,FAILURE,DELAY"] if asks_dsn else []
    try:
        server.send_message(message, config.bounces_to, [email.to], mail_options, rcpt_options)
    except smtplib.SMTPRecipientsRefused as refused:
        raise _refusal(min(code for code, _ in refused.recipients.values())) from None


def _refusal(code: int) -> TryAgain | GiveUp:
    """SMTP's own rule: 4yz may work later, 5yz never will."""
    return GiveUp(f"smtp {code}") if code >= 500 else TryAgain(f"smtp {code}")


def translate_bounce(raw: bytes) -> list[Heard]:
    """A delivery status notification in our words; empty where the message is none, or not about one of ours.

    `delivered` is `message.reached`, `failed` is `message.failed`; `relayed` and `delayed` are no facts.
    """
    notice = message_from_bytes(raw)
    key, reference = _key_of(notice), _original_id(notice)
    return [_status(group, key, reference, notice) for group in _recipient_groups(notice) if key and "Action" in group]


def _status(group: Message, key: str, reference: str, notice: Message) -> Heard:
    action, code = _field(group, "Action").lower(), _field(group, "Status")
    fact = {"delivered": "message.reached", "failed": "message.failed"}.get(action)
    detail = {"channel": "email", "code": code, "action": action}
    if fact == "message.failed":
        detail["reason"] = _reason(code)
    return Heard(
        key=key,
        fact=fact,
        happened_at=_date(group, notice),
        detail=detail,
        reference=reference,
        event=fingerprint("email", key, action, code),
        unknown=action not in ("delivered", "failed", "relayed", "delayed", "expanded"),
    )


def _reason(code: str) -> str:
    """The longest prefix of an enhanced status code (RFC 3463) that our table names."""
    table = {row["code"]: row["reason"] for row in rows("email_status.csv")}
    parts = code.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((table[prefix] for prefix in prefixes if prefix in table), "undeliverable")


def _parts(notice: Message, kind: str) -> Iterator[Message]:
    return (part for part in notice.walk() if part.get_content_type() == kind)


def _recipient_groups(notice: Message) -> Iterator[Message]:
    for part in _parts(notice, "message/delivery-status"):
        payload = part.get_payload()
        if isinstance(payload, list):
            yield from (group for group in payload if isinstance(group, Message))


def _original_id(notice: Message) -> str:
    for part in notice.walk():
        if part.get_content_type() == "text/rfc822-headers":
            decoded = part.get_payload(decode=True)
            return _field(message_from_bytes(decoded if isinstance(decoded, bytes) else b""), "Message-ID")
        if part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            return _field(payload[0], "Message-ID") if isinstance(payload, list) and payload else ""
    return ""


def _key_of(notice: Message) -> str:
    for group in _recipient_groups(notice):
        envelope = _field(group, "Original-Envelope-Id")
        if envelope:
            return _unescape(envelope)
    return _unescape(_original_id(notice).strip("<>").partition("@")[0])


def _field(message: object, name: str) -> str:
    return str(message.get(name, "")).strip() if isinstance(message, Message) else ""


def _date(group: Message, notice: Message) -> datetime:
    for text in (_field(group, "Last-Attempt-Date"), _field(notice, "Date")):
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            continue
        return when if when.tzinfo else when.replace(tzinfo=clock.BEIJING)
    return clock.now()
