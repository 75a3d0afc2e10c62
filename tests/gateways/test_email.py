"""Mail over real SMTP: one Message-ID for one key, and the notices that come back."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from songda.gateways import email
from songda.gateways.email import Attachment, Email, EmailConfig
from songda.gateways.errors import GiveUp, TryAgain
from songda.gateways.signing import verify_message
from tests.gateways.parties import SECRET, Listener, Running, eventually
from tests.ports import free_port


def a_letter(key: str = "mail:1", to: str = "deng@example.com", subject: str = "诉讼文书送达") -> Email:
    papers = Attachment("传票.pdf", b"%PDF-1.7 ...")
    return Email(key, to, subject, "邓知行，您好！", "<p>邓知行，您好！</p>", (papers,))


def test_a_letter_arrives_with_its_papers(sandbox: Running) -> None:
    accepted = email.send(sandbox.email, a_letter())
    (kept,) = sandbox.log("mail")
    assert kept["reference"] == accepted.reference
    assert kept["body"]["subject"] == "诉讼文书送达"
    assert kept["body"]["text"].strip() == "邓知行，您好！"
    assert kept["body"]["attachments"] == ["传票.pdf"]


def test_the_same_key_twice_is_one_letter_in_the_mailbox(sandbox: Running) -> None:
    assert email.send(sandbox.email, a_letter()) == email.send(sandbox.email, a_letter())
    assert len(sandbox.log("mail")) == 1


@pytest.mark.parametrize(
    ("mailbox", "fact"), [("deng@example.com", "message.reached"), ("nobody@example.com", "message.failed")]
)
def test_the_other_server_reports_by_our_key(sandbox: Running, listener: Listener, mailbox: str, fact: str) -> None:
    email.send(sandbox.email, a_letter(to=mailbox))
    headers, body = eventually(lambda: listener.at("email"))[0]
    assert verify_message(SECRET, headers, body)
    (heard,) = email.translate_bounce(body)
    assert (heard.key, heard.fact) == ("mail:1", fact)


def test_a_server_that_knows_no_envelope_ids_is_understood_by_the_message_id() -> None:
    notice = (
        b"Date: Mon, 02 Mar 2026 10:00:00 +0800\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        b"Final-Recipient: rfc822; x@y\nAction: failed\nStatus: 5.2.2\n\n"
        b"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <mail=3A1@court.example>\n\n--b--\n"
    )
    (heard,) = email.translate_bounce(notice)
    assert (heard.key, heard.detail["reason"]) == ("mail:1", "mailbox_full")
    assert heard.happened_at.isoformat() == "2026-03-02T10:00:00+08:00"


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Subject: hello\n\nI am on holiday.\n"])
def test_other_mail_is_no_report(raw: bytes) -> None:
    assert email.translate_bounce(raw) == []


def test_a_mail_server_that_is_down_is_tried_again() -> None:
    with pytest.raises(TryAgain):
        email.send(EmailConfig("127.0.0.1", free_port(), "a@b.example", "a@b.example", security="none"), a_letter())


def test_a_server_without_encryption_is_not_used_where_encryption_is_asked_for(sandbox: Running) -> None:
    plain = sandbox.email
    with pytest.raises(GiveUp):
        email.send(EmailConfig(plain.host, plain.port, plain.sender, plain.bounces_to, "starttls"), a_letter())
    assert sandbox.log("mail") == []


def test_a_subject_cannot_smuggle_in_a_header(sandbox: Running) -> None:
    with pytest.raises(GiveUp):
        email.send(sandbox.email, a_letter(subject="文书\r\nBcc: other@example.com"))
    assert sandbox.log("mail") == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1, in one file, that nobody else vouches for."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mx")])
    now = datetime.now(UTC)
    place = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    signed = builder.add_extension(place, critical=False).sign(key, SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "mx.pem"
    path.write_bytes(signed.public_bytes(Encoding.PEM) + private)
    return path


class Mailbox:
    def __init__(self) -> None:
        self.letters: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        self.letters.append(envelope.content or b"")
        return "250 OK"


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[tuple[Mailbox, int]]:
    """A server that takes mail only after STARTTLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    mailbox, port = Mailbox(), free_port()
    server = Controller(mailbox, "127.0.0.1", port, tls_context=context, require_starttls=True)
    server.start()
    yield mailbox, port
    server.stop()


def test_mail_is_encrypted_and_the_servers_certificate_is_checked(
    encrypted: tuple[Mailbox, int], certificate: Path
) -> None:
    mailbox, port = encrypted
    trusting = EmailConfig("127.0.0.1", port, "a@b.example", "a@b.example", ca_file=str(certificate))
    email.send(trusting, a_letter())
    assert len(mailbox.letters) == 1
    with pytest.raises(GiveUp, match="certificate"):
        email.send(replace(trusting, ca_file=None), a_letter())
    assert len(mailbox.letters) == 1
