"""Messages to accounts over real HTTP: sent once, taken over is not arrival, read is what a signed receipt says."""

import pytest

from songda.gateways import accounts
from songda.gateways.accounts import AccountConfig, AccountMessage
from songda.gateways.errors import AlreadyDone, BadSignature, GiveUp, TryAgain
from songda.gateways.wire import Endpoint
from tests.gateways.parties import SECRET, Listener, Running, eventually
from tests.ports import free_port

TEXT = "邓知行，您好！您有（2026）川0191民初1号案件文书送达，请点击链接查收：https://court.example/sd?key=t"


def a_message(key: str = "account-1", account: str = "deng_2026", text: str = TEXT) -> AccountMessage:
    link = "https://court.example/sd?key=t"
    return AccountMessage(key, "wechat", account, "knock", "案件文书送达", text, link)


def settle(sandbox: Running, temperament: str) -> None:
    sandbox.settle(
        name="邓知行",
        phone="19200000001",
        temperament=temperament,
        account="deng_2026",
        account_platform="wechat",
    )


def receipts(listener: Listener, status: str) -> list[accounts.Heard]:
    said = [one for payload in listener.told("account") for one in accounts.translate_receipts(payload)]
    return [one for one in said if one.detail["code"] == status]


def test_the_same_key_twice_is_one_message_at_the_account(sandbox: Running) -> None:
    settle(sandbox, "ignores")
    first = accounts.send(sandbox.accounts, a_message())
    with pytest.raises(AlreadyDone) as known:
        accounts.send(sandbox.accounts, a_message())
    assert known.value.reply.reference == first.reference  # type: ignore[attr-defined]
    assert len(sandbox.log("account")) == 1


def test_the_platform_is_written_to_by_open_id_with_template_text_and_link(sandbox: Running) -> None:
    settle(sandbox, "ignores")
    accounts.send(sandbox.accounts, a_message())
    (kept,) = sandbox.log("account")
    assert kept["body"]["openId"].startswith("o")
    assert kept["body"]["openId"] != "deng_2026"
    assert (kept["body"]["template"], kept["body"]["link"]) == ("knock", "https://court.example/sd?key=t")


def test_what_the_platform_calls_delivered_is_not_arrival(sandbox: Running, listener: Listener) -> None:
    settle(sandbox, "ignores")
    accounts.send(sandbox.accounts, a_message())
    (heard,) = eventually(lambda: receipts(listener, "delivered"))
    assert (heard.fact, heard.unknown) == (None, False)


def test_a_read_receipt_comes_back_signed_and_says_the_message_reached_the_person(
    sandbox: Running, listener: Listener
) -> None:
    settle(sandbox, "declines_electronic")
    accepted = accounts.send(sandbox.accounts, a_message())
    heard = eventually(lambda: receipts(listener, "read"))[0]
    assert (heard.key, heard.fact, heard.reference) == ("account-1", "message.reached", accepted.reference)
    assert all(accounts.verify_callback(headers, body, SECRET) for headers, body in listener.at("account"))


def test_a_receipt_signed_with_another_secret_is_nobodys(sandbox: Running, listener: Listener) -> None:
    settle(sandbox, "ignores")
    accounts.send(sandbox.accounts, a_message())
    headers, body = eventually(lambda: listener.at("account"))[0]
    with pytest.raises(BadSignature):
        accounts.verify_callback(headers, body, "guessed")


def test_who_blocked_the_court_is_a_failure_with_its_reason_and_stays_one(sandbox: Running) -> None:
    settle(sandbox, "refuses")
    for _ in range(2):
        with pytest.raises(GiveUp) as refused:
            accounts.send(sandbox.accounts, a_message())
        assert refused.value.reason == "opted_out"
    with pytest.raises(GiveUp, match="opted_out"):
        accounts.look_up(sandbox.accounts, "account-1")


def test_an_account_that_nobody_has_is_a_failure_with_its_reason(sandbox: Running) -> None:
    with pytest.raises(GiveUp) as refused:
        accounts.send(sandbox.accounts, a_message(account="nobody_here"))
    assert refused.value.reason == "no_such_account"
    assert sandbox.log("account") == []


def test_every_reason_of_a_refusal_is_one_that_a_failed_message_says() -> None:
    assert sorted(accounts.REFUSALS) == ["no_such_account", "opted_out"]


def test_what_became_of_a_key_can_be_asked(sandbox: Running, listener: Listener) -> None:
    assert accounts.look_up(sandbox.accounts, "account-1") is None
    settle(sandbox, "declines_electronic")
    accepted = accounts.send(sandbox.accounts, a_message())
    eventually(lambda: receipts(listener, "read"))
    known = accounts.look_up(sandbox.accounts, "account-1")
    assert known is not None
    assert known.reference == accepted.reference
    assert [one.fact for one in known.heard] == [None, "message.reached"]


def test_the_same_receipt_told_by_callback_and_by_look_up_is_one_event(sandbox: Running, listener: Listener) -> None:
    settle(sandbox, "declines_electronic")
    accounts.send(sandbox.accounts, a_message())
    told = eventually(lambda: receipts(listener, "read"))[0]
    known = accounts.look_up(sandbox.accounts, "account-1")
    assert known is not None
    assert known.heard[-1].event == told.event


def test_an_unknown_receipt_code_is_kept_and_not_taken_for_success() -> None:
    (heard,) = accounts.translate_receipts([{"key": "account-1", "status": "odd"}])
    assert (heard.fact, heard.unknown) == (None, True)


def test_a_message_that_is_too_long_or_to_nobody_is_never_sent(sandbox: Running) -> None:
    settle(sandbox, "ignores")
    for message in (a_message(text="送" * 601), a_message(account="")):
        with pytest.raises(GiveUp):
            accounts.send(sandbox.accounts, message)
    assert sandbox.log("account") == []


def test_a_provider_that_is_down_is_tried_again_later_and_nobody_is_named() -> None:
    nobody = AccountConfig(Endpoint(f"http://127.0.0.1:{free_port()}", "songda", SECRET))
    with pytest.raises(TryAgain) as failure:
        accounts.send(nobody, a_message())
    assert "deng" not in str(failure.value) + repr(a_message()) + repr(nobody)


def test_a_wrong_secret_is_for_a_person_to_look_at(sandbox: Running) -> None:
    with pytest.raises(GiveUp, match="http 403"):
        accounts.send(AccountConfig(Endpoint(sandbox.base, "songda", "wrong")), a_message())
