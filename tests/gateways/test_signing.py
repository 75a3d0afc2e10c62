"""Who said it, when, and that nobody changed it on the way."""

from datetime import timedelta

import pytest

from songda.gateways.errors import BadSignature
from songda.gateways.signing import sign_message, sign_request, verify_message, verify_request
from songda.lib import clock

URL = "http://sms.example/sms/messages?b=2&a=1"
BODY = '{"text":"您好"}'.encode()


def test_a_signed_request_is_accepted_by_the_one_who_shares_the_secret() -> None:
    verify_request("secret", "POST", URL, sign_request("us", "secret", "POST", URL, BODY), BODY)


def test_the_order_of_a_query_does_not_matter_but_its_words_do() -> None:
    headers = sign_request("us", "secret", "POST", URL, BODY)
    verify_request("secret", "POST", "http://sms.example/sms/messages?a=1&b=2", headers, BODY)
    with pytest.raises(BadSignature):
        verify_request("secret", "POST", "http://sms.example/sms/messages?a=1&b=3", headers, BODY)


@pytest.mark.parametrize(
    ("secret", "method", "url", "body"),
    [
        ("other", "POST", URL, BODY),
        ("secret", "PUT", URL, BODY),
        ("secret", "POST", URL.replace("messages", "other"), BODY),
        ("secret", "POST", URL, BODY + b" "),
    ],
)
def test_a_request_changed_on_the_way_is_refused(secret: str, method: str, url: str, body: bytes) -> None:
    headers = sign_request("us", "secret", "POST", URL, BODY)
    with pytest.raises(BadSignature):
        verify_request(secret, method, url, headers, body)


def test_an_unsigned_request_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify_request("secret", "POST", URL, {"host": "sms.example"}, BODY)


def test_two_signatures_of_the_same_words_differ() -> None:
    once, again = (sign_request("us", "secret", "POST", URL, BODY) for _ in range(2))
    assert once["x-sd-nonce"] != again["x-sd-nonce"]


def test_a_message_carries_its_id_and_may_be_verified_without_knowing_its_route() -> None:
    assert verify_message("secret", sign_message("secret", "msg-1", BODY), BODY) == "msg-1"


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_message_without_one_of_its_marks_is_refused(name: str) -> None:
    headers = sign_message("secret", "msg-1", BODY)
    del headers[name]
    with pytest.raises(BadSignature):
        verify_message("secret", headers, BODY)


def test_a_message_under_another_id_is_refused() -> None:
    headers = sign_message("secret", "msg-1", BODY) | {"webhook-id": "msg-2"}
    with pytest.raises(BadSignature):
        verify_message("secret", headers, BODY)


def test_while_a_secret_is_being_changed_two_signatures_stand_side_by_side() -> None:
    old, new = (sign_message(secret, "msg-1", BODY) for secret in ("old", "new"))
    both = new | {"webhook-signature": old["webhook-signature"] + " " + new["webhook-signature"]}
    assert verify_message("new", both, BODY) == "msg-1"


def test_yesterdays_message_is_refused() -> None:
    headers = sign_message("secret", "msg-1", BODY)
    clock.set_pace(speed=1, ahead=timedelta(days=1))
    with pytest.raises(BadSignature):
        verify_message("secret", headers, BODY)


@pytest.mark.parametrize("timestamp", ["", "soon", "９９", "9" * 40])
def test_a_senseless_time_is_refused_and_not_a_crash(timestamp: str) -> None:
    headers = sign_message("secret", "msg-1", BODY) | {"webhook-timestamp": timestamp}
    with pytest.raises(BadSignature):
        verify_message("secret", headers, BODY)
