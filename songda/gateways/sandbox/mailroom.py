"""The recipients' mail servers: SMTP in (with DSN), delivery status notifications back to the platform.

Mail to people of the cast arrives where their temperament reads text messages too; mail to unknown mailboxes bounces.
A Message-ID seen before is kept once, as mailboxes that know their trade do.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import format_datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from songda.gateways.sandbox.world import World
from songda.lib import clock

# aiosmtpd writes every command to its log, mailboxes included.
logging.getLogger("mail.log").setLevel(logging.WARNING)

_BOUNCE_AFTER = timedelta(seconds=30)
_MAXIMUM = 20 * 1024 * 1024
_DEAD_MAILBOXES = ("untraceable", "gone", "dead_number")
_DSN_OPTIONS = ("RET=", "ENVID=", "NOTIFY=", "ORCPT=")


class _Server(SMTP):
    """aiosmtpd's server refuses DSN options; here they are heard, and remembered with the envelope."""

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - SMTP's own name
        plain, options = _without_dsn(arg or "")
        await super().smtp_MAIL(plain)
        self._remember(options)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        plain, options = _without_dsn(arg or "")
        await super().smtp_RCPT(plain)
        self._remember(options)

    def _remember(self, options: dict[str, str]) -> None:
        if self.envelope is not None:
            self.envelope.mail_options += [f"{name}={value}" for name, value in options.items()]


def _without_dsn(arg: str) -> tuple[str, dict[str, str]]:
    words = arg.split(" ")
    plain = [word for word in words if not word.upper().startswith(_DSN_OPTIONS)]
    pairs = (word.partition("=") for word in words if word.upper().startswith(_DSN_OPTIONS))
    return " ".join(plain), {name.upper(): value for name, _, value in pairs}


def _options(envelope: Envelope) -> dict[str, str]:
    pairs = (str(option).partition("=") for option in envelope.mail_options)
    return {name: value for name, _, value in pairs}


class _Handler:
    """What the server does with a message."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        with self._world.store.together():
            take_mail(self._world, list(envelope.rcpt_tos), content, _options(envelope))
        return "250 OK"


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, data_size_limit=_MAXIMUM, enable_SMTPUTF8=True, hostname="sandbox.local")


def mail_server(world: World) -> Controller:
    """A server that is not started yet."""
    settings = world.settings
    return _Controller(_Handler(world), hostname=settings.host, port=settings.smtp_port)


def take_mail(world: World, recipients: list[str], content: bytes, dsn: Mapping[str, str]) -> None:
    """Keep one message for each of its recipients, once for each Message-ID."""
    message = message_from_bytes(content, policy=policy.default)
    name = str(message.get("Message-ID", "")).strip()
    for recipient in recipients:
        kept = _readable(message, recipient)
        if world.store.receive("mail", f"{name} {recipient}", name, kept, {}):
            event = {"to": recipient, "id": name, "envelope": dsn.get("ENVID", ""), "wants": dsn.get("NOTIFY", "")}
            world.agenda.soon("mail report", f"mail {name} {recipient}", _BOUNCE_AFTER, event)


def _readable(message: Any, recipient: str) -> dict[str, Any]:
    body = message.get_body(("plain", "html"))
    return {
        "to": recipient,
        "from": str(message.get("From", "")),
        "subject": str(message.get("Subject", "")),
        "text": body.get_content() if body else "",
        "attachments": [part.get_filename() for part in message.iter_attachments()],
    }


def give_mail_report(world: World, event: Mapping[str, Any]) -> None:
    """The recipient's server reports as it was asked to: failures by default, success where NOTIFY says so."""
    bounces = _bounces(world, event["to"])
    if not bounces and "SUCCESS" not in event["wants"]:
        return
    report = _report(event, bounces)
    # A mail server hands a notice over once and asks nobody whether it was liked; only a wire that is down is retried.
    world.send("email", f"dsn {event['id']} {event['to']}", report, "message/rfc822")


def _bounces(world: World, mailbox: str) -> bool:
    owner = next((person for person in world.people.people if person.email == mailbox), None)
    if owner is None:
        return mailbox.partition("@")[0].startswith(("nobody", "bounce"))
    return owner.temperament in _DEAD_MAILBOXES


def _report(event: Mapping[str, Any], bounces: bool) -> bytes:
    action, status = ("failed", "5.1.1") if bounces else ("delivered", "2.1.5")
    head = (
        "From: MAILER-DAEMON@sandbox.local\nSubject: Delivery Status Notification\n"
        f"Date: {format_datetime(clock.now())}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type="delivery-status"; boundary="dsn-of-the-sandbox"\n\n'
    )
    envelope = f"Original-Envelope-Id: {event['envelope']}\n" if event["envelope"] else ""
    parts = (
        ("text/plain", f"The message was {action}.\n"),
        (
            "message/delivery-status",
            f"{envelope}Reporting-MTA: dns; sandbox.local\n\n"
            f"Final-Recipient: rfc822; {event['to']}\nAction: {action}\nStatus: {status}\n",
        ),
        ("text/rfc822-headers", f"Message-ID: {event['id']}\n"),
    )
    body = "".join(f"--dsn-of-the-sandbox\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    return (head + body + "--dsn-of-the-sandbox--\n").encode()
