"""Court mail over real HTTP: one waybill for one key, and whole journeys as the post lives them."""

from dataclasses import replace
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from songda.gateways import carrier
from songda.gateways.errors import AlreadyDone, GiveUp
from songda.gateways.heard import Heard
from songda.gateways.numbers import is_waybill
from songda.gateways.sandbox.post import JOURNEYS
from songda.gateways.sandbox.process import Sandbox
from songda.gateways.sandbox.world import Settings
from songda.lib import clock
from tests.gateways.parties import SECRET, Listener, Running, a_letter, eventually


def heard_by(listener: Listener) -> list[Heard]:
    for headers, body in listener.at("carrier"):
        assert carrier.verify_callback(headers, body, SECRET)
    return [one for told in listener.told("carrier") for one in carrier.translate_scans(told)]


def until_closed(listener: Listener) -> list[Heard]:
    clock.set_pace(speed=200_000)
    eventually(lambda: {"mail.receipt_scanned", "mail.closed"} <= {one.fact for one in heard_by(listener)})
    return sorted(heard_by(listener), key=lambda one: one.happened_at)


def test_the_same_key_twice_is_one_letter(sandbox: Running) -> None:
    first = carrier.order(sandbox.carrier, a_letter("letter-1"))
    with pytest.raises(AlreadyDone) as known:
        carrier.order(sandbox.carrier, a_letter("letter-1"))
    assert known.value.reply.reference == first.reference  # type: ignore[attr-defined]
    assert is_waybill(first.reference)
    assert len(sandbox.log("carrier")) == 1


def test_a_letter_the_recipient_signs_for_ends_with_its_receipt_and_its_closing(
    sandbox: Running, listener: Listener
) -> None:
    sandbox.settle(name="邓知行", phone="19200000001", temperament="declines_electronic")
    waybill = carrier.order(sandbox.carrier, a_letter("letter-1")).reference
    heard = until_closed(listener)
    assert {one.reference for one in heard} == {waybill}
    assert {one.key for one in heard} == {"letter-1"}
    facts = [one.fact for one in heard if one.fact]
    assert facts == ["mail.accepted", "mail.delivered", "mail.receipt_scanned", "mail.closed"]
    delivered = next(one for one in heard if one.fact == "mail.delivered")
    assert (delivered.detail["signer"], delivered.detail["id_number_given"]) == ("self", True)


def test_the_receipt_is_an_image_with_the_waybill_as_a_barcode(
    sandbox: Running, listener: Listener, tmp_path: Any
) -> None:
    waybill = carrier.order(sandbox.carrier, a_letter("letter-1")).reference
    receipt = next(one for one in until_closed(listener) if one.fact == "mail.receipt_scanned")
    assert receipt.image is not None
    picture = tmp_path / "receipt.png"
    picture.write_bytes(receipt.image)
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(picture))] == [waybill]


@pytest.mark.parametrize(
    ("temperament", "because"),
    [("refuses", "refused"), ("untraceable", "untraceable"), ("long_absent", "unclaimed"), ("deceased", "other")],
)
def test_a_letter_that_comes_back_says_why(
    sandbox: Running, listener: Listener, temperament: str, because: str
) -> None:
    sandbox.settle(name="邓知行", phone="19200000001", temperament=temperament)
    carrier.order(sandbox.carrier, a_letter("letter-1"))
    heard = until_closed(listener)
    returned = next(one for one in heard if one.fact == "mail.returned")
    assert carrier.because_of_return(returned, heard) == because
    assert not any(one.fact == "mail.delivered" for one in heard)


def test_absence_means_three_attempts_within_five_days(sandbox: Running, listener: Listener) -> None:
    sandbox.settle(name="邓知行", phone="19200000001", temperament="long_absent")
    carrier.order(sandbox.carrier, a_letter("letter-1"))
    attempts = [one.happened_at for one in until_closed(listener) if one.fact == "mail.attempt_failed"]
    assert len(attempts) == 3
    assert (attempts[-1] - attempts[0]).days < 5


