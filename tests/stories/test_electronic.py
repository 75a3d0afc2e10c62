"""Courses that end with a phone in somebody's hand."""

from dataclasses import replace
from datetime import date

from songda.engine import actions, acts, inbound
from songda.evidence.actions import Told
from songda.evidence.models import Speaker
from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.lib.clock import now
from songda.methods import electronic, entering
from songda.methods.models import Access
from tests.cast import DENG, World


def _asked(world: World, service: Service, *, agrees: bool) -> str:
    """The robot calls and is answered: one report, two facts."""
    phone = world.contact(service, "phone")
    said = Told("consent.given", now(), Speaker.RECIPIENT, detail={"contact": phone, "how": "stated"})
    if not agrees:
        said = Told("consent.refused", now(), Speaker.RECIPIENT, detail={"contact": phone})
    called = Told("call.attempted", now(), Speaker.PROVIDER, detail={"answered": True, "contact": phone})
    with world.here():
        actions.record(service.id, [called, said])
    return phone


def _link_arrives(world: World, service: Service, phone: str) -> Access:
    """The provider takes the message over and reports that it reached the phone."""
    world.tell(service, "message.sent", Speaker.PROVIDER, channel="sms", contact=phone)
    world.later(minutes=1)
    with world.here():
        point = ContactPoint.objects.get(id=phone)
        actions.record(service.id, electronic.arrival(point, "sms", now(), "receipt-1"))
        return Access.objects.select_related("service__party", "contact_point").get(service_id=service.id)


def test_consent_by_telephone_then_a_link_a_reading_and_a_signature(world: World) -> None:
    service = world.service()
    assert (service.step, service.next_action) == ("seeking_consent", "seek_consent")
    phone = _asked(world, service, agrees=True)
    assert world.read(service).step == "sending"
    access = _link_arrives(world, service, phone)
    assert world.read(service).result == "", "a message that has arrived at a filed number serves nobody"
    world.later(hours=2)
    with world.here():
        actions.record(service.id, electronic.opened(access))
    world.tell(service, "receipt.signed", Speaker.RECIPIENT, signer="self", via="electronic", contact=phone)
    done = world.read(service)
    assert (done.result, done.result_method, done.effective_on) == ("served", "electronic", date(2026, 3, 2))
    assert "第九十条" in str(done.outcome["outcome"]["articles"])


def test_at_a_confirmed_address_arrival_alone_is_service(world: World) -> None:
    service = world.service(replace(DENG, address_rank="confirmed", consent="stated"))
    assert service.step == "sending", "consent given with the order needs no call"
    _link_arrives(world, service, world.contact(service, "phone"))
    done = world.read(service)
    assert (done.result, done.result_method) == ("served", "electronic")


def test_a_found_number_that_was_read_presumes_service_until_it_is_rebutted(world: World) -> None:
    service = world.service(replace(DENG, consent="agreed_before"))
    access = _link_arrives(world, service, world.contact(service, "phone"))
    with world.here():
        actions.record(service.id, electronic.opened(access))
    presumed = world.read(service)
    assert (presumed.result, presumed.outcome["outcome"]["rebuttable"]) == ("presumed_served", True)
    world.later(days=2)
    world.act(
        acts.record_by_hand,
        service,
        world.bai,
        "service.rebutted",
        happened_at=now(),
        detail={"ground": "not_read"},
    )
    after = world.read(service)
    assert (after.result, after.closed_at) == ("", None), "the service goes on where the law leaves it"
    assert "service.rebutted" in world.facts(service)


def test_who_declines_electronic_service_gets_a_letter(world: World) -> None:
    service = world.service()
    _asked(world, service, agrees=False)
    assert world.read(service).step == "printing"
    with world.here():
        assert not Access.objects.filter(service_id=service.id).exists()


def test_nobody_answers_three_calls_at_different_hours_then_the_link_waits_three_days_then_the_letter(
    world: World,
) -> None:
    service = world.service()
    phone = world.contact(service, "phone")
    hours = []
    for _ in range(3):
        hours.append(now().hour)
        world.tell(service, "call.attempted", Speaker.PROVIDER, answered=False, contact=phone)
        world.later(hours=16)
        assert "consent.given" not in world.facts(service)
    assert len(set(hours)) > 1, "the calls were made at different hours"
    world.later(hours=16)
    assert world.read(service).step == "sending"
    world.tell(service, "message.sent", Speaker.PROVIDER, channel="sms", contact=phone)
    assert world.read(service).step == "awaiting_opening"
    world.later(days=3, minutes=15)
    assert world.read(service).step == "printing"


def test_a_wrong_person_answers_and_the_link_is_shut_at_once(world: World) -> None:
    service = world.service(replace(DENG, consent="stated"))
    access = _link_arrives(world, service, world.contact(service, "phone"))
    with world.here():
        inbound.wrong_person(access.contact_point)
        access.refresh_from_db()
        assert access.withdrawn_at is not None
        refused = entering.may_enter(access, world.policy(), code=access.code, identity=DENG.id_number[-6:])
    assert refused is not None
