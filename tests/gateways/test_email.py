"""Mail over real SMTP: one Message-ID for one key, and the notices that come back."""

import pytest

from songda.gateways import email
from songda.gateways.email import Attachment, Email, EmailConfig
from songda.gateways.errors import GiveUp, TryAgain
from songda.gateways.signing import verify_message
from tests.gateways.parties import SECRET, Listener, Running, eventually, free_port


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
