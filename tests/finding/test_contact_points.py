"""Contact points: where they come from, how sure they are, whose they are, and that no door is tried twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from songda.engine import acts, inbound
from songda.engine.errands import tell_withdrawn
from songda.filing.models import Party, Service
from songda.finding import confidence, sameness
from songda.finding.actions import Reach, learn, note_outcome
from songda.finding.confidence import Tally, estimate, faded, mean
from songda.finding.models import ContactPoint
from songda.lib.clock import now
from tests.cast import DENG, World

NO_PHONE = replace(DENG, phone="")


def _phone(world: World, service: Service) -> ContactPoint:
    with world.here():
        return ContactPoint.objects.get(party=service.party_id, kind="phone")


def _party(world: World, number: int, **about: str) -> Party:
    service = world.service(replace(DENG, **about), case_number=f"（2026）川0191民初{number}号")
    with world.here():
        return Party.objects.get(id=service.party_id)


# ---- how sure --------------------------------------------------------------------------------------------------


def test_the_estimate_moves_from_the_belief_before_to_what_was_seen() -> None:
    assert mean(0.4, 8, Tally()) == pytest.approx(0.4)
    assert mean(0.4, 8, Tally(60, 60)) == pytest.approx((3.2 + 60) / 68)
    assert mean(0.4, 8, Tally(41, 60)) < mean(0.4, 8, Tally(50, 60))


def test_a_record_loses_a_tenth_a_year() -> None:
    today = date(2026, 3, 2)
    assert faded(0.8, today - timedelta(days=730), today) == pytest.approx(0.8 * 0.81)
    assert faded(0.8, None, today) == 0.8


def test_the_page_can_say_why_in_one_sentence(world: World) -> None:
    point = _phone(world, world.service())
    point.source, point.rank = "telecom_a", "unknown"
    said = estimate(point, Tally(41, 60), Tally(), date(2026, 3, 2))
    assert said.because == "实名手机号（电信）来源的电话：近90天 41/60 有效"
    assert said.chance == pytest.approx((0.4 * 8 + 41) / 68)


def test_what_came_of_one_number_of_a_source_is_learnt_for_its_others(world: World) -> None:
    with world.here():
        first, second = _party(world, 1, name="甲一"), _party(world, 2, name="乙二", phone="13900000002")
        tried = learn(first, [Reach("phone", "13911111111", "telecom_a")])[0]
        before = learn(second, [Reach("phone", "13922222222", "telecom_a")])[0].confidence
        for turn in range(5):
            note_outcome(tried, worked=True, fact="call.attempted", happened_at=now(), key=f"call {turn}")
        [after] = learn(second, [Reach("phone", "13922222222", "telecom_a")])
        assert after.confidence > before
        assert tried.confidence > after.confidence, "the number's own outcomes weigh more"


def test_the_same_event_teaches_once_and_old_ones_no_longer_speak_for_the_source(world: World) -> None:
    point = _phone(world, world.service())
    with world.here():
        for _ in range(2):
            note_outcome(point, worked=False, fact="message.failed", happened_at=now(), key="sms:1")
        assert confidence.rates()[("order", "phone")] == Tally(0, 1)
        assert confidence.rates(at=now() + timedelta(days=91)) == {}


def test_an_answered_call_proves_a_number_and_an_unanswered_one_says_nothing(world: World) -> None:
    service = world.service()
    world.tell(service, "call.attempted", "provider", answered=False, contact=world.contact(service, "phone"))
    assert _phone(world, service).proved is None
    world.tell(service, "call.attempted", "provider", answered=True, contact=world.contact(service, "phone"))
    proved = _phone(world, service)
    assert (proved.proved, proved.proved_at) == (True, now())


def test_consent_is_kept_at_the_number_it_was_given_at(world: World) -> None:
    service = world.service()
    world.tell(service, "consent.given", "recipient", how="stated", contact=world.contact(service, "phone"))
    assert (_phone(world, service).consent, _phone(world, service).consent_at) == ("given", now())


# ---- whose they are --------------------------------------------------------------------------------------------


def test_the_same_number_is_the_same_person_and_another_number_is_another(world: World) -> None:
    with world.here():
        one = _party(world, 1)
        same = _party(world, 2, phone="13900000099", address="")
        _party(world, 3, id_number="510107198001010339")
        assert list(sameness.same_person(one)) == [same]


def test_a_name_alone_is_nobody_and_a_name_with_a_telephone_is_somebody(world: World) -> None:
    with world.here():
        one = _party(world, 1)
        _party(world, 2, id_number="", phone="13900000099", address="")
        known = _party(world, 3, id_number="", address="")
        assert list(sameness.same_person(one)) == [known]


def test_what_reached_a_person_in_another_case_within_a_year_is_remembered(world: World) -> None:
    earlier = world.service(replace(DENG, phone="13900000055"), case_number="（2026）川0191民初1号")
    world.tell(earlier, "call.attempted", "provider", answered=True, contact=world.contact(earlier, "phone"))
    service = world.service(NO_PHONE, case_number="（2026）川0191民初2号")
    remembered = _phone(world, service)
    assert (remembered.value, remembered.source, remembered.rank) == ("13900000055", "own_court", "other_proceedings")
    assert "contact.recalled" in world.facts(service)


def test_a_court_may_decide_not_to_recognise_people_across_cases(world: World) -> None:
    world.court.policy = {"recognise_across_cases": False}
    world.court.save()
    earlier = world.service(replace(DENG, phone="13900000055"), case_number="（2026）川0191民初1号")
    world.tell(earlier, "call.attempted", "provider", answered=True, contact=world.contact(earlier, "phone"))
    service = world.service(NO_PHONE, case_number="（2026）川0191民初2号")
    assert "contact.recalled" not in world.facts(service)


def test_a_number_that_is_somebody_elses_is_withdrawn_in_every_case_at_once(world: World) -> None:
    one = world.service(case_number="（2026）川0191民初1号")
    other = world.service(case_number="（2026）川0191民初2号")
    with world.here():
        inbound.wrong_person(_phone(world, one))
    withdrawn = _phone(world, other)
    assert (withdrawn.withdrawn_why, withdrawn.withdrawn_at) == ("wrong_person", now())
    tell_withdrawn(court_id=str(world.court.id), contact_id=str(withdrawn.id))
    tell_withdrawn(court_id=str(world.court.id), contact_id=str(withdrawn.id))
    assert world.facts(other).count("contact.withdrawn") == 1
    world.later(minutes=1)
    assert world.read(other).step != "seeking_consent"


# ---- no door twice ---------------------------------------------------------------------------------------------


def _returned(world: World) -> Service:
    service = world.service(replace(NO_PHONE, address_rank="registered"))
    world.later(minutes=11)
    world.returned(service, "unclaimed")
    assert world.read(service).step == "visiting"
    return service


def test_another_writing_of_an_address_that_was_tried_is_not_tried(world: World) -> None:
    service = _returned(world)
    with world.here():
        learn(service.party, [Reach("address", "成都市武侯区人民南路四段27号2幢1单元301", "post_addresses", "filed")])
    world.later(days=3)
    with world.here():
        assert service.waybills.count() == 1


def test_the_same_address_is_tried_again_when_somebody_says_why(world: World) -> None:
    service = _returned(world)
    with world.here():
        address = ContactPoint.objects.get(party=service.party_id, kind="address")
    with pytest.raises(acts.ActRefused, match="理由"):
        world.act(acts.try_again, service, world.an, address.id, "")
    world.act(acts.try_again, service, world.an, address.id, "邻居称受送达人已返回该处居住")
    assert world.read(service).step == "printing"
    with world.here():
        assert sorted(service.waybills.values_list("turn", flat=True)) == [0, 1]
    world.later(days=2)
    assert world.read(service).step == "printing", "and then it takes its course once"