def test_who_moved_is_not_found_at_the_old_address_and_is_at_the_new_one(sandbox: Running, listener: Listener) -> None:
    old, new = "四川省成都市锦江区望溪路8号1栋1单元101室", "四川省成都市武侯区青栀街9号2栋1单元202室"
    sandbox.settle(name="邓知行", phone="19200000001", temperament="moved", address=new, filed_address=old)
    carrier.order(sandbox.carrier, a_letter("letter-1", address=old))
    carrier.order(sandbox.carrier, a_letter("letter-2", address=new))
    clock.set_pace(speed=200_000)
    eventually(lambda: len([one for one in heard_by(listener) if one.fact == "mail.closed"]) == 2)
    ends = {one.key: one.fact for one in heard_by(listener) if one.fact in ("mail.returned", "mail.delivered")}
    assert ends == {"letter-1": "mail.returned", "letter-2": "mail.delivered"}


def test_an_order_is_withdrawn_before_the_letter_is_on_its_way_and_not_after(
    sandbox: Running, listener: Listener
) -> None:
    carrier.order(sandbox.carrier, a_letter("letter-1"))
    carrier.cancel(sandbox.carrier, "letter-1")
    carrier.order(sandbox.carrier, a_letter("letter-2"))
    until_closed(listener)
    with pytest.raises(GiveUp):
        carrier.cancel(sandbox.carrier, "letter-2")
    with pytest.raises(GiveUp):
        carrier.cancel(sandbox.carrier, "nobody's")
    assert {one.key for one in heard_by(listener)} == {"letter-2"}


def test_what_became_of_a_key_can_be_asked(sandbox: Running, listener: Listener) -> None:
    assert carrier.look_up(sandbox.carrier, "letter-1") is None
    waybill = carrier.order(sandbox.carrier, a_letter("letter-1")).reference
    until_closed(listener)
    known = carrier.look_up(sandbox.carrier, "letter-1")
    assert known is not None
    assert known.reference == waybill
    assert known.heard[-1].fact == "mail.closed"


def test_a_platform_that_was_down_hears_everything_afterwards(sandbox: Running, listener: Listener) -> None:
    listener.refusals = 5
    carrier.order(sandbox.carrier, a_letter("letter-1"))
    until_closed(listener)
    eventually(lambda: any(one.fact == "mail.accepted" for one in heard_by(listener)))


def test_in_bad_weather_scans_come_twice_late_and_in_codes_nobody_knows(settings: Settings, listener: Listener) -> None:
    clock.set_pace(speed=200_000)
    with Sandbox(replace(settings, trouble=6.0)):
        site = Running(settings)
        for number in range(12):
            carrier.order(site.carrier, a_letter(f"letter-{number}"))
        eventually(lambda: any(one.unknown for one in heard_by(listener)))
        eventually(lambda: len(heard_by(listener)) > len({one.event for one in heard_by(listener)}))
        eventually(
            lambda: (
                [one.happened_at for one in heard_by(listener)] != sorted(one.happened_at for one in heard_by(listener))
            )
        )


def test_a_letter_that_waits_for_its_list_sets_out_once_the_list_is_told(sandbox: Running, listener: Listener) -> None:
    carrier.order(sandbox.carrier, replace(a_letter("letter-1"), handover="manifest"))
    carrier.order(sandbox.carrier, a_letter("letter-2"))
    until_closed(listener)
    assert {one.key for one in heard_by(listener)} == {"letter-2"}
    for _ in range(2):
        carrier.tell_handover(sandbox.carrier, "letter-1", "JJ20260302-510107-01")
    eventually(lambda: any(one.key == "letter-1" and one.fact == "mail.closed" for one in heard_by(listener)))
    assert len({one.event for one in heard_by(listener) if one.fact == "mail.accepted"}) == 2


def test_a_list_with_a_letter_nobody_ordered_is_given_up(sandbox: Running) -> None:
    with pytest.raises(GiveUp):
        carrier.tell_handover(sandbox.carrier, "nobody's", "JJ20260302-510107-01")


def test_every_journey_ends_in_a_result() -> None:
    for stops, ending in JOURNEYS.values():
        assert stops[-1].code in ("704", "747", "708")
        assert (stops[-1].code == "708") == (ending.signer == "")
        assert [stop.hours for stop in stops] == sorted(stop.hours for stop in stops)
