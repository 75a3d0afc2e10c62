"""Text messages over real HTTP: sent once, receipts that can be trusted, no success before a receipt."""

import pytest

from songda.gateways import sms
from songda.gateways.errors import AlreadyDone, BadSignature, GiveUp, TryAgain
from songda.gateways.sms import Sms, SmsConfig, segments
from songda.gateways.wire import Endpoint
from tests.gateways.parties import SECRET, Listener, Running, eventually
from tests.ports import free_port

TEXT = (
    "邓知行，您好！您有（2026）川0191民初1号案件文书送达，请点击链接查收：https://court.example/sd?key=t 验证码：1234"
)


def a_message(key: str = "sms-1", phone: str = "19200000001", text: str = TEXT) -> Sms:
    return Sms(key, phone, "成都高新技术产业开发区人民法院", text)


@pytest.mark.parametrize(("length", "number"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_message_of_more_than_seventy_characters_is_billed_in_parts_of_sixty_seven(length: int, number: int) -> None:
    assert segments("送" * length) == number


def test_a_rare_character_outside_the_basic_plane_counts_as_two() -> None:
    assert segments("𬭚" * 36) == 2


def test_the_whole_message_begins_with_the_court_in_brackets() -> None:
    assert a_message().whole.startswith("【成都高新技术产业开发区人民法院】邓知行，您好！")


def test_the_same_key_twice_is_one_message_on_the_phone(sandbox: Running) -> None:
    first = sms.send(sandbox.sms, a_message())
    with pytest.raises(AlreadyDone) as known:
        sms.send(sandbox.sms, a_message())
    assert known.value.reply.reference == first.reference  # type: ignore[attr-defined]
    assert len(sandbox.log("sms")) == 1


def test_a_receipt_comes_back_signed_and_says_the_message_reached_the_phone(
    sandbox: Running, listener: Listener
) -> None:
    sandbox.settle(name="邓知行", phone="19200000001", temperament="ignores")
    accepted = sms.send(sandbox.sms, a_message())
    headers, body = eventually(lambda: listener.at("sms"))[0]
    assert sms.verify_callback(headers, body, SECRET)
    (heard,) = sms.translate_receipts(listener.told("sms")[0])
    assert (heard.key, heard.fact, heard.reference) == ("sms-1", "message.reached", accepted.reference)


def test_a_receipt_signed_with_another_secret_is_nobodys(sandbox: Running, listener: Listener) -> None:
    sms.send(sandbox.sms, a_message())
    headers, body = eventually(lambda: listener.at("sms"))[0]
    with pytest.raises(BadSignature):
        sms.verify_callback(headers, body, "guessed")


def test_a_number_that_does_not_exist_is_a_failure_with_its_reason(sandbox: Running, listener: Listener) -> None:
    sandbox.settle(name="邓知行", phone="19200000001", temperament="untraceable")
    sms.send(sandbox.sms, a_message())
    (heard,) = sms.translate_receipts(eventually(lambda: listener.told("sms"))[0])
    assert (heard.fact, heard.detail["reason"]) == ("message.failed", "no_such_number")


def test_what_became_of_a_key_can_be_asked(sandbox: Running, listener: Listener) -> None:
    assert sms.look_up(sandbox.sms, "sms-1") is None
    accepted = sms.send(sandbox.sms, a_message())
    eventually(lambda: listener.told("sms"))
    known = sms.look_up(sandbox.sms, "sms-1")
    assert known is not None
    assert known.reference == accepted.reference
    assert len(known.heard) == 1


def test_a_key_with_signs_that_mean_something_in_an_address_is_still_one_key(sandbox: Running) -> None:
    sms.send(sandbox.sms, a_message("case/1?a=b:邓"))
    assert sms.look_up(sandbox.sms, "case/1?a=b:邓") is not None


def test_an_unknown_receipt_code_is_kept_and_not_taken_for_success() -> None:
    (heard,) = sms.translate_receipts([{"key": "sms-1", "status": "ODD"}])
    assert heard.unknown
    assert heard.fact is None


def test_a_carriers_acceptance_is_not_arrival() -> None:
    (heard,) = sms.translate_receipts([{"key": "sms-1", "status": "ACCEPTD"}])
    assert (heard.fact, heard.unknown) == (None, False)


@pytest.mark.parametrize("phone", ["", "12345", "02885551234", "19２００００００００"])
def test_what_is_not_a_mobile_number_is_never_sent(sandbox: Running, phone: str) -> None:
    with pytest.raises(GiveUp):
        sms.send(sandbox.sms, a_message(phone=phone))
    assert sandbox.log("sms") == []


def test_a_provider_that_is_down_is_tried_again_later() -> None:
    nobody = SmsConfig(Endpoint(f"http://127.0.0.1:{free_port()}", "songda", SECRET))
    with pytest.raises(TryAgain):
        sms.send(nobody, a_message())


def test_a_wrong_secret_is_for_a_person_to_look_at(sandbox: Running) -> None:
    with pytest.raises(GiveUp, match="http 403"):
        sms.send(SmsConfig(Endpoint(sandbox.base, "songda", "wrong")), a_message())


def test_no_failure_tells_whose_number_it_was() -> None:
    nobody = SmsConfig(Endpoint(f"http://127.0.0.1:{free_port()}", "songda", SECRET))
    with pytest.raises(TryAgain) as failure:
        sms.send(nobody, a_message())
    assert "1920" not in str(failure.value) + repr(a_message()) + repr(nobody)
    assert SECRET not in repr(nobody)
