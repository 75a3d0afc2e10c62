"""What turns up late: before a notice, while it runs, and on the days on which everybody is asked once more."""

from dataclasses import replace

import pytest

from songda.filing.models import Service
from songda.finding.models import ContactPoint
from songda.lib.clock import now
from songda.methods.models import PublicNotice
from tests.cast import DENG, World
from tests.finding.conftest import Town
from tests.finding.town import found, not_found, taken

UNREACHABLE = replace(DENG, phone="", address_rank="registered")
PHONE = ("phone", "13900000077")
HOME = ("address", "四川省成都市成华区建设北路三段98号3栋2单元501室")


def _noticed(world: World, town: Town) -> Service:
    """Looked for, written to, not there: a judge has approved the notice and it runs."""
    service = world.service(UNREACHABLE)
    town.ask()
    world.later(minutes=11)
    world.returned(service, "untraceable")
    town.ask()
    world.does(world.bai, service, "notice_approval", "approved")
    assert world.read(service).step == "noticed"
    return service


def test_an_answer_after_the_ten_minutes_is_a_fact_and_is_used(world: World, town: Town) -> None:
    town.open(telecom_a=taken)
    service = world.service(UNREACHABLE)
    town.ask()
    world.later(minutes=11)
    assert world.read(service).step == "printing"
    town.call_back("telecom_a", town.answer(service, "telecom_a"), PHONE)
    assert town.answer(service, "telecom_a").late
    assert world.read(service).step == "seeking_consent", "a phone is better than a letter"


def test_on_day_ten_and_day_twenty_of_a_notice_everybody_is_asked_once_more(world: World, town: Town) -> None:
    town.open(telecom_a=not_found, post_addresses=not_found)
    service = _noticed(world, town)
    before = len(town.sources["post_addresses"].asked)
    for day, triggers in ((9, []), (10, ["recheck_10"]), (15, []), (20, ["recheck_20"])):
        world.later(days=day - _day(world, service), minutes=1)
        assert town.ask() == 2 * len(triggers), f"day {day}"
        assert world.read(service).step == "noticed"
        if triggers:
            assert town.inquiry(service).trigger == triggers[0]
    assert len(town.sources["post_addresses"].asked) == before + 2
    world.later(days=11)
    assert world.read(service).result == "deemed_served"


def _day(world: World, service: Service) -> int:
    with world.here():
        published = PublicNotice.objects.get(service=service, withdrawn_at=None).published_at
    assert published is not None
    return (now() - published).days


def _something_turns_up(world: World, town: Town) -> Service:
    town.open(telecom_a=not_found, post_addresses=not_found)
    service = _noticed(world, town)
    town.sources["post_addresses"].manner = found(HOME)
    world.later(days=10, minutes=1)
    town.ask()
    assert "notice.paused" in world.facts(service)
    assert "新的地址" in world.item(service, "notice_finding").reason
    return service


def test_a_new_address_during_a_notice_waits_for_a_judge_and_nothing_is_deemed_meanwhile(
    world: World, town: Town
) -> None:
    service = _something_turns_up(world, town)
    world.later(days=30)
    assert (world.read(service).result, world.read(service).step) == ("", "noticed")


def test_the_judge_lets_the_notice_stand_and_it_counts_from_its_publication(world: World, town: Town) -> None:
    service = _something_turns_up(world, town)
    world.does(world.bai, service, "notice_finding", "uphold", reason="该地址经核实早已拆除")
    assert world.read(service).step == "noticed"
    world.later(days=21)
    assert world.read(service).result == "deemed_served"


def test_the_judge_stops_the_notice_and_the_new_address_is_written_to(world: World, town: Town) -> None:
    service = _something_turns_up(world, town)
    world.does(world.bai, service, "notice_finding", "withdraw", reason="改向新地址邮寄")
    assert world.read(service).step == "printing"
    with world.here():
        point = ContactPoint.objects.get(party=service.party_id, source="post_addresses")
        assert service.waybills.latest("made_at").contact_point_id == point.id
        assert PublicNotice.objects.get(service=service).withdrawn_at is not None
    world.later(days=40)
    assert world.read(service).result == "", "the stopped notice serves nobody"


def test_after_a_stopped_notice_another_needs_an_approval_of_its_own(world: World, town: Town) -> None:
    service = _something_turns_up(world, town)
    world.does(world.bai, service, "notice_finding", "withdraw", reason="改向新地址邮寄")
    world.returned(service, "untraceable")
    world.later(minutes=11)
    assert world.read(service).step == "awaiting_approval"
    world.does(world.bai, service, "notice_approval", "approved")
    assert world.facts(service).count("notice.published") == 2
    world.later(days=31)
    assert world.read(service).result == "deemed_served"


@pytest.mark.parametrize("found_again", [DENG.address, "成都市武侯区人民南路四段27号2幢1单元301"])
def test_another_writing_of_a_known_place_is_nothing_new(world: World, town: Town, found_again: str) -> None:
    town.open(telecom_a=not_found, post_addresses=not_found)
    service = _noticed(world, town)
    town.sources["post_addresses"].manner = found(("address", found_again))
    world.later(days=10, minutes=1)
    town.ask()
    assert "notice.paused" not in world.facts(service)
