"""Courses that go by post, by visit, by notice."""

from dataclasses import replace
from datetime import date

from songda.courts.policy import Policy
from songda.engine import acts
from songda.evidence.models import Speaker
from tests.cast import DENG, JUDGMENT, World

NO_PHONE = replace(DENG, phone="")


def _through_the_electronic_rung(world: World, service: object) -> None:
    """Nobody answers: calls over two days, then the link unread for three."""
    for _ in range(Policy().calls):
        world.tell(service, "call.attempted", Speaker.PROVIDER, answered=False, contact=world.contact(service, "phone"))
        world.later(days=1)


def test_a_letter_signed_by_the_recipient_is_service_on_the_day_of_receipt(world: World) -> None:
    service = world.service(NO_PHONE)
    world.later(minutes=11)
    assert world.read(service).step == "printing"
    world.mailed(service, "self")
    done = world.read(service)
    assert (done.result, done.result_method, done.effective_on) == ("served", "postal", date(2026, 3, 3))
    assert world.facts(service)[-1] == "service.effective"


def test_a_delivered_letter_without_its_receipt_is_no_result_and_somebody_must_ask_for_it(world: World) -> None:
    service = world.service(NO_PHONE)
    world.later(minutes=11)
    carried = world.printed(service)
    world.tell(service, "mail.delivered", signer="self", id_number_given=True, **carried)
    assert world.read(service).step == "completing"
    world.later(days=8)
    assert world.item(service, "result_incomplete").role == "mail"
    world.does(world.zhou, service, "result_incomplete", "receipt", signer="self", name="邓春生", id_number_given="on")
    assert world.read(service).result == "served"


def test_a_letter_returned_from_a_wrong_confirmed_address_is_deemed_service_on_the_day_of_return(world: World) -> None:
    service = world.service(replace(DENG, address_rank="confirmed", phone=""))
    world.later(minutes=11)
    world.tell(service, "call.attempted", Speaker.PROVIDER, answered=False)
    world.returned(service, "wrong_address")
    done = world.read(service)
    assert (done.result, done.result_method) == ("deemed_served", "postal")
    assert done.effective_on == date(2026, 3, 5)
